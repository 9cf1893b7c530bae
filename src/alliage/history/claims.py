"""Every claim, for quick reading: a projection of the log that can be thrown away and made again.

It lies in a SQLite file of its own, which remembers up to which entry of which log it has read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import orjson
import sqlalchemy as sa

from alliage.history.claim_table import INSERT as _INSERT
from alliage.history.claim_table import (
    IS_GEOMETRY,
    IS_OPEN,
    IS_PROPOSAL,
    TELLS_OF_WITHDRAWAL,
    VERSION,
)
from alliage.history.claim_table import claims as _claims
from alliage.history.claim_table import in_log_order as _in_log_order
from alliage.history.claim_table import metadata as _metadata
from alliage.history.claim_table import position as _position
from alliage.log.bodies import CLAIMS
from alliage.log.database import open_database, writing
from alliage.log.entry import Entry
from alliage.log.reader import CursorError, LogReader, in_parts
from alliage.ontology.audience import Audience
from alliage.ontology.claim import (
    APPROVAL,
    CONFLICT,
    DIFFERENT,
    POSSIBLE,
    REFUSAL,
    RIVAL,
    SAME_AS,
    Claim,
)

MAX_CLAIMS: Final = 10_000
_EVERYTHING: Final = 2**62
MAX_SUBJECTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim with what its entry says. ``number`` is the entry's, and private to the node."""

    claim: Claim
    stream: str
    label_set: int
    number: int
    known_us: int


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Some claims, and the cursor that leads on; None where there are no more."""

    claims: list[StoredClaim]
    next: str | None


class ClaimStore:
    """The projection. One thread applies entries, any reads."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; a damaged or outdated one is made again."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = open_database(path, durable=False)
        self.revisions = 0
        """How often what was read of it may not be so any more: see :meth:`revise`."""
        with self._engine.begin() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
                _metadata.drop_all(connection)
                _metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @property
    def position(self) -> int:
        """Number of the last entry with claims that was applied."""
        return self._last_applied()[0]

    def catch_up(self, log: LogReader) -> int:
        """Apply what the log has and this has not; begin anew where it read another log.

        Args:
            log: the log as the node's machines read it.

        Returns:
            The number of claims that were added.
        """
        number, entry_id = self._last_applied()
        if number and log.id_of(number) != entry_id:
            self._empty()
            number = 0
        added = 0
        while entries := log.read(after=number, kinds=[CLAIMS]):
            added += sum(self.apply(part) for part in in_parts(entries))
            number = entries[-1].number
        return added

    def apply(self, entries: Sequence[Entry]) -> int:
        """Add the claims of these entries, in order; what was applied before is skipped.

        Returns:
            The number of claims that were added.

        Raises:
            OSError: the disk refused; nothing was added, and the same may be tried again.
        """
        claims = [entry for entry in entries if entry.kind == CLAIMS]
        position = self.position if claims else 0
        fresh = [entry for entry in claims if entry.number > position]
        if not fresh:
            return 0
        rows = [*_in_log_order(fresh)]
        last = {"number": fresh[-1].number, "entry_id": fresh[-1].entry_id}
        with writing(self._engine) as connection:
            # By the driver itself: SQLAlchemy would take several times as long for each row.
            connection.exec_driver_sql(_INSERT, rows)
            connection.execute(sa.delete(_position))
            connection.execute(sa.insert(_position).values(last))
        return len(rows)

    def revise(self, entries: Sequence[Entry]) -> list[str]:
        """Take over that labels of these entries were raised, or that their bodies are gone.

        Returns:
            The identifiers of the things that their claims are about.
        """
        mine = _claims.c
        identifiers: dict[str, None] = {}
        gone = False
        self.revisions += 1
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            for entry in (one for one in entries if one.kind == CLAIMS):
                chosen = mine.number == entry.number
                if entry.part is not None and entry.gone is None:
                    chosen &= _is_one_of(claim.claim_id for claim in entry.claims())
                rows = connection.execute(sa.select(mine.identifier).where(chosen)).all()
                identifiers.update(dict.fromkeys(row.identifier for row in rows))
                if entry.gone is None:
                    raised = sa.update(_claims).where(chosen).values(label_set=entry.label_set)
                    connection.execute(raised)
                else:
                    connection.execute(sa.delete(_claims).where(chosen))
                    gone = True
            connection.commit()
            if gone:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return list(identifiers)

    def reader(self, audience: Audience, up_to: int | None = None) -> ClaimReader:
        """Every claim that this audience may see: the only way to read them.

        ``up_to`` is the number of the last entry that counts: what was known then.
        """
        return ClaimReader(self._engine, audience, up_to)

    def _last_applied(self) -> tuple[int, str]:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_position)).first()
        return (0, "") if row is None else (row.number, row.entry_id)

    def _empty(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_claims))
            connection.execute(sa.delete(_position))


