"""What is signed, and how: an entry's header, its hashes and the chain.

The header is canonical JSON (sorted keys, UTF-8, no spaces). It names the body by the SHA-256 of
salt and body together, so that body and salt can later be destroyed and the header still
verifies, while nobody can guess the body from the hash. Chain and Merkle tree are this node's own:
they prove that no entry was dropped or moved, and are made over what :func:`place` gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pyarrow as pa

from alliage.log.algorithms import ED25519, PublicKey
from alliage.ontology.label import Label, LabelSet

FORMAT: Final = 1
GENESIS: Final = bytes(32)
"""What the first entry's chain hash is made from."""

_SIGNED: Final = b"alliage entry\n"
_CHAINED: Final = b"alliage chain\n"


@dataclass(frozen=True, slots=True)
class Header:
    """The signed part of an entry. ``entry_id`` is hexadecimal; ``body_hash`` is salted."""

    entry_id: str
    node: str
    stream: str
    labels: LabelSet
    kind: str
    rows: int
    valid_min_us: int | None
    valid_max_us: int | None
    body_hash: bytes
    format: int = FORMAT
    algorithm: str = ED25519

    def to_json(self) -> dict[str, Any]:
        """Return plain data, as signed and as sent."""
        return {
            "format": self.format,
            "algorithm": self.algorithm,
            "entry_id": self.entry_id,
            "node": self.node,
            "stream": self.stream,
            "labels": labels_to_json(self.labels),
            "kind": self.kind,
            "rows": self.rows,
            "valid_min_us": self.valid_min_us,
            "valid_max_us": self.valid_max_us,
            "body_sha256": self.body_hash.hex(),
        }

    def canonical(self) -> bytes:
        """The bytes that are signed."""
        return canonical_bytes(self.to_json())


def canonical_bytes(header: Mapping[str, Any]) -> bytes:
    """The bytes that are signed, of a header as plain data."""
    return _SIGNED + orjson.dumps(header, option=orjson.OPT_SORT_KEYS)


def labels_to_json(labels: LabelSet) -> list[dict[str, Any]]:
    """Plain data of a label set, in canonical order."""
    return [label.to_json() for label in sorted(labels)]


def labels_from_json(data: list[dict[str, Any]]) -> LabelSet:
    """Inverse of :func:`labels_to_json`."""
    return frozenset(Label.from_json(item) for item in data)


def hash_body(salt: bytes, body: pa.Buffer) -> bytes:
    """SHA-256 of salt and body."""
    digest = hashlib.sha256(salt)
    digest.update(body)
    return digest.digest()


def is_signed_by(
    public_keys: Mapping[str, PublicKey], key_id: str, header: Header, signature: bytes
) -> bool:
    """Whether one of these keys signed this header, by the algorithm that it names."""
    public = public_keys.get(key_id)
    if public is None or public.algorithm != header.algorithm:
        return False
    return public.verifies(signature, header.canonical())


def place(number: int, known_us: int, header: Header, signature: bytes) -> bytes:
    """What an entry is in this node's order: number, known time, hash of the header, signature.

    It is a leaf of the Merkle tree, and what the chain ties to the entries before. The header
    names the body by its hash, so it stays the same when the body is destroyed.
    """
    return place_of(number, known_us, hashlib.sha256(header.canonical()).digest(), signature)


def place_of(number: int, known_us: int, header_hash: bytes, signature: bytes) -> bytes:
    """The same from the SHA-256 of the signed bytes."""
    where = number.to_bytes(8, "big") + known_us.to_bytes(8, "big", signed=True)
    return where + header_hash + signature


def chain(previous: bytes, placed: bytes) -> bytes:
    """Hash that ties an entry to the one before it, to its place and to its known time."""
    return hashlib.sha256(_CHAINED + previous + placed).digest()
