"""What the log has dropped of each stream: no question gets it, although files may still hold it.

Files are written anew once much of them has had its time; a decision of the log counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alliage.log.entry import Entry
from alliage.log.revisions import REVISION, Drop

Times = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bound:
    """What was known by ``known_us`` and is valid before ``before_us`` is dropped."""

    before_us: int
    known_us: int

    def covers(self, other: Bound) -> bool:
        """Whether all that another drops is dropped by this one."""
        return other.before_us <= self.before_us and other.known_us <= self.known_us


Bounds = Mapping[str, tuple[Bound, ...]]
"""By stream."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Rows of these things that are dropped; ``things`` are codes."""

    things: Codes
    bound: Bound

    def rows(self, things: Codes, valid_us: Times, known_us: Times) -> Flags:
        """Which of these rows; also which runs as a whole, of the latest of their times."""
        found: Flags = (valid_us < self.bound.before_us) & (known_us <= self.bound.known_us)
        found &= np.isin(things, self.things)
        return found


def with_drops(bounds: Bounds, entries: Iterable[Entry]) -> Bounds:
    """The same with what revisions among these entries drop; a later decision covers others."""
    found = dict(bounds)
    for entry in entries:
        said = entry.revision() if entry.kind == REVISION else None
        if isinstance(said, Drop):
            known_us = entry.known_us if said.known_us is None else said.known_us
            bound = Bound(said.before_us, known_us)
            others = [one for one in found.get(said.stream, ()) if not bound.covers(one)]
            found[said.stream] = (*others, bound)
    return found
