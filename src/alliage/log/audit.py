"""What can be checked and proved about a log: the walk, its keys, its checkpoints, its proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alliage.log.algorithms import PublicKey
from alliage.log.checkpoint import SignedCheckpoint
from alliage.log.index import Index
from alliage.log.keys import NodeKeys
from alliage.log.proofs import ConsistencyProof, InclusionProof, ProofError
from alliage.log.reader import LogReader
from alliage.log.tree import LogTree
from alliage.log.verify import UNREADABLE, Verified, Walk


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key of the log, and the first and last entry that it signed; None for none yet."""

    public: PublicKey
    first: int | None
    last: int | None
    in_force: bool


class Audit:
    """Looks at a log as it is on the disk. A machine's view: numbers count every entry."""

    def __init__(self, index: Index, reader: LogReader, keys: NodeKeys, last_number: int) -> None:
        """Use :meth:`alliage.log.store.Log.audit`."""
        self._index = index
        self._reader = reader
        self._keys = keys
        self._last_number = last_number

    def verify(self, witnessed: Sequence[SignedCheckpoint] = ()) -> Iterator[Verified]:
        """Walk all entries; yields progress, and last the first fault if there is one.

        Args:
            witnessed: checkpoints that others kept; the log must still have what they cover.
        """
        tree = LogTree(self._index.engine, origin_of(self._index, self._keys), self._keys.signing)
        try:
            checkpoints = [*tree.checkpoints(), *witnessed]
        except UNREADABLE as error:
            yield Verified(0, self._last_number, f"the index cannot be read: {error}")
            return
        # After the checkpoints: somebody may be writing meanwhile.
        total = max(self._index.tail().number, self._last_number)
        yield from Walk(self._reader, self._index.public_keys(), tree, checkpoints).verify(total)

    def key_in_force(self) -> str:
        """The key that has to sign the next entry."""
        return self._index.key_in_force() or self._keys.key_id

    def key_uses(self) -> list[KeyUse]:
        """Every key that signed entries, in their order, and the one that has to sign the next."""
        known = {self._keys.key_id: self._keys.public} | self._index.public_keys()
        in_force = self.key_in_force()
        uses = [
            KeyUse(known[key_id], first, last, key_id == in_force)
            for key_id, first, last in self._index.signed_by()
            if key_id in known
        ]
        if in_force in known and not any(use.in_force for use in uses):
            uses.append(KeyUse(known[in_force], None, None, in_force=True))
        return uses

    def latest_checkpoint(self) -> SignedCheckpoint | None:
        """The newest checkpoint; None where none was made yet."""
        tree = LogTree(self._index.engine, origin_of(self._index, self._keys), self._keys.signing)
        return next(reversed(tree.checkpoints()), None)

    def prove_inclusion(self, entry_id: str) -> InclusionProof:
        """That an entry is in the log, under the newest checkpoint.

        Raises:
            ProofError: there is no such entry, or no checkpoint that covers it yet.
        """
        entry = self._reader.entry(entry_id)
        if entry is None:
            raise ProofError(f"there is no entry {entry_id!r}")
        latest = self.latest_checkpoint()
        if latest is None or latest.checkpoint.size < entry.number:
            raise ProofError(
                f"no checkpoint covers entry {entry_id} yet: one is made within ten minutes, "
                "and whenever the node stops"
            )
        tree = load_tree(self._index, self._keys, save=False)
        path = tree.inclusion(entry.number, latest.checkpoint.size)
        return InclusionProof.of(entry, latest.note, path)

    def prove_consistency(self, old_size: int) -> ConsistencyProof:
        """That the newest checkpoint's entries begin with the first ``old_size``.

        Raises:
            ProofError: there is no checkpoint of so many entries.
        """
        latest = self.latest_checkpoint()
        if latest is None or not 0 < old_size <= latest.checkpoint.size:
            raise ProofError(f"the log has no checkpoint of {old_size} entries or more")
        tree = load_tree(self._index, self._keys, save=False)
        return ConsistencyProof(
            latest.note, tuple(tree.consistency(old_size, latest.checkpoint.size))
        )


def origin_of(index: Index, keys: NodeKeys) -> str:
    """The log's name in checkpoints: that of the key it began with."""
    return f"alliage/{index.first_key_id() or keys.key_id}"


def load_tree(index: Index, keys: NodeKeys, *, save: bool) -> LogTree:
    """The Merkle tree of the entries that are there now.

    Args:
        index: of the log.
        keys: what signs checkpoints.
        save: whether to write what an older version did not keep.

    Raises:
        TreeError: entries are missing.
    """
    tree = LogTree(index.engine, origin_of(index, keys), keys.signing)
    covered = tree.load(lambda: index.tail().number)
    tree.build(index.places(covered), index.tail().number, save=save)
    return tree
