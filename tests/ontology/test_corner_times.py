"""Times at the corners of a line, as one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.corner_times import CornerTime, read_corner_times, write_corner_times

STEPS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 900_000)), min_size=1, max_size=9)


@given(STEPS)
def test_what_is_written_is_read_again(steps: list[tuple[int, int]]) -> None:
    corner, at_us, times = 0, 1_767_268_800_000_000, []
    for further, later_s in steps:
        corner, at_us = corner + further, at_us + later_s * 1_000_000
        times.append(CornerTime(corner, at_us))
    assert read_corner_times(write_corner_times(times)) == times


def test_people_may_write_it_shorter() -> None:
    text = "1: 2026-11-27 12:00; 4 2026-11-27T14:30:20Z;"
    assert (
        write_corner_times(read_corner_times(text))
        == "1 2026-11-27T12:00:00Z; 4 2026-11-27T14:30:20Z"
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "noon", "0 2026-11-27T12:00Z", "1 2026-13-27T12:00Z",
        "1 2026-11-27T12:00Z; 1 2026-11-27T13:00Z", "1 2026-11-27T12:00Z; 2 2026-11-27T12:00Z",
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_corner_times(text)
