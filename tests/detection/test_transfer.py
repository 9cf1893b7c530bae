"""Ships side by side at sea, and ships that only lie near each other."""

from __future__ import annotations

from typing import Any

import pytest

from alliage.detection import Alert
from tests.detection.recordings import alerts_of, batch, end_of, engine, only, report, sail, words

ONE, TWO = "mmsi:219000001", "mmsi:219000002"
KNOT_MPS = 1852 / 3600
METRE_DEG = 1 / 1852 / 60
LIE_S = 5_400


def lain(
    types: tuple[str, str] = ("tanker", "tanker"),
    apart_m: float = 80.0,
    headings: tuple[float | None, float | None] = (10.0, 12.0),
    speeds: tuple[float, float] = (0.4, 0.4),
    lengths: tuple[float, float] = (180.0, 240.0),
    lasts_s: float = LIE_S,
    came: bool = True,
    resting: int = 0,
    statuses: tuple[str, str] = ("under_way_using_engine", "moored"),
) -> list[Alert]:
    """Two ships come, lie near each other and drift north at their ``speeds``."""
    of, rows = engine(only("transfer")), []
    for nth, name in enumerate((ONE, TWO)):
        place = (56.0, 18.0 + nth * apart_m * METRE_DEG * 1.8)
        if came:
            rows += sail(-600, 0, (place[0] - 0.03, place[1]), 10 * KNOT_MPS, 0.0, name)
        rows += sail(0, lasts_s, place, speeds[nth], 0.0, name, 30, heading_deg=headings[nth],
                     navigation_status=statuses[nth])  # fmt: skip
        of.take("ais", words(name, -600, ship_type=types[nth], length_m=lengths[nth]))
    assert end_of(rows)
    for nth in range(resting):
        lies = {"lat": 56.0, "lon": 18.02 + nth * 0.01, "speed_mps": 0.0}
        rows += [report(second, f"mmsi:21900010{nth}", **lies) for second in range(0, LIE_S, 60)]
    of.take("ais", batch(sorted(rows, key=lambda row: row["valid"])))
    return alerts_of(of.finish())


def test_tankers_side_by_side_for_an_hour_are_told() -> None:
    (alert,) = lain()
    assert alert.identifiers == (ONE, TWO)
    assert "have lain side by side since 12:0" in alert.reason_en
    assert "sont bord à bord depuis" in alert.reason_fr


def test_they_may_lie_head_to_tail_and_one_may_be_no_tanker() -> None:
    (alert,) = lain(types=("tanker", "cargo"), headings=(10.0, 191.0))
    assert alert.probability == pytest.approx(0.7)


def test_who_reports_no_heading_is_told_less_surely() -> None:
    (known,), (unknown,) = lain(), lain(headings=(10.0, None))
    assert unknown.probability < known.probability


@pytest.mark.parametrize(
    "changed",
    [
        {"types": ("cargo", "cargo")},
        {"types": ("tanker", "pilot")},
        {"types": ("fishing", "fishing")},
        {"headings": (10.0, 100.0)},
        {"apart_m": 900.0},
        {"speeds": (0.4, 1.2)},
        {"lengths": (180.0, 20.0)},
        {"lasts_s": 2_400},
        {"came": False},
        {"resting": 2},
        {"statuses": ("moored", "moored")},
    ],
)
def test_other_ships_that_lie_near_each_other_are_not(changed: dict[str, Any]) -> None:
    assert lain(**changed) == []
