"""When a node had what it knows: as a rule when it was logged, and earlier where it was read again.

What a source sends is logged within seconds. What is logged much later was decoded once more, by a
mended decoder, from bytes that had come in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]

READ_AGAIN_US: Final = 60_000_000
"""What a source sent and is logged so long after its bytes came was read again."""


def is_sources(stream: str) -> bool:
    """Whether a stream is what a source sends, rather than what people or machines make."""
    return ":" not in stream


def had_us(streams: str | Sequence[str], known_us: Times | int, received_us: Times) -> Times:
    """When the node had each row, microseconds since 1970.

    What machines make of others' rows (``tracker:plots@1``) they had when they logged it: where
    they lag behind, that is so.

    Args:
        streams: of all rows, or of each.
        known_us: when the rows were logged.
        received_us: when their bytes came, shape (n,).
    """
    names = [streams] if isinstance(streams, str) else streams
    sent = np.array([is_sources(name) for name in names], dtype=np.bool_)
    again = sent & (known_us - received_us > READ_AGAIN_US)
    return np.where(again, received_us, known_us)
