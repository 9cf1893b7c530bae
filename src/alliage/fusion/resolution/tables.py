"""Arrow tables in and out: registers and lists as they lie in files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from alliage.fusion.resolution.clusters import clusters
from alliage.fusion.resolution.model import Model
from alliage.fusion.resolution.records import Records, make_records
from alliage.fusion.resolution.resolve import Evidence, Matches, Thresholds

OTHER_NAMES: Final = {
    "ship_name": "name",
    "vessel_name": "name",
    "imo": "imo_number",
    "callsign": "call_sign",
    "flag": "operator_nation",
    "icao24": "icao_address",
    "length": "length_m",
    "beam": "beam_m",
    "first_name": "given_name",
    "surname": "family_name",
    "last_name": "family_name",
    "dob": "date_of_birth",
    "phone": "telephone",
}
"""Columns that go by another name than the property."""

SAME: Final = "one thing"
PERHAPS: Final = "perhaps"
"""What is said of a pair: above the threshold to join, and below it."""


def records_of(
    table: pa.Table,
    model: Model,
    id_column: str | None = None,
    columns: Mapping[str, str] = OTHER_NAMES,
    prefix: str = "",
) -> Records:
    """The rows of a table as they are compared.

    Args:
        table: a row a thing; columns that are no properties of the model are left alone.
        model: says which properties count.
        id_column: identifies a row; None: its number, from 1.
        columns: by name of a column its property.
        prefix: before each identifier, where there are several tables.

    Raises:
        ValueError: there is no such column, no property at all, or an identifier twice.
    """
    if id_column is not None and id_column not in table.column_names:
        raise ValueError(f"there is no column {id_column}; there are {_listed(table)}")
    rows = range(1, len(table) + 1) if id_column is None else table[id_column].to_pylist()
    wanted = {*model.fields, *(("name",) if "given_name" in model.fields else ())}
    named = {name: columns.get(name.lower(), name.lower()) for name in table.column_names}
    found = {
        field: table[name].to_pylist()
        for name, field in named.items()
        if field in wanted and name != id_column
    }
    if not found:
        raise ValueError(
            f"none of the columns {_listed(table)} is a property by which {model.schema} is "
            f"compared: {', '.join(sorted(wanted))}"
        )
    return make_records([f"{prefix}{row}" for row in rows], found, model)


def pairs_table(matches: Matches, thresholds: Thresholds) -> pa.Table:
    """A row a pair: identifiers, score, what follows from it, and why, in words."""
    verdicts = [SAME if score >= thresholds.join else PERHAPS for score in matches.score.tolist()]
    return pa.table(
        {
            "one": pa.array(matches.one.tolist(), pa.string()),
            "other": pa.array(matches.other.tolist(), pa.string()),
            "score": matches.score,
            "verdict": pa.array(verdicts, pa.string()),
            "why": pa.array([why(matches.evidence(n)) for n in range(len(matches))], pa.string()),
        }
    )


def clusters_table(pairs: pa.Table) -> pa.Table:
    """A row for each thing that is one with another, by what ``pairs`` say is one thing."""
    said = zip(*(pairs[name].to_pylist() for name in ("one", "other", "verdict")), strict=True)
    found = clusters((one, other) for one, other, verdict in said if verdict == SAME)
    return pa.table(
        {
            "identifier": pa.array(list(found), pa.string()),
            "cluster": pa.array(list(found.values()), pa.string()),
        }
    )


def why(evidence: tuple[Evidence, ...]) -> str:
    """Evidence in words; the bits add up to those of the score."""
    return "; ".join(
        f"{one.field}{' ' * bool(one.level)}{one.level.replace('_', ' ')} {one.bits:+.2f}"
        for one in evidence
    )


def _listed(table: pa.Table) -> str:
    return ", ".join(table.column_names[:20])
