"""Rows of a bulk write, held against the contract of observations: good ones in, bad ones told.

One row that is wrong never costs its neighbours; it is named with the column and the reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.actions import checks
from alliage.actions.kinds import ActionError
from alliage.ontology.observation import (
    COMMON,
    ENVIRONMENT,
    LINE,
    PLOT,
    POSITION,
    TEXT,
    TIME,
    WORD,
    Kind,
    ObservationBatch,
)
from alliage.ontology.property import ARROW_TYPES
from alliage.ontology.schema import Ontology
from alliage.ontology.times import from_text

FUTURE_US: Final = 600_000_000
"""As the picture has it: what claims to be later than ten minutes from now has a broken clock."""
REFUSALS_TOLD: Final = 1_000
TEXT_CHARACTERS: Final = 4_000
LIST_ITEMS: Final = 100
COLUMNS: Final = {
    Kind.POSITION: [*COMMON, *POSITION],
    Kind.STATIC: [*COMMON],
    Kind.ENVIRONMENT: [*COMMON, *POSITION, *ENVIRONMENT],
    Kind.TEXT: [*COMMON, *POSITION, *TEXT],
    Kind.PLOT: [*COMMON, *PLOT],
    Kind.LINE: [*COMMON, *LINE],
}
BOUNDS: Final = {
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "position_std_m": (0.0, 1e6),
    "position_minor_std_m": (0.0, 1e6),
    "position_axis_deg": (0.0, 180.0),
    "speed_mps": (0.0, 1500.0),
    "course_deg": (0.0, 360.0),
    "heading_deg": (0.0, 360.0),
    "range_m": (0.0, 1e7),
    "range_std_m": (0.0, 1e6),
    "bearing_deg": (0.0, 360.0),
    "bearing_std_deg": (0.0, 180.0),
    "bearing_rate_degps": (-360.0, 360.0),
    "bearing_rate_std_degps": (0.0, 360.0),
    "existence": (0.0, 1.0),
    "sensor_latitude_deg": (-90.0, 90.0),
    "sensor_longitude_deg": (-180.0, 180.0),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, counted from 0, and what is wrong with it."""

    row: int
    field: str
    message: str


@dataclass(slots=True)
class Refusals:
    """Rows that were not taken; the first thousand are told one by one."""

    told: list[Refusal] = field(default_factory=list)
    total: int = 0

    def add(self, row: int, name: str, message: str) -> None:
        """Note one row."""
        self.total += 1
        if len(self.told) < REFUSALS_TOLD:
            self.told.append(Refusal(row, name, message))


