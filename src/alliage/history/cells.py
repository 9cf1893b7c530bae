"""Finding, at little cost, the cells of static reports that say something else than last time.

Ships repeat what they say every few minutes. In the steady state nothing changes, so the common
case stays in columns: a 64-bit hash of each value is compared with the last one of the same
thing and column. Hashes hold for the life of the process only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_MULTIPLIERS: Final = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT: Final = np.uint64(33)
_NOTHING: Final = np.uint64(0)

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]


class CellMemory:
    """The hash of what each thing said last, column by column."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._last: dict[str, Hashes] = {}

    def changed(self, rows: pa.RecordBatch, columns: Sequence[str]) -> dict[str, Rows]:
        """Return, for each column, the rows whose value is another than the one before.

        Within the batch, too, each value is compared with the last one before it. A null is no
        value: it is never a change, and changes nothing.
        """
        codes = self._codes_of(rows.column("identifier"))
        return {name: self._changed_in(name, rows.column(name), codes) for name in columns}

    def forget(self, identifier: str, column: str) -> None:
        """Let the next report of this cell count as changed, whatever it says."""
        code, last = self._codes.get(identifier), self._last.get(column)
        if code is not None and last is not None and code < len(last):
            last[code] = _NOTHING

    def _codes_of(self, identifiers: pa.Array) -> NDArray[np.int64]:
        """One small number for each thing."""
        if not pa.types.is_dictionary(identifiers.type):
            identifiers = identifiers.dictionary_encode()
        codes = self._codes
        words = [codes.setdefault(word, len(codes)) for word in identifiers.dictionary.to_pylist()]
        table: NDArray[np.int64] = np.array(words, dtype=np.int64)
        things: NDArray[np.int64] = table[identifiers.indices.to_numpy(zero_copy_only=False)]
        return things

    def _changed_in(self, name: str, column: pa.Array, codes: NDArray[np.int64]) -> Rows:
        present = np.flatnonzero(~column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False))
        if not len(present):
            return present
        last = self._grown(name)
        hashes, things = _hashes(column)[present], codes[present]
        order = np.argsort(things, kind="stable")
        hashes, things = hashes[order], things[order]
        before = np.empty_like(hashes)
        before[0] = last[things[0]]
        before[1:] = np.where(things[1:] == things[:-1], hashes[:-1], last[things[1:]])
        is_last = np.append(things[1:] != things[:-1], True)
        last[things[is_last]] = hashes[is_last]
        return np.sort(present[order[hashes != before]])

    def _grown(self, name: str) -> Hashes:
        last = self._last.get(name)
        if last is None or len(last) < len(self._codes):
            grown = np.full(max(64, 2 * len(self._codes)), _NOTHING)
            if last is not None:
                grown[: len(last)] = last
            self._last[name] = last = grown
        return last


def _hashes(column: pa.Array) -> Hashes:
    """One number, never zero, for each value; nulls give any number."""
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
    if pa.types.is_dictionary(column.type):
        words = column.dictionary.to_pylist()
        table = np.fromiter((hash(word) for word in words), np.int64, len(words)).view(np.uint64)
        indices = pc.fill_null(column.indices, 0).to_numpy(zero_copy_only=False)
        values = table[indices]
    elif pa.types.is_floating(column.type):
        floats = pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        values = (floats + 0.0).view(np.uint64)  # adding zero makes -0.0 and 0.0 one
    else:
        whole = pc.fill_null(column.cast(pa.int64()), 0)
        values = whole.to_numpy(zero_copy_only=False).view(np.uint64)
    return _mix(values) | np.uint64(1)


def _mix(values: Hashes) -> Hashes:
    """Finalizer of MurmurHash3 (Austin Appleby, public domain): every bit moves every other."""
    mixed = values
    for multiplier in _MULTIPLIERS:
        mixed = (mixed ^ (mixed >> _SHIFT)) * multiplier
    return mixed ^ (mixed >> _SHIFT)
