"""Walking a log: is every body what was signed, is every entry in its place?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alliage.log.entry import Entry, EntryDamagedError
from alliage.log.reader import LogReader
from alliage.log.segments import SegmentError
from alliage.log.signing import GENESIS, chain, is_signed_by

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the walk has come: entries found good, of how many, and what stopped it."""

    good: int
    total: int
    fault: str | None = None


def verify(
    reader: LogReader, public_keys: Mapping[str, Ed25519PublicKey], total: int
) -> Iterator[Verified]:
    """Walk ``total`` entries in order and stop at the first bad one."""
    previous, good = GENESIS, 0
    while good < total:
        entries = reader.read(after=good, limit=min(_PAGE, total - good))
        if not entries:
            yield Verified(good, total, f"entry number {good + 1} is missing")
            return
        for entry in entries:
            fault = _fault(entry, good + 1, previous, public_keys)
            if fault is not None:
                yield Verified(good, total, fault)
                return
            previous, good = entry.chain, entry.number
        yield Verified(good, total)


def _fault(
    entry: Entry,
    number: int,
    previous: bytes,
    public_keys: Mapping[str, Ed25519PublicKey],
) -> str | None:
    where = f"entry {entry.entry_id} (number {entry.number}, stream {entry.stream!r})"
    if entry.number != number:
        return f"entry number {number} is missing"
    if not is_signed_by(public_keys, entry.key_id, entry.header, entry.signature):
        return f"{where}: the signature is not of this node's key {entry.key_id!r}"
    expected = chain(previous, number, entry.known_us, entry.header, entry.signature)
    if entry.chain != expected:
        return f"{where}: the chain is broken here; an entry was changed, added or taken away"
    try:
        entry.body_bytes()
    except (EntryDamagedError, SegmentError) as error:
        return f"{where}: {error}"
    return None
