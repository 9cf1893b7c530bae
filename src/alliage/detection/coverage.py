"""Where a stream hears things, learned from what it has heard: so "no data" is not "dark".

The earth is cut into cells of one height and about one width. Per stream and cell it is counted how
many things passed, and how many of them fell silent there. A place where many fall silent is the
edge of what is heard, a port or an aerodrome; one where many pass and none does is heard well. One
where few passed is taken to be as the others of its block are, which is five cells wide and high
(shrinkage towards a group's mean, as in empirical Bayes); of one where none did nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.columns import Kept
from alliage.detection.learned import Tables, most, packed, unpacked

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOWHERE: Final = -1
BLOCK: Final = 5
"""Cells of a block on a side."""

NOBODY: Final = 0.5
"""Fewer, faded, have not passed: of such a cell nothing is known."""

_ROW: Final = 100_000
_STREAM: Final = _ROW * _ROW
_HOUR_US: Final = 3_600_000_000


class Coverage:
    """Counts by stream and cell; old ones fade."""

    def __init__(self, cell_deg: float, half_life_h: float) -> None:
        """``cell_deg``: height of a cell; ``half_life_h``: after how long a count weighs half."""
        self._cell_deg = cell_deg
        self._fade = 0.5 ** (1.0 / half_life_h)
        self._faded_us = 0
        self._place: dict[int, int] = {}
        self._counts = Kept(passed=np.float64(0.0), lost=np.float64(0.0), block=np.int64(0))
        self._blocks: dict[int, int] = {}

    def cells(self, stream: Rows, lat: Floats, lon: Floats) -> Codes:
        """The cell of each of some places as a stream hears it, (n,)."""
        return _codes(stream.astype(np.int64), lat, lon, self._cell_deg)

    def pass_through(self, cells: Codes) -> None:
        """Something came into each of these cells."""
        self._add("passed", cells)

    def lose(self, cells: Codes) -> None:
        """Something fell silent in each of these cells."""
        self._add("lost", cells)

    def passed(self, cells: Codes) -> Floats:
        """How many passed through each of some cells, (n,)."""
        return self._read("passed", cells)

    def lost_share(self, cells: Codes, as_around: Flags | bool = False) -> Floats:
        """The part of those who passed that fall silent there, (n,); a half where nobody passed.

        Args:
            cells: which.
            as_around: of which of them it is taken to be as around it instead, (n,).

        To what was counted in the cell comes one more passing, of the kind that is usual in the
        rest of its block; and to what was counted there one of which nothing is known.
        """
        lost, passed = self._read("lost", cells), self._read("passed", cells)
        around = self._number_blocks(self._blocks_of(cells))
        count = len(self._place)
        block, most_blocks = self._counts["block"][:count], len(self._blocks)
        lost_there, passed_there = (
            np.bincount(block, self._counts[name][:count], most_blocks)[around] - own
            for name, own in (("lost", lost), ("passed", passed))
        )
        usual = (lost_there + 0.5) / (passed_there + 1.0)
        share = np.minimum(1.0, (lost + usual) / (passed + 1.0))
        return np.where((passed < NOBODY) & ~np.asarray(as_around), 0.5, share)

    def fade(self, now_us: int) -> None:
        """Let what was counted long ago weigh less; once an hour is enough."""
        hours = (now_us - self._faded_us) // _HOUR_US
        if hours < 1:
            return
        if self._faded_us:
            self._counts["passed"][:] *= self._fade**hours
            self._counts["lost"][:] *= self._fade**hours
        self._faded_us = now_us

    def dump(self, streams: Sequence[str]) -> Tables:
        """What was counted; ``streams`` are the names that the codes of streams stand for."""
        cells = np.fromiter(self._place, np.int64, len(self._place))
        chosen = most(self._counts["passed"][: len(cells)])
        return {
            "streams": packed([*streams]),
            "cells": cells[chosen],
            "passed": self._counts["passed"][chosen],
            "lost": self._counts["lost"][chosen],
            "faded_us": np.array(self._faded_us),
        }

    def load(self, tables: Tables, code_of: Callable[[str], int]) -> None:
        """Take back what :meth:`dump` gave out; ``code_of`` is the code of a stream now."""
        codes = np.array([code_of(name) for name in unpacked(tables["streams"])], np.int64)
        stream, place = np.divmod(tables["cells"], _STREAM)
        cells = codes[stream] * _STREAM + place
        self._place = {cell: row for row, cell in enumerate(cells.tolist())}
        self._counts.grow(len(cells))
        for name in ("passed", "lost"):
            self._counts[name][: len(cells)] = tables[name]
        self._counts["block"][: len(cells)] = self._number_blocks(self._blocks_of(cells))
        self._faded_us = int(tables["faded_us"])

    def _add(self, name: str, cells: Codes) -> None:
        known, times = np.unique(cells, return_counts=True)
        before = len(self._place)
        places = [self._place.setdefault(cell, len(self._place)) for cell in known.tolist()]
        self._counts.grow(len(self._place))
        self._counts[name][places] += times
        if len(self._place) > before:
            self._counts["block"][places] = self._number_blocks(self._blocks_of(known))

    def _read(self, name: str, cells: Codes) -> Floats:
        places = np.array([self._place.get(cell, NOWHERE) for cell in cells.tolist()], np.int64)
        if not self._place:
            return np.zeros(len(cells))
        return np.where(places == NOWHERE, 0.0, self._counts[name][places])

    def _blocks_of(self, cells: Codes) -> Codes:
        """The block in which the middle of each of some cells lies, (n,)."""
        stream, place = np.divmod(cells, _STREAM)
        row, column = np.divmod(place, _ROW)
        lat = (row + 0.5) * self._cell_deg - 90.0
        lon = (column + 0.5) * _width_deg(lat, self._cell_deg) - 180.0
        return _codes(stream, lat, lon, BLOCK * self._cell_deg)

    def _number_blocks(self, blocks: Codes) -> Codes:
        numbers = self._blocks
        return np.array(
            [numbers.setdefault(one, len(numbers)) for one in blocks.tolist()], np.int64
        )


def _codes(stream: Codes, lat: Floats, lon: Floats, cell_deg: float) -> Codes:
    row = np.floor((lat + 90.0) / cell_deg)
    width = _width_deg((row + 0.5) * cell_deg - 90.0, cell_deg)
    column = np.floor((lon + 180.0) / width)
    return np.asarray(stream * _STREAM + row * _ROW + column, np.int64)


def _width_deg(middle_deg: Floats, cell_deg: float) -> Floats:
    """How wide cells are at a latitude, in degrees of longitude."""
    return np.asarray(cell_deg / np.maximum(np.cos(np.radians(middle_deg)), 0.01))
