"""What is signed, and how: an entry's header, its hashes and the chain.

The header is canonical JSON (sorted keys, UTF-8, no spaces). It names the body by the SHA-256 of
salt and body together, so that body and salt can later be destroyed and the header still
verifies, while nobody can guess the body from the hash. The chain is this node's own: it proves
that no entry was dropped or moved, and is never sent to anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pyarrow as pa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alliage.log.keys import ALGORITHM, NodeKeys
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
    algorithm: str = ALGORITHM

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
        return _SIGNED + orjson.dumps(self.to_json(), option=orjson.OPT_SORT_KEYS)


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


def sign(keys: NodeKeys, header: Header) -> bytes:
    """Ed25519 (RFC 8032) over the canonical header."""
    return keys.signing.sign(header.canonical())


def is_signed_by(
    public_keys: Mapping[str, Ed25519PublicKey], key_id: str, header: Header, signature: bytes
) -> bool:
    """Whether one of these keys signed this header."""
    public = public_keys.get(key_id)
    if public is None:
        return False
    try:
        public.verify(signature, header.canonical())
    except InvalidSignature:
        return False
    return True


def chain(previous: bytes, number: int, known_us: int, header: Header, signature: bytes) -> bytes:
    """Hash that ties an entry to the one before it, to its place and to its known time."""
    digest = hashlib.sha256(_CHAINED + previous)
    digest.update(number.to_bytes(8, "big") + known_us.to_bytes(8, "big", signed=True))
    digest.update(hashlib.sha256(header.canonical()).digest() + signature)
    return digest.digest()
