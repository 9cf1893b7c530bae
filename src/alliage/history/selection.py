"""Which rows of the history are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.dropped import Gone
from alliage.history.positions import KNOWN, degrees, microseconds
from alliage.history.things import Told
from alliage.ontology.box import Box

ALWAYS_US: Final = -(2**62)
FOREVER_US: Final = 2**62


class TooMuchError(ValueError):
    """More rows than one answer may need: says how many those are."""


@dataclass(frozen=True, slots=True)
class Where:
    """What somebody asks for; None means any.

    ``from_us`` and ``to_us`` bound ``valid``, the end excluded. ``known_us``: only what this node
    had by then, that time included. ``things`` are pairs of stream and identifier; ``identifier``
    is a thing as any stream calls it.
    """

    from_us: int | None = None
    to_us: int | None = None
    box: Box | None = None
    things: Told | None = None
    identifier: str | None = None
    streams: Collection[str] | None = None
    known_us: int | None = None

    def bounds_us(self) -> tuple[int, int]:
        """Both times.

        Raises:
            ValueError: one of them is not given.
        """
        if self.from_us is None or self.to_us is None:
            raise ValueError("a large question has a beginning and an end")
        return self.from_us, self.to_us

    def parts(self, width_us: int) -> Iterator[Self]:
        """The same question about one part of its time after the other."""
        begin_us, end_us = self.bounds_us()
        for since_us in range(begin_us, end_us, width_us):
            yield replace(self, from_us=since_us, to_us=min(since_us + width_us, end_us))


@dataclass(frozen=True, slots=True)
class Selected:
    """The same in numbers; ``things`` are sorted codes. Of what is ``gone`` nothing is wanted."""

    from_us: int
    to_us: int
    box: Box | None
    things: NDArray[np.int32] | None
    known_us: int | None
    gone: tuple[Gone, ...] = ()

    def needed(self) -> set[str]:
        """Columns by which rows are told apart."""
        names = {"valid"}
        if self.known_us is not None or self.gone:
            names.add(KNOWN)
        if self.box is not None:
            names |= {"longitude_deg", "latitude_deg"}
        return names

    def mask(self, table: pa.Table, things: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which rows are wanted by time and place; the table has the needed columns.

        ``things`` are the codes of its rows; -1 for those that do not matter.
        """
        valid_us = microseconds(table, "valid")
        found = (valid_us >= self.from_us) & (valid_us < self.to_us)
        if self.known_us is not None:
            found &= microseconds(table, KNOWN) <= self.known_us
        for gone in self.gone:
            found &= ~gone.rows(things, valid_us, microseconds(table, KNOWN))
        if self.box is not None:
            lon, lat = degrees(table, "longitude_deg"), degrees(table, "latitude_deg")
            found &= self.box.mask(lon, lat)
        return found
