"""When the corners of a line are to be passed, as one text: ``1 2026-11-27T12:00Z; 4 …``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from alliage.ontology.times import from_text, to_text

PASSES_AT: Final = "passes_at"
"""The property that says so."""

_ONE: Final = re.compile(
    r"(\d{1,4})[\s:]\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?\s*Z?"
)
_WANTED: Final = (
    "write the number of a corner (the first is 1) and when, UTC, one after the other: "
    "1 2026-11-27T12:00Z; 4 2026-11-27T14:30Z"
)


class CornerTime(NamedTuple):
    """One corner, the first is 1, and when it is to be passed, microseconds."""

    corner: int
    at_us: int


def read_corner_times(text: str) -> list[CornerTime]:
    """The corners that have a time, in order.

    >>> read_corner_times("1 2026-01-01T12:00Z; 3 2026-01-01 13:30")[1].corner
    3

    Raises:
        ValueError: it says no such times, or later corners are to be passed earlier.
    """
    found = []
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        one = _ONE.fullmatch(part.strip())
        if one is None:
            raise ValueError(f"{part.strip()[:40]!r}: {_WANTED}")
        corner, day, clock, seconds = one.groups()
        found.append(CornerTime(int(corner), from_text(f"{day}T{clock}{seconds or ':00'}Z")))
    if not found or found[0].corner < 1:
        raise ValueError(_WANTED)
    for before, after in pairwise(found):
        if after.corner <= before.corner or after.at_us <= before.at_us:
            raise ValueError(
                f"corner {after.corner} has to come after corner {before.corner}, and later"
            )
    return found


def write_corner_times(times: Sequence[CornerTime]) -> str:
    """Inverse of :func:`read_corner_times`, in its one spelling."""
    return "; ".join(f"{corner} {to_text(at_us)}" for corner, at_us in times)
