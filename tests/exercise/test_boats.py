"""Boats without a transponder: AIS never tells of them, radars see them, the truth counts them."""

from functools import cache
from typing import Any

import numpy as np

from alliage.exercise.plane import offsets_m
from alliage.exercise.scenario import Scenario, load_scenario
from alliage.exercise.sensing import Sensing
from alliage.exercise.sensors import Radar
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.exercise.truth import Truth
from alliage.geo.geodesic import distance_and_bearing
from alliage.ontology.times import from_text

START_US = from_text("2026-06-01T12:00:00Z")
BOATS = 90
HOURS = range(0, 240, 6)


def baltic(boats: int) -> Scenario:
    whole = load_scenario("baltic")
    return whole.model_copy(update={"fleet": {**whole.fleet, "silent_boats": boats}})


@cache
def simulation(boats: int, seed: int = 1, ships: int | None = None) -> Simulation:
    return Simulation(baltic(boats), START_US, seed, ships)


def played(one: Simulation, seconds: int) -> list[bytes]:
    one.seek(START_US)
    return [line for _ in range(seconds) for line in one.step()]


def radar(one: Simulation, **changes: Any) -> tuple[Radar, Sensing]:
    sensor = one.scenario.sensors.radars[0].model_copy(update=changes)
    return sensor, Sensing(1, sensor)


def test_what_ships_send_and_what_happens_to_them_is_the_same_with_and_without_boats() -> None:
    with_them, without = simulation(BOATS), simulation(0)
    assert played(with_them, 60) == played(without, 60)
    now_s = with_them.seconds(START_US)
    incidents = [one.schedule.between(now_s, now_s + 86_400) for one in (with_them, without)]
    assert incidents[0] == incidents[1]
    assert len(incidents[0]) > 50


def test_ships_are_where_they_were_and_boats_come_after_them() -> None:
    with_them, without = (Truth(simulation(boats)).motions(START_US) for boats in (BOATS, 0))
    ships = len(without.lon)
    assert len(with_them.lon) == ships + BOATS
    assert (with_them.lon[:ships] == without.lon).all()


def test_a_radar_measures_the_same_of_ships_and_boats_besides() -> None:
    with_them, without = simulation(BOATS), simulation(0)
    looks = []
    for one in (with_them, without):
        _, sensing = radar(one, clutter=0.0)
        looks.append(sensing.seen(one, round(with_them.seconds(START_US) / 5.0)))
    more, fewer = (set(zip(seen.range_m, seen.bearing_deg, strict=True)) for seen in looks)
    assert fewer < more


def test_most_boats_are_at_sea_and_make_way_and_one_ashore_is_not_there() -> None:
    truth, first = Truth(simulation(BOATS)), len(simulation(BOATS).fleet)
    there = []
    for hour in HOURS:
        motions = truth.motions(START_US + hour * 3_600 * SECOND_US)
        present = motions.present[first:]
        assert not (present & motions.at_rest[first:]).any()
        there.append(present.mean())
    assert 0.6 < np.mean(there) < 0.9
    assert 0.0 < np.median(motions.speed_mps[first:][present]) < 10.0


def test_they_keep_to_where_a_radar_of_the_scenario_can_see_a_boat() -> None:
    one = simulation(BOATS)
    motions, first = Truth(one).motions(START_US), len(one.fleet)
    nearest_m = np.full(BOATS, np.inf)
    for sensor in one.scenario.sensors.radars:
        lon, lat = sensor.position
        range_m, _ = distance_and_bearing(lat, lon, motions.lat[first:], motions.lon[first:])
        nearest_m = np.minimum(nearest_m, range_m)
    assert (nearest_m[motions.present[first:]] < 50_000).all()
    assert np.median(nearest_m) < 28_000


def test_another_seed_sends_them_elsewhere_and_fewer_ships_have_fewer_boats() -> None:
    here, there = (Truth(simulation(BOATS, seed)).motions(START_US) for seed in (1, 2))
    first = len(simulation(BOATS).fleet)
    east_m, north_m = offsets_m(
        here.lon[first:], here.lat[first:], there.lon[first:], there.lat[first:]
    )
    assert np.median(np.hypot(east_m, north_m)) > 1_000
    few = simulation(BOATS, 1, 150)
    assert (len(few.fleet), len(few.lives)) == (150, 159)
