"""What the benchmark of arrivals says of the intervals that were told."""

from __future__ import annotations

import math

from benchmarks.arrivals import Came, said_of_arrivals


def test_only_who_was_told_an_interval_counts_for_how_often_it_holds() -> None:
    came = [
        Came(1_800.0, 1_500.0, 2_100.0),
        Came(1_800.0, 1_900.0, 2_500.0),
        Came(1_800.0, math.nan, math.nan),
        Came(3_600.0, 3_000.0, math.inf),
    ]
    assert [one.is_within for one in came] == [True, False, False, True]
    lines = list(said_of_arrivals(came))
    assert lines[2:] == ["| 30 | 3 | 67% | 50% | 10 |", "| 60 | 1 | 100% | 100% | open |"]
