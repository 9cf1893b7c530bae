"""What the comparison with MovingPandas plays, judges and says."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.exercise.incidents import IncidentKind
from alliage.exercise.truth import TrueIncident
from benchmarks.detection import BEGIN_US, LATE_US
from benchmarks.detection_peer import (
    PAIRS,
    Columns,
    Figures,
    Played,
    Told,
    added,
    judge,
    ours,
    peers,
    play,
    said,
)

MINUTE_US = 60_000_000
DARK = IncidentKind.GOES_DARK


def incident(kind: IncidentKind, mmsi: int) -> TrueIncident:
    """Ten minutes in until forty minutes in."""
    start_us, end_us = BEGIN_US + 10 * MINUTE_US, BEGIN_US + 40 * MINUTE_US
    return TrueIncident(kind, (mmsi,), ("SHIP",), start_us, end_us, (10.0, 54.0), "")


def told(mmsi: int, start_min: float, told_min: float) -> Told:
    """Something of a ship that goes on for half an hour."""
    times = (start_min, start_min + 30, told_min)
    return Told(frozenset({f"mmsi:{mmsi}"}), *(BEGIN_US + round(t * MINUTE_US) for t in times))


@pytest.fixture(scope="module")
def few_minutes() -> Played:
    return play(1, 0.1)


def judged(*alerts: Told) -> Figures:
    true = [incident(DARK, 1), incident(IncidentKind.LOITERS, 2)]
    nothing = columns_of_nobody()
    return judge(Played([], nothing, true, BEGIN_US + 200 * MINUTE_US), DARK, list(alerts), 1.0)


def columns_of_nobody() -> Columns:
    none = np.zeros(0)
    return Columns([], none.astype(np.int64), none.astype(np.int64), none, none, none)


def test_what_is_told_of_the_right_ship_in_time_is_found() -> None:
    assert judged(told(1, 10, 20)) == Figures(1, 1, 1, 0, 1.0)


def test_what_is_told_of_nobody_who_has_anything_is_false() -> None:
    assert judged(told(3, 10, 20)) == Figures(1, 0, 1, 1, 1.0)


def test_what_comes_from_another_incident_is_neither_found_nor_false() -> None:
    assert judged(told(2, 10, 20)) == Figures(1, 0, 1, 0, 1.0)


def test_what_is_told_long_after_it_is_over_is_not_found() -> None:
    assert judged(told(1, 10, 41 + LATE_US / MINUTE_US)).found == 0


def test_seeds_are_added_before_they_are_weighed() -> None:
    both = added([Figures(2, 1, 1, 0, 1.0), Figures(2, 2, 3, 1, 2.0)])
    assert both == Figures(4, 3, 4, 1, 3.0)
    assert both.recall == both.f1 == 0.75


def test_a_peer_that_is_not_installed_is_said_to_be_left_out() -> None:
    text = said({"silence": (Figures(1, 1, 1, 0, 1.0), None)}, 10, 1.0)
    assert "left out" in text
    assert "found 1 of 1 (recall 1.00)" in text


def test_ours_and_the_peer_take_the_same_reports(few_minutes: Played) -> None:
    assert len(few_minutes.columns.ship) > 5_000
    for pair in PAIRS.values():
        alerts, cpu_s = ours(few_minutes, pair.make)
        assert not alerts  # nothing can have lasted long enough
        assert cpu_s > 0.0


@pytest.mark.soak  # which has the peers installed
def test_the_peer_finds_stays_and_gaps_and_conditions_only_take_some_away(
    few_minutes: Played,
) -> None:
    for one in ({"diameter_m": 500.0, "lasts_s": 120.0, "every_s": 20.0}, {"lasts_s": 60.0}):
        settings = [one | {"helped": helped} for helped in (0.0, 1.0)]
        (plain, _), (helped, _) = peers(few_minutes, settings)
        assert plain
        assert set(helped) < set(plain)
        assert all(each.told_us <= each.end_us for each in plain)
