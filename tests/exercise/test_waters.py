"""Ships keep to the water, and what is drawn by hand fits together.

Natural Earth's land (1:10 million) does not resolve harbours: within TOLERANCE_M of a port, of a
landing or of an anchorage's middle, nothing is judged.
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from alliage.exercise.boats import make_boats
from alliage.exercise.fleet import make_fleet
from alliage.exercise.life import Round, Stop
from alliage.exercise.motion import Legs, place, present, resting
from alliage.exercise.paths import Paths
from alliage.exercise.plane import distance_m, offsets_m
from alliage.exercise.scenario import load_scenario
from alliage.exercise.voyages import load_ways
from alliage.exercise.waters import load_waters
from tests.exercise.land import TOPOLOGY, load_rings, on_land

TOLERANCE_M = 4_000
NEEDS_LAND = pytest.mark.skipif(
    not TOPOLOGY.exists(), reason="the web packages are not installed: make setup"
)


@cache
def rings() -> list[NDArray[np.float64]]:
    return load_rings(2, 52, 31, 67)


def harbours() -> NDArray[np.float64]:
    waters = load_waters()
    landings = [
        point
        for lane in [*waters.lanes.values(), *waters.boat_ways.values()]
        for point in lane.waypoints[:: len(lane.waypoints) - 1]
    ]
    return np.array([*(port.position for port in waters.ports.values()), *landings])


def judged(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those that are not in or near a harbour."""
    ends = harbours()
    east, north = offsets_m(points[:, :1], points[:, 1:], ends[:, 0], ends[:, 1])
    return points[(np.hypot(east, north) > TOLERANCE_M).all(axis=1)]


@NEEDS_LAND
def test_no_ship_sails_on_land() -> None:
    ways = load_ways()
    fleet = make_fleet(ways, load_scenario("baltic").ships, seed=1)
    lives = [ship.life for ship in fleet] + make_boats(ways, 90, seed=1)
    points = []
    for hour in range(0, 24 * 14, 3):
        times = np.full(len(lives), 1e7 + 3_600 * hour)
        legs = Legs.of(life.leg_at(times[0]) for life in lives)
        sailing = present(legs, times) & ~resting(legs, times)
        points.append(np.stack(place(ways.paths, legs, times), axis=1)[sailing])
    places = judged(np.concatenate(points))
    assert len(places) > 50_000
    ashore = places[on_land(places, rings())]
    assert not len(ashore), f"on land: {ashore[:10].tolist()}"


@NEEDS_LAND
def test_the_land_of_the_test_is_the_land_we_know() -> None:
    copenhagen, kattegat = (12.50, 55.68), (11.60, 56.95)
    places = np.array([copenhagen, kattegat])
    assert on_land(places, rings()).tolist() == [True, False]


def test_no_way_makes_a_ship_jump() -> None:
    paths = load_ways().paths
    for number in range(len(paths.length_m)):
        length_m = float(paths.length_m[number])
        leg = Stop(number, False, length_m)
        ship = Round("1 test", [leg], (10.0, 10.0), (60.0, 60.0), (1.0, 1.0)).leg_at(0.0)
        times = np.arange(ship.depart_s, ship.arrive_s, 10.0)
        lon, lat = place(paths, Legs.of([ship] * len(times)), times)
        steps_m = np.hypot(*offsets_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))
        assert len(times) < 2 or steps_m.max() < 320, number


def test_every_port_can_be_reached() -> None:
    ways = load_ways()
    assert set(ways.links) == set(ways.waters.ports)
    assert all(len(links) >= 2 for links in ways.links.values())


def shuttle(side: float = 0.0, sea: bool = False) -> tuple[Paths, Round]:
    paths = Paths([[(11.0, 55.0, 1_000.0), (11.0, 55.5, 1_000.0)]])
    length_m = float(paths.length_m[0])
    stops = [Stop(0, False, length_m, to_sea=sea), Stop(0, True, length_m, from_sea=sea)]
    return paths, Round("1 test", stops, (8.0, 9.0), (600.0, 3_600.0), (side, side))


def test_a_ship_runs_its_whole_way_and_comes_back_to_where_it_was() -> None:
    paths, life = shuttle()
    first = life.leg_at(0.0)
    second, third = life.leg_at(first.until_s), life.leg_at(life.leg_at(first.until_s).until_s)
    assert (second.backwards, third.backwards) == (not first.backwards, first.backwards)
    legs = Legs.of([first, first, second])
    times = np.array([first.depart_s, first.arrive_s, second.arrive_s])
    lon, lat = place(paths, legs, times)
    assert distance_m((lon[0], lat[0]), (lon[2], lat[2])) < 1
    assert distance_m((lon[0], lat[0]), (lon[1], lat[1])) == pytest.approx(55_600, rel=0.01)
    assert resting(legs, times).all()


def test_ships_keep_to_starboard() -> None:
    paths, life = shuttle(side=0.5)
    for leg in (life.leg_at(0.0), life.leg_at(life.leg_at(0.0).until_s)):
        middle = np.array([(leg.depart_s + leg.arrive_s) / 2])
        lon, _ = place(paths, Legs.of([leg]), middle)
        assert lon[0] < 11.0 if leg.backwards else lon[0] > 11.0


def test_a_ship_that_left_to_sea_is_not_present() -> None:
    _, life = shuttle(sea=True)
    leg = life.leg_at(0.0)
    leg = leg if leg.to_sea else life.leg_at(leg.until_s)
    legs = Legs.of([leg, leg])
    assert present(legs, np.array([leg.arrive_s - 1, leg.arrive_s + 1])).tolist() == [True, False]


def test_a_ship_is_as_long_at_its_next_port_as_an_incident_needs() -> None:
    fleet = make_fleet(load_ways(), {"merchant": 60}, seed=4)
    for ship in fleet:
        leg = ship.life.leg_at(5e6)
        assert leg.from_s < leg.depart_s < leg.arrive_s
        assert leg.until_s - leg.arrive_s >= 3 * 3_600 - 1