def _is_visible(table: str) -> str:
    """What a reader may see, of what was known; its two parameters come with a query.

    ``seen`` has a byte for each label set; a list of numbers would be made into a table with each
    query, and looked up in it for each row.
    """
    return f"substr(:seen, {table}.label_set + 1, 1) = x'01' AND {table}.number <= :up_to"


def _visible(table: str) -> sa.TextClause:
    """The same in a query. As text: SQLAlchemy looks at each part of an expression each time."""
    return sa.text(_is_visible(table))


_back = _claims.alias("back")
_TAKEN_BACK: Final = sa.select(_back.c.retracts).where(
    _back.c.retracts.is_not(None), _visible("back")
)
"""Ids that some visible retraction names."""
_named = _claims.alias("named")
_RETRACTED: Final = sa.select(_named.c.retracts).where(
    _named.c.retracts.is_not(None), _visible("named"), _named.c.claim_id.not_in(_TAKEN_BACK)
)
"""Ids that a visible retraction names which nobody has taken back."""


class ClaimReader:
    """Claims as one audience sees them. Order, ranks and bounds look at visible rows only."""

    visible: ClassVar[sa.ColumnElement[bool] | sa.TextClause] = _visible("claims")
    # Asked for each object that somebody opens: by the driver itself, in half the time.
    sql_of_identifier: ClassVar[str] = (
        f"SELECT * FROM claims WHERE {_is_visible('claims')} AND identifier = :identifier "  # noqa: S608
        f"ORDER BY sequence DESC LIMIT {MAX_CLAIMS}"
    )

    def __init__(self, engine: sa.Engine, audience: Audience, up_to: int | None = None) -> None:
        self._engine = engine
        self._audience = audience
        self._up_to = _EVERYTHING if up_to is None else up_to

    def of_subjects(self, subjects: Sequence[str]) -> list[StoredClaim]:
        """Claims about these subjects, latest known first, at most :data:`MAX_CLAIMS`.

        Raises:
            ValueError: more than :data:`MAX_SUBJECTS` subjects.
        """
        if len(subjects) > MAX_SUBJECTS:
            raise ValueError(f"{len(subjects)} subjects; at most {MAX_SUBJECTS}")
        return self._select(_claims.c.subject.in_(subjects))

    def of_identifier(self, identifier: str) -> list[StoredClaim]:
        """Claims about what bears this identifier, latest known first."""
        with self._engine.connect() as connection:
            asked = self._asked() | {"identifier": identifier}
            rows = connection.exec_driver_sql(self.sql_of_identifier, asked)
            return [_stored(row) for row in rows]

    def find(self, claim_id: str) -> StoredClaim | None:
        """One claim by its id; None if it is not there for this audience."""
        return next(iter(self._select(_claims.c.claim_id == claim_id, limit=1)), None)

    def of_entry(self, number: int) -> list[StoredClaim]:
        """Claims of one entry, in its order."""
        return self._select(_claims.c.number == number)[::-1]

    def judgements(self, identifiers: Sequence[str], either: bool = False) -> list[StoredClaim]:
        """What was said of these identifiers: that two of them are one thing, latest known first;
        that one of them and another identifier are two, may be one, or one is borne by two.

        Args:
            identifiers: of one object.
            either: also that one of them and any other identifier are one thing, as was said of
                what somebody parted since.
        """
        mine = _claims.c
        named, bears = mine.names.in_(identifiers), mine.identifier.in_(identifiers)
        same = (mine.property == SAME_AS) & ((named | bears) if either else (named & bears))
        others = mine.property.in_((DIFFERENT, RIVAL, CONFLICT, POSSIBLE))
        different = others & mine.names.is_not(None) & (named | bears)
        return self._select(same | different)

    def open_pairs(self, limit: int = MAX_SUBJECTS) -> list[StoredClaim]:
        """What machines left to people, latest known first; some is decided since."""
        return self.standing(self._select(IS_OPEN, limit=limit))

    def proposals(self, limit: int = MAX_SUBJECTS) -> list[StoredClaim]:
        """Proposals of releases and redactions that nobody has withdrawn, latest first."""
        return self.standing(self._select(IS_PROPOSAL, limit=limit))

    def decisions(self, proposals: Sequence[str]) -> dict[str, StoredClaim]:
        """By proposal the decision that was taken of it first."""
        found: dict[str, StoredClaim] = {}
        for item in self.naming(proposals, (APPROVAL, REFUSAL)):
            found[str(item.claim.value)] = item  # the latest first: the last one written stays
        return found

    def retractions(self, claim_ids: Sequence[str]) -> dict[str, StoredClaim]:
        """Which of these claims are taken back, and by which retraction, the latest of several.

        A retraction that is itself taken back does nothing. Only what this audience may see
        counts: somebody else may find the same claim standing.
        """
        found: dict[str, StoredClaim] = {}
        for begin in range(0, len(claim_ids), MAX_SUBJECTS):
            some = claim_ids[begin : begin + MAX_SUBJECTS]
            wanted = _claims.c.retracts.in_(some) & _claims.c.claim_id.not_in(_TAKEN_BACK)
            for item in self._select(_claims.c.retracts.is_not(None), wanted):
                found.setdefault(str(item.claim.value), item)
        return found

    def standing(self, stored: Sequence[StoredClaim]) -> list[StoredClaim]:
        """Those of these claims that nobody has taken back, in their order."""
        retracted = self.retractions([item.claim.claim_id for item in stored])
        return [item for item in stored if item.claim.claim_id not in retracted]

    def geometries(self, limit: int = MAX_CLAIMS, until_us: int | None = None) -> list[StoredClaim]:
        """Of each thing the geometry that each source claims, latest known first.

        Args:
            limit: at most so many.
            until_us: only what began to be so until this time.
        """
        mine = _claims.c
        newest = sa.func.row_number().over(
            partition_by=mine.subject, order_by=[mine.valid_from_us.desc(), mine.sequence.desc()]
        )
        timely = sa.true() if until_us is None else mine.valid_from_us <= until_us
        query = sa.select(mine.sequence, newest.label("place")).where(
            IS_GEOMETRY, timely, self.visible, mine.claim_id.not_in(_RETRACTED)
        )
        ranked = query.subquery()
        chosen = sa.select(ranked.c.sequence).where(ranked.c.place == 1)
        return self._select(mine.sequence.in_(chosen), limit=limit)

    def naming(
        self, names: Sequence[str], properties: Collection[str], limit: int = MAX_CLAIMS
    ) -> list[StoredClaim]:
        """Claims of these properties whose value is one of these ids or identifiers.

        Args:
            names: at most :data:`MAX_SUBJECTS`.
            properties: names of properties.
            limit: at most so many, latest known first.
        """
        mine = _claims.c
        is_name = mine.names.is_not(None)
        return self._select(
            is_name, mine.names.in_(names), mine.property.in_(properties), limit=limit
        )

    def page(
        self,
        *,
        subject: str | None = None,
        identifier: str | None = None,
        property: str | None = None,  # noqa: A002 - the word that everybody uses for it
        cursor: str | None = None,
        limit: int = 100,
    ) -> ClaimPage:
        """Claims that are about all of what is given, latest known first.

        Raises:
            CursorError: this audience was never given such a cursor.
        """
        limit = max(1, min(limit, MAX_CLAIMS))
        wanted = {"subject": subject, "identifier": identifier, "property": property}
        conditions = [
            _claims.c[name] == value for name, value in wanted.items() if value is not None
        ]
        if cursor is not None:
            conditions.append(_claims.c.sequence < self._sequence_of(cursor))
        found = self._select(*conditions, limit=limit + 1)
        more = len(found) > limit
        return ClaimPage(found[:limit], found[limit - 1].claim.claim_id if more else None)

    def latest_of_stream(self, stream: str, label_set: int) -> Iterator[StoredClaim]:
        """Of each thing and property the claim of this stream that was made last.

        What the stream itself has taken back is not among them.
        """
        mine, of_it = _claims.c, (_claims.c.stream == stream, _claims.c.label_set == label_set)
        taken_back = sa.select(mine.retracts).where(*of_it, mine.retracts.is_not(None))
        newest = (
            sa.select(sa.func.max(mine.sequence))
            .where(*of_it, self.visible, mine.claim_id.not_in(taken_back))
            .group_by(mine.identifier, mine.property)
        )
        query = sa.select(_claims).where(mine.sequence.in_(newest)).order_by(mine.sequence)
        return map(_stored, self.rows(query))

    def said_since(self, properties: Collection[str], number: int) -> Iterator[StoredClaim]:
        """Claims of these properties in entries after that of a number, as they came."""
        return self._in_order(_claims.c.number > number, _claims.c.property.in_(properties))

    def of_stream(self, stream: str, label_set: int) -> Iterator[StoredClaim]:
        """Everything that a stream said under a label set, as it came."""
        mine = _claims.c
        return self._in_order(mine.stream == stream, mine.label_set == label_set)

    def begun(self, after_us: int | None, until_us: int) -> Iterator[StoredClaim]:
        """Claims whose valid time begins after the one and not after the other, as they came.

        Retractions are not among them: they are about what was said, not about a time.
        """
        mine = _claims.c
        wanted = [mine.valid_from_us <= until_us, mine.retracts.is_(None)]
        if after_us is not None:
            wanted.append(mine.valid_from_us > after_us)
        return self._in_order(*wanted)

    def learned(self, after: int, until_us: int) -> Iterator[StoredClaim]:
        """Claims of later entries than ``after`` that are about a time not after the other one.

        Retractions are among them, whatever they are about.
        """
        mine = _claims.c
        timely = (mine.valid_from_us <= until_us) | mine.retracts.is_not(None)
        query = sa.select(_claims).where(self.visible, mine.number > after, timely)
        # The same order as by sequence alone, for which SQLite would walk along all claims.
        return map(_stored, self.rows(query.order_by(mine.number, mine.sequence)))

    def withdrawals(self) -> Iterator[StoredClaim]:
        """Every retraction, and the reports by hand that one may be about, as they came."""
        return self._in_order(TELLS_OF_WITHDRAWAL)

    def _in_order(self, *conditions: sa.ColumnElement[bool]) -> Iterator[StoredClaim]:
        query = sa.select(_claims).where(self.visible, *conditions).order_by(_claims.c.sequence)
        return map(_stored, self.rows(query))

    def rows(self, query: sa.Select[Any]) -> Iterator[Any]:
        """The rows of a query that asks for :attr:`visible` ones, as they come."""
        with self._engine.connect() as connection:
            yield from connection.execute(query.execution_options(yield_per=1_000), self._asked())

    def _asked(self) -> dict[str, Any]:
        """The parameters of :attr:`visible`."""
        return {"seen": self._audience.bitmap().tobytes(), "up_to": self._up_to}

    def _select(
        self, *conditions: sa.ColumnElement[bool], limit: int = MAX_CLAIMS
    ) -> list[StoredClaim]:
        query = (
            sa.select(_claims)
            .where(self.visible, *conditions)
            .order_by(_claims.c.sequence.desc())
            .limit(limit)
        )
        return [_stored(row) for row in self.rows(query)]

    def _sequence_of(self, cursor: str) -> int:
        query = sa.select(_claims.c.sequence).where(_claims.c.claim_id == cursor, self.visible)
        for row in self.rows(query):
            return int(row.sequence)
        raise CursorError(f"{cursor!r} is no cursor of this list: start without one")


def _is_one_of(claim_ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """Of any number: a list of parameters has an end."""
    ids = sa.func.json_each(orjson.dumps(list(claim_ids)).decode()).table_valued("value")
    return _claims.c.claim_id.in_(sa.select(ids.c.value))


def _stored(row: Any) -> StoredClaim:
    claim = Claim.from_json(orjson.loads(row.claim))
    return StoredClaim(claim, row.stream, row.label_set, row.number, row.known_us)
