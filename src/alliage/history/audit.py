"""Every audit entry, for quick reading: a projection of the log that can be made again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa

from alliage.access.authority import VERSION_ACTS, InForce
from alliage.access.standing import STANDING_ACTS, Standing
from alliage.log.bodies import AUDIT
from alliage.log.database import open_database
from alliage.log.entry import Entry
from alliage.log.reader import CursorError, LogReader, pages
from alliage.ontology.audience import Audience

VERSION: Final = 2
"""A file of another version is emptied and made again."""
MAX_RECORDS: Final = 1_000

_metadata = sa.MetaData()
_records = sa.Table(
    "records",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("entry_id", sa.Text, nullable=False, unique=True),
    sa.Column("known_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("label_set", sa.Integer, nullable=False),
    sa.Column("act", sa.Text, nullable=False, index=True),
    sa.Column("user", sa.Text, nullable=False, index=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("authority", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """An audit record with what its entry says, and by which authority it was done."""

    entry_id: str
    known_us: int
    label_set: int
    data: dict[str, Any]
    authority: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which records are wanted; None and empty mean any.

    ``act`` may be the first word only: ``release`` is every step of a release. ``on`` is an id
    that it was done to.
    """

    user: str | None = None
    act: str | None = None
    on: str | None = None
    from_us: int | None = None
    to_us: int | None = None


class AuditStore:
    """The projection. One thread applies entries, any reads."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; an outdated one is made again."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = open_database(path, durable=False)
        with self._engine.begin() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
                _metadata.drop_all(connection)
                _metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        self._in_force, self._standing = InForce(), Standing()
        self._read_back()

    @property
    def in_force(self) -> InForce:
        """The authority that the audit knows now."""
        return self._in_force

    @property
    def standing(self) -> Standing:
        """Whose accounts count as people of their own, as the audit knows now."""
        return self._standing

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def catch_up(self, log: LogReader) -> None:
        """Apply what the log has and this has not; begin anew where it read another log."""
        number, entry_id = self._last()
        if number and log.id_of(number) != entry_id:
            with self._engine.begin() as connection:
                connection.execute(sa.delete(_records))
            number = 0
            self._in_force, self._standing = InForce(), Standing()
        while entries := log.read(after=number, kinds=[AUDIT]):
            self.apply(entries)
            number = entries[-1].number

    def apply(self, entries: Sequence[Entry]) -> None:
        """Add the audit records among these entries; they are given once, in their order."""
        rows = [self._row(entry) for entry in entries if entry.kind == AUDIT]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(_records).prefix_with("OR IGNORE"), rows)

    def page(
        self, audience: Audience, wanted: AuditWanted, cursor: str | None, limit: int
    ) -> tuple[list[StoredRecord], str | None]:
        """Records that these readers may see, the latest first; and the cursor that leads on.

        Raises:
            CursorError: these readers were never given such a cursor.
        """
        limit = max(1, min(limit, MAX_RECORDS))
        seen = _records.c.label_set.in_(audience.visible_label_sets())
        conditions = [seen, *_conditions(wanted)]
        with self._engine.connect() as connection:
            if cursor is not None:
                at = sa.select(_records.c.number).where(_records.c.entry_id == cursor, seen)
                number = connection.execute(at).scalar()
                if number is None:
                    raise CursorError(f"{cursor!r} is no cursor of this list: start without one")
                conditions.append(_records.c.number < number)
            query = sa.select(_records).where(*conditions).order_by(_records.c.number.desc())
            rows = connection.execute(query.limit(limit + 1)).all()
        found = [_stored(row) for row in rows[:limit]]
        return found, found[-1].entry_id if len(rows) > limit else None

    def _read_back(self) -> None:
        acts = {*VERSION_ACTS, *STANDING_ACTS}
        known = sa.select(_records).where(_records.c.act.in_(acts)).order_by(_records.c.number)
        with self._engine.connect() as connection:
            for row in connection.execute(known):
                data = orjson.loads(row.data)
                self._in_force.take(data, row.entry_id, row.label_set)
                self._standing.take(data, row.number)

    def _row(self, entry: Entry) -> dict[str, Any]:
        data = entry.audit_record().data
        self._standing.take(data, entry.number)
        return _row(entry, self._in_force)

    def _last(self) -> tuple[int, str]:
        newest = sa.select(_records).order_by(_records.c.number.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).first()
        return (0, "") if row is None else (row.number, row.entry_id)


def matches(data: dict[str, Any], known_us: int, wanted: AuditWanted) -> bool:
    """Whether a record is wanted; for reading the log itself, without the projection."""
    act = wanted.act
    return (
        (wanted.user is None or data["user"].casefold() == wanted.user.casefold())
        and (act is None or data["act"] == act or data["act"].startswith(f"{act}."))
        and (wanted.on is None or wanted.on in data["on"])
        and (wanted.from_us is None or known_us >= wanted.from_us)
        and (wanted.to_us is None or known_us < wanted.to_us)
    )


def records(log: LogReader, wanted: AuditWanted) -> Iterator[StoredRecord]:
    """The wanted records of a log, the oldest first, read from their entries."""
    in_force = InForce()
    for page in pages(partial(log.read, kinds=[AUDIT])):
        for entry in page:
            data = entry.audit_record().data
            authority = in_force.then(data).to_json()
            in_force.take(data, entry.entry_id, entry.label_set)
            if matches(data, entry.known_us, wanted):
                of = entry.entry_id, entry.known_us, entry.label_set
                yield StoredRecord(*of, data, authority)


def _conditions(wanted: AuditWanted) -> list[sa.ColumnElement[bool]]:
    columns = _records.c
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.user is not None:
        conditions.append(columns.user == wanted.user.casefold())
    if wanted.act is not None:
        family = columns.act.startswith(f"{wanted.act}.", autoescape=True)
        conditions.append(sa.or_(columns.act == wanted.act, family))
    if wanted.on is not None:
        named = orjson.dumps(wanted.on).decode()
        conditions.append(sa.func.instr(sa.cast(columns.data, sa.Text), named) > 0)
    if wanted.from_us is not None:
        conditions.append(columns.known_us >= wanted.from_us)
    if wanted.to_us is not None:
        conditions.append(columns.known_us < wanted.to_us)
    return conditions


def _row(entry: Entry, in_force: InForce) -> dict[str, Any]:
    data = entry.audit_record().data
    authority = in_force.then(data).to_json()
    in_force.take(data, entry.entry_id, entry.label_set)
    return {
        "number": entry.number,
        "entry_id": entry.entry_id,
        "known_us": entry.known_us,
        "label_set": entry.label_set,
        "act": data["act"],
        "user": data["user"].casefold(),
        "data": orjson.dumps(data, option=orjson.OPT_SORT_KEYS),
        "authority": orjson.dumps(authority),
    }


def _stored(row: Any) -> StoredRecord:
    data, authority = orjson.loads(row.data), orjson.loads(row.authority)
    return StoredRecord(row.entry_id, row.known_us, row.label_set, data, authority)
