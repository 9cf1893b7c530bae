"""Ids of subjects: random-looking, one per stream and identifier, the same after every restart.

An id must not tell that a stream a reader may not see knows the same ship, so two streams give
one ship two unrelated ids; whoever sees both streams joins them by their identifiers.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

_BYTES: Final = 16
_PURPOSE: Final = b"alliage subject"


def subject_id(stream_key: bytes, stream: str, identifier: str) -> str:
    """Return 32 hexadecimal digits: BLAKE2b (RFC 7693) keyed with the node's stream key.

    Args:
        stream_key: the node's secret; without it nobody can tell which identifier an id is of.
        stream: name of the stream that speaks of the thing.
        identifier: scheme, colon, value, as in ``mmsi:219012345``.
    """
    name = stream.encode()
    digest = blake2b(key=stream_key, digest_size=_BYTES, person=_PURPOSE)
    digest.update(len(name).to_bytes(4, "big") + name + identifier.encode())
    return digest.hexdigest()
