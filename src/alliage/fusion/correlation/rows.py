"""The source tracks of one stream as columns, checked and brought into one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from alliage.fusion.matrices import Bools, Floats, Ints

Texts = npt.NDArray[np.object_]

_TEXTS: Final = frozenset({"identifier", "schema", "name", "call_sign", "kind"})


@dataclass(frozen=True)
class SourceRows:
    """One row a thing, by identifier. NaN and the empty text mean not known.

    Each is of shape (n,): ``time_s`` of the position, in seconds since any epoch; ``std_m`` along
    the longer axis of the position's error ellipse, ``minor_std_m`` across it, ``axis_deg`` where
    it points, clockwise from north; ``speed_mps`` and ``course_deg`` over ground. Names and call
    signs are compared as they are given: fold their case and diacritics before.
    """

    identifier: Texts
    time_s: Floats
    latitude_deg: Floats
    longitude_deg: Floats
    std_m: Floats
    minor_std_m: Floats
    axis_deg: Floats
    speed_mps: Floats
    course_deg: Floats
    speed_std_mps: Floats
    schema: Texts
    name: Texts
    call_sign: Texts
    kind: Texts
    length_m: Floats

    def __len__(self) -> int:
        return len(self.identifier)

    def take(self, rows: Ints | Bools) -> SourceRows:
        """Some of the rows."""
        return SourceRows(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def source_rows(identifier: Sequence[str], **columns: Any) -> SourceRows:
    """Make rows of what is known; what is not given is not known.

    Args:
        identifier: of each row, as the stream calls its things.
        columns: as :class:`SourceRows` names them; times and positions are needed.

    Raises:
        ValueError: columns of different lengths, an unknown column, an identifier twice.
    """
    rows = len(identifier)
    names = [item.name for item in fields(SourceRows) if item.name != "identifier"]
    if unknown := sorted(columns.keys() - set(names)):
        raise ValueError(f"there is no column {unknown[0]!r}; there are {', '.join(names)}")
    if len(set(identifier)) < rows:
        raise ValueError("an identifier stands twice: a stream has one row for each of its things")
    made: dict[str, Any] = {"identifier": _texts(identifier)}
    for name in names:
        given = columns.get(name)
        if given is not None and len(given) != rows:
            raise ValueError(f"{name} has {len(given)} rows and not {rows}")
        if name in _TEXTS:
            made[name] = _texts([""] * rows if given is None else given)
        else:
            made[name] = np.full(rows, np.nan) if given is None else np.asarray(given, np.float64)
    order = np.array(sorted(range(rows), key=identifier.__getitem__), np.int64)
    ordered = SourceRows(**made).take(order)
    placed = np.isfinite(ordered.time_s)
    placed &= (np.abs(ordered.latitude_deg) <= 90.0) & (np.abs(ordered.longitude_deg) <= 180.0)
    return ordered if placed.all() else ordered.take(placed)


def _texts(words: Sequence[str]) -> Texts:
    made = np.empty(len(words), np.object_)
    made[:] = words
    return made
