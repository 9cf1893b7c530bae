"""Things of the history, numbered: a stream and the identifier under which it tells of one."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Told = Collection[tuple[str, str]]
"""Streams, each with the identifier under which it tells of a thing."""

_LARGEST_TABLE: Final = 1 << 24


class Things:
    """Small numbers for things, of this process only: they say nothing, and reach nobody."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], int] = {}
        self._keys: list[tuple[str, str]] = []
        self._by_identifier: dict[str, list[int]] = {}
        self._by_stream: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._keys)

    def code(self, stream: str, identifier: str) -> int:
        """The number of a thing, new or known."""
        key = (stream, identifier)
        code = self._codes.get(key)
        if code is None:
            with self._lock:
                code = self._codes.get(key)
                if code is None:
                    code = len(self._keys)
                    self._keys.append(key)
                    self._by_identifier.setdefault(identifier, []).append(code)
                    self._by_stream.setdefault(stream, []).append(code)
                    self._codes[key] = code
        return code

    def names(self, codes: Codes) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
        """Columns of streams and of identifiers from one of numbers."""
        unique, of_row = np.unique(codes, return_inverse=True)
        numbers = pa.array(of_row.astype(np.int32))
        pairs = [self._keys[code] for code in unique.tolist()]
        words = [pa.array([pair[part] for pair in pairs], pa.utf8()) for part in (0, 1)]
        streams, identifiers = (word.dictionary_encode().take(numbers) for word in words)
        return streams, identifiers

    def told(self, things: Told) -> Codes:
        """Numbers of these things; those that were never heard of are left out."""
        found = (self._codes.get(key) for key in things)
        return _sorted(code for code in found if code is not None)

    def of_identifier(self, identifier: str) -> Codes:
        """Numbers of what any stream calls so."""
        return _sorted(self._by_identifier.get(identifier, ()))

    def of_streams(self, streams: Collection[str]) -> Codes:
        """Numbers of all that these streams tell of."""
        return _sorted(code for name in streams for code in self._by_stream.get(name, ()))

    def codes(self, streams: pa.DictionaryArray, identifiers: pa.DictionaryArray) -> Codes:
        """Numbers of a column of streams and one of identifiers; shape (rows,)."""
        found: Codes
        wide = len(identifiers.dictionary)
        pairs = _numbers(streams).astype(np.int64) * wide + _numbers(identifiers)
        if len(streams.dictionary) * wide <= _LARGEST_TABLE:
            present = np.zeros(len(streams.dictionary) * wide, np.bool_)
            present[pairs] = True
            table = np.zeros(len(present), np.int32)
            table[present] = self._new(np.flatnonzero(present), streams, identifiers)
            found = table[pairs]
            return found
        unique, inverse = np.unique(pairs, return_inverse=True)
        of_pair = self._new(unique, streams, identifiers)
        found = of_pair[inverse]
        return found

    def _new(
        self, pairs: NDArray[np.int64], streams: pa.DictionaryArray, identifiers: pa.DictionaryArray
    ) -> Codes:
        names, words = streams.dictionary.to_pylist(), identifiers.dictionary.to_pylist()
        wide = len(words)
        codes = [self.code(names[pair // wide], words[pair % wide]) for pair in pairs.tolist()]
        return np.array(codes, np.int32)


def codes_of(things: Things, table: pa.Table) -> Codes:
    """Number of the thing of each row of a table with ``stream`` and ``identifier``."""
    if table.num_rows == 0:
        return np.zeros(0, np.int32)
    return things.codes(whole(table.column("stream")), whole(table.column("identifier")))


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return column.combine_chunks()


def _numbers(column: pa.DictionaryArray) -> NDArray[np.int32]:
    numbers: NDArray[np.int32] = column.indices.to_numpy(zero_copy_only=False)
    return numbers


def _sorted(codes: Iterable[int]) -> Codes:
    return np.array(sorted(codes), np.int32)
