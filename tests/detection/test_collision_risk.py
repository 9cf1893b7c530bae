"""Ships on their way into each other, and ships that merely pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from alliage.detection import Alert, Detector
from alliage.detection.detectors.collision_risk import CollisionRisk, CollisionSettings
from alliage.geo.flat import moved
from tests.detection.recordings import NOON_US, SECOND_US, alerts_of, batch, engine, report

Row = dict[str, Any]
MEET_S = 900


def way(
    name: str, course_deg: float, speed_mps: float, aside_m: float = 0.0, **more: Any
) -> list[Row]:
    """A ship that after a quarter of an hour is at one place, or so far to starboard of it."""
    rows = []
    toward = np.radians(course_deg)
    for second in range(0, 1_200, 10):
        ahead = speed_mps * (second - MEET_S)
        east = ahead * np.sin(toward) + aside_m * np.cos(toward)
        north = ahead * np.cos(toward) - aside_m * np.sin(toward)
        lat, lon = moved(57.0, 18.0, east, north)
        columns = {"lat": float(lat), "lon": float(lon), "speed_mps": speed_mps}
        rows.append(report(second, f"mmsi:{name}", course_deg=course_deg, **columns | more))
    return rows


def told(*ways: list[Row]) -> list[Alert]:
    def only() -> list[Detector]:
        return [CollisionRisk(CollisionSettings())]

    of = engine(only)
    of.take("ais", batch(sorted((r for w in ways for r in w), key=lambda row: row["valid"])))
    return alerts_of(of.finish())


def test_two_ships_that_hold_on_into_each_other_are_told_minutes_before() -> None:
    ways = way("219000001", 90.0, 7.0), way("219000002", 0.0, 6.0)
    (alert,) = told(*(rows[: MEET_S // 10 - 3] for rows in ways))
    assert set(alert.identifiers) == {"mmsi:219000001", "mmsi:219000002"}
    assert 180 <= MEET_S - (alert.start_us - NOON_US) / SECOND_US <= 310
    assert "held course and speed and were due to pass within 50 m of each other" in alert.reason_en
    assert "gardaient cap et vitesse" in alert.reason_fr
    assert alert.figures["cpa_m"] < 30


@pytest.mark.parametrize(
    ("course_deg", "aside_m"), [(0.0, 700.0), (178.0, 250.0), (95.0, 0.0)],
    ids=["crossing half a mile behind", "port to port", "overtaking"],
)  # fmt: skip
def test_ships_that_pass_each_other_as_usual_are_not(course_deg: float, aside_m: float) -> None:
    assert told(way("219000001", 90.0, 7.0), way("219000002", course_deg, 6.0, aside_m)) == []


def test_who_has_just_turned_is_given_time() -> None:
    turning = way("219000002", 0.0, 6.0)
    for number, row in enumerate(turning):
        row["course_deg"] = float(number * 8 % 60)
    assert told(way("219000001", 90.0, 7.0), turning) == []


def test_where_others_are_close_it_is_a_fairway() -> None:
    close = way("219000003", 90.0, 7.0, 400.0)
    assert told(way("219000001", 90.0, 7.0), way("219000002", 0.0, 6.0), close) == []


def test_a_tow_is_left_alone() -> None:
    tow = way("219000002", 0.0, 6.0, navigation_status="restricted_manoeuvrability")
    assert told(way("219000001", 90.0, 7.0), tow) == []


def test_once_they_have_passed_the_alert_says_how_near_and_when_and_is_over() -> None:
    (alert,) = told(way("219000001", 90.0, 7.0), way("219000002", 0.0, 6.0, 30.0))
    assert "were nearest to each other at 12:15:0" in alert.reason_en
    assert "UTC, 20 m apart" in alert.reason_en
    assert "étaient au plus près l'un de l'autre à 12:15:0" in alert.reason_fr
    assert alert.figures == {"cpa_m": pytest.approx(30 * 6 / np.hypot(6, 7), abs=1)}
    assert alert.end_us is not None
    assert 0 < alert.end_us - NOON_US - MEET_S * SECOND_US <= 30 * SECOND_US
    assert len(alert.evidence) == 4


def test_who_gives_way_is_followed_until_they_have_passed_farther_off() -> None:
    """The other slows down three minutes before, and passes astern."""
    held = way("219000002", 0.0, 6.0)[: (MEET_S - 180) // 10]
    slow = [
        row | {"valid": 2 * row["valid"] - held[-1]["valid"], "speed_mps": 3.0}
        for row in way("219000002", 0.0, 6.0)[len(held) :]
    ]
    (alert,) = told(way("219000001", 90.0, 7.0), [*held, *slow])
    assert alert.figures["cpa_m"] == pytest.approx(570 * 7 / np.hypot(3, 7), abs=3)
    assert "were nearest to each other at 12:1" in alert.reason_en


def test_of_who_is_no_longer_heard_nobody_says_how_near_it_passed() -> None:
    silent = way("219000001", 90.0, 7.0)[: (MEET_S - 60) // 10]
    (alert,) = told(silent, way("219000002", 0.0, 6.0))
    assert "mmsi:219000001 is no longer heard" in alert.reason_en
    assert "n'est plus reçu" in alert.reason_fr
    assert alert.end_us is not None
