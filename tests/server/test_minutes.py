"""Figures of each minute are kept for some hours, and told in steps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alliage.server.minutes import KEPT, KEYS_AT_MOST, POINTS_AT_MOST, Minutes

NOW = 29_000_000


def told(minutes: Minutes[str], now: int, key: str = "a") -> dict[int, float]:
    """What a curve says of each step's first minute."""
    span = minutes.span(now)
    assert span is not None
    means = minutes.curves(span)[key][:, 0].tolist()
    return {span.first + at * span.step: mean for at, mean in enumerate(means)}


def test_a_short_time_is_told_minute_by_minute_and_gaps_are_gaps() -> None:
    minutes = Minutes[str](1)
    for minute, value in ((0, 3.0), (1, 5.0), (4, 7.0)):
        minutes.put(NOW + minute, {"a": [value]})
    assert minutes.since == NOW
    found = told(minutes, NOW + 5)
    assert {at - NOW: value for at, value in found.items() if np.isfinite(value)} == {
        0: 3.0,
        1: 5.0,
        4: 7.0,
    }
    assert len(found) == 6


@given(
    st.lists(st.tuples(st.integers(1, 200), st.floats(-1e3, 1e3)), min_size=1, max_size=60),
    st.integers(0, 300),
)
def test_a_curve_is_the_mean_of_what_was_put_in_the_time_that_is_kept(
    steps: list[tuple[int, float]], later: int
) -> None:
    minutes, put, now = Minutes[str](1), {}, NOW
    for wait, value in steps:
        now += wait
        put[now] = value
        minutes.put(now, {"a": [value]})
    now += later
    span = minutes.span(now)
    assert span is not None
    assert span.points <= POINTS_AT_MOST + 1
    kept = {at: value for at, value in put.items() if at > now - KEPT}
    if not kept:
        return
    found = told(minutes, now)
    for at, mean in found.items():
        values = [put[m] for m in range(at, at + span.step) if m in put and m > max(put) - KEPT]
        if values:
            assert np.isclose(mean, np.mean(values), atol=1e-3, rtol=1e-5)
        else:
            assert np.isnan(mean)


def test_it_begins_anew_where_the_clock_is_set_back() -> None:
    minutes = Minutes[str](1)
    minutes.put(NOW, {"a": [1.0]})
    minutes.put(NOW - 60, {"b": [2.0]})
    assert minutes.since == NOW - 60
    span = minutes.span(NOW - 60)
    assert span is not None
    assert set(minutes.curves(span)) == {"b"}
    assert minutes.span(NOW - 61) is None


def test_no_more_is_kept_than_there_is_room_for() -> None:
    minutes = Minutes[str](1)
    for minute in range(3):
        minutes.put(NOW + minute, {f"{minute} {n}": [1.0] for n in range(KEYS_AT_MOST)})
    span = minutes.span(NOW + 2)
    assert span is not None
    assert len(minutes.curves(span)) == KEYS_AT_MOST
