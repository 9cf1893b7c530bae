"""How much the log holds of which times, told from its index alone: no body is opened.

An entry is counted where it lies on the way of time: in the bin of its middle, or, where it is
longer than a bin (a recording that was loaded at once), spread over all that it covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS_AT_MOST: Final = 1_000

Counts = NDArray[np.float64]


class Span(NamedTuple):
    """Rows that lie evenly between two times."""

    is_claims: bool
    from_us: int
    to_us: int
    rows: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Valid time cut into equal bins.

    Raises:
        ValueError: no time between the ends, or no bin, or too many.
    """

    from_us: int
    to_us: int
    bins: int

    def __post_init__(self) -> None:
        if not 1 <= self.bins <= BINS_AT_MOST:
            raise ValueError(f"bins are 1 to {BINS_AT_MOST}, not {self.bins!r}")
        if self.to_us - self.from_us < self.bins:
            raise ValueError("the time between from and to is too short for so many bins")

    @property
    def bin_us(self) -> int:
        """How long a bin is; the last may be shorter."""
        return -(-(self.to_us - self.from_us) // self.bins)


@dataclass(frozen=True, slots=True)
class Density:
    """Rows by bin, shape (bins,): reports of things, and statements about them that changed."""

    reports: Counts
    statements: Counts


def spread(axis: Axis, spans: list[Span], counted: Density) -> None:
    """Add spans, each over the bins that it covers, in proportion."""
    edges = axis.from_us + axis.bin_us * np.arange(axis.bins + 1)
    for span in spans:
        length = max(1, span.to_us - span.from_us)
        covered = np.clip(edges, span.from_us, span.from_us + length)
        share = np.diff(covered) / length
        part = counted.statements if span.is_claims else counted.reports
        part += share * span.rows
