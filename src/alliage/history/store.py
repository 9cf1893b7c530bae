"""The history: every position observation of the log, in Parquet segments and a hot tail.

A projection that can be thrown away: the log is the truth, and what is here is made again from it.
The writer's thread hands entries over and goes on; a thread of the history's own makes segments of
the tail, joins them, and takes away what has had its time.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import structlog

from alliage.history.compaction import Merge, Moments, Work, next_work
from alliage.history.dropped import Bounds, with_drops
from alliage.history.files import Disk
from alliage.history.groups import Room
from alliage.history.keeping import Cutoffs, Keep, KeepOf, cutoffs
from alliage.history.manifest import Kept, Manifest, tidy
from alliage.history.positions import POSITIONS, joined, table_of
from alliage.history.reader import HistoryReader, Snapshot
from alliage.history.revising import brought_together, holds_some, positions_revised
from alliage.history.segment import (
    Segment,
    SegmentInfo,
    rows_path,
    runs_path,
    unit_for,
    write_segment,
)
from alliage.history.superseded import OldVersions
from alliage.history.tail import Block, Tail
from alliage.history.things import Things
from alliage.log.decided import revisions_of
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISION
from alliage.ontology.audience import Audience
from alliage.ontology.times import Clock

SEAL_ROWS: Final = 250_000
"""The tail becomes segments when it is as long as this."""
TAIL_ROWS_AT_MOST: Final = 4 * SEAL_ROWS
"""Rows of entries that wait beyond this are read from the log again, so as not to fill memory."""
ENTRIES_AT_ONCE: Final = 100
RUNS_HELD_AT_MOST: Final = 4_000_000

_logger = structlog.get_logger(__name__)


def keep_all(_stream: str) -> Keep:
    """Everything, without end."""
    return Keep()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading the log has come."""

    number: int
    last_number: int
    rows: int


