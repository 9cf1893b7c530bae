"""Ten days of the exercise, each another seed: what is found of what truly happens."""

from __future__ import annotations

import pytest

from benchmarks.detection import play, said

SEEDS = range(101, 111)
HOURS = 24.0


@pytest.mark.soak
def test_incidents_of_ten_days_are_found_and_nobody_cries_wolf() -> None:
    played = [play(seed, HOURS) for seed in SEEDS]
    print(said(played, HOURS))
    heard = [one for day in played for one in day.found if one.heard]
    assert len(heard) > 500
    assert sum(one.after_min is not None for one in heard) >= 0.95 * len(heard)
    assert sum(day.priority_false for day in played) == 0
