"""The log itself: entries appended by one writer, durable when ``append`` returns."""

from __future__ import annotations

import fcntl
import hashlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Final

import structlog

from alliage.log.algorithms import PublicKey
from alliage.log.audit import Audit, load_tree
from alliage.log.bodies import KeyChange, encode
from alliage.log.database import open_database
from alliage.log.decided import revisions_of
from alliage.log.dropped_since import dropped_since
from alliage.log.drops import Drops
from alliage.log.entry import Draft, Entry
from alliage.log.index import MIGRATIONS, Index, Tail
from alliage.log.keys import NodeKeys
from alliage.log.reader import LogReader
from alliage.log.revise import destroy, revise, standing
from alliage.log.revisions import REVISION, REVISIONS_STREAM
from alliage.log.segments import SEGMENT_BYTES, Location, Segments, sync_folder
from alliage.log.signing import Header, chain, hash_body, place_of
from alliage.log.snapshot import INDEX_FILE, SEGMENTS, destroying
from alliage.log.tip import Tip
from alliage.log.tree import LogTree
from alliage.log.verify import Verified
from alliage.ontology.audience import Audience, LabelSets, machine_audience
from alliage.ontology.label import UNLABELLED
from alliage.ontology.times import Clock

ENTRY_ID_BYTES: Final = 16
SALT_BYTES: Final = 16
KEY_STREAM: Final = "key"

_logger = structlog.get_logger(__name__)


class LogInUseError(RuntimeError):
    """Another process writes this log."""


class LogClosedError(RuntimeError):
    """The log is closed, or was opened for reading only."""


class KeyNotInForceError(RuntimeError):
    """The key at hand is not the one that has to sign the log's next entry."""


