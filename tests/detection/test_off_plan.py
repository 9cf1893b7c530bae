"""Who does not keep to the route that is planned for it, in place or in time."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely

from alliage.detection import Alert, Engine, alert_claim, alert_of
from alliage.detection.detectors.off_plan import OffPlan, OffPlanSettings
from alliage.detection.plans import plan_of, standing
from alliage.geo.flat import moved
from alliage.ontology.cited import Cited
from alliage.ontology.claim import RETRACTION, Claim, Statement
from alliage.ontology.times import to_text
from tests.detection.recordings import (
    NOON_US,
    ONTOLOGY,
    SECOND_US,
    alerts_of,
    batch,
    engine,
    sail,
)

SHIP = "mmsi:219000001"
START = (57.0, 18.0)
LENGTH_M = 36_000.0
"""At 10 m/s an hour's way, due east along a parallel."""


def east(metres: float, north: float = 0.0) -> tuple[float, float]:
    lat, lon = moved(*START, metres, north)
    return float(lat), float(lon)


def route(**words: Any) -> list[Statement]:
    """An hour's way to the east, half a mile to either side."""
    corners = [[lon, lat] for lat, lon in (START, east(LENGTH_M / 2), east(LENGTH_M))]
    said = {
        "name": "CONVOY ALPHA",
        "geometry": json.dumps({"type": "LineString", "coordinates": corners}),
        "followed_by": SHIP,
        "corridor_m": 926.0,
    }
    return [Statement("object:plan", "Route", n, v, NOON_US) for n, v in (said | words).items()]


def off_after_600_s() -> list[dict[str, Any]]:
    return sail(0, 600, START, 10.0, 90.0) + sail(600, 2_400, east(6_000), 10.0, 0.0)


def follows(who: str) -> Statement:
    return Statement("object:plan", "Route", "followed_by", who, NOON_US)


def hours(*minutes: float) -> str:
    """Times at the corners, so many minutes after noon."""
    times = (to_text(NOON_US + round(m * 60 * SECOND_US)) for m in minutes)
    return "; ".join(f"{corner} {time}" for corner, time in enumerate(times, 1))


TIMED = hours(0, 30, 60)


def told(rows: list[dict[str, Any]], said: list[Statement], **settings: Any) -> list[Alert]:
    of = engine(lambda: [OffPlan(OffPlanSettings(**settings))])
    of.state("person:anna", said)
    of.take("ais", batch(sorted(rows, key=lambda row: row["valid"])))
    return alerts_of(of.finish())


def test_who_keeps_to_the_corridor_and_leaves_it_by_its_end_is_not_told() -> None:
    assert told(sail(0, 5_400, START, 10.0, 90.0), route()) == []
    assert told(sail(0, 5_400, START, 10.0, 90.0), route(passes_at=TIMED)) == []
    back = sail(0, 5_400, east(LENGTH_M + 5_000), 10.0, 270.0)
    assert told(back, route()) == []


def test_who_leaves_the_corridor_is_told_with_how_far_and_how_probable() -> None:
    rows = sail(0, 1_200, START, 10.0, 90.0)
    rows += sail(1_200, 2_400, east(12_000), 10.0, 45.0)
    (alert,) = told(rows, route())
    assert "outside of the corridor of CONVOY ALPHA, since 12:22:" in alert.reason_en
    assert "hors du couloir de CONVOY ALPHA, depuis 12:22:" in alert.reason_fr
    assert 1_320 <= (alert.start_us - NOON_US) / SECOND_US <= 1_340
    assert alert.area == "object:plan"
    assert 6_000 < alert.figures["outside_m"] < 7_600
    assert alert.probability == 0.95
    assert {at for _, _, at in alert.evidence} >= {alert.start_us}


def test_what_is_told_names_the_claims_that_it_was_judged_by_and_who_said_them() -> None:
    rows = sail(0, 3_600, START, 7.0, 90.0)
    (alert,) = told(rows, [*route(passes_at=TIMED), follows("mmsi:219000009")])
    assert alert.claims == tuple(
        Cited("person:anna", "object:plan", NOON_US, word)
        for word in ("followed_by", "corridor_m", "passes_at")
    )
    read = alert_of(alert_claim(alert, "detector:off_plan@1", "{}|{}".format))
    assert (read.claims, read.evidence) == (alert.claims, alert.evidence)
    without = [one for one in route() if one.property != "corridor_m"]
    (other,) = told(off_after_600_s(), without)
    assert [one.property for one in other.claims] == ["followed_by"]


