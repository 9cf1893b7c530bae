"""What the transponders of tracked things answer: codes of plots, said of their tracks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
from scipy.spatial import cKDTree

from alliage.fusion.matrices import Floats
from alliage.ontology.squawk import EMERGENCIES

COLUMN: Final = "mode_3a"
FARTHEST_M: Final = 3_000.0
"""A plot that is farther off than this is none of the track's."""
AGAIN_S: Final = 300.0
"""What goes on being answered is said so often; a call for help with every plot."""

Codes = list[str | None]


def codes_at(plots_m: Floats, plots: pa.Table, tracks_m: Floats) -> Codes:
    """The code that the plot nearest to each track bears; None for none, or where that is unclear.

    Args:
        plots_m: east and north of the plots, (k, 2).
        plots: their rows, (k,).
        tracks_m: east and north of the tracks, (n, 2).
    """
    if COLUMN not in plots.column_names or not len(plots_m):
        return [None] * len(tracks_m)
    said = plots[COLUMN].cast(pa.utf8()).to_pylist()
    away_m, rows = cKDTree(plots_m).query(tracks_m, k=2)
    found: Codes = []
    for (near_m, next_m), (row, other) in zip(away_m.tolist(), rows.tolist(), strict=True):
        # Where there is no second plot its distance is infinite and its row none.
        is_clear = not np.isfinite(next_m) or next_m > 2.0 * near_m + 100.0
        is_clear = is_clear or said[row] == said[other]
        found.append(said[row] if is_clear and near_m <= FARTHEST_M else None)
    return found


class Answers:
    """What was said last of each track's code."""

    def __init__(self) -> None:
        self._said: dict[int, tuple[str, float]] = {}

    def is_due(self, number: int, code: str, time_s: float) -> bool:
        """Whether a track's code is to be said; counts as said then."""
        before = self._said.get(number)
        is_known = before is not None and before[0] == code and time_s - before[1] < AGAIN_S
        if is_known and code not in EMERGENCIES:
            return False
        self._said[number] = (code, time_s)
        return True

    def keep(self, numbers: Iterable[int]) -> None:
        """Forget all other tracks."""
        alive = set(numbers)
        self._said = {number: said for number, said in self._said.items() if number in alive}
