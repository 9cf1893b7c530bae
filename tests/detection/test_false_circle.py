"""Positions that go round without their ship."""

from __future__ import annotations

from typing import Any

import numpy as np

from alliage.detection import Alert
from alliage.geo.flat import moved
from tests.detection.recordings import engine, only, report, tell

Rows = list[dict[str, Any]]


def a_circle(heading: float | None, radius_m: float = 800.0, minutes: int = 30) -> Rows:
    """Round and round at 5 m/s; the heading is the course where it is not given."""
    rows = []
    for second in range(0, minutes * 60, 10):
        angle = 5.0 * second / radius_m
        lat, lon = moved(57.0, 18.0, radius_m * np.sin(angle), radius_m * np.cos(angle))
        course = (np.degrees(angle) + 90.0) % 360.0
        there = {"lat": float(lat), "lon": float(lon), "speed_mps": 5.0, "course_deg": course}
        rows.append(report(second, heading_deg=course if heading is None else heading, **there))
    return rows


def circles(rows: Rows) -> list[Alert]:
    return tell(rows, engine(only("false_circle")))


def test_positions_that_go_round_a_ship_of_steady_heading_are_false() -> None:
    (alert,) = circles(a_circle(heading=220.0))
    assert abs(alert.figures["radius_m"] - 800.0) < 30.0
    assert "stayed near 220°" in alert.reason_en
    assert "son cap restant vers 220° :" in alert.reason_fr


def test_a_ship_that_turns_with_her_way_sails_a_true_circle() -> None:
    assert circles(a_circle(heading=None)) == []


def test_half_a_circle_is_none() -> None:
    assert circles(a_circle(heading=220.0, minutes=8)) == []


def test_a_ship_that_swings_round_her_anchor_goes_no_circle() -> None:
    rows = a_circle(heading=220.0, radius_m=60.0, minutes=60)
    assert circles(rows[::18]) == []
