"""The tables of the log's index, and how an entry becomes a row of them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from alliage.log.entry import Entry
from alliage.log.parts import Part
from alliage.log.segments import Location
from alliage.ontology.label import LabelSet

metadata = sa.MetaData()
keys = sa.Table(
    "keys",
    metadata,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("algorithm", sa.Text),
    sa.Column("public", sa.LargeBinary),
)
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("entry_id", sa.LargeBinary),
    sa.Column("format", sa.Integer),
    sa.Column("algorithm", sa.Text),
    sa.Column("node", sa.Text),
    sa.Column("stream", sa.Text),
    sa.Column("label_set", sa.Integer),
    sa.Column("kind", sa.Text),
    sa.Column("rows", sa.Integer),
    sa.Column("valid_min_us", sa.BigInteger),
    sa.Column("valid_max_us", sa.BigInteger),
    sa.Column("body_hash", sa.LargeBinary),
    sa.Column("known_us", sa.BigInteger),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("key_id", sa.Text),
    sa.Column("signature", sa.LargeBinary),
    sa.Column("chain", sa.LargeBinary),
    sa.Column("segment", sa.Integer),
    sa.Column("offset", sa.BigInteger),
    sa.Column("length", sa.Integer),
    sa.Column("signed_set", sa.Integer),  # what was signed, where label_set was raised since
    sa.Column("superseded", sa.Integer),  # number of the entry that decided so
    sa.Column("gone", sa.Text),  # id of the entry that decided so; null: the body is there
)
parts = sa.Table(
    "parts",  # of entries of which rows were raised: every row is in one of them
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("label_set", sa.Integer, primary_key=True),
    sa.Column("rows", sa.LargeBinary),  # their places in the body, as little-endian int32
    sa.Column("count", sa.Integer),
    sa.Column("valid_min_us", sa.BigInteger),
    sa.Column("valid_max_us", sa.BigInteger),
)

INSERT: Final = str(sa.insert(entries).compile(dialect=sqlite.dialect(paramstyle="named")))

ALWAYS_US: Final = -(2**63)
FOREVER_US: Final = 2**63 - 1
"""Stored for "no valid times" and "until further notice", so that plain ranges find them."""


def part_row(number: int, part: Part) -> dict[str, Any]:
    """The row of a part of the entry of this number."""
    return {
        "number": number,
        "label_set": part.label_set,
        "rows": part.rows.astype("<i4").tobytes(),
        "count": len(part.rows),
        "valid_min_us": ALWAYS_US if part.valid_min_us is None else part.valid_min_us,
        "valid_max_us": FOREVER_US if part.valid_max_us is None else part.valid_max_us,
    }


def part_of(row: Any, labels: LabelSet) -> Part:
    """Inverse of :func:`part_row`."""
    return Part(
        row.label_set,
        labels,
        np.frombuffer(row.rows, "<i4"),
        None if row.valid_min_us == ALWAYS_US else row.valid_min_us,
        None if row.valid_max_us == FOREVER_US else row.valid_max_us,
    )


def location_of(row: Any) -> Location:
    """Where the body of an entry lies."""
    return Location(row.segment, row.offset, row.length)


def row_of(entry: Entry, location: Location) -> dict[str, Any]:
    """The row of an entry that was written now."""
    header = entry.header
    return {
        "number": entry.number,
        "entry_id": bytes.fromhex(header.entry_id),
        "format": header.format,
        "algorithm": header.algorithm,
        "node": header.node,
        "stream": header.stream,
        "label_set": entry.label_set,
        "kind": header.kind,
        "rows": header.rows,
        "valid_min_us": ALWAYS_US if header.valid_min_us is None else header.valid_min_us,
        "valid_max_us": FOREVER_US if header.valid_max_us is None else header.valid_max_us,
        "body_hash": header.body_hash,
        "known_us": entry.known_us,
        "salt": entry.salt,
        "key_id": entry.key_id,
        "signature": entry.signature,
        "chain": entry.chain,
        "segment": location.segment,
        "offset": location.offset,
        "length": location.length,
        "signed_set": None,
        "superseded": None,
        "gone": None,
    }
