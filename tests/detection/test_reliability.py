"""What detectors state against what was true, as the benchmark tells it."""

from __future__ import annotations

from benchmarks.detection import at_scale
from benchmarks.reliability import Stated, reliability, settled


def rows(stated: list[Stated]) -> dict[str, list[str]]:
    """By the first cell the others, of both tables."""
    lines = [line.strip("| ").split(" | ") for line in reliability(stated).splitlines() if line]
    return {cells[0]: cells[1:] for cells in lines if len(cells) > 1}


def alerts(detector: str, probability: float, true: int, false: int) -> list[Stated]:
    return [Stated(detector, probability, n < true, n < true) for n in range(true + false)]


def test_a_detector_that_is_right_as_often_as_it_says_is_not_remarked_on() -> None:
    found = rows(alerts("meeting", 0.8, 80, 20))["meeting"]
    assert found[:3] == ["100", "0.80", "0.80"]
    assert "says" not in " ".join(found)


def test_who_says_too_much_or_too_little_is_told_once_there_are_alerts_enough() -> None:
    assert rows(alerts("jump", 0.9, 40, 60))["jump"][-1] == "says too much"
    assert rows(alerts("jump", 0.6, 97, 3))["jump"][-1] == "says too little"
    assert "says" not in " ".join(rows(alerts("jump", 0.9, 1, 1))["jump"])


def test_what_all_detectors_state_alike_is_told_together() -> None:
    stated = alerts("jump", 0.9, 9, 1) + alerts("meeting", 0.92, 10, 0) + alerts("zone", 0.6, 1, 1)
    found = rows(stated)
    assert found["0.85 to 1.00"][0] == "20"
    assert found["0.55 to 0.65"][0] == "2"


def test_what_should_be_stated_is_never_certain_and_moves_with_what_was_seen() -> None:
    lines = settled(alerts("jump", 0.9, 90, 0) + alerts("zone", 0.6, 0, 2)).splitlines()
    assert lines[2].split(" | ")[-1] == "0.99 |"
    assert lines[3].split(" | ")[-1] == "0.50 |"


def test_each_of_a_few_figures_is_settled_by_itself() -> None:
    said = settled(alerts("meeting", 0.7, 10, 0) + alerts("meeting", 0.9, 5, 5)).splitlines()
    assert [line.split(" | ")[-1] for line in said[2:]] == ["0.85 |", "0.70 |"]


def test_none_seen_says_how_many_there_may_be_at_a_hundred_thousand_ships() -> None:
    said = at_scale(0, 0, ship_days=100_000.0)
    assert "1,440.0 minutes of 100,000 ships" in said
    assert "that ring (calls for help): 0.0, may be 0.0 to 0.1, below 0.12 as surely" in said
