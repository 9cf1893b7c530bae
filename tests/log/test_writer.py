"""The writer gathers what all streams say and commits it together."""

from __future__ import annotations

import errno
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.log import Draft, Log
from alliage.log.entry import Entry
from alliage.log.submitted import Fate, fate_of
from alliage.log.writer import Writer, WriterClosedError, coalesce
from alliage.ontology.audience import machine_audience
from alliage.ontology.observation import ObservationBatch
from tests.log.support import DANES, FRENCH, claim, draft, positions

LONG_S = 60.0


class Seen:
    """A consumer that remembers each commit."""

    def __init__(self) -> None:
        self.commits: list[list[Entry]] = []

    def __call__(self, entries: Sequence[Entry]) -> None:
        self.commits.append(list(entries))


def test_streams_are_committed_together_and_apart_by_label(log: Log) -> None:
    seen = Seen()
    writer = Writer(log, [seen], flush_s=LONG_S)
    for stream, labels in [("denmark", DANES), ("brest", FRENCH), ("denmark", DANES)]:
        writer.submit([draft(labels, "mmsi:219000001", stream=stream)])
    writer.drain()
    writer.close()
    assert [[(e.stream, e.rows) for e in commit] for commit in seen.commits] == [
        [("denmark", 2), ("brest", 1)]
    ]


def test_consumers_are_called_when_the_entries_are_already_in_the_log(log: Log) -> None:
    reader = log.reader(machine_audience(log.label_sets))
    readable: list[int] = []
    writer = Writer(log, [lambda _entries: readable.append(len(reader.read()))], flush_s=0.01)
    writer.submit([draft(DANES)]).result(timeout=10)
    writer.close()
    assert readable == [1]


def test_distress_does_not_wait_for_the_next_flush(log: Log) -> None:
    writer = Writer(log, flush_s=LONG_S)
    waiting = writer.submit([draft(DANES)])
    distress = Draft("denmark", DANES, positions(["mmsi:970000001"], urgent=True))
    writer.submit([distress]).result(timeout=10)
    assert waiting.done()
    writer.close()


def test_closing_commits_what_waits_and_takes_nothing_more(log: Log) -> None:
    writer = Writer(log, flush_s=LONG_S)
    waiting = writer.submit([Draft("denmark", DANES, (claim(1),))])
    writer.close()
    assert waiting.done()
    assert log.last_number == 1
    with pytest.raises(WriterClosedError):
        writer.submit([draft(DANES)])


def test_what_the_disk_refuses_is_written_when_there_is_room(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliage.log.writer.RETRY_S", 0.001)
    told: list[str | None] = []

    def projection(_entries: Sequence[Entry]) -> None:
        if len(told) < 3:
            told.append(writer.trouble)
            raise OSError(errno.ENOSPC, "No space left on device")
        seen(_entries)

    seen = Seen()
    writer = Writer(log, [projection], flush_s=0.01)
    writer.submit([draft(DANES)]).result(timeout=10)
    assert [entry.number for commit in seen.commits for entry in commit] == [1]
    assert told[0] is None
    assert "No space left" in (told[2] or "")
    assert writer.trouble is None
    writer.close()


def test_what_was_taken_back_while_the_disk_was_full_is_never_written(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliage.log.writer.RETRY_S", 0.001)
    is_full, append = threading.Event(), log.append

    def refuse(drafts: Sequence[Draft]) -> list[Entry]:
        if is_full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(drafts)

    monkeypatch.setattr(log, "append", refuse)
    is_full.set()
    seen = Seen()
    writer = Writer(log, [seen], flush_s=0.0)
    gone, stays = (writer.submit([draft(DANES, stream=name)]) for name in ("gone", "stays"))
    assert not stays.cancel()  # whoever waits may go away: it is written all the same
    assert fate_of(gone, 0.01) is Fate.WITHDRAWN
    is_full.clear()
    stays.result(timeout=10)
    assert fate_of(stays, 10) is Fate.SHOWN
    writer.drain()
    writer.close()
    assert [entry.stream for commit in seen.commits for entry in commit] == ["stays"]


def test_what_is_on_the_disk_and_not_shown_yet_is_not_taken_back(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliage.log.writer.RETRY_S", 0.001)
    is_full, is_met = threading.Event(), threading.Event()
    is_full.set()

    def projection(_entries: Sequence[Entry]) -> None:
        is_met.set()
        if is_full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")

    writer = Writer(log, [projection], flush_s=0.0)
    waiting = writer.submit([draft(DANES)])
    assert is_met.wait(timeout=10)
    assert fate_of(waiting, 0.01) is Fate.WRITTEN
    is_full.clear()
    waiting.result(timeout=10)
    writer.close()


def test_an_idle_log_gets_its_checkpoint(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliage.log.writer.IDLE_S", 0.01)
    sealed = threading.Event()
    checkpoint = log.checkpoint
    monkeypatch.setattr(log, "checkpoint", lambda: (checkpoint(), sealed.set()))
    writer = Writer(log, flush_s=0.0)
    for number in range(3):
        writer.submit([Draft("denmark", DANES, (claim(number),))]).result(timeout=10)
    sealed.clear()
    assert sealed.wait(timeout=10)
    writer.close()
    latest = log.audit().latest_checkpoint()
    assert latest is not None
    assert latest.checkpoint.size == 3


def test_a_commit_that_fails_is_told_to_who_submitted_and_not_to_the_next(log: Log) -> None:
    def consume(entries: Sequence[Entry]) -> None:
        if entries[0].stream == "broken":
            raise RuntimeError("a consumer with a fault")

    writer = Writer(log, [consume], flush_s=0.01)
    with pytest.raises(RuntimeError, match="a consumer with a fault"):
        writer.submit([draft(DANES, stream="broken")]).result(timeout=10)
    writer.submit([draft(DANES)]).result(timeout=10)
    writer.close()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["denmark", "brest"]),
            st.sampled_from([DANES, FRENCH]),
            st.lists(st.sampled_from(["mmsi:1", "mmsi:2", "mmsi:3"]), min_size=1, max_size=4),
        ),
        max_size=12,
    )
)
def test_coalescing_keeps_every_row_of_a_stream_in_order(
    said: list[tuple[str, frozenset[object], list[str]]],
) -> None:
    drafts = [Draft(stream, labels, positions(ids)) for stream, labels, ids in said]  # type: ignore[arg-type]

    def rows(of: Sequence[Draft]) -> dict[tuple[str, frozenset[object]], list[str]]:
        found: dict[tuple[str, frozenset[object]], list[str]] = {}
        for one in of:
            assert isinstance(one.body, ObservationBatch)
            words = one.body.rows.column("identifier").to_pylist()
            found.setdefault((one.stream, one.labels), []).extend(words)
        return found

    joined = coalesce(drafts)
    assert rows(joined) == rows(drafts)
    assert len(joined) == len(rows(drafts))
