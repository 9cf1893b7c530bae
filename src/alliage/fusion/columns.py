"""Columns of a batch of observations, each of the type that its name has."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from alliage.ontology.observation import FIXED_COLUMNS, TIME


def typed(columns: Mapping[str, object]) -> dict[str, pa.Array]:
    """The same as Arrow has them; times are microseconds since 1970."""
    return {name: _as(FIXED_COLUMNS[name].type, values) for name, values in columns.items()}


def _as(kind: pa.DataType, values: object) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if kind == TIME:
        return pa.array(values, pa.int64()).cast(TIME)
    if isinstance(values, list):
        if pa.types.is_list(kind):
            return pa.array(values, kind)
        return pa.array(values, pa.utf8()).dictionary_encode().cast(kind)
    return pa.array(np.asarray(values)).cast(kind)
