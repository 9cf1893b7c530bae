"""What the index alone tells of how much there is and of when; no body is opened.

Of an entry in parts these are counted, for every reader alike: whoever may not see one of them
is told what they would be told if it had never been there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from alliage.log.bodies import CLAIMS, OBSERVATION_KINDS
from alliage.log.density import Axis, Density, Span, spread
from alliage.log.index_tables import entries, parts
from alliage.ontology.audience import Audience

CLOCKS_DIFFER_US: Final = 600_000_000
_COUNTED: Final = (CLAIMS, *OBSERVATION_KINDS)


def last_valid_us(engine: sa.Engine, audience: Audience, stream: str) -> int | None:
    """Until when the newest visible observations of a stream are about."""
    columns = entries.c
    seen = audience.visible_label_sets()
    newest = (
        sa.select(columns.number, columns.valid_max_us)
        .where(
            *_whole(seen),
            columns.stream == stream,
            columns.kind.in_(OBSERVATION_KINDS),
        )
        .order_by(columns.number.desc())
        .limit(1)
    )
    of_parts = (
        _seen_in_part(seen, columns.number, parts.c.valid_max_us)
        .where(columns.stream == stream, columns.kind.in_(OBSERVATION_KINDS))
        .order_by(columns.number.desc(), parts.c.valid_max_us.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        found = [*connection.execute(newest), *connection.execute(of_parts)]
    return int(max(found)[1]) if found else None


def extent_us(engine: sa.Engine, audience: Audience) -> tuple[int, int] | None:
    """From when to when visible observations are about; None where there are none.

    What is dated later than it could have been known comes from a broken clock.
    """
    seen = audience.visible_label_sets()
    found = []
    with engine.connect() as connection:
        for table, where in ((entries, _whole(seen)), (parts, _in_part(seen))):
            query = sa.select(
                sa.func.min(table.c.valid_min_us), sa.func.max(table.c.valid_max_us)
            ).where(
                *where,
                entries.c.kind.in_(OBSERVATION_KINDS),
                table.c.valid_max_us <= entries.c.known_us + CLOCKS_DIFFER_US,
                *_counts(),
            )
            first, last = connection.execute(query).one()
            if first is not None:
                found.append((first, last))
    if not found:
        return None
    return min(first for first, _ in found), max(last for _, last in found)


def density(engine: sa.Engine, audience: Audience, axis: Axis) -> Density:
    """How many visible rows there are of each time."""
    columns = entries.c
    seen = audience.visible_label_sets()
    is_claims = columns.kind == CLAIMS
    # What holds until further notice is counted where it begins.
    ends = sa.case((is_claims, columns.valid_min_us), else_=columns.valid_max_us)
    place = ((columns.valid_min_us + ends) / 2 - axis.from_us) / axis.bin_us
    is_short = ends - columns.valid_min_us < axis.bin_us
    timely = (
        columns.kind.in_(_COUNTED),
        columns.valid_max_us >= axis.from_us,
        columns.valid_min_us < axis.to_us,
        *_counts(),
    )
    wanted = (*_whole(seen), *timely)
    short = (
        sa.select(is_claims, sa.cast(place, sa.Integer), sa.func.sum(columns.rows))
        .with_hint(entries, "INDEXED BY entries_valid", "sqlite")
        .where(*wanted, is_short, place >= 0)
        .group_by(is_claims, sa.cast(place, sa.Integer))
    )
    long = (
        sa.select(is_claims, columns.valid_min_us, ends, columns.rows)
        .with_hint(entries, "INDEXED BY entries_valid", "sqlite")
        .where(*wanted, ~is_short)
    )
    mine = parts.c
    in_parts = _seen_in_part(
        seen, is_claims, mine.valid_min_us, mine.valid_max_us, mine.count
    ).where(
        columns.kind.in_(_COUNTED),
        mine.valid_max_us >= axis.from_us,
        mine.valid_min_us < axis.to_us,
        *_counts(),
    )
    counted = Density(np.zeros(axis.bins), np.zeros(axis.bins))
    with engine.connect() as connection:
        for claims, number, rows in connection.execute(short):
            _add(counted, number, claims, rows)
        spans = [Span(*row) for row in connection.execute(long)]
        for claims, from_us, to_us, rows in connection.execute(in_parts):
            last_us = from_us if claims else to_us
            if last_us - from_us >= axis.bin_us:
                spans.append(Span(claims, from_us, last_us, rows))
            elif (middle_us := (from_us + last_us) // 2) >= axis.from_us:
                _add(counted, (middle_us - axis.from_us) // axis.bin_us, claims, rows)
        spread(axis, spans, counted)
    return counted


def _add(counted: Density, number: int, is_claims: bool, rows: int) -> None:
    bins = counted.statements if is_claims else counted.reports
    if number < len(bins):
        bins[number] += rows


def _counts() -> tuple[sa.ColumnElement[bool], ...]:
    return entries.c.gone.is_(None), entries.c.superseded.is_(None)


def _in_part(seen: Collection[int]) -> list[sa.ColumnElement[bool]]:
    """A part that is seen."""
    return [parts.c.number == entries.c.number, parts.c.label_set.in_(seen)]


def _whole(seen: Collection[int]) -> list[sa.ColumnElement[bool]]:
    """An entry that is seen and has no parts; only what was raised may have some."""
    columns = entries.c
    is_in_parts = columns.number.in_(sa.select(parts.c.number))
    return [columns.label_set.in_(seen), columns.signed_set.is_(None) | ~is_in_parts]


def _seen_in_part(seen: Collection[int], *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*columns).where(*_in_part(seen))
