"""Hands the ways of the waters out to ships: rounds between ports, landings and grounds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Final

from alliage.exercise.chance import generator
from alliage.exercise.life import AtAnchor, Life, Metres, Round, Stop
from alliage.exercise.paths import Paths, Waypoint, with_room
from alliage.exercise.plane import moved
from alliage.exercise.waters import Ground, Waters, load_waters

HAULS: Final = 7
_HAUL_ROOM_M: Final = 120.0
BERTH_M: Final = 450.0
_LANDING_M: Final = 60.0
_LEGS: Final = (3, 7)
_PORT_STAY_S: Final = (3 * 3_600.0, 8 * 3_600.0)
_FERRY_STAY_S: Final = (1_500.0, 1_800.0)
_CLUB_STAY_S: Final = (3_600.0, 9 * 3_600.0)
_BOAT_STAY_S: Final = (600.0, 5_400.0)
_TURN_STAY_S: Final = (60.0, 60.0)


@dataclass(slots=True)
class Ways:
    """All ways as one table, and which is which."""

    waters: Waters
    paths: Paths
    routes: dict[tuple[str, str], int]
    lanes: dict[str, int]
    grounds: dict[str, list[int]]
    anchorages: dict[str, int]
    boat_ways: dict[str, int]
    links: dict[str, list[tuple[str, int, bool]]] = field(default_factory=dict)
    """From each port: the other port, the path, whether it is sailed backwards."""


@cache
def load_ways() -> Ways:
    """Measure every way once."""
    waters = load_waters()
    ways = [*waters.routes.values()]
    ways += [tuple(with_room(lane.waypoints, lane.room)) for lane in waters.lanes.values()]
    ways += [way for ground in waters.grounds.values() for way in _hauls(ground)]
    for anchorage in waters.anchorages.values():
        lon, lat = anchorage.position
        ways.append(((lon, lat, 0.0), (lon + 1e-5, lat, 0.0)))
    ways += [tuple(with_room(way.waypoints, way.room)) for way in waters.boat_ways.values()]
    numbers = iter(range(len(ways)))
    found = Ways(
        waters,
        Paths(ways),
        {name: next(numbers) for name in waters.routes},
        {name: next(numbers) for name in waters.lanes},
        {name: [next(numbers) for _ in range(HAULS)] for name in waters.grounds},
        {name: next(numbers) for name in waters.anchorages},
        {name: next(numbers) for name in waters.boat_ways},
    )
    links = defaultdict(list)
    for (here, there), number in found.routes.items():
        links[here].append((there, number, False))
        links[there].append((here, number, True))
    found.links = dict(links)
    return found


def trading(ways: Ways, name: str, speeds_mps: tuple[float, float]) -> Life:
    """A merchant ship's round between ports, now and then out of the area."""
    chance = generator(name, "round")
    ports = ways.waters.ports
    start = chance.choices([*ports], [port.weight for port in ports.values()])[0]
    round_trip = _closed_walk(ways, start, chance)
    stops = []
    here = start
    for there, path, backwards in round_trip:
        stops.append(
            Stop(
                path,
                backwards,
                float(ways.paths.length_m[path]),
                _berth(name, here, ports[here].sea),
                _berth(name, there, ports[there].sea),
                ports[here].sea,
                ports[there].sea,
                there.upper(),
            )
        )
        here = there
    return Round(name, stops, speeds_mps, _PORT_STAY_S)


def shuttling(ways: Ways, name: str, lane: str, speeds_mps: tuple[float, float]) -> Life:
    """There and back on a lane: a ferry or a yacht."""
    ferry = ways.waters.lanes[lane].type in ("passenger", "high_speed")
    stay_s = _FERRY_STAY_S if ferry else _CLUB_STAY_S
    stops = _there_and_back(ways, ways.lanes[lane], name, _LANDING_M)
    return Round(name, stops, speeds_mps, stay_s)


def trawling(ways: Ways, name: str, ground: str, speeds_mps: tuple[float, float]) -> Life:
    """Up and down a fishing ground."""
    path = generator(name, "haul").choice(ways.grounds[ground])
    stops = _there_and_back(ways, path, name, 0.0)
    return Round(name, stops, speeds_mps, _TURN_STAY_S, (-1.0, 1.0))


def boating(ways: Ways, name: str, way: str, speeds_mps: tuple[float, float]) -> Life:
    """From one landing to another and back in a boat, which is drawn ashore in between."""
    trips = _there_and_back(ways, ways.boat_ways[way], name, _LANDING_M)
    stops = [replace(trip, from_sea=True, to_sea=True) for trip in trips]
    return Round(name, stops, speeds_mps, _BOAT_STAY_S, (-1.0, 1.0))


def _hauls(ground: Ground) -> list[tuple[Waypoint, ...]]:
    """Ways of trawlers on one ground, side by side."""
    hauls = []
    for number in range(HAULS):
        far_m = ground.room * number / HAULS
        points = [moved(point, 360.0 * number / HAULS, far_m) for point in ground.waypoints]
        hauls.append(tuple(with_room(points, _HAUL_ROOM_M)))
    return hauls


def anchored(ways: Ways, name: str, anchorage: str) -> Life:
    """Waiting at anchor."""
    chance = generator(name, "anchor")
    angle, far_m = chance.uniform(0, math.tau), chance.uniform(0, 2_000)
    anchor = (far_m * math.sin(angle), far_m * math.cos(angle))
    swing_m, swing_s = chance.uniform(30, 120), chance.uniform(1_800, 7_200)
    return AtAnchor(ways.anchorages[anchorage], anchor, swing_m, swing_s)


def _there_and_back(ways: Ways, path: int, name: str, berth_m: float) -> list[Stop]:
    length_m = float(ways.paths.length_m[path])
    here, there = _offset(name, "first", berth_m), _offset(name, "last", berth_m)
    return [Stop(path, False, length_m, here, there), Stop(path, True, length_m, there, here)]


def _closed_walk(ways: Ways, start: str, chance: Random) -> list[tuple[str, int, bool]]:
    """Some legs from port to port that end where they began; busy ports more often."""
    ports = ways.waters.ports
    walk: list[tuple[str, int, bool]] = []
    here = start
    for _ in range(chance.randint(*_LEGS)):
        links = ways.links[here]
        walk.append(chance.choices(links, [ports[there].weight for there, _, _ in links])[0])
        here = walk[-1][0]
    home = [link for link in ways.links[here] if link[0] == start]
    if here == start or home:
        return walk + home[: here != start]
    stops = [start, *(there for there, _, _ in walk)]
    back = [(stops[n], walk[n][1], not walk[n][2]) for n in reversed(range(len(walk)))]
    return walk + back


def _berth(name: str, port: str, sea: bool) -> Metres:
    return (0.0, 0.0) if sea else _offset(name, port, BERTH_M)


def _offset(name: str, place: str, far_m: float) -> Metres:
    chance = generator(name, place)
    return chance.uniform(-far_m, far_m), chance.uniform(-far_m, far_m)
