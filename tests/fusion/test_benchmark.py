"""What the comparison of trackers says of its aims."""

from __future__ import annotations

from benchmarks.fusion_scenario import make_scenario
from benchmarks.fusion_trackers import Run, line, ours, verdicts


def runs(things: int, seeds: int) -> list[Run]:
    """As many as there are seeds, in which ours has nine tenths of the other's GOSPA."""
    mine, theirs = (
        {
            "gospa_m": gospa_m,
            "cpu_s": cpu_s,
            "completeness": 1.0,
            "spuriousness": 0.0,
            "switches": 0,
        }
        for gospa_m, cpu_s in ((90.0, 0.1), (100.0, 100.0))
    )
    return [Run(things, seed, 60, mine, theirs, theirs) for seed in range(seeds)]


def test_one_seed_has_no_bound_and_reaches_nothing() -> None:
    several, one = runs(200, 3), runs(1000, 1)
    said = verdicts({"jpda 200": several, "jpda 1000": one}, bound=False)
    assert "reached" in said[0]
    assert "not judged" in said[1]
    assert "reached" not in said[1]
    assert "no bound" in line("jpda", one)
    assert "nan" not in line("jpda", one)


def test_what_the_other_is_not_told_makes_a_difference() -> None:
    scenario = make_scenario(30, 20, 50.0, 1)
    told, untold = (ours("gnn", scenario, 1, told=told)[1] for told in (True, False))
    assert sum(map(len, told)) != sum(map(len, untold))
