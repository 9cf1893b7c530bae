"""Ships that stay where ships do not stay."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from alliage.ontology.claim import Statement
from tests.detection.recordings import (
    NOON_US,
    SECOND_US,
    end_of,
    engine,
    line,
    only,
    sail,
    tell,
    words,
)

Rows = list[dict[str, Any]]

CABLE = line("cables:1", (57.06, 17.5), (57.06, 18.5))


def a_stay(minutes: int = 60, speed: float = 0.8, start: float = 57.0, **columns: Any) -> Rows:
    """Twenty minutes north at 12 knots, then to and fro."""
    rows = sail(0, 1_200, (start, 18.0), 6.0, 0.0, **columns)
    for leg in range(minutes // 10):
        begin = 1_200 + 600 * leg
        rows += sail(begin, begin + 600, end_of(rows), speed, 90.0 if leg % 2 else 270.0, **columns)
    return rows


def loiterers(rows: Rows, *said: Statement, trade: str = "") -> list[Alert]:
    of = engine(only("loitering"))
    of.state("charts", said)
    if trade:
        of.take("radar", words(ship_type=trade))
    return tell(rows, of)


def test_a_ship_that_came_at_speed_and_stays_loiters() -> None:
    (alert,) = loiterers(a_stay())
    assert (alert.told_us - alert.start_us) / SECOND_US >= 40 * 60
    assert abs((alert.start_us - NOON_US) / SECOND_US - 1_200) <= 60
    assert "has stayed within 1.0 NM since 12:" in alert.reason_en
    assert "reste dans un rayon de 1,0 mille depuis" in alert.reason_fr
    assert alert.area == ""


def test_near_a_cable_less_time_is_enough_and_the_cable_is_named() -> None:
    assert loiterers(a_stay(minutes=30)) == []
    (alert,) = loiterers(a_stay(minutes=30), CABLE)
    assert alert.area == "cables:1"
    assert "from a cable (57.06° N 18.00° E)" in alert.reason_en
    assert alert.probability > 0.7


def test_the_alert_is_over_once_the_ship_goes_on() -> None:
    stay = a_stay()
    (alert,) = loiterers(stay + sail(4_800, 9_000, end_of(stay), 6.0, 0.0))
    assert alert.end_us is not None
    assert alert.end_us <= NOON_US + 4_900 * SECOND_US


def test_who_says_why_or_is_slow_by_trade_is_left_alone() -> None:
    for status in ("at_anchor", "engaged_in_fishing", "not_under_command"):
        assert loiterers(a_stay(navigation_status=status), CABLE) == []
    for trade in ("fishing", "pilot", "sailing"):
        assert loiterers(a_stay(), CABLE, trade=trade) == []


def test_a_workboat_is_told_near_a_cable_only_and_after_the_longer_time() -> None:
    assert loiterers(a_stay(), trade="tug") == []
    assert loiterers(a_stay(minutes=30), CABLE, trade="tug") == []
    (alert,) = loiterers(a_stay(), CABLE, trade="tug")
    assert alert.area == "cables:1"


def test_who_lies_still_or_goes_somewhere_does_not_loiter() -> None:
    assert loiterers(a_stay(speed=0.1)) == []
    assert loiterers(sail(0, 7_200, (57.0, 18.0), 2.0, 0.0)) == []


def test_where_others_rest_is_an_anchorage() -> None:
    others = [
        row
        for n in range(3)
        for row in sail(0, 5_000, (57.06, 18.0 + n / 100), 0.0, 0.0, f"mmsi:21900010{n}", 180.0)
    ]
    assert loiterers(a_stay() + others) == []
