"""Ships that cross a cable again and again, or may drag an anchor over it."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from tests.detection.recordings import end_of, engine, line, only, sail, tell, words

Rows = list[dict[str, Any]]

CABLE = line("cables:1", (57.0, 17.5), (57.02, 18.5))


def told(detector: str, rows: Rows, trade: str = "") -> list[Alert]:
    of = engine(only(detector))
    of.state("charts", [CABLE])
    if trade:
        of.take("radar", words(ship_type=trade))
    return tell(rows, of)


def to_and_fro(times: int, minutes: int = 15, **columns: Any) -> Rows:
    """North and south over the cable, so many times."""
    rows, place = [], (56.98, 18.0)
    for leg in range(times):
        begin = 60 * minutes * leg
        course = 180.0 if leg % 2 else 0.0
        rows += sail(begin, begin + 60 * minutes, place, 6.0, course, **columns)
        place = end_of(rows)
    return rows


def held_back(turn: float, slow: float = 3.5, **columns: Any) -> Rows:
    """Forty minutes at 14 knots, then along the cable with a course that goes from side to side."""
    rows = sail(0, 2_400, (56.98, 17.7), 7.2, 80.0, **columns)
    for leg in range(30):
        course = 87.0 + (turn if leg % 2 else -turn)
        begin = 2_400 + 100 * leg
        rows += sail(begin, begin + 100, end_of(rows), slow, course, **columns)
    return rows


def test_who_crosses_a_cable_four_times_is_told_with_the_cable() -> None:
    (alert,) = told("cable_crossings", to_and_fro(4))
    assert alert.area == "cables:1"
    assert alert.figures["crossings"] == 4
    assert "has crossed a cable (57.01° N 18.00° E) 4 times in" in alert.reason_en
    assert "a franchi 4 fois un câble (57,01° N 18,00° E)" in alert.reason_fr


def test_few_crossings_and_those_of_a_whole_day_are_no_matter() -> None:
    assert told("cable_crossings", to_and_fro(3)) == []
    assert told("cable_crossings", to_and_fro(4, minutes=90)) == []


def test_a_ship_that_lies_over_a_cable_does_not_cross_it() -> None:
    noise = [
        row | {"latitude_deg": 57.01 + (0.0008 if n % 2 else -0.0008)}
        for n, row in enumerate(sail(0, 7_200, (57.01, 18.0), 0.1, 0.0))
    ]
    assert told("cable_crossings", noise) == []


def test_who_goes_round_the_end_of_a_cable_does_not_cross_it() -> None:
    beyond = [row | {"longitude_deg": 18.52} for row in to_and_fro(6)]
    assert told("cable_crossings", beyond) == []


def test_ferries_and_fishing_vessels_cross_for_their_living() -> None:
    assert told("cable_crossings", to_and_fro(6), "passenger") == []
    assert told("cable_crossings", to_and_fro(6), "fishing") == []
    assert told("cable_crossings", to_and_fro(6, navigation_status="engaged_in_fishing")) == []


def test_a_ship_that_is_held_back_and_meanders_along_a_cable_may_drag_its_anchor() -> None:
    (alert,) = told("anchor_drag", held_back(turn=12.0))
    assert alert.area == "cables:1"
    assert alert.figures["usual_mps"] > 6.5
    assert "has made 6.8 kn in place of 14.0 kn" in alert.reason_en
    assert "traîne peut-être son ancre" in alert.reason_fr


def test_a_slow_ship_of_steady_course_and_a_fast_one_that_turns_drag_nothing() -> None:
    assert told("anchor_drag", held_back(turn=1.0)) == []
    assert told("anchor_drag", held_back(turn=12.0, slow=7.0)) == []


def test_a_tug_and_a_ship_at_anchor_drag_nothing() -> None:
    assert told("anchor_drag", held_back(turn=12.0), "tug") == []
    assert told("anchor_drag", held_back(turn=12.0, navigation_status="at_anchor")) == []


def test_far_from_any_line_nothing_is_said_of_anchors() -> None:
    away = [row | {"latitude_deg": row["latitude_deg"] + 0.1} for row in held_back(turn=12.0)]
    assert told("anchor_drag", away) == []
