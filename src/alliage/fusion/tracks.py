"""The table of tracks: one array a column, one row a track. Nothing in it is changed in place."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from alliage.fusion.matrices import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Tracks:
    """All tracks at one moment: n rows, m modes, d components of a state.

    ``looks`` remembers the last 64 looks in which a track could have been seen, the latest in the
    lowest bit, one for a plot.
    """

    number: Ints  # (n,), never given twice; negative until it is given
    states: Floats  # (n, m, d)
    covariances: Floats  # (n, m, d, d)
    weights: Floats  # (n, m), of the modes
    existence: Floats  # (n,), probability that there is such a thing
    confirmed: Bools  # (n,)
    looks: npt.NDArray[np.uint64]  # (n,)
    looked: Ints  # (n,), number of looks since it began
    visible: Floats  # (n, k), that each sensor of `Settings.hidden` can see it, if it exists

    @classmethod
    def none(cls, modes: int, dimensions: int, sensors: int = 0) -> Tracks:
        """An empty table."""
        return cls(
            number=np.empty(0, np.int64),
            states=np.empty((0, modes, dimensions)),
            covariances=np.empty((0, modes, dimensions, dimensions)),
            weights=np.empty((0, modes)),
            existence=np.empty(0),
            confirmed=np.empty(0, np.bool_),
            looks=np.empty(0, np.uint64),
            looked=np.empty(0, np.int64),
            visible=np.empty((0, sensors)),
        )

    def __len__(self) -> int:
        return len(self.number)

    def select(self, rows: Bools | Ints) -> Tracks:
        """Some of the rows."""
        return Tracks(*(getattr(self, column.name)[rows] for column in fields(self)))

    def and_also(self, others: Tracks) -> Tracks:
        """These rows, then the others'."""
        return Tracks(
            *(
                np.concatenate([getattr(self, column.name), getattr(others, column.name)])
                for column in fields(self)
            )
        )