def test_a_ship_that_a_radar_followed_first_is_told_as_the_ship_that_it_is() -> None:
    rows = off_after_600_s()
    track = [row | {"identifier": "track:radar-7"} for row in rows]
    for words, name in (
        ({"call_sign": "EXA13833"}, "EXA13833"),
        ({"call_sign": "EXA13833", "name": "EX BASALT WAVE"}, "EX BASALT WAVE"),
        ({}, SHIP),
    ):
        of = engine(lambda: [OffPlan(OffPlanSettings())])
        of.state("person:anna", route())
        of.take("tracker:radar@1", batch(track[:1]))
        of.take("ais", batch(rows[:1]))
        of.state("ais", [Statement(SHIP, "Vessel", n, v, NOON_US) for n, v in words.items()])
        of.scene.things.join({"track:radar-7": SHIP})
        of.take("tracker:radar@1", batch(track[1:]))
        (alert,) = alerts_of(of.finish())
        assert alert.identifiers == (SHIP,)
        assert {name for _, name, _ in alert.evidence} == {"track:radar-7"}
        assert alert.reason_en.startswith(f"{name} is ")
        assert alert.reason_fr.startswith(f"{name} est ")
        assert alert.called == ()


def test_who_turns_out_to_be_followed_by_a_radar_as_well_is_not_told_twice() -> None:
    of = engine(lambda: [OffPlan(OffPlanSettings())])
    of.state("person:anna", route(passes_at=TIMED))
    rows = sail(0, 3_600, START, 7.0, 90.0)
    half = len(rows) * 3 // 4
    track = [row | {"identifier": "track:radar-7"} for row in rows]
    for number, (heard, seen) in enumerate(zip(rows, track, strict=True)):
        of.take("tracker:radar@1", batch([seen]))
        of.take("ais", batch([heard]))
        if number == half:
            of.scene.things.join({"track:radar-7": SHIP})
    (alert,) = alerts_of(of.finish())
    assert alert.identifiers == (SHIP,)


def test_who_was_never_in_the_corridor_of_a_route_without_times_is_not_told() -> None:
    assert told(sail(0, 3_600, east(0, 5_000), 10.0, 90.0), route()) == []


def test_who_falls_behind_its_times_is_told_by_how_much() -> None:
    (alert,) = told(sail(0, 3_600, START, 7.0, 90.0), route(passes_at=TIMED))
    assert "min behind its times on CONVOY ALPHA" in alert.reason_en
    assert "min de retard sur les heures de CONVOY ALPHA" in alert.reason_fr
    assert 1_990 <= (alert.start_us - NOON_US) / SECOND_US <= 2_010
    assert 900 < alert.figures["late_s"] < 1_090


def test_nothing_is_said_of_the_times_of_who_is_off_the_route() -> None:
    (alert,) = told(off_after_600_s(), route(passes_at=TIMED))
    assert "outside of the corridor" in alert.reason_en
    assert "times" not in alert.reason_en
    assert "heures" not in alert.reason_fr
    assert "late_s" not in alert.figures


def test_who_is_ahead_is_told_and_who_arrives_early_within_the_margin_is_not() -> None:
    (alert,) = told(sail(0, 2_500, START, 15.0, 90.0), route(passes_at=TIMED))
    assert "ahead of its times on CONVOY ALPHA" in alert.reason_en
    assert "d'avance sur les heures de CONVOY ALPHA" in alert.reason_fr
    assert told(sail(0, 5_400, START, 11.0, 90.0), route(passes_at=TIMED)) == []


def test_who_has_not_set_out_is_told_though_it_was_never_in_the_corridor() -> None:
    rows = sail(0, 1_800, east(0, 9_000), 0.0, 0.0, every=60.0)
    (alert,) = told(rows, route(passes_at=TIMED))
    assert "outside of the corridor of CONVOY ALPHA; looked at since 12:00:" in alert.reason_en
    assert alert.reason_en.endswith(" UTC, never in it")
    assert "sous observation depuis 12:00:" in alert.reason_fr
    assert (alert.start_us - NOON_US) / SECOND_US == pytest.approx(600, abs=60)
    waits = sail(0, 1_800, east(300), 0.0, 0.0, every=60.0)
    (late,) = told(waits, route(passes_at=TIMED))
    assert "behind its times" in late.reason_en


def test_after_it_has_arrived_a_ship_may_go_where_it_wants() -> None:
    rows = sail(0, 3_500, START, 10.5, 90.0)
    rows += sail(3_500, 7_200, east(LENGTH_M), 10.0, 0.0)
    assert told(rows, route(passes_at=TIMED)) == []


def test_a_margin_may_be_other_for_some_kinds() -> None:
    rows = sail(0, 3_600, START, 9.0, 90.0)
    assert told(rows, route(passes_at=TIMED)) == []
    where = [{"kinds": ["Vessel"], "margin_s": 120.0}]
    assert len(told(rows, route(passes_at=TIMED), where=where)) == 1


