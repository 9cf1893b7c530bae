"""How much is claimed under which label sets, as one audience sees it."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from alliage.history.claim_table import claims as _claims
from alliage.history.claims import ClaimReader


def count_by_label_set(reader: ClaimReader, until_us: int | None = None) -> dict[int, int]:
    """How many claims lie under each interned label set; about a time or earlier where given."""
    number = _claims.c.label_set
    shown = sa.and_(reader.visible, _about(until_us))
    query = sa.select(number, sa.func.count()).where(shown).group_by(number)
    return {int(row[0]): int(row[1]) for row in reader.rows(query)}


def subjects_under(
    reader: ClaimReader, label_sets: Collection[int], until_us: int | None = None
) -> list[str]:
    """The subjects of which something is claimed under one of these interned label sets."""
    wanted = sa.and_(_claims.c.label_set.in_(label_sets), _about(until_us))
    query = sa.select(_claims.c.subject).where(reader.visible, wanted).distinct()
    return [str(row[0]) for row in reader.rows(query)]


def _about(until_us: int | None) -> sa.ColumnElement[bool]:
    """Claims about this time or an earlier one."""
    return sa.true() if until_us is None else _claims.c.valid_from_us <= until_us
