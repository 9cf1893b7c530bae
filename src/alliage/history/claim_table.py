"""The table of claims: its columns and indexes, and how a claim becomes a row of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from alliage.log.entry import Entry
from alliage.ontology.claim import (
    APPROVAL,
    CONFLICT,
    DIFFERENT,
    GEOMETRY,
    POSSIBLE,
    REDACTION,
    REFUSAL,
    RELEASE,
    REPORT,
    RETRACTION,
    RIVAL,
    SAME_AS,
    Claim,
    is_about_things,
)
from alliage.ontology.property import LINK_VALUE

VERSION: Final = 8
"""A file of another version is emptied and made again."""

metadata = sa.MetaData()
claims = sa.Table(
    "claims",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("claim_id", sa.Text, nullable=False, unique=True),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("identifier", sa.Text, nullable=False, index=True),
    sa.Column("schema", sa.Text, nullable=False),
    sa.Column("property", sa.Text, nullable=False),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("label_set", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("known_us", sa.BigInteger, nullable=False),
    sa.Column("valid_from_us", sa.BigInteger, nullable=False),
    sa.Column("retracts", sa.Text),  # of a retraction, the claim that it takes back
    sa.Column("names", sa.Text),  # a value that reads as an object's id or as an identifier
    sa.Column("claim", sa.LargeBinary, nullable=False),  # canonical JSON
    sa.Index("claims_of_stream", "stream", "label_set"),
)
sa.Index("claims_retracts", claims.c.retracts, sqlite_where=claims.c.retracts.is_not(None))
sa.Index("claims_names", claims.c.names, sqlite_where=claims.c.names.is_not(None))
IS_GEOMETRY = claims.c.property == sa.literal_column(f"'{GEOMETRY}'")  # as the index has it
sa.Index("claims_geometry", claims.c.subject, sqlite_where=IS_GEOMETRY)
IS_PROPOSAL = claims.c.property.in_(
    [sa.literal_column(f"'{RELEASE}'"), sa.literal_column(f"'{REDACTION}'")]
)
sa.Index("claims_proposal", claims.c.sequence, sqlite_where=IS_PROPOSAL)
IS_OPEN = claims.c.property.in_(
    [sa.literal_column(f"'{name}'") for name in (POSSIBLE, RIVAL, CONFLICT)]
)
sa.Index("claims_open", claims.c.sequence, sqlite_where=IS_OPEN)
sa.Index("claims_number", claims.c.number)
sa.Index("claims_begun", claims.c.valid_from_us)
TELLS_OF_WITHDRAWAL = claims.c.property.in_(
    [sa.literal_column(f"'{REPORT}'"), sa.literal_column(f"'{RETRACTION}'")]
)
sa.Index("claims_withdrawal", claims.c.sequence, sqlite_where=TELLS_OF_WITHDRAWAL)
position = sa.Table(
    "position",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("entry_id", sa.Text, nullable=False),
)


_NAMING: Final = frozenset({SAME_AS, DIFFERENT, RIVAL, CONFLICT, POSSIBLE, APPROVAL, REFUSAL})

INSERT: Final = str(sa.insert(claims).compile(dialect=sqlite.dialect()))


def rows_of(entry: Entry) -> list[tuple[Any, ...]]:
    """One tuple a claim, its values in the order of the table's columns."""
    return [
        (
            None,
            claim.claim_id,
            claim.subject,
            claim.identifier,
            claim.schema,
            claim.property,
            entry.stream,
            entry.label_set,
            entry.number,
            entry.known_us,
            claim.valid_from_us,
            str(claim.value) if claim.property == RETRACTION else None,
            _named(claim),
            orjson.dumps(claim.to_json()),
        )
        for claim in entry.claims()
    ]


def in_log_order(entries: Iterable[Entry]) -> Iterator[tuple[Any, ...]]:
    """The rows of entries, as their bodies have them: also where an entry comes in parts."""
    for _, some in groupby(entries, key=lambda entry: entry.number):
        parts = list(some)
        rows = [row for part in parts for row in rows_of(part)]
        if len(parts) > 1:
            places = [int(place) for part in parts if part.part for place in part.part.rows]
            rows = [row for _, row in sorted(zip(places, rows, strict=True))]
        yield from rows


def _named(claim: Claim) -> str | None:
    is_link = isinstance(claim.value, str) and LINK_VALUE.match(claim.value)
    names = is_about_things(claim.property) or claim.property in _NAMING
    return str(claim.value) if is_link and names else None
