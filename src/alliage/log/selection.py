"""Which entries a read of the log wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BY_ANY: Final = 2**62
"""Superseded by whichever decision."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries a read wants; None means any. ``after`` and ``up_to`` are entry numbers.

    An entry without valid times, or valid until further notice, has no end to be cut by.
    """

    after: int = 0
    up_to: int | None = None
    kinds: Sequence[str] | None = None
    streams: Sequence[str] | None = None
    valid_from_us: int | None = None
    valid_to_us: int | None = None
    with_gone: bool = False
    """Entries without a body or superseded, too: for who looks at headers only."""
    superseded_by: int | None = None
    """Only entries in whose place a newer version stands since ``up_to``, and by this number."""
    all_versions: bool = False
    """Superseded entries, too."""
    whole: bool = False
    """Entries as they were signed, only those of which every row is seen; otherwise in parts."""
