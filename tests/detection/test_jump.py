"""Positions that jump, alone and together."""

from __future__ import annotations

from typing import Any

import pytest

from alliage.detection import Alert
from tests.detection.recordings import (
    NOON_US,
    SECOND_US,
    end_of,
    engine,
    only,
    sail,
    tell,
)

Rows = list[dict[str, Any]]


def jumps(rows: Rows) -> list[Alert]:
    return tell(rows, engine(only("jump")))


def regions(rows: Rows) -> list[Alert]:
    return tell(rows, engine(only("displaced_region")))


def a_jump(identifier: str = "mmsi:219000001", start: float = 57.0) -> Rows:
    """Ten minutes north, then ten minutes half a degree further east."""
    way = sail(0, 600, (start, 18.0), 6.0, 0.0, identifier)
    lat, lon = end_of(way)
    return way + sail(600, 1_200, (lat, lon + 0.5), 6.0, 0.0, identifier)


def test_positions_that_go_on_far_away_are_a_jump() -> None:
    (alert,) = jumps(a_jump())
    assert alert.start_us == NOON_US + 600 * SECOND_US
    assert alert.figures["distance_m"] == pytest.approx(30_270, rel=0.01)
    assert "jumped 16.3 NM within 10 s" in alert.reason_en
    assert "a sauté de 16,3 milles en 10 s" in alert.reason_fr
    assert alert.end_us is None


def test_a_jump_is_over_once_the_positions_are_back() -> None:
    true = sail(0, 5_000, (57.0, 18.0), 6.0, 0.0)
    false = [row | {"longitude_deg": 18.5} for row in true[60:240]]
    (alert,) = jumps(true[:60] + false + true[240:])
    assert alert.end_us is not None
    assert 2_400 <= (alert.end_us - NOON_US) / SECOND_US <= 2_500


def test_a_single_wrong_position_is_no_jump() -> None:
    rows = sail(0, 1_200, (57.0, 18.0), 6.0, 0.0)
    for wrong in (30, 31, 50, 80):
        rows[wrong]["longitude_deg"] += 1.0
    assert jumps(rows) == []


def test_what_is_heard_again_after_a_long_silence_did_not_jump() -> None:
    way = sail(0, 600, (57.0, 18.0), 9.0, 0.0)
    later = sail(7_200, 7_800, (57.6, 18.0), 9.0, 0.0)
    assert jumps(way + later) == []


def test_a_station_that_hands_reports_on_late_makes_no_jump() -> None:
    way = sail(0, 1_800, (57.0, 18.0), 12.0, 0.0)
    late = [row | {"valid": row["valid"] + 61 * SECOND_US} for row in way[30:60]]
    assert jumps(way + late) == []


def test_things_that_jump_to_one_place_are_one_region() -> None:
    rows = [row for n in range(6) for row in a_jump(f"mmsi:21900000{n}", 57.0 + n / 20)]
    (alert,) = regions(rows)
    assert len(alert.identifiers) == 6
    assert alert.priority
    assert alert.reason_en.startswith("6 jumped alike at once, by about 16.")
    assert jumps(rows) == []


def test_three_jumps_in_different_directions_are_no_region() -> None:
    rows = a_jump("mmsi:219000001") + a_jump("mmsi:219000002", 57.3) + a_jump("mmsi:219000003", 50)
    assert regions(rows) == []
    assert len(jumps(rows)) == 3
