"""One identity in two places at once."""

from __future__ import annotations

from typing import Any

import pytest

from alliage.detection import Alert
from tests.detection.recordings import NOON_US, SECOND_US, engine, only, sail, tell

Rows = list[dict[str, Any]]


def shared(rows: Rows) -> list[Alert]:
    return tell(rows, engine(only("shared_identity")))


def two_ships(apart_deg: float = 0.5, course: float = 200.0, every: float = 20.0) -> Rows:
    one = sail(0, 1_200, (57.0, 18.0), 6.0, 0.0, every=every)
    return one + sail(7, 1_200, (57.0, 18.0 + apart_deg), 5.0, course, every=every)


def test_positions_that_go_to_and_fro_between_two_ways_are_two_ships() -> None:
    (alert,) = shared(two_ships())
    assert alert.start_us <= NOON_US + 60 * SECOND_US
    assert alert.figures["distance_m"] == pytest.approx(30_000, rel=0.2)
    assert "in two places at once" in alert.reason_en
    assert "° N 18.00° E" in alert.reason_en
    assert "à deux endroits à la fois" in alert.reason_fr
    assert "° N 18,00° E" in alert.reason_fr


def test_late_copies_of_a_ship_s_own_reports_are_no_second_ship() -> None:
    way = sail(0, 3_600, (57.0, 18.0), 9.0, 30.0, every=20.0)
    late = [row | {"valid": row["valid"] + 607 * SECOND_US} for row in way]
    assert shared(way + late) == []


def test_a_jump_and_single_wrong_positions_are_no_second_ship() -> None:
    way = sail(0, 3_600, (57.0, 18.0), 6.0, 0.0)
    for wrong in range(20, 300, 40):
        way[wrong]["longitude_deg"] += 0.1 + wrong / 100
    assert shared(way) == []
    jumped = [row | {"longitude_deg": 18.5} for row in way[100:]]
    assert shared(way[:100] + jumped) == []


def test_two_ships_that_keep_together_are_not_told_apart() -> None:
    assert shared(two_ships(apart_deg=0.01, course=0.0)) == []