def test_it_ends_when_the_ship_is_back_and_when_the_plan_is_taken_back() -> None:
    rows = sail(0, 1_200, START, 10.0, 90.0)
    rows += sail(1_200, 1_800, east(12_000), 10.0, 0.0)
    rows += sail(1_800, 2_400, east(12_000, 6_000), 10.0, 180.0)
    rows += sail(2_400, 4_000, east(12_000), 10.0, 90.0)
    (alert,) = told(rows, route())
    assert alert.end_us is not None
    assert 2_290 <= (alert.end_us - NOON_US) / SECOND_US <= 2_320
    of = engine(lambda: [OffPlan(OffPlanSettings())])
    claims = [claimed(one, str(number)) for number, one in enumerate(route())]
    of.say("person:anna", claims)
    of.take("ais", batch(rows[:150]))
    followed = next(one for one in claims if one.property == "followed_by")
    of.say("person:anna", [claimed(taken_back(followed.claim_id), "x")])
    of.take("ais", batch(rows[150:240]))
    (over,) = alerts_of(of.finish())
    assert over.end_us is not None


def claimed(one: Statement, claim_id: str) -> Claim:
    return Claim(claim_id, "", one.identifier, one.schema, one.property, one.value, NOON_US)


def taken_back(claim_id: str) -> Statement:
    return Statement("object:plan", "Route", RETRACTION, claim_id, NOON_US)


def test_several_follow_one_plan_and_a_link_may_name_an_object_by_its_id() -> None:
    of = Engine(
        ONTOLOGY,
        lambda: [OffPlan(OffPlanSettings())],
        "test",
        lambda stream, identifier: f"{stream}-{identifier[5:]}",
    )
    of.state("person:anna", route(followed_by="ais-219000002", passes_at=TIMED))
    of.state("person:bo", [Statement("object:plan", "Route", "followed_by", SHIP, NOON_US)])
    slow = sail(0, 3_000, START, 5.0, 90.0)
    slower = sail(0, 3_000, START, 4.0, 90.0, identifier="mmsi:219000002")
    other = sail(0, 3_000, START, 4.0, 90.0, identifier="mmsi:219000003")
    of.take("ais", batch(sorted([*slow, *slower, *other], key=lambda row: row["valid"])))
    named = {name for alert in of.finish() for name in alert.identifiers}
    assert named == {SHIP, "mmsi:219000002"}


def test_what_is_not_known_of_a_place_makes_it_less_probable() -> None:
    rows = sail(0, 600, START, 10.0, 90.0)
    rows += sail(600, 1_200, east(6_000, 1_000), 10.0, 90.0, position_std_m=200.0)
    (alert,) = told(rows, route())
    assert 0.5 < alert.probability < 0.7


def test_what_is_no_single_line_or_has_no_followers_is_no_plan() -> None:
    rows = sail(0, 3_600, START, 2.0, 90.0)
    here = json.dumps({"type": "Point", "coordinates": [18.0, 57.0]})
    assert told(rows, route(geometry=here, passes_at=TIMED)) == []
    alone = [one for one in route(passes_at=TIMED) if one.property != "followed_by"]
    assert told(rows, alone) == []


def line(*places: tuple[float, float]) -> Any:
    return shapely.LineString([(lon, lat) for lat, lon in places])


def test_on_a_way_out_and_back_the_part_counts_that_is_due() -> None:
    there_and_back = line(START, east(LENGTH_M), START)
    plan = plan_of({"passes_at": hours(0, 60, 120), "corridor_m": 500.0}, there_and_back)
    assert plan is not None
    at = east(9_000)
    out = standing(plan, *at, NOON_US + 15 * 60 * SECOND_US)
    back = standing(plan, *at, NOON_US + 105 * 60 * SECOND_US)
    assert out.late_s == pytest.approx(0, abs=5)
    assert back.late_s == pytest.approx(0, abs=5)


def test_a_long_leg_is_as_straight_as_on_the_map() -> None:
    plan = plan_of({"corridor_m": 100.0}, line((50.0, -10.0), (60.0, 10.0)))
    assert plan is not None
    mercator = np.arcsinh(np.tan(np.radians([50.0, 60.0]))).mean()
    middle = float(np.degrees(np.arctan(np.sinh(mercator))))
    assert standing(plan, middle, 0.0, NOON_US).outside_m == 0.0
    across = plan_of({"corridor_m": 100.0}, line((10.0, 179.0), (10.0, -179.0)))
    assert across is not None
    assert standing(across, 10.0, 180.0, NOON_US).outside_m == 0.0
    assert across.along_m[-1] == pytest.approx(219_000, rel=0.01)
