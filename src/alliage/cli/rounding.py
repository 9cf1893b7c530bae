"""Figures of a table as people want to read them: no digits that mean nothing."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

DIGITS: Final = (
    ("latitude_deg", 7), ("longitude_deg", 7), ("_m", 2), ("_mps", 3), ("_degps", 5), ("_deg", 4),
    ("time_s", 6), ("existence", 4),
)  # fmt: skip
"""Digits behind the point by how a column's name ends; a centimetre is enough for a place."""


def rounded(table: pa.Table) -> pa.Table:
    """The same table with its figures rounded; what is no float, or has no unit, stays."""
    for at, name in enumerate(table.column_names):
        digits = next((digits for ending, digits in DIGITS if name.endswith(ending)), None)
        if digits is not None and pa.types.is_floating(table.schema.field(at).type):
            table = table.set_column(at, name, pc.round(table[name], digits))
    return table
