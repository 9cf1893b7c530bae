"""Probabilities by what people judged: the detector's own figure while little was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alliage.actions.watch_words import Said, Word
from alliage.watch.calibration import LEAST_JUDGED, calibrated
from alliage.watch.ranking import Judged, judged_of
from tests.watch.test_incidents import an_alert, made, said, told

COUNTS = st.integers(0, 500)


def by(useful: int, useless: int, stated: float = 0.8) -> float | None:
    alert = an_alert("a", "one", 0.0, probability=stated)
    found = calibrated(alert, {"drifting": Judged(useful, useless)})
    return None if found is None else found.probability


def test_while_little_was_judged_the_detectors_own_figure_stands() -> None:
    assert by(0, 0) is None
    assert by(LEAST_JUDGED - 1, 0) is None
    assert calibrated(an_alert("a", "one", 0.0), {"silence": Judged(50, 50)}) is None


def test_ten_judged_incidents_count_as_much_as_the_detectors_own_figure() -> None:
    assert by(5, 5) == (0.8 + 0.5) / 2
    assert by(10, 0) == (0.8 + 1.0) / 2


def test_what_many_judged_says_it_alone() -> None:
    found = by(200, 800)
    assert found is not None
    assert abs(found - 0.2) < 0.01


@given(COUNTS, COUNTS, st.floats(0, 1))
def test_it_lies_between_the_detectors_figure_and_the_share_that_was_useful(
    useful: int, useless: int, stated: float
) -> None:
    found = by(useful, useless, stated)
    assert (found is None) == (useful + useless < LEAST_JUDGED)
    if found is not None:
        share = useful / (useful + useless)
        assert min(stated, share) - 1e-9 <= found <= max(stated, share) + 1e-9


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_what_is_judged_later_replaces_what_was_said_of_the_same_incident(
    judged: list[bool],
) -> None:
    sayings = [
        said("a", Word(Said.JUDGE, useful=useful), number=90 + nth)
        for nth, useful in enumerate(judged)
    ]
    found = judged_of(made(told(an_alert("a", "one", 0.0)), *sayings))["drifting"]
    assert (found.useful, found.useless) == (int(judged[-1]), int(not judged[-1]))
