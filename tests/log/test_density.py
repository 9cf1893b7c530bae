"""How much there is of which time, as the index alone can tell it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.log import Draft, Log
from alliage.log.density import Axis, Density, Span, spread
from tests.log.support import DANES, FRENCH, audience_of, claim, positions

SECOND_US = 1_000_000


def test_entries_are_counted_in_the_bin_of_their_time(log: Log) -> None:
    log.append([Draft("denmark", DANES, positions(["a", "b"], start_us=5 * SECOND_US))])
    log.append([Draft("denmark", DANES, positions(["a"], start_us=25 * SECOND_US))])
    log.append([Draft("denmark", DANES, (claim(12 * SECOND_US), claim(12 * SECOND_US + 1)))])
    density = log.reader(audience_of(log.label_sets, *DANES)).density(Axis(0, 30 * SECOND_US, 3))
    assert density.reports.tolist() == [2, 0, 1]
    assert density.statements.tolist() == [0, 2, 0]


def test_a_recording_loaded_at_once_is_spread_over_its_time(log: Log) -> None:
    log.append([Draft("denmark", DANES, positions(["a"] * 41))])
    density = log.reader(audience_of(log.label_sets, *DANES)).density(Axis(0, 60 * SECOND_US, 3))
    assert density.reports == pytest.approx([20.5, 20.5, 0])


def test_what_a_reader_may_not_see_is_not_counted(log: Log) -> None:
    log.append([Draft("denmark", DANES, positions(["a"], start_us=SECOND_US))])
    log.append([Draft("france", FRENCH, positions(["b"] * 9, start_us=SECOND_US))])
    log.append([Draft("france", DANES | FRENCH, positions(["b"] * 9, start_us=90 * SECOND_US))])
    reader = log.reader(audience_of(log.label_sets, *DANES))
    assert reader.density(Axis(0, 100 * SECOND_US, 2)).reports.tolist() == [1, 0]
    assert reader.extent_us() == (SECOND_US, SECOND_US)
    assert log.reader(audience_of(log.label_sets)).extent_us() is None


def test_a_broken_clock_does_not_stretch_the_extent(log: Log) -> None:
    log.append([Draft("denmark", DANES, positions(["a"], start_us=3 * SECOND_US))])
    log.append([Draft("denmark", DANES, positions(["a"], start_us=4_000_000_000 * SECOND_US))])
    reader = log.reader(audience_of(log.label_sets, *DANES))
    assert reader.extent_us() == (3 * SECOND_US, 3 * SECOND_US)


@pytest.mark.parametrize(("to_us", "bins"), [(0, 1), (-5, 1), (100, 0), (100, 1001), (5, 10)])
def test_an_axis_that_makes_no_sense_is_refused(to_us: int, bins: int) -> None:
    with pytest.raises(ValueError, match=r"bins|too short"):
        Axis(0, to_us, bins)


@given(
    spans=st.lists(
        st.tuples(st.booleans(), st.integers(0, 900), st.integers(0, 99), st.integers(1, 50)),
        max_size=10,
    )
)
def test_nothing_is_lost_or_made_by_spreading(spans: list[tuple[bool, int, int, int]]) -> None:
    axis = Axis(0, 1000, 7)
    counted = Density(np.zeros(7), np.zeros(7))
    spread(
        axis, [Span(claims, at, at + length, rows) for claims, at, length, rows in spans], counted
    )
    total = sum(rows for *_, rows in spans)
    assert counted.reports.sum() + counted.statements.sum() == pytest.approx(total)
