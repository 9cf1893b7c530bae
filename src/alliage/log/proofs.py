"""Proofs that leave the node, as JSON, and how somebody checks them who has only a public key.

A proof of an entry tells its number, and so how many entries there are: it is for those to whom
the node's owner gives it, never for a reader who asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from alliage.log.algorithms import PublicKey
from alliage.log.checkpoint import CheckpointError, SignedCheckpoint
from alliage.log.entry import Entry
from alliage.log.merkle import extends, includes, leaf_hash
from alliage.log.signing import canonical_bytes, place_of


class ProofError(ValueError):
    """A proof that cannot be made, or that proves nothing; says why."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """An entry's header and place, a checkpoint, and the audit path between them."""

    header: dict[str, Any]
    signature: bytes
    number: int
    known_us: int
    note: str
    path: tuple[bytes, ...]

    @classmethod
    def of(cls, entry: Entry, note: str, path: Sequence[bytes]) -> Self:
        """The proof of an entry of this log."""
        header = entry.header.to_json()
        return cls(header, entry.signature, entry.number, entry.known_us, note, tuple(path))

    def check(self, public: PublicKey) -> SignedCheckpoint:
        """The checkpoint under which the entry is.

        Raises:
            ProofError: the key did not sign the checkpoint, or the entry is not under it.
        """
        signed = _signed(self.note, public)
        placed = place_of(self.number, self.known_us, _hash(self.header), self.signature)
        head = signed.checkpoint
        if not includes(leaf_hash(placed), self.number - 1, head.size, self.path, head.root):
            raise ProofError("the entry is not under this checkpoint")
        return signed

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "header": self.header,
            "signature": self.signature.hex(),
            "number": self.number,
            "known_us": self.known_us,
            "checkpoint": self.note,
            "path": [hash_.hex() for hash_ in self.path],
        }


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """A checkpoint, and the path to it from an older one that somebody kept."""

    note: str
    path: tuple[bytes, ...]

    def check(self, older: SignedCheckpoint, public: PublicKey) -> SignedCheckpoint:
        """The newer checkpoint, which has all that the older one had.

        Raises:
            ProofError: the key did not sign it, or it is not of the same log, or does not begin
                with what the older one covers.
        """
        signed = _signed(self.note, public)
        old, new = older.checkpoint, signed.checkpoint
        if old.origin != new.origin:
            raise ProofError(f"two logs: {old.origin} and {new.origin}")
        if not extends(old.size, old.root, new.size, new.root, self.path):
            raise ProofError(f"the first {old.size} entries are not what they were")
        return signed

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"checkpoint": self.note, "path": [hash_.hex() for hash_ in self.path]}


def proof_from_json(data: Any) -> InclusionProof | ConsistencyProof:
    """Read a proof of either kind.

    Raises:
        ProofError: it is none.
    """
    try:
        path = tuple(bytes.fromhex(hash_) for hash_ in data["path"])
        note = str(data["checkpoint"])
        if "header" not in data:
            return ConsistencyProof(note, path)
        signature, header = bytes.fromhex(data["signature"]), dict(data["header"])
        number, known_us = int(data["number"]), int(data["known_us"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProofError(f"not a proof: {error}") from error
    return InclusionProof(header, signature, number, known_us, note, path)


def _hash(header: dict[str, Any]) -> bytes:
    return hashlib.sha256(canonical_bytes(header)).digest()


def _signed(note: str, public: PublicKey) -> SignedCheckpoint:
    try:
        signed = SignedCheckpoint.parse(note)
    except CheckpointError as error:
        raise ProofError(f"its checkpoint is none: {error}") from error
    if not signed.is_signed_by(public):
        raise ProofError(f"its checkpoint is not signed by key {public.key_id}")
    return signed
