"""The one writer thread of a node: gathers drafts of all streams, commits them together.

Everything that wants to be in the log is submitted here. The thread flushes when the oldest draft
is ``flush_s`` old, when enough rows wait, or at once for what is urgent; one fsync then covers all
streams. Consumers (picture, claims) are called after the commit, in the same thread and order, so
that nobody is shown what could still be lost.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, cast

import pyarrow as pa
import structlog

from alliage.log.entry import Draft, Entry
from alliage.log.original import Original
from alliage.log.original import joined as join_originals
from alliage.log.store import Log, LogClosedError
from alliage.log.submitted import Stage, Submitted
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import Kind, ObservationBatch

FLUSH_S = 0.2
ROWS_PER_FLUSH = 50_000
ROWS_WAITING_AT_MOST = 400_000
ORIGINAL_BYTES_AT_MOST = 16 << 20
RETRY_S = 1.0
IDLE_S = 60.0
"""After so long without a draft what was written last gets its checkpoint."""

Written = TypeVar("Written")
Consumer = Callable[[Sequence[Entry]], object]

_log = structlog.get_logger(__name__)


class WriterClosedError(RuntimeError):
    """Something was submitted to a writer that has been closed."""


@dataclass(slots=True)
class _Waiting:
    draft: Draft
    rows: int
    done: Submitted


class Writer:
    """Gathers drafts from any thread and commits them in groups from its own."""

    def __init__(
        self, log: Log, consumers: Iterable[Consumer] = (), flush_s: float = FLUSH_S
    ) -> None:
        self._log = log
        self._consumers = list(consumers)
        self._flush_s = flush_s
        self._waiting: list[_Waiting] = []
        self._rows = 0
        self._submitted = 0
        self._settled = 0
        self._oldest = 0.0
        self._urgent = False
        self._closed = False
        self._changed = threading.Condition()
        self.trouble: str | None = None
        self.rows_committed = 0
        self._thread = threading.Thread(target=self._run, name="alliage-writer", daemon=True)
        self._thread.start()

    def submit(self, drafts: Sequence[Draft]) -> Submitted:
        """Queue drafts; the future is done when all of them are durable and in the picture.

        What waits can be taken back. Blocks while too many rows wait, so that a flat-out source
        cannot fill the memory.

        Raises:
            WriterClosedError: the node is stopping.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._rows < ROWS_WAITING_AT_MOST or self._closed)
            return self._enqueue(drafts)

    async def submit_async(self, drafts: Sequence[Draft]) -> Submitted:
        """Queue drafts from an event loop; waits for a commit only while too many rows wait.

        The future is that of :meth:`submit`.
        """
        with self._changed:
            done = self._enqueue(drafts)
            crowded = self._rows >= ROWS_WAITING_AT_MOST
        if crowded:
            await asyncio.wrap_future(done)
        return done

    def drain(self) -> None:
        """Wait until everything submitted so far is settled."""
        with self._changed:
            target = self._submitted
            self._urgent = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._settled >= target)

    def close(self) -> None:
        """Commit what waits and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _enqueue(self, drafts: Sequence[Draft]) -> Submitted:
        if self._closed:
            raise WriterClosedError("the node is stopping and takes nothing more in")
        done = Submitted(self._changed)
        if not drafts:
            done.set_result(None)
            return done
        if not self._waiting:
            self._oldest = time.monotonic()
        for draft in drafts:
            rows = _rows_of(draft)
            self._waiting.append(_Waiting(draft, rows, done))
            self._submitted += 1
            self._rows += rows
            if isinstance(draft.body, ObservationBatch) and draft.body.urgent:
                self._urgent = True
        self._changed.notify_all()
        return done

    def _run(self) -> None:
        while True:
            with self._changed:
                busy = self._changed.wait_for(lambda: self._waiting or self._closed, IDLE_S)
                if busy and not self._waiting:
                    return
                if busy:
                    self._changed.wait_for(self._is_due, timeout=self._flush_s)
                taken, self._waiting = self._waiting, []
                self._urgent = False
            if taken:
                self._commit(taken)
            else:
                self._seal()
            with self._changed:
                self._rows -= sum(waiting.rows for waiting in taken)
                self._settled += len(taken)
                self._changed.notify_all()

    def _is_due(self) -> bool:
        return (
            self._urgent
            or self._closed
            or self._rows >= ROWS_PER_FLUSH
            or time.monotonic() - self._oldest >= self._flush_s
        )

    def _commit(self, taken: list[_Waiting]) -> None:
        try:
            entries, written = self._patiently(partial(self._append, taken))
            for consume in self._consumers if entries else ():
                self._patiently(partial(consume, entries))
        except Exception as error:
            _log.exception("a commit failed")
            self._settle(taken, error)
            return
        self.rows_committed += sum(waiting.rows for waiting in written)
        self._settle(taken, None)

    def _append(self, taken: list[_Waiting]) -> tuple[list[Entry], list[_Waiting]]:
        """Write what nobody has taken back meanwhile; returns that, too."""
        with self._changed:
            wanted = [waiting for waiting in taken if not waiting.done.cancelled()]
            self._note(wanted, Stage.WRITING)
        stage = Stage.WAITING
        try:
            entries = self._log.append(coalesce([waiting.draft for waiting in wanted]))
            stage = Stage.WRITTEN
        finally:
            self._note(wanted, stage)
        return entries, wanted

    def _note(self, some: list[_Waiting], stage: Stage) -> None:
        with self._changed:
            for waiting in some:
                waiting.done.stage = stage
            self._changed.notify_all()

    def _settle(self, taken: list[_Waiting], error: Exception | None) -> None:
        with self._changed:
            unsettled = [waiting for waiting in taken if not waiting.done.cancelled()]
            if error is not None:
                self._note(unsettled, Stage.FAILED)
        for done in {id(waiting.done): waiting.done for waiting in unsettled}.values():
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

    def _seal(self) -> None:
        """Nothing comes in: let a checkpoint cover what is there."""
        try:
            self._log.checkpoint()
        except (OSError, LogClosedError) as error:
            _log.warning("log.no_checkpoint", error=str(error))

    def _patiently(self, write: Callable[[], Written]) -> Written:
        """Write, and while the disk refuses, say so and try again: nothing is dropped."""
        while True:
            try:
                written = write()
            except OSError as error:
                self.trouble = f"the log cannot be written: {error}. Intake waits and tries again."
                _log.error("log.blocked", error=str(error))
                with self._changed:
                    if self._changed.wait_for(lambda: self._closed, timeout=RETRY_S):
                        raise
            else:
                self.trouble = None
                return written


def coalesce(drafts: Sequence[Draft]) -> list[Draft]:
    """Join observation batches of one stream, label set and kind; keep everything else as it is.

    What is to be an entry of its own comes behind those.

    The order of rows within a stream and kind is kept.
    """
    groups: dict[tuple[str, frozenset[object], Kind, bool], list[Draft]] = {}
    joined: list[Draft] = []
    originals: list[Draft] = []
    for draft in drafts:
        if draft.alone:
            joined.append(draft)
        elif isinstance(draft.body, ObservationBatch):
            key = (draft.stream, draft.labels, draft.body.kind, draft.body.urgent)
            groups.setdefault(key, []).append(draft)
        elif isinstance(draft.body, Original):
            originals.append(draft)
        else:
            joined.append(draft)
    return [_join(group) for group in groups.values()] + joined + [*_join_originals(originals)]


def _join_originals(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Original bytes of one input in one body, as long as it does not grow too large."""
    open_ones: dict[tuple[object, ...], list[Original]] = {}
    for draft in drafts:
        body = cast(Original, draft.body)
        key = (draft.stream, draft.labels, body.feed, body.version, body.datagrams)
        before = open_ones.setdefault(key, [])
        if sum(one.size for one in before) + body.size > ORIGINAL_BYTES_AT_MOST and before:
            yield Draft(draft.stream, draft.labels, join_originals(before))
            before.clear()
        before.append(body)
    for (stream, labels, *_), some in open_ones.items():
        yield Draft(cast(str, stream), cast(LabelSet, labels), join_originals(some))


def _join(group: list[Draft]) -> Draft:
    if len(group) == 1:
        return group[0]
    bodies = [draft.body for draft in group if isinstance(draft.body, ObservationBatch)]
    tables = [pa.Table.from_batches([body.rows]) for body in bodies]
    table = pa.concat_tables(tables, promote_options="default").unify_dictionaries()
    rows = table.combine_chunks().to_batches()[0]
    body = ObservationBatch(bodies[0].kind, rows, bodies[0].urgent)
    return Draft(stream=group[0].stream, labels=group[0].labels, body=body)


def _rows_of(draft: Draft) -> int:
    if isinstance(draft.body, ObservationBatch):
        return int(draft.body.rows.num_rows)
    return len(draft.body) if isinstance(draft.body, tuple) else 1
