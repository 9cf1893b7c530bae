"""What the tests of the ASTERIX feed share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from alliage.feeds.asterix.decoder import make_decoder
from alliage.feeds.asterix.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge
from alliage.ontology.observation import Kind
from alliage.ontology.times import from_text

NOW_US = from_text("2026-03-14T15:09:20Z")
MIDNIGHT_US = from_text("2026-03-14T00:00:00Z")


def decode(*pieces: bytes, options: Options | None = None, received_us: int = NOW_US) -> Decoded:
    """Everything that a fresh decoder finds in these bytes."""
    decoder = make_decoder(options or Options())
    parts = [decoder.feed([Chunk(piece, received_us)]) for piece in pieces]
    return merge([*parts, decoder.flush(received_us)])


def rows_of(decoded: Decoded, kind: Kind = Kind.PLOT) -> list[dict[str, Any]]:
    """Rows of all batches of a kind, in order."""
    return [
        row for batch in decoded.batches if batch.kind is kind for row in batch.rows.to_pylist()
    ]


def plots_of(decoded: Decoded) -> list[dict[str, Any]]:
    """Rows that measured something."""
    return [row for row in rows_of(decoded) if row["bearing_deg"] is not None]


def ends_of(decoded: Decoded) -> list[dict[str, Any]]:
    """Rows that say that a look ended."""
    return [row for row in rows_of(decoded) if row["bearing_deg"] is None]


def looks(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Numbers of the looks, from the first one's on."""
    numbers: list[int] = [row["look"] for row in rows]
    return [number - numbers[0] for number in numbers]


def approx(value: float, **tolerance: float) -> Any:
    return pytest.approx(value, **tolerance)