class RowReader:
    """Makes observation batches from rows that come from outside."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        choices = [
            prop.choices
            for schema in ontology.schemata.values()
            if (prop := schema.properties.get("navigation_status")) is not None
        ]
        self._statuses = frozenset(code for codes in choices for code in codes)

    def batch(
        self, kind: Kind, rows: Sequence[Any] | pa.Table, now_us: int
    ) -> tuple[ObservationBatch | None, Refusals]:
        """The good rows as a batch, None where there are none, and the others.

        Args:
            kind: what the rows say.
            rows: plain JSON objects, or an Arrow table with the contract's columns.
            now_us: real time; every row was received now.

        Raises:
            ActionError: a column of the table is none of the contract's, or not of its type.
        """
        refusals = Refusals()
        if isinstance(rows, pa.Table) and kind is not Kind.STATIC:
            table, numbers = self._cast(kind, rows), np.arange(rows.num_rows)
        else:
            plain = rows.to_pylist() if isinstance(rows, pa.Table) else rows
            table, numbers = self._converted(kind, plain, refusals)
        kept = self._good_rows(table, numbers, now_us, refusals)
        refusals.told.sort(key=lambda refusal: refusal.row)
        batch = table.filter(pa.array(kept)).combine_chunks()
        if batch.num_rows == 0:
            return None, refusals
        received = pa.array(np.full(batch.num_rows, now_us)).cast(TIME)
        batch = batch.append_column(pa.field("received", TIME, nullable=False), received)
        return ObservationBatch(kind, batch.to_batches()[0]), refusals

    # --- from Arrow

    def _cast(self, kind: Kind, table: pa.Table) -> pa.Table:
        wanted = {column.name: column for column in COLUMNS[kind] if column.name != "received"}
        columns: dict[str, Any] = {}
        for at, name in enumerate(table.schema.names):
            if name == "received":
                continue
            if name not in wanted or name in columns:
                raise ActionError(name[:100], f"a {kind} report has no such column, or it is twice")
            try:
                columns[name] = _cast_column(table.column(at), wanted[name].type)
            # A zone's name comes from the stream as it is, which need not be text.
            except (pa.ArrowException, UnicodeDecodeError) as error:
                raise ActionError(name, f"cannot be {wanted[name].type}: {error}") from None
        lacking = [
            c.name for c in COMMON if not c.nullable and c.name not in {*columns, "received"}
        ]
        if lacking:
            raise ActionError(lacking[0], "this column has to be there")
        return pa.table(columns)

    # --- from JSON

    def _converted(
        self, kind: Kind, rows: Sequence[Any], refusals: Refusals
    ) -> tuple[pa.Table, NDArray[np.intp]]:
        good, numbers = [], []
        for number, row in enumerate(rows):
            try:
                good.append(self._converted_row(kind, row))
                numbers.append(number)
            except ActionError as error:
                refusals.add(number, error.field, str(error))
        types = {column.name: column.type for column in COLUMNS[kind]}
        types |= {
            prop.name: ARROW_TYPES[prop.type]
            for schema in self._ontology.schemata.values()
            for prop in schema.properties.values()
            if prop.name not in types
        }
        names = dict.fromkeys(["identifier", "schema", "valid", *(n for row in good for n in row)])
        columns = {name: pa.array([r.get(name) for r in good], types[name]) for name in names}
        return pa.table(columns), np.array(numbers, dtype=np.intp)

    def _converted_row(self, kind: Kind, row: Any) -> dict[str, Any]:
        if not isinstance(row, Mapping):
            raise ActionError("row", "a row is an object with a key for each column")
        schema = None
        if kind is Kind.STATIC:
            schema = checks.schema_of(self._ontology, str(row.get("schema")))
        wanted = {column.name: column.type for column in COLUMNS[kind]}
        said: dict[str, Any] = {}
        for name, value in row.items():
            if value is None or name == "received":
                continue
            if name in wanted:
                said[name] = _converted_value(name, value, wanted[name])
            elif schema is not None:
                kept = checks.checked_property(schema, name, value, field=name)
                is_time = ARROW_TYPES[schema.properties[name].type] == TIME
                said[name] = from_text(str(kept)) if is_time else kept
            else:
                raise ActionError(str(name)[:100], f"a {kind} report has no such column")
        return said

    # --- what every row has to keep

    def _good_rows(
        self, table: pa.Table, numbers: NDArray[np.intp], now_us: int, refusals: Refusals
    ) -> NDArray[np.bool_]:
        good = np.ones(table.num_rows, dtype=np.bool_)

        def refuse(bad: NDArray[np.bool_], name: str, message: str) -> None:
            for row in np.flatnonzero(bad & good):
                refusals.add(int(numbers[row]), name, message)
            good[bad] = False

        refuse(_not_words(table, "identifier", _is_identifier), "identifier", "scheme:value")
        refuse(
            _not_words(table, "schema", self._ontology.schemata.__contains__),
            "schema",
            "no such schema",
        )
        valid = table.column("valid").cast(pa.int64()).combine_chunks()
        refuse(valid.is_null().to_numpy(zero_copy_only=False), "valid", "when was it so?")
        late = valid.fill_null(0).to_numpy(zero_copy_only=False) > now_us + FUTURE_US
        refuse(late, "valid", "more than ten minutes in the future")
        for name, (low, high) in BOUNDS.items():
            if name in table.schema.names:
                refuse(_out_of(table.column(name), low, high), name, f"{low:g} to {high:g}")
        if "navigation_status" in table.schema.names:
            bad = _not_words(table, "navigation_status", self._statuses.__contains__, null=False)
            refuse(bad, "navigation_status", "no such code; GET /schemata/Vessel lists them")
        return good


def _cast_column(column: Any, wanted: pa.DataType) -> Any:
    if wanted == WORD:
        plain = column.cast(pa.utf8())
        return plain.combine_chunks().dictionary_encode()
    if pa.types.is_list(wanted):
        return column.cast(pa.list_(pa.utf8())).combine_chunks().cast(wanted)
    if wanted == TIME and not pa.types.is_timestamp(column.type):
        raise pa.ArrowInvalid(f"{column.type} is no time with a zone")
    if wanted == TIME and column.type.tz is None:
        raise pa.ArrowInvalid("a time without a zone has no meaning here")
    return column.cast(wanted)


def _converted_value(name: str, value: Any, wanted: pa.DataType) -> Any:
    if wanted == TIME:
        try:
            return from_text(value)
        except (TypeError, ValueError):
            raise ActionError(name, "RFC 3339 with a zone, e.g. 2026-01-31T12:00:00Z") from None
    if pa.types.is_list(wanted):
        if not isinstance(value, list) or len(value) > LIST_ITEMS:
            raise ActionError(name, f"a list of at most {LIST_ITEMS} texts")
        return [_converted_value(name, item, pa.utf8()) for item in value]
    if wanted == WORD or wanted == pa.utf8():
        if not isinstance(value, str) or len(value) > TEXT_CHARACTERS:
            raise ActionError(name, f"text of at most {TEXT_CHARACTERS} characters")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ActionError(name, "a number")
    return float(value)


def _is_identifier(text: str) -> bool:
    return checks.IDENTIFIER.match(text) is not None


def _not_words(
    table: pa.Table, name: str, is_good: Callable[[str], object], null: bool = True
) -> NDArray[np.bool_]:
    """Which rows have a word that is not good, or (``null``) none at all."""
    column = table.column(name).combine_chunks()
    words = pc.unique(column.cast(pa.utf8()))
    bad = [word for word in words.to_pylist() if word is not None and not is_good(word)]
    wrong = pc.is_in(column.cast(pa.utf8()), value_set=pa.array(bad, pa.utf8()))
    if null:
        wrong = pc.or_(wrong, column.is_null())
    found: NDArray[np.bool_] = wrong.to_numpy(zero_copy_only=False)
    return found


def _out_of(column: Any, low: float, high: float) -> NDArray[np.bool_]:
    """Which values are out of bounds; null is not, and NaN is."""
    values = column.combine_chunks()
    inside = pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
    out: NDArray[np.bool_] = pc.invert(inside).fill_null(False).to_numpy(zero_copy_only=False)
    return out