class Log:
    """A node's memory.

    Bodies go to segment files, headers to an index. A body is synced to the disk before the
    index that names it is committed (itself synced), so the index never points at nothing; bytes
    that no index row names were never acknowledged and are cut off at the next open.
    """

    def __init__(
        self,
        folder: Path,
        keys: NodeKeys,
        node: str,
        clock: Clock,
        segment_bytes: int,
        lock: IO[str] | None,
    ) -> None:
        """Use :meth:`open`."""
        self._folder = folder
        self._keys = keys
        self._node = node
        self._clock = clock
        self._lock_file = lock
        self._segments = Segments(folder / SEGMENTS, segment_bytes)
        self._index = Index(folder / INDEX_FILE, self._segments.read, migrate=lock is not None)
        self._writer = threading.Lock()
        self._tail = self._index.tail()
        self._tip = Tip(self._tail.number)
        self._tree: LogTree | None = None
        self._drops = Drops(
            self._revisions_after, self._parts_of, partial(dropped_since, self._index.engine)
        )

    @classmethod
    def open(
        cls,
        folder: Path,
        keys: NodeKeys,
        node: str,
        clock: Clock,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        read_only: bool = False,
    ) -> Log:
        """Open a log, or make a new one.

        Args:
            folder: where it lies.
            keys: what signs its entries.
            node: this node's name, as it stands in entries.
            clock: what says when an entry became known.
            segment_bytes: a segment file is closed once it is as large as this.
            read_only: look at a log that another process may be writing.

        Raises:
            LogInUseError: another process writes it.
            KeyNotInForceError: the signing key was replaced in the log, but not here.
            SegmentError: bodies that were acknowledged are missing.
            TreeError: entries that were acknowledged are missing.
        """
        if read_only and not (folder / INDEX_FILE).exists():
            raise FileNotFoundError(f"{folder}: no log here to look at; `alliage run` makes one")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not read_only:
            sync_folder(folder.parent)
        if read_only:
            _migrate_if_idle(folder)
        lock = None if read_only else _lock(folder / "lock")
        log = cls(folder, keys, node, clock, segment_bytes, lock)
        if not read_only:
            try:
                log._make_ready()
            except BaseException:
                log.close()
                raise
        return log

    @property
    def label_sets(self) -> LabelSets:
        """Interned label sets; their numbers outlast the process."""
        return self._index.label_sets

    @property
    def last_number(self) -> int:
        """Number of the newest entry; 0 for an empty log. Private to the node."""
        return self._tip.number

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._tip.closed

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Write entries; all of them are on the disk when this returns, or none.

        Raises:
            BodyError: a body is empty or too large; nothing was written.
            LogClosedError: the log is closed or was opened for reading only.
            OSError: the disk refused; nothing was written, and the next append may succeed.
        """
        if not drafts:
            return []
        with self._writer:
            tree = self._writable_tree()
            mark, tail = self._segments.mark(), self._tail
            written: list[tuple[Entry, Location]] = []
            places: list[bytes] = []
            try:
                for draft in drafts:
                    entry, location, placed = self._write(draft, tail)
                    written.append((entry, location))
                    places.append(placed)
                    tail = Tail(entry.number, entry.chain, entry.known_us, location)
                self._segments.sync()
                growth = tree.grow(places, tail.known_us)
                self._index.add(written, growth.write)
            except BaseException:
                self._segments.roll_back(mark)
                raise
            tree.accept(growth)
            entries = [entry for entry, _ in written]
            self._tail = tail
            self._revise([entry for entry in entries if entry.kind == REVISION])
            self._tip.move(entries)
        return entries

    def checkpoint(self) -> None:
        """Make a checkpoint, unless the last one covers everything.

        Raises:
            OSError: the disk refused.
        """
        with self._writer:
            tree = self._writable_tree()
            growth = tree.grow([], self._tail.known_us, now=True)
            if growth.note is not None:
                tree.commit(growth)

    def hand_over(self, public: PublicKey) -> Entry:
        """Name the key that signs from now on, then close: this log's own key has had its day."""
        (entry,) = self.append([Draft(KEY_STREAM, frozenset([UNLABELLED]), KeyChange(public))])
        self.close()
        return entry

    def reader(self, audience: Audience) -> LogReader:
        """Everything this audience may read: the only way to read."""
        return LogReader(self._tip, self._index, audience, self._drops)

    def audit(self) -> Audit:
        """What can be checked and proved, for whoever holds the node's folder and keys."""
        reader = self.reader(machine_audience(self.label_sets))
        return Audit(self._index, reader, self._keys, max(self._tip.number, self._tail.number))

    def verify(self) -> Iterator[Verified]:
        """Walk all entries; yields progress, and last the first fault if there is one."""
        return self.audit().verify()

    def _machines(self) -> LogReader:
        return self.reader(machine_audience(self.label_sets))

    def _revisions_after(self, number: int, limit: int) -> list[Entry]:
        # Not those of which what they say is still being done.
        done = None if self._lock_file is None else self._tip.number
        machines = self._machines()
        return machines.read(number, limit, [REVISION], [REVISIONS_STREAM], up_to=done)

    def _parts_of(self, entry_id: str) -> list[Entry]:
        return self._machines().parts(entry_id)

    def close(self) -> None:
        """Make a last checkpoint, stop subscriptions and close the files."""
        if self._tree is not None and not self._tip.closed:
            try:
                self.checkpoint()
            except OSError as error:  # the next start makes it
                _logger.warning("log.no_last_checkpoint", error=str(error))
        with self._writer:
            self._tip.close()
            self._segments.close()
            self._index.close()
            if self._lock_file is not None:
                self._lock_file.close()

    def _revise(self, revisions: Sequence[Entry]) -> None:
        for revision in revisions:
            revise(self._index, self._machines(), revision)
        if revisions:
            self.destroy_what_is_gone()

    def _make_ready(self) -> None:
        cut = self._segments.open_after(self._tail.location)
        if cut and self._tail.location is None:
            _logger.error("log.index_knows_no_entry_segments_set_aside", bytes=cut)
        elif cut:
            _logger.warning("log.unacknowledged_bytes_cut_off", bytes=cut)
        in_force = self._index.key_in_force()
        if in_force is not None and in_force != self._keys.key_id:
            raise KeyNotInForceError(
                f"the log's next entry has to be signed by key {in_force}, and the key file holds "
                f"{self._keys.key_id}; if `alliage keys rotate` was interrupted, run it again"
            )
        self._index.add_key(self._keys.public)
        self._tree = load_tree(self._index, self._keys, save=True)
        for revision in standing(revisions_of(self._machines())):  # a crash may have come between
            revise(self._index, self._machines(), revision)
        self.destroy_what_is_gone()

    def destroy_what_is_gone(self) -> None:
        """Destroy the bodies that are noted as gone; while a backup reads the log, later."""
        with destroying(self._folder) as may:
            if may:
                destroy(self._index, self._segments)

    def _writable_tree(self) -> LogTree:
        if self._tip.closed or self._tree is None:
            raise LogClosedError("this log is not open for writing")
        return self._tree

    def _write(self, draft: Draft, tail: Tail) -> tuple[Entry, Location, bytes]:
        """Append a body behind ``tail`` and make its entry; not yet synced, not yet indexed.

        Returns:
            The entry, where its body lies, and its place: the leaf of the Merkle tree.
        """
        label_set = self.label_sets.intern(draft.labels)
        body = encode(draft.body)
        entry_id, salt = secrets.token_bytes(ENTRY_ID_BYTES), secrets.token_bytes(SALT_BYTES)
        header = Header(
            entry_id=entry_id.hex(),
            node=self._node,
            stream=draft.stream,
            labels=self.label_sets.labels_of(label_set),
            kind=body.kind,
            rows=body.rows,
            valid_min_us=body.valid_min_us,
            valid_max_us=body.valid_max_us,
            body_hash=hash_body(salt, body.data),
            algorithm=self._keys.signing.algorithm,
        )
        signed = header.canonical()
        signature = self._keys.signing.sign(signed)
        location = self._segments.append(entry_id, body.data)
        number = tail.number + 1
        known_us = max(self._clock.now_us(), tail.known_us)
        placed = place_of(number, known_us, hashlib.sha256(signed).digest(), signature)
        entry = Entry(
            number=number,
            label_set=label_set,
            known_us=known_us,
            header=header,
            signature=signature,
            key_id=self._keys.key_id,
            salt=salt,
            chain=chain(tail.chain, placed),
            _fetch=lambda: self._segments.read(entry_id, location),
            _content=draft.body,
        )
        return entry, location, placed


def _migrate_if_idle(folder: Path) -> None:
    """Bring the index of a log that nobody writes to the newest schema, to be looked at."""
    try:
        lock = _lock(folder / "lock")
    except (LogInUseError, OSError):
        return  # whoever writes it has done so; what cannot be written is as it is
    try:
        open_database(folder / INDEX_FILE, MIGRATIONS).dispose()
    finally:
        lock.close()


def _lock(path: Path) -> IO[str]:
    """Hold a file lock for the life of the returned file."""
    file = path.open("w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise LogInUseError(
            f"{path.parent}: another process writes this log; stop it, or work through its API"
        ) from error
    return file
