"""Ships behind tugs, and ships that only go the same way."""

from __future__ import annotations

from typing import Any

import pytest

from alliage.detection import Alert
from tests.detection.recordings import alerts_of, batch, engine, only, sail, words

TUG, SHIP = "mmsi:219000001", "mmsi:219000002"
KNOT_MPS = 1852 / 3600
AHEAD_DEG = 500 / 1852 / 60

Row = dict[str, Any]


def towed(
    minutes: float = 45, types: tuple[str, str] = ("tug", "cargo"), **more: Any
) -> list[Alert]:
    """The first goes north 500 m ahead of the second; ``tug`` and ``ship`` change their rows."""
    of, end = engine(only("tow")), minutes * 60
    ways = {"place": (56.0 + AHEAD_DEG, 18.0), "speed_mps": 5 * KNOT_MPS, "course_deg": 0.0}
    tug = sail(0, end, identifier=TUG, **ways | more.get("tug", {}))
    ship = sail(0, end, identifier=SHIP, **ways | {"place": (56.0, 18.0)} | more.get("ship", {}))
    for identifier, kind in zip((TUG, SHIP), types, strict=True):
        of.take("ais", words(identifier, ship_type=kind))
    of.take("ais", batch(sorted(tug + ship, key=lambda row: row["valid"])))
    return alerts_of(of.finish())


def test_a_ship_that_a_tug_leads_at_one_distance_is_told() -> None:
    (alert,) = towed()
    assert alert.identifiers == (TUG, SHIP)
    assert "has followed the tug mmsi:219000001 line astern" in alert.reason_en
    assert "suit le remorqueur mmsi:219000001" in alert.reason_fr


@pytest.mark.parametrize(
    "changed",
    [
        {"tug": {"navigation_status": "power_driven_towing_astern"}},
        {"ship": {"navigation_status": "not_under_command"}},
        {"types": ("cargo", "cargo")},
        {"types": ("tug", "fishing")},
        {"types": ("cargo", "tug")},
        {"ship": {"speed_mps": 5.3 * KNOT_MPS}},
        {"ship": {"course_deg": 40.0}},
        {"tug": {"place": (56.0, 18.0 + 2 * AHEAD_DEG)}},
        {"minutes": 20},
    ],
    ids=["tug says so", "ship says so", "no tug", "fishing", "tug behind", "comes nearer",
         "another course", "abeam", "too short"],
)  # fmt: skip
def test_what_says_so_or_only_goes_the_same_way_is_not(changed: dict[str, Any]) -> None:
    assert towed(**changed) == []
