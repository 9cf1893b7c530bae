"""A replay keeps the recording's own pace, whatever its time marks do."""

from __future__ import annotations

import asyncio

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.feeds.contract import Decoded, Quarantined
from alliage.feeds.replay import Pacer, split_by_time
from alliage.feeds.rows import make_batch
from alliage.ontology.observation import Kind

SECOND_US = 1_000_000
NOON_US = 1_384_257_600 * SECOND_US


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.sleeps: list[float] = []

    async def sleep(self, pause_s: float) -> None:
        self.sleeps.append(pause_s)
        self.now_s += pause_s


def decoded(*seconds: float, recorded: bool = True) -> Decoded:
    rows = [
        {
            "identifier": f"mmsi:{number}",
            "schema": "Vessel",
            "valid": NOON_US + (0 if recorded else round(second * SECOND_US)),
            "received": 0,
            **({"recorded": NOON_US + round(second * SECOND_US)} if recorded else {}),
        }
        for number, second in enumerate(seconds)
    ]
    return Decoded(batches=[make_batch(Kind.POSITION, rows)], accepted=len(rows))


def replay(parts: list[Decoded], factor: float = 1.0) -> tuple[Time, list[tuple[float, Decoded]]]:
    """Release the parts; return the clock, and each part with the time since the start."""
    time = Time()
    pacer = Pacer(factor, time.sleep, lambda: time.now_s)

    async def run() -> list[tuple[float, Decoded]]:
        return [
            (time.now_s - 100.0, released)
            for part in parts
            async for released in pacer.release(part)
        ]

    return time, asyncio.run(run())


def names(part: Decoded) -> list[str]:
    return [name for batch in part.batches for name in batch.rows["identifier"].to_pylist()]


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("factor", [1.0, 4.0, 0.5])
def test_rows_are_released_at_the_recordings_pace(factor: float, recorded: bool) -> None:
    parts = [decoded(second, recorded=recorded) for second in (0, 1, 2, 5)]
    _, released = replay(parts, factor)
    assert [at for at, _ in released] == pytest.approx([s / factor for s in (0, 1, 2, 5)])


def test_one_result_that_spans_seconds_is_released_in_steps_oldest_first() -> None:
    _, released = replay([decoded(2.0, 0.0, 1.0, 0.1)])
    assert [names(part) for _, part in released] == [["mmsi:1", "mmsi:3"], ["mmsi:2"], ["mmsi:0"]]
    assert [at for at, _ in released] == pytest.approx([0.0, 0.9, 1.9])


def test_marks_that_run_backwards_hold_nothing_up() -> None:
    time, released = replay([decoded(s) for s in (10, 8, 9, 3, 11)])
    assert [at for at, _ in released] == pytest.approx([0, 0, 0, 0, 1])
    assert len(time.sleeps) == 1


def test_a_recording_that_begins_again_is_paced_from_its_new_beginning() -> None:
    _, released = replay([decoded(s) for s in (5000, 5001, 0, 1, 2)])
    assert [at for at, _ in released] == pytest.approx([0, 1, 1, 2, 3])


def test_a_gap_is_waited_for_only_so_long() -> None:
    _, released = replay([decoded(s) for s in (0, 36_000, 36_001)])
    assert [at for at, _ in released] == pytest.approx([0, 10, 11])


def test_a_stray_mark_does_not_stop_its_neighbours() -> None:
    time, released = replay([decoded(0, 0.1, 1e8, 0.2), decoded(1.0)])
    assert released[-1][0] == pytest.approx(10.0)  # the stray row waits, but not for years
    assert max(time.sleeps) <= 10.0
    assert names(released[0][1]) == ["mmsi:0", "mmsi:1", "mmsi:3"]


def test_what_has_no_rows_is_released_at_once() -> None:
    bad = Decoded(quarantined=[Quarantined(b"x", "checksum", "", 0)])
    time, released = replay([bad])
    assert released == [(0.0, bad)]
    assert time.sleeps == []


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_a_factor_is_above_zero(factor: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Pacer(factor)


@settings(max_examples=50)
@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda s: round(s, 3)), min_size=1, max_size=60),
    st.integers(1_000, 10_000_000),
)
def test_splitting_loses_nothing_and_keeps_the_sums(seconds: list[float], step_us: int) -> None:
    whole = decoded(*seconds)
    whole.ignored, whole.duplicates = {"comment": 3}, 2
    whole.quarantined = [Quarantined(b"x", "checksum", "", 0)]
    parts = split_by_time(whole, step_us)
    assert sorted(n for _, part in parts for n in names(part)) == sorted(names(whole))
    assert sum(part.accepted for _, part in parts) == whole.accepted
    assert sum(part.duplicates for _, part in parts) == 2
    assert [part.ignored for _, part in parts if part.ignored] == [{"comment": 3}]
    assert sum(len(part.quarantined) for _, part in parts) == 1
    marks = [mark for mark, _ in parts if mark is not None]
    assert marks == sorted(marks)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_no_pause_is_longer_than_its_bound(seconds: list[float]) -> None:
    time, released = replay([decoded(second) for second in seconds])
    assert all(0 < pause <= 10.0 for pause in time.sleeps)
    assert len(released) == len(seconds)


def test_the_columns_of_a_split_batch_stay_as_they_were() -> None:
    whole = decoded(0, 5)
    for _, part in split_by_time(whole, 250_000):
        assert isinstance(part.batches[0].rows, pa.RecordBatch)
        assert part.batches[0].rows.schema == whole.batches[0].rows.schema
