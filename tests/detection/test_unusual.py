"""Ships that go where, or as, their kind does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from alliage.detection import Alert, Detector, Engine
from alliage.detection.detectors.left_route import LeftRoute, LeftRouteSettings
from alliage.detection.detectors.unusual_place import UnusualPlace, UnusualPlaceSettings
from alliage.detection.detectors.unusual_way import UnusualWay, UnusualWaySettings
from alliage.detection.learned import Tables
from alliage.detection.passed import Passed
from alliage.geo.flat import moved
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import NOON_US, SECOND_US, alerts_of, batch, engine, sail, words

KNOT_MPS = 1852 / 3600
HOUR = 3_600
LEARNED = 3 * HOUR
WEST_END = (57.0, 18.0)
LANE_M = 45_000.0
EAST_END = (57.0, 18.7397)
SHIP = "mmsi:219000999"

Row = dict[str, Any]


def detectors() -> Sequence[Detector]:
    """As they are, but that they speak after some hours."""
    return [
        LeftRoute(LeftRouteSettings(least_days=0.1)),
        UnusualPlace(UnusualPlaceSettings(least_days=0.1, expected=12)),
        UnusualWay(UnusualWaySettings(least_days=0.1, least_passed=60, cells=3)),
    ]


def ship(
    number: int, begin: float, course_deg: float, speed_kn: float = 13.0, **more: Any
) -> list[Row]:
    """Along the lane from its end to the other."""
    start = WEST_END if course_deg == 90.0 else EAST_END
    speed_mps = speed_kn * KNOT_MPS
    return sail(
        begin, begin + LANE_M / speed_mps, start, speed_mps, course_deg,
        f"mmsi:{219000000 + number}", every=100.0, **more,
    )  # fmt: skip


@cache
def lane(courses: tuple[float, ...], every: float = 150.0) -> tuple[Row, ...]:
    """Ships that follow each other, each in the next of these directions."""
    begins = range(0, LEARNED, int(every))
    rows = (ship(n, at, courses[n % len(courses)]) for n, at in enumerate(begins))
    return tuple(row for way in rows for row in way)


def learned_of(rows: Iterable[Row], types: dict[str, str]) -> Tables:
    """What is known after these."""
    of = engine(detectors)
    take(of, rows, types)
    assert of.finish() == []
    return of.dump()


def take(of: Engine, rows: Iterable[Row], types: dict[str, str]) -> None:
    ordered = sorted(rows, key=lambda row: row["valid"])
    for name in {row["identifier"] for row in ordered}:
        of.take("ais", words(name, ship_type=types.get(name, "cargo"), name=types.get("@name", "")))
    of.take("ais", batch(ordered))


def told(tables: Tables, rows: list[Row], ship_type: str = "cargo") -> list[Alert]:
    """What is told of a ship by those who know that; a second one keeps time going."""
    of = engine(detectors)
    of.load(0, tables)
    take(of, rows, {SHIP: ship_type})
    return alerts_of(of.finish())


@cache
def one_way() -> Tables:
    return learned_of(lane((90.0,)), {})


def on_lane(course_deg: float, speed_kn: float = 13.0, **more: Any) -> list[Row]:
    rows = ship(999, 6 * HOUR, course_deg, speed_kn, **more)
    return [{**row, "identifier": SHIP} for row in rows]


# --- ways


def test_who_goes_against_a_lane_is_told_with_how_many_go_the_other_way() -> None:
    (alert,) = told(one_way(), on_lane(270.0))
    assert (alert.detector, alert.identifiers) == ("unusual_way", (SHIP,))
    assert "has gone west since " in alert.reason_en
    assert "where 100 % of 72 passages in 0 days went east" in alert.reason_en
    assert "va vers l'ouest depuis" in alert.reason_fr
    assert alert.figures["against_percent"] == 100.0


def test_who_goes_with_a_lane_is_not_told_of() -> None:
    assert told(one_way(), on_lane(90.0)) == []


def test_where_both_ways_are_gone_neither_is_unusual() -> None:
    both = learned_of(lane((90.0, 270.0)), {})
    assert told(both, on_lane(270.0)) == []


def test_where_few_have_passed_nothing_is_unusual() -> None:
    few = learned_of(lane((90.0,), every=600.0), {})
    assert told(few, on_lane(270.0)) == []


def test_what_was_learned_for_an_hour_is_too_little() -> None:
    brief = learned_of(lane((90.0,), every=30.0)[:3_000], {})
    assert told(brief, on_lane(270.0)) == []


@pytest.mark.parametrize("ship_type", ["tug", "pilot", "sailing"])
def test_who_works_or_sails_there_goes_as_it_pleases(ship_type: str) -> None:
    assert told(one_way(), on_lane(270.0), ship_type) == []


def test_who_says_that_it_cannot_go_otherwise_is_left_alone() -> None:
    status = "restricted_manoeuvrability"
    assert told(one_way(), on_lane(270.0, navigation_status=status)) == []


def test_a_speed_that_none_of_the_kind_has_there_is_told() -> None:
    (alert,) = told(one_way(), on_lane(90.0, 24.0))
    assert "has gone at 24.0 kn" in alert.reason_en
    assert "where 99 % of 72 passages of cargo ships in" in alert.reason_en
    assert "slower than 14.0 kn" in alert.reason_en
    assert "se faisaient à moins de 14,0 nd" in alert.reason_fr


def test_so_is_half_the_speed_at_which_all_go() -> None:
    (alert,) = told(one_way(), on_lane(90.0, 5.0))
    assert "faster than 12.0 kn" in alert.reason_en


def test_of_a_kind_that_was_not_seen_there_no_speed_is_unusual() -> None:
    assert told(one_way(), on_lane(90.0, 24.0), "high_speed") == []


def test_what_is_learned_does_not_depend_on_how_rows_are_cut() -> None:
    rows = batch(sorted(lane((90.0,))[:1_500], key=lambda row: row["valid"])).rows
    learned = []
    for size in (rows.num_rows, 97):
        of = engine(detectors)
        for begin in range(0, rows.num_rows, size):
            of.take("ais", ObservationBatch(Kind.POSITION, rows.slice(begin, size)))
        of.finish()
        learned.append(of.dump())
    assert learned[0]["traffic@1/passed"].sum() > 0
    assert all(np.array_equal(learned[0][name], learned[1][name]) for name in learned[0])


def test_a_full_table_forgets_where_fewest_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliage.detection.passed.MOST_ROWS", 100)
    passed = Passed()
    often, once = np.full(50, 7), np.arange(1_000, 1_200)
    for cells in (often, once):
        zeros = np.zeros(len(cells), np.int64)
        passed.add(cells, zeros, zeros, np.full(len(cells), 5.0))
    assert len(passed) <= 100
    assert passed.kinds(np.array([7]))[0, 0] == 50


# --- places

SOUND = (57.05, 18.3)
NORTH = (57.2442, 18.3)


@cache
def a_sound_of_ferries() -> Tables:
    """A lane of tankers, and beside it a sound in which ferries go."""
    rows, types = list(lane((90.0, 270.0))), {}
    for number in range(72):
        name = f"mmsi:{219002000 + number}"
        rows += sail(
            150.0 * number, 150.0 * number + HOUR, SOUND, 6.0, 0.0, name, every=100.0
        )  # fmt: skip
        types[name] = "passenger"
        rows += sail(
            150.0 * number, 150.0 * number + HOUR, NORTH, 6.0, 180.0, f"{name}1", every=100.0
        )
        types[f"{name}1"] = "passenger"
    types |= {row["identifier"]: "tanker" for row in rows if row["identifier"] not in types}
    return learned_of(rows, types)


def into_the_sound() -> list[Row]:
    south = moved(*SOUND, 0.0, -8_000.0)
    begins = (float(south[0]), float(south[1]))
    return sail(6 * HOUR, 7.5 * HOUR, begins, 5.0, 0.0, SHIP, every=100.0)


def test_a_tanker_where_only_ferries_go_is_told_with_how_many_were_to_be_expected() -> None:
    found = told(a_sound_of_ferries(), into_the_sound(), "tanker")
    (alert,) = [alert for alert in found if alert.detector == "unusual_place"]
    assert "where tankers hardly ever are: none of" in alert.reason_en
    assert "là où il ne vient guère de navires-citernes : aucun sur" in alert.reason_fr
    assert alert.figures["expected"] >= 12


def test_a_ferry_is_at_home_there() -> None:
    assert told(a_sound_of_ferries(), into_the_sound(), "passenger") == []


def test_a_fishing_vessel_goes_anywhere() -> None:
    assert told(a_sound_of_ferries(), into_the_sound(), "fishing") == []


# --- routes


def leaves(after_m: float, course_deg: float) -> list[Row]:
    """A ship that follows the lane for a while, and then does not."""
    speed_mps = 12.0 * KNOT_MPS
    turn = 6 * HOUR + after_m / speed_mps
    first = sail(6 * HOUR, turn, WEST_END, speed_mps, 90.0, SHIP, every=100.0)
    place = moved(*WEST_END, after_m, 0.0)
    corner = (float(place[0]), float(place[1]))
    return first + sail(turn, turn + HOUR, corner, speed_mps, course_deg, SHIP, every=100.0)


def test_who_leaves_a_route_for_where_nobody_goes_is_told() -> None:
    (alert,) = told(one_way(), leaves(20_000.0, 150.0))
    assert alert.detector == "left_route"
    assert "that was taken 72 times in 0 days" in alert.reason_en
    assert "with no passage around it" in alert.reason_en
    assert "une route prise 72 fois" in alert.reason_fr


def test_who_keeps_to_it_or_never_was_on_it_is_not() -> None:
    assert told(one_way(), leaves(40_000.0, 90.0)) == []
    far = sail(6 * HOUR, 8 * HOUR, (56.7, 18.0), 6.0, 45.0, SHIP, every=100.0)
    assert told(one_way(), far) == []


def test_beyond_the_end_of_what_is_heard_no_route_is_left() -> None:
    assert told(one_way(), leaves(43_000.0, 60.0)) == []


def test_where_some_always_turn_off_nobody_leaves() -> None:
    others = [
        {
            **row,
            "identifier": f"mmsi:{219003000 + n}",
            "valid": row["valid"] - (6 - n) * HOUR * 10**6,
        }
        for n in range(5)
        for row in leaves(20_000.0, 150.0)
    ]
    some_turn = learned_of([*lane((90.0,)), *others], {})
    assert told(some_turn, leaves(20_000.0, 150.0)) == []


@pytest.mark.parametrize(("pause_s", "jump_m"), [(2_400, 14_000.0), (100, 14_000.0)])
def test_who_is_off_by_a_jump_or_was_on_no_route_for_long_has_left_none(
    pause_s: float, jump_m: float
) -> None:
    first = leaves(20_000.0, 90.0)[:33]
    last = first[-1]
    place = moved(last["latitude_deg"], last["longitude_deg"], 0.0, -jump_m)
    begin = (last["valid"] - NOON_US) / SECOND_US + pause_s
    corner = (float(place[0]), float(place[1]))
    then = sail(begin, begin + HOUR, corner, 12.0 * KNOT_MPS, 150.0, SHIP, every=100.0)
    assert told(one_way(), first + then) == []
