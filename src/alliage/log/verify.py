"""Walking a log: is every body what was signed, is every entry in its place, under every root?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from alliage.log.algorithms import PublicKey
from alliage.log.bodies import KEY, BodyError
from alliage.log.checkpoint import SignedCheckpoint
from alliage.log.decided import Decided
from alliage.log.entry import Entry, EntryDamagedError
from alliage.log.merkle import leaf_hash
from alliage.log.reader import LogReader
from alliage.log.segments import SegmentError
from alliage.log.signing import GENESIS, chain, is_signed_by, place
from alliage.log.tiles import WIDTH, Tile, Tree, split
from alliage.log.tree import LogTree

_PAGE: Final = 500

UNREADABLE: Final = (SQLAlchemyError, ValueError, TypeError, AttributeError)
"""What comes of an index in which somebody has put something else."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the walk has come: entries found good, of how many, and what stopped it.

    ``checkpoints`` are those that were met and hold; ``key_id`` is the key that has to sign next.
    """

    good: int
    total: int
    fault: str | None = None
    checkpoints: int = 0
    key_id: str | None = None
    gone: int = 0
    """Bodies among these that are gone by a decision which the log holds."""


class _BadError(Exception):
    """What is wrong, in words; ends the walk."""


class Walk:
    """One walk from the first entry on. It knows nothing but what the entries themselves say.

    The first entry's key is taken for the log's own: its id is the log's name in checkpoints. From
    there on each change of keys is an entry signed by the key before.
    """

    def __init__(
        self,
        reader: LogReader,
        public_keys: Mapping[str, PublicKey],
        saved: LogTree,
        checkpoints: Sequence[SignedCheckpoint],
    ) -> None:
        """Make ready; ``checkpoints`` may be the log's own and those that others kept."""
        self._reader = reader
        self._keys = dict(public_keys)
        self._saved = saved if saved.exists() else None
        self._ahead = sorted(checkpoints, key=lambda one: one.checkpoint.size, reverse=True)
        self._met = 0
        self._decided = Decided(reader)
        self._previous = GENESIS
        self._tree = Tree()
        self._first_key: str | None = None
        self._in_force: str | None = None

    def verify(self, total: int) -> Iterator[Verified]:
        """Walk ``total`` entries in order and stop at the first bad one."""
        good = 0
        while good < total:
            try:
                entries = self._reader.read(
                    after=good, limit=min(_PAGE, total - good), with_gone=True, whole=True
                )
                for entry in entries:
                    self._take(entry, good + 1)
                    good = entry.number
                if not entries:
                    raise _BadError(f"entry number {good + 1} is missing")
            except _BadError as bad:
                yield self._so_far(good, total, str(bad))
                return
            except UNREADABLE as error:
                fault = f"behind entry number {good} the index cannot be read: {error}"
                yield self._so_far(good, total, fault)
                return
            if good < total:
                yield self._so_far(good, total, None)
        yield Verified(
            good, total, self._unmet(total), self._met, self._in_force, self._decided.gone
        )

    def _so_far(self, good: int, total: int, fault: str | None) -> Verified:
        return Verified(good, total, fault, self._met, self._in_force, self._decided.gone)

    def _take(self, entry: Entry, number: int) -> None:
        if entry.number != number:
            raise _BadError(f"entry number {number} is missing")
        where = f"entry {entry.entry_id} (number {entry.number}, stream {entry.stream!r})"
        in_force = self._in_force or entry.key_id
        if entry.key_id != in_force:
            raise _BadError(
                f"{where}: signed by key {entry.key_id!r}, but here {in_force!r} is in force"
            )
        if not is_signed_by(self._keys, in_force, entry.header, entry.signature):
            raise _BadError(f"{where}: the signature is not of this node's key {in_force!r}")
        placed = place(number, entry.known_us, entry.header, entry.signature)
        if entry.chain != chain(self._previous, placed):
            raise _BadError(
                f"{where}: the chain is broken here; an entry was changed, added or taken away"
            )
        fault = self._decided.fault_of(entry)
        if fault is not None:
            raise _BadError(fault)
        try:
            if entry.gone is None:
                entry.body_bytes()
            next_key = entry.key_change().public if entry.kind == KEY else None
        except (EntryDamagedError, SegmentError, BodyError) as error:
            said = str(error).removeprefix(f"entry {entry.entry_id}: ")
            raise _BadError(f"{where}: {said}") from error
        self._first_key = self._first_key or in_force
        self._previous, self._in_force = entry.chain, in_force
        if next_key is not None:
            self._keys[next_key.key_id] = next_key
            self._in_force = next_key.key_id
        self._grow(placed)
        self._meet(in_force, where)

    def _grow(self, placed: bytes) -> None:
        self._tree, filled = self._tree.grow([leaf_hash(placed)])
        for tile in filled:
            saved = self._saved.saved_tile(tile.level, tile.number) if self._saved else None
            if self._saved is not None and saved != tile:
                raise _BadError(_difference(tile, saved))

    def _meet(self, signer: str, where: str) -> None:
        """Compare with every checkpoint of this size."""
        while self._ahead and self._ahead[-1].checkpoint.size <= self._tree.size:
            signed = self._ahead.pop()
            head = signed.checkpoint
            name = f"the checkpoint of {head.size} entries"
            if head.origin != f"alliage/{self._first_key}":
                raise _BadError(f"{name} is of another log: {head.origin}")
            # At a change of keys either of them may sign.
            keys = {signer, self._in_force or signer}
            if not any(signed.is_signed_by(self._keys[key]) for key in keys):
                raise _BadError(f"{name} is not signed by the key that was in force there")
            if head.root != self._tree.root():
                raise _BadError(
                    f"{name} does not hold: at {where} the entries are not those it was made of"
                )
            self._met += 1

    def _unmet(self, total: int) -> str | None:
        if not self._ahead:
            return None
        size = self._ahead[0].checkpoint.size
        return f"a checkpoint tells of {size} entries, the log has {total}: entries were taken away"


def _difference(tile: Tile, saved: Tile | None) -> str:
    name = f"tile {tile.number} of level {tile.level}"
    if saved is None:
        return f"the Merkle tree: {name} is missing"
    if saved.hashes == tile.hashes:
        return f"the Merkle tree: the root of {name} is not over its hashes"
    pairs = zip(split(tile.hashes), split(saved.hashes), strict=False)
    same = [ours == kept for ours, kept in pairs]
    at = same.index(False) if False in same else min(len(same), WIDTH - 1)
    first = (tile.number * WIDTH + at) * WIDTH**tile.level + 1
    return f"the Merkle tree: the hash of entry number {first} is not the one that was kept"
