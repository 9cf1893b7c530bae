"""Tables of things as they are compared: columns of normal forms, a row a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from alliage.fusion.correlation.rows import Texts
from alliage.fusion.matrices import Floats, Ints
from alliage.fusion.resolution.model import Kind, Model
from alliage.fusion.resolution.normal_form import given_and_family


@dataclass(frozen=True)
class Records:
    """Things of one table, sorted by identifier. "" and NaN are what is not said.

    Attributes:
        identifier: (n,).
        texts: by field the normal form (n,).
        numbers: by field of sizes the value (n,).
    """

    identifier: Texts
    texts: dict[str, Texts]
    numbers: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.identifier)

    def bearers(self, field: str) -> dict[str, int]:
        """By value of a field in how many rows it stands."""
        values, counts = np.unique(self.texts[field].astype(str), return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))


def make_records(
    identifier: Sequence[str], columns: Mapping[str, Sequence[Any]], model: Model
) -> Records:
    """Bring a table into the form in which it is compared.

    Args:
        identifier: of each row; each once.
        columns: by property its values, ``None`` where nothing is said; others are left alone. A
            person's ``name`` is taken apart where no ``given_name`` and ``family_name`` are given.
        model: says which properties count.

    Raises:
        ValueError: columns of unequal length, or an identifier twice.
    """
    rows = len(identifier)
    for name, values in columns.items():
        if len(values) != rows:
            raise ValueError(f"column {name} has {len(values)} rows and not {rows}")
    order = np.array(sorted(range(rows), key=lambda row: identifier[row]), np.int64)
    names = [str(identifier[row]) for row in order.tolist()]
    for before, name in pairwise(names):
        if before == name:
            raise ValueError(f"identifier {name!r} stands in two rows; each row needs its own")
    given = _with_parts_of_names(columns, model)
    texts: dict[str, Texts] = {}
    numbers: dict[str, Floats] = {}
    for one in model.comparisons:
        column = given.get(one.field, [None] * rows)
        ordered = [column[row] for row in order.tolist()]
        if one.kind is Kind.SIZE:
            numbers[one.field] = np.array([_size(value) for value in ordered], np.float64)
        else:
            normal = {value: one.normal(value) for value in {_text(v) for v in ordered}}
            texts[one.field] = _objects([normal[_text(value)] for value in ordered])
    return Records(_objects(names), texts, numbers)


def _with_parts_of_names(
    columns: Mapping[str, Sequence[Any]], model: Model
) -> Mapping[str, Sequence[Any]]:
    parts = ("given_name", "family_name")
    if "name" not in columns or not set(parts) <= set(model.fields) or set(parts) & set(columns):
        return columns
    split = [given_and_family(_text(name)) for name in columns["name"]]
    return {**columns, **{part: [one[nth] for one in split] for nth, part in enumerate(parts)}}


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _size(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")
    return number if number > 0.0 else float("nan")


def _objects(words: Sequence[str]) -> Texts:
    made = np.empty(len(words), np.object_)
    made[:] = words
    return made


Pairs = tuple[Ints, Ints]
"""Rows of the one table and of the other, each (p,)."""
