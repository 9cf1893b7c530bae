"""The aircraft of an exercise: where they are, what happens to them, and what is heard of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest

from alliage.detection import make_detectors
from alliage.exercise.air import Air, AirIncident, AirKind, AirTraffic
from alliage.exercise.air_sensing import AirSensing
from alliage.exercise.air_truth import true_flights
from alliage.exercise.scenario import Scenario, ScenarioError, load_scenario, parse_scenario
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation
from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk
from alliage.feeds.registry import load_feeds
from alliage.geo.flat import distance_m
from tests.detection.recordings import alerts_of, engine

BALTIC = load_scenario("baltic")
BEGIN_US = ZERO_US + 30 * 86_400 * SECOND_US
BEGIN_S = 30 * 86_400.0
HOUR_S = 3_600.0


def air(**more: Any) -> Air:
    assert BALTIC.air is not None
    return Air(**{**BALTIC.air.model_dump(), **more})


def busy(kind: AirKind, part: float = 0.3) -> Air:
    return air(incidents={kind: part})


def with_air(flying: Air | None) -> Simulation:
    few = BALTIC.model_copy(update={"air": flying, "fleet": {"merchant": 20}})
    return Simulation(few, BEGIN_US, seed=3)


def heard(flying: Air, from_s: float, lasts_s: float) -> list[dict[str, Any]]:
    simulation, from_us = with_air(flying), BEGIN_US + round(from_s) * SECOND_US
    sent = AirSensing(flying).play(simulation, from_us, from_us + round(lasts_s) * SECOND_US, True)
    return [orjson.loads(line) for one in sent for line in one.data.splitlines()]


def test_aircraft_change_nothing_of_the_ships() -> None:
    with_aircraft, without = with_air(air()), with_air(None)
    assert [with_aircraft.step() for _ in range(60)] == [without.step() for _ in range(60)]


def test_a_flight_is_a_function_of_seed_and_time() -> None:
    one, again, other = (AirTraffic(air(), seed) for seed in (1, 1, 2))
    later = one.at(BEGIN_S + 500.0)
    assert np.array_equal(one.at(BEGIN_S).lat, again.at(BEGIN_S).lat)
    assert np.array_equal(again.at(BEGIN_S + 500.0).lat, later.lat)
    assert not np.array_equal(other.at(BEGIN_S).lat, one.at(BEGIN_S).lat)


@pytest.mark.parametrize("kind", list(AirKind))
def test_nothing_leaps_whatever_happens(kind: AirKind) -> None:
    traffic = AirTraffic(busy(kind), 1)
    before = traffic.at(BEGIN_S)
    for second in range(20, 3_600, 20):
        now = traffic.at(BEGIN_S + second)
        on = before.flies & now.flies & (before.flight == now.flight)
        gone_m = distance_m(before.lat, before.lon, now.lat, now.lon)[on]
        assert (gone_m <= 20 * 1.25 * now.speed_mps[on]).all()
        assert (np.abs(now.height_m - before.height_m)[on] <= 20 * 5.1).all()
        before = now


def test_who_holds_flies_whole_circles_and_goes_on_where_it_was() -> None:
    traffic = AirTraffic(busy(AirKind.HOLDS), 1)
    held = traffic.incidents(BEGIN_S, BEGIN_S + HOUR_S)
    assert held
    for one in held[:5]:
        lasts_s = one.end_s - one.start_s
        assert lasts_s % 240.0 == 0.0
        at = one.aircraft.number
        first, last = (traffic.at(second) for second in (one.start_s, one.end_s))
        away_m = distance_m(first.lat[at], first.lon[at], last.lat[at], last.lon[at])
        assert away_m < 300.0
        courses = [
            traffic.at(one.start_s + part * 60.0).course_deg[at]
            for part in range(round(lasts_s / 60))
        ]
        assert np.ptp(courses) > 180.0


def is_near(traffic: AirTraffic, lost: AirIncident) -> bool:
    """Whether it would be heard well when its transponder answers again."""
    there = traffic.at(lost.end_s + 60.0)
    part = traffic.hears(there.lon, there.lat, there.height_m)[lost.aircraft.number]
    return bool(part < 0.8 and there.flies[lost.aircraft.number])


def test_of_who_loses_its_transponder_nothing_is_heard_though_it_flies_on() -> None:
    flying = busy(AirKind.LOSES_TRANSPONDER)
    traffic = AirTraffic(flying, 3)
    lost = next(
        one
        for one in traffic.incidents(BEGIN_S, BEGIN_S + HOUR_S)
        if one.start_s > BEGIN_S + 120 and is_near(traffic, one)
    )
    address = lost.identifier.removeprefix("icao24:")
    begin_s = lost.start_s - BEGIN_S
    times = [
        one["timestamp"] - ZERO_US / SECOND_US
        for one in heard(flying, begin_s - 120, lost.end_s - lost.start_s + 240)
        if one["icao24"] == address
    ]
    assert any(time < lost.start_s for time in times)
    assert not any(lost.start_s <= time < lost.end_s for time in times)
    assert any(time >= lost.end_s for time in times)
    motions = traffic.at((lost.start_s + lost.end_s) / 2)
    assert motions.flies[lost.aircraft.number]


def test_who_flies_low_does_so_far_from_where_it_took_off() -> None:
    traffic = AirTraffic(busy(AirKind.FLIES_LOW, 1.0), 1)
    for one in traffic.incidents(BEGIN_S, BEGIN_S + HOUR_S)[:5]:
        at = one.aircraft.number
        low = traffic.at((one.start_s + one.end_s) / 2)
        assert low.height_m[at] == pytest.approx(120.0)
        assert low.speed_mps[at] < 65.0
        begin = one.aircraft.begin
        assert distance_m(begin[1], begin[0], low.lat[at], low.lon[at]) > 15_000.0


def test_what_is_heard_says_that_it_is_an_exercise_and_is_read_by_its_feed() -> None:
    said = heard(air(), 0, 60)
    assert len({one["icao24"] for one in said}) > 20
    assert all(one["icao24"].startswith("f0") for one in said)
    assert all(one["callsign"].startswith("EX") for one in said)
    feed = load_feeds()["aircraft_json"]
    sent = AirSensing(air()).play(with_air(air()), BEGIN_US, BEGIN_US + 60 * SECOND_US, True)
    decoded = Connection(feed, feed.options_model()).feed([Chunk(s.data, s.at_us) for s in sent])
    assert decoded.quarantined == []
    assert decoded.accepted == len(said)


def test_beyond_the_horizon_nothing_is_heard() -> None:
    traffic = AirTraffic(air(), 1)
    part = traffic.hears(np.array([14.88] * 3), np.array([57.0] * 3), np.array([100.0, 600.0, 9e3]))
    assert part[0] > part[1] > 1.0 > part[2]


def test_the_truth_tells_what_happens_and_when() -> None:
    flying = busy(AirKind.HOLDS)
    (first, *_) = true_flights(with_air(flying), BEGIN_US, BEGIN_US + 3_600 * SECOND_US)
    assert first.kind is AirKind.HOLDS
    assert first.name.startswith("EXA")
    again = true_flights(with_air(flying), first.start_us, first.start_us + 1)
    assert first in again
    assert true_flights(with_air(None), BEGIN_US, BEGIN_US + 1) == []


def test_circles_and_low_flights_are_found_and_nothing_else_is_told() -> None:
    flying = air(incidents={AirKind.HOLDS: 0.1, AirKind.FLIES_LOW: 0.5}, airliners=40)
    simulation, lasts_us = with_air(flying), 5_400 * SECOND_US
    feed = load_feeds()["aircraft_json"]
    connection, of = Connection(feed, feed.options_model()), engine(make_detectors)
    for sent in AirSensing(flying).play(simulation, BEGIN_US, BEGIN_US + lasts_us, True):
        for batch in connection.feed([Chunk(sent.data, sent.at_us)]).batches:
            of.take("air", batch)
    told = {(alert.detector, alert.identifiers[0]) for alert in alerts_of(of.finish())}
    true = true_flights(simulation, BEGIN_US, BEGIN_US + lasts_us)
    names = {AirKind.HOLDS: "holding", AirKind.FLIES_LOW: "low_flight"}
    assert told <= {(names[one.kind], one.identifier) for one in true}
    until_us = BEGIN_US + lasts_us - 900 * SECOND_US
    whole = [one for one in true if one.start_us >= BEGIN_US and one.end_us < until_us]
    assert len(whole) >= 2
    assert {(names[one.kind], one.identifier) for one in whole} <= told


def test_light_aircraft_need_a_field_and_parts_are_parts() -> None:
    text = "title: X\nfleet: {merchant: 1}\nair:\n"
    text += "  receiver: {name: EX EAR, nation: DNK, position: [14, 55]}\n"
    text += "  airways: [[[7, 53], [22, 56]]]\n"
    assert isinstance(parse_scenario(text, "x.yaml"), Scenario)
    for wrong in ("  light: 3\n", "  incidents: {holds: 0.9, flies_low: 0.2}\n"):
        with pytest.raises(ScenarioError, match=r"x\.yaml:"):
            parse_scenario(text + wrong, "x.yaml")