class History:
    """The projection. One thread applies entries, one keeps it in order, any read."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        keep_of: KeepOf = keep_all,
        disk: Disk | None = None,
        seal_rows: int = SEAL_ROWS,
    ) -> None:
        """Open or make the folder; what cannot be used is taken away, to be made from the log.

        Args:
            folder: where it lies.
            clock: what says how old something is.
            keep_of: what is kept of each stream.
            disk: what writes.
            seal_rows: the tail becomes segments when it is as long as this.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._clock, self._keep_of = folder, clock, keep_of
        self._disk = disk or Disk()
        self.seal_rows = seal_rows
        self._things = Things()
        self._old = OldVersions(self._things)
        self._room = Room()
        self._lock = threading.Lock()  # of the tail, the segments and the manifest in memory
        self._working = threading.Lock()  # one work on files at a time
        self._tail = Tail(self._things, max(TAIL_ROWS_AT_MOST, seal_rows))
        self._manifest = Manifest.load(folder) or Manifest()
        self._segments = self._opened_all()
        tidy(self._disk, folder, self._manifest)
        self._follows = False
        self._dropped: Bounds = {}
        self._revision = 0  # number of the newest revision that was handed over
        self._deciding = threading.Condition()  # something was decided, or followed
        self._stopping = threading.Event()

    @property
    def caught_up(self) -> bool:
        """Whether everything that is committed can be found, once, and without waiting for long.

        While files still hold what was read again, both versions would be found.
        """
        is_once = self._manifest.revised >= self._old.read_again
        return self._follows and is_once and not self._tail.is_crowded

    @property
    def tail_rows(self) -> int:
        """Rows that are in no segment yet."""
        with self._lock:
            return self._tail.rows

    @property
    def is_to_be_revised(self) -> bool:
        """Whether it was decided of entries that they are gone, or raised, and not yet followed."""
        return self._follows and self._revision > self._manifest.revised

    def is_settled(self, wait_s: float) -> bool:
        """Whether an answer is whole and under the labels of now, after waiting for that.

        Until files follow a decision they hold what was raised under the label that it had.
        """
        with self._deciding:
            self._deciding.wait_for(lambda: not self.is_to_be_revised, wait_s)
        return self.caught_up and not self.is_to_be_revised

    def wait_for_decision(self, wait_s: float) -> None:
        """Wait until there is something to follow, or for so long."""
        with self._deciding:
            self._deciding.wait_for(
                lambda: self.is_to_be_revised or self._stopping.is_set(), wait_s
            )

    @property
    def manifest(self) -> Manifest:
        """What lasts of it."""
        return self._manifest

    def reader(self, audience: Audience) -> HistoryReader:
        """Everything this audience may read: the only way to read."""
        return HistoryReader(self._snapshot, self._things, self._old, audience)

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take committed entries, in the writer's thread: nothing is computed, nothing waits."""
        positions = [entry for entry in entries if entry.kind == POSITIONS]
        if positions:
            self._tail.add(positions)
        revisions = [entry.number for entry in entries if entry.kind == REVISION]
        self._revision = max([self._revision, *revisions])
        if revisions:
            with self._lock:
                self._dropped = with_drops(self._dropped, entries)
            self._old.note(entries)
            with self._deciding:
                self._deciding.notify_all()

    def catch_up(
        self,
        log: LogReader,
        last_number: int,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> int:
        """Read what the log has and the segments have not; begin anew where it is another log.

        Args:
            log: the log as the node's machines read it.
            last_number: of its newest entry; :meth:`apply` gets all that are written later, also
                while this is at work.
            on_progress: called after each part.

        Returns:
            The number of rows that were read.
        """
        if self._is_of_another_log(log):
            self.clear()
        revisions = revisions_of(log)
        self._old.follow(log, revisions)
        with self._lock:
            self._dropped = with_drops({}, revisions)
        number, rows = max(self._manifest.number, self._tail.number), 0
        if not number:  # what is read now is read as it was decided by now
            self._manifest = replace(self._manifest, revised=last_number)
        self._revision = max(self._revision, last_number)
        while number < last_number and not self._stopping.is_set():
            page = log.read(number, ENTRIES_AT_ONCE, [POSITIONS])
            entries = [entry for entry in page if entry.number <= last_number]
            with self._lock:
                self._tail.take(entries)
            rows += sum(entry.rows for entry in entries)
            number = entries[-1].number if entries else last_number
            if self.tail_rows >= self.seal_rows:
                self.seal()
            if on_progress is not None:
                on_progress(Progress(number, last_number, rows))
        with self._lock:
            self._tail.forget_until(last_number)
            self._follows = not self._stopping.is_set()
        return rows

    def seal(self) -> None:
        """Make segments of the tail.

        Raises:
            OSError: the disk refused; the tail stays as it is.
        """
        with self._working:
            with self._lock:
                if self._follows:
                    self._tail.absorb()
                blocks = self._tail.begin_seal()
                number, entry_id = self._tail.number, self._tail.entry_id
            if not blocks:
                return
            try:
                fresh = self._written(blocks)
                manifest = replace(self._manifest, number=number, entry_id=entry_id)
                self._publish(manifest, (*self._segments, *fresh), tail_done=True)
            except BaseException:
                with self._lock:
                    self._tail.end_seal(done=False)
                self._tidy()
                raise

    def revise(self, log: LogReader) -> None:
        """Follow what was decided about entries: what is gone is in no file when this returns.

        Args:
            log: the log as the node's machines read it.

        Raises:
            OSError: the disk refused, or the node is stopping; it is to be tried again.
        """
        with self._working:
            number = self._revision
            wanted = positions_revised(log, self._manifest.revised, number)
            moments, entries = brought_together(log, wanted, number)
            with self._lock:
                later = [one for one in entries if one.number > self._manifest.number]
                self._tail.take_again(moments, later)
            sealed = [one for one in entries if one.number <= self._manifest.number]
            try:
                self._rewrite(moments, sealed, number)
            except BaseException:
                self._tidy()
                raise
        with self._deciding:
            self._deciding.notify_all()

    def compact(self) -> bool:
        """Do what is to be done first: join segments, or take away what has had its time.

        Returns:
            Whether there was something to do.

        Raises:
            OSError: the disk refused, or the node is stopping; everything stays as it is.
        """
        with self._working:
            ends = cutoffs(
                [one.info for one in self._segments], self._keep_of, self._clock.now_us()
            )
            work = next_work(self._segments, ends)
            if work is None:
                return False
            try:
                self._replace(work, ends)
            except BaseException:
                self._tidy()
                raise
            return True

    def clear(self) -> None:
        """Forget everything; the log is to be read from its beginning."""
        with self._working, self._lock:
            self._manifest, self._segments = Manifest(made=self._manifest.made), ()
            self._tail = Tail(self._things, max(TAIL_ROWS_AT_MOST, self.seal_rows))
            self._follows = False
            self._manifest.save(self._disk, self._folder)
        tidy(self._disk, self._folder, self._manifest)

    def close(self) -> None:
        """Give up what is being done; what is in the tail is made again from the log."""
        self._stopping.set()
        with self._deciding:
            self._deciding.notify_all()
        with self._working:
            self._follows = False

    def _snapshot(self) -> Snapshot:
        """What there is at this moment."""
        with self._lock:
            caught_up = self.caught_up
            if caught_up:
                self._tail.absorb()
            blocks = tuple(self._tail.blocks())
            kept, revised = self._manifest.kept(), self._manifest.revised
            snapshot = Snapshot(self._segments, blocks, kept, caught_up, self._dropped, revised)
        self._forget_some()
        return snapshot

    def _forget_some(self) -> None:
        """Keep the memory of run indices and of decoded row groups bounded."""
        if sum(one.runs_held for one in self._segments) > RUNS_HELD_AT_MOST:
            for one in self._segments:
                one.forget_runs()
        self._room.taken_bytes = sum(one.groups.kept_bytes for one in self._segments)
        if self._room.is_full:
            self._room.taken_bytes = 0
            for one in self._segments:
                one.groups.forget()

    def _opened_all(self) -> tuple[Segment, ...]:
        try:
            return tuple(self._opened(info) for info in self._manifest.segments)
        except (OSError, pa.ArrowException) as error:
            _logger.warning("history.damaged", error=str(error), remedy="made again from the log")
            self._manifest = Manifest(made=self._manifest.made)
            return ()

    def _tidy(self) -> None:
        """After a failure: take away what was written, unless the disk lists it by now."""
        with contextlib.suppress(OSError):
            tidy(self._disk, self._folder, self._manifest, Manifest.load(self._folder))

    def _opened(self, info: SegmentInfo) -> Segment:
        return Segment(self._folder, info, self._things, self._room)

    def _is_of_another_log(self, log: LogReader) -> bool:
        number, entry_id = self._manifest.number, self._manifest.entry_id
        return bool(number) and log.id_of(number) != entry_id

    def _written(self, blocks: Sequence[Block]) -> list[Segment]:
        """Segments of these blocks, one for each label set; not in the manifest yet."""
        by_label_set: dict[int, list[pa.Table]] = {}
        for block in blocks:
            by_label_set.setdefault(block.label_set, []).append(block.table)
        found = []
        for label_set, tables in sorted(by_label_set.items()):
            rows = joined(tables)
            found.append(self._write(label_set, [rows], unit_for(rows)))
        return [one for one in found if one is not None]

    def _write(
        self, label_set: int, batches: Sequence[pa.Table] | Merge, unit_us: int
    ) -> Segment | None:
        made = self._manifest.made + 1
        self._manifest = replace(self._manifest, made=made)
        rows = batches.batches() if isinstance(batches, Merge) else batches
        info = write_segment(
            self._disk, self._folder, f"{made:08d}", label_set, rows, unit_us, self._things
        )
        return None if info is None else self._opened(info)

    def _replace(self, work: Work, ends: Cutoffs) -> None:
        merge = Merge(work, ends, self._stopping.is_set)
        unit_us = min(one.info.unit_us for one in work.segments)
        fresh = self._write(work.segments[0].label_set, merge, unit_us)
        kept: Kept = self._manifest.kept()
        for key, moment_us in merge.kept_from_us.items():
            kept[key] = max(moment_us, kept.get(key, moment_us))
        others = tuple(one for one in self._segments if one not in work.segments)
        segments = others if fresh is None else (*others, fresh)
        self._publish(self._manifest.with_kept(kept), segments)
        for one in work.segments:
            self._disk.remove(rows_path(self._folder, one.info.name))
            self._disk.remove(runs_path(self._folder, one.info.name))

    def _rewrite(self, moments: Moments, entries: Sequence[Entry], revised: int) -> None:
        """Write segments anew without what came at these moments, and then what they say now."""
        old = [one for one in self._segments if holds_some(one.info, moments)]
        fresh: list[Segment | None] = []
        for one in old:
            merge = Merge(Work((one,)), {}, self._stopping.is_set, moments)
            fresh.append(self._write(one.label_set, merge, one.info.unit_us))
        by_label_set: dict[int, list[pa.Table]] = {}
        for entry in entries:
            by_label_set.setdefault(entry.label_set, []).append(table_of(entry))
        for label_set, tables in sorted(by_label_set.items()):
            rows = joined(tables)
            fresh.append(self._write(label_set, [rows], unit_for(rows)))
        others = [one for one in self._segments if one not in old]
        segments = (*others, *(one for one in fresh if one is not None))
        self._publish(replace(self._manifest, revised=revised), segments)
        for one in old:
            self._disk.remove(rows_path(self._folder, one.info.name))
            self._disk.remove(runs_path(self._folder, one.info.name))

    def _publish(
        self, manifest: Manifest, segments: tuple[Segment, ...], *, tail_done: bool = False
    ) -> None:
        """Make a new state last, and then the one that readers get."""
        manifest = replace(manifest, segments=tuple(one.info for one in segments))
        manifest.save(self._disk, self._folder)
        with self._lock:
            self._manifest, self._segments = manifest, segments
            if tail_done:
                self._tail.end_seal(done=True)
