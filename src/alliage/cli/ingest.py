"""``alliage ingest``: load recordings in bulk."""

from __future__ import annotations


def ingest() -> None:
    """Load recordings in bulk."""
