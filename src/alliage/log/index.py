"""The index of the log: which entries there are, under which labels, and where their bodies lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import sqlalchemy as sa

from alliage.log.algorithms import PublicKey
from alliage.log.bodies import KEY
from alliage.log.database import open_database, writing
from alliage.log.entry import Entry
from alliage.log.index_tables import (
    ALWAYS_US,
    FOREVER_US,
    INSERT,
    location_of,
    part_of,
    part_row,
    row_of,
)
from alliage.log.index_tables import entries as _entries
from alliage.log.index_tables import keys as _keys
from alliage.log.index_tables import parts as _parts
from alliage.log.parts import Part, in_order
from alliage.log.persisted_label_sets import PersistedLabelSets
from alliage.log.segments import Location
from alliage.log.selection import Selection
from alliage.log.signing import GENESIS, Header, place
from alliage.ontology.audience import Audience

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_PAGE: Final = 2_000

Fetch = Callable[[bytes, Location], pa.Buffer]


@dataclass(frozen=True, slots=True)
class Tail:
    """The newest entry's number, chain hash, known time and place; of an empty log, the start."""

    number: int = 0
    chain: bytes = GENESIS
    known_us: int = 0
    location: Location | None = None


class Index:
    """SQLite through SQLAlchemy Core. One thread writes, any read."""

    def __init__(self, path: Path, fetch: Fetch, *, migrate: bool) -> None:
        self._engine = open_database(path, MIGRATIONS if migrate else None)
        self._fetch = fetch
        self.label_sets = PersistedLabelSets(self._engine)
        # An index that somebody else writes may get some later: what is in parts is not seen then.
        self._has_parts = self._any_parts()

    @property
    def engine(self) -> sa.Engine:
        """For what is committed in the same file: the Merkle tree."""
        return self._engine

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add_key(self, public: PublicKey) -> None:
        """Remember a public key, so that old entries stay verifiable when it is replaced."""
        row = {"key_id": public.key_id, "algorithm": public.algorithm, "public": public.data}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_keys).prefix_with("OR IGNORE").values(row))

    def public_keys(self) -> dict[str, PublicKey]:
        """Every key that ever signed here; one whose id is not its own hash is left out."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_keys)).all()
        keys = {row.key_id: PublicKey(row.algorithm, row.public) for row in rows}
        return {key_id: key for key_id, key in keys.items() if key.key_id == key_id}

    def signed_by(self) -> list[tuple[str, int, int]]:
        """(key id, first entry, last entry) of every key that signed, in the order of entries."""
        number = _entries.c.number
        query = sa.select(_entries.c.key_id, sa.func.min(number), sa.func.max(number))
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(_entries.c.key_id)).all()
        return sorted(((row[0], row[1], row[2]) for row in rows), key=lambda found: found[1])

    def first_key_id(self) -> str | None:
        """The key that signed the first entry; None for an empty log."""
        with self._engine.connect() as connection:
            query = sa.select(_entries.c.key_id).order_by(_entries.c.number).limit(1)
            return connection.execute(query).scalar()

    def key_in_force(self) -> str | None:
        """The key that has to sign the next entry; None for an empty log."""
        newest = sa.select(_entries).order_by(_entries.c.number.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).first()
        if row is None:
            return None
        return self._entry(row).key_change().public.key_id if row.kind == KEY else row.key_id

    def places(self, after: int) -> Iterator[list[bytes]]:
        """Pages of what the Merkle tree and the chain are made of, from behind ``after`` on."""
        while True:
            query = sa.select(_entries).where(_entries.c.number > after)
            with self._engine.connect() as connection:
                rows = connection.execute(query.order_by(_entries.c.number).limit(_PAGE)).all()
            if not rows:
                return
            after = rows[-1].number
            yield [
                place(row.number, row.known_us, self._entry(row).header, row.signature)
                for row in rows
            ]

    def tail(self) -> Tail:
        """Return the newest entry's place."""
        newest = sa.select(_entries).order_by(_entries.c.number.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).first()
        if row is None:
            return Tail()
        return Tail(row.number, row.chain, row.known_us, location_of(row))

    def add(
        self,
        entries: Iterable[tuple[Entry, Location]],
        write_more: Callable[[sa.Connection], None],
    ) -> None:
        """Commit these entries, and what has to be there with them; they last when this returns.

        Raises:
            OSError: the disk refused (full, or an error of the device).
        """
        rows = [row_of(entry, location) for entry, location in entries]
        with writing(self._engine) as connection:
            # By the driver itself: SQLAlchemy takes a third of the time of an append.
            connection.exec_driver_sql(INSERT, rows)
            write_more(connection)

    def select(
        self, audience: Audience, wanted: Selection, limit: int, *, newest: bool = False
    ) -> list[Entry]:
        """What this audience sees of entries that the selection wants, at most ``limit`` entries.

        In order; with ``newest`` the last ones, backwards. Of an entry whose rows carry several
        label sets come the parts that are visible, unless it is wanted whole.
        """
        number = _entries.c.number
        query = (
            sa.select(_entries)
            .where(self._is_seen(audience, wanted), *_conditions(wanted))
            .order_by(number.desc() if newest else number)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            found = self._entries(connection, rows)
        if wanted.whole:
            return found
        return [part for entry in found for part in entry.seen_in_parts(audience.sees)]

    def _is_seen(self, audience: Audience, wanted: Selection) -> sa.ColumnElement[bool]:
        """Whether an entry is seen, or a part of it that may hold what is wanted."""
        seen = audience.visible_label_sets()
        whole = _entries.c.label_set.in_(seen)
        if wanted.whole or not self._has_parts:
            return whole
        mine = _parts.c
        timely: list[sa.ColumnElement[bool]] = [mine.label_set.in_(seen)]
        if wanted.valid_from_us is not None:
            timely.append(mine.valid_max_us >= wanted.valid_from_us)
        if wanted.valid_to_us is not None:
            timely.append(mine.valid_min_us < wanted.valid_to_us)
        return whole | _entries.c.number.in_(sa.select(mine.number).where(*timely))

    def number_known_by(self, known_us: int) -> int:
        """Number of the last entry that was known at this time; 0 where there was none.

        Known times never fall along the numbers, so a few looks find it without an index.
        """
        known_at = sa.select(_entries.c.known_us)
        before, after = 0, self.tail().number + 1
        with self._engine.connect() as connection:
            while after - before > 1:
                middle = (before + after) // 2
                found = connection.execute(known_at.where(_entries.c.number == middle)).scalar()
                if found is not None and found <= known_us:
                    before = middle
                else:
                    after = middle
        return before

    def find(self, audience: Audience, entry_id: str) -> list[Entry]:
        """The entry of this id, or the parts of it that are seen.

        Nothing: not there and not visible are one answer.
        """
        try:
            wanted = bytes.fromhex(entry_id)
        except ValueError:
            return []
        with self._engine.connect() as connection:
            chosen = sa.select(_entries).where(_entries.c.entry_id == wanted)
            rows = connection.execute(chosen).all()
            found = self._entries(connection, rows)
        if not found or audience.sees(found[0].label_set):
            return found
        return [part for part in found[0].seen_in_parts(audience.sees) if part.part is not None]

    def raise_label(self, entry: Entry, label_set: int, parts: Sequence[Part]) -> None:
        """From now on an entry carries this label set; the signed one stays in its header.

        Args:
            entry: as a whole.
            label_set: of all its rows together.
            parts: every row is in one of them; none where all rows carry the same labels.
        """
        columns = _entries.c
        change = sa.update(_entries).where(columns.number == entry.number)
        signed = sa.func.coalesce(columns.signed_set, columns.label_set)
        with self._engine.begin() as connection:
            connection.execute(change.values(signed_set=signed, label_set=label_set))
            connection.execute(sa.delete(_parts).where(_parts.c.number == entry.number))
            if parts:
                rows = [part_row(entry.number, part) for part in parts]
                connection.execute(sa.insert(_parts), rows)
        self._has_parts = self._has_parts or bool(parts)

    def note_gone(self, entries: Sequence[Entry], decision: str) -> None:
        """From now on nobody reads the bodies of these entries; they are to be destroyed next."""
        columns = _entries.c
        with self._engine.begin() as connection:
            for entry in entries:
                chosen = sa.update(_entries).where(columns.number == entry.number)
                connection.execute(chosen.values(gone=decision))

    def note_superseded(self, entries: Sequence[Entry], number: int) -> None:
        """From entry ``number`` on these entries count no more; their bodies stay."""
        columns = _entries.c
        with self._engine.begin() as connection:
            for entry in entries:
                chosen = sa.update(_entries).where(columns.number == entry.number)
                connection.execute(chosen.values(superseded=number))

    def to_destroy(self) -> list[tuple[bytes, Location]]:
        """Ids and places of the bodies that are noted as gone and may still be there."""
        query = sa.select(_entries).where(_entries.c.gone.is_not(None), _entries.c.salt != b"")
        with self._engine.connect() as connection:
            return [(row.entry_id, location_of(row)) for row in connection.execute(query)]

    def destroy_salts(self, entry_ids: Sequence[bytes]) -> None:
        """Destroy the salts of bodies that were destroyed: their hashes then tell nothing."""
        with self._engine.connect() as connection:
            # What is deleted is overwritten in the file, and does not wait in the write-ahead log.
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            for entry_id in entry_ids:
                chosen = sa.update(_entries).where(_entries.c.entry_id == entry_id)
                connection.execute(chosen.values(salt=b""))
            connection.commit()
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _gone_by_now(self, number: int) -> str | None:
        chosen = sa.select(_entries.c.gone).where(_entries.c.number == number)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(chosen).scalar()
        return found

    def _any_parts(self) -> bool:
        if not sa.inspect(self._engine).has_table(_parts.name):  # an older one, only looked at
            return False
        with self._engine.connect() as connection:
            return connection.execute(sa.select(_parts.c.number).limit(1)).first() is not None

    def _entries(self, connection: sa.Connection, rows: Sequence[Any]) -> list[Entry]:
        """Entries of these rows, with their parts; only what was raised has some."""
        raised = [row.number for row in rows if row.signed_set is not None]
        parts: dict[int, list[Part]] = {}
        if self._has_parts:
            for begin in range(0, len(raised), _PAGE):
                some = _parts.c.number.in_(raised[begin : begin + _PAGE])
                for row in connection.execute(sa.select(_parts).where(some)):
                    labels = self.label_sets.labels_of(row.label_set)
                    parts.setdefault(row.number, []).append(part_of(row, labels))
        return [self._entry(row, parts.get(row.number, ())) for row in rows]

    def _entry(self, row: Any, parts: Sequence[Part] = ()) -> Entry:
        location = location_of(row)
        signed_set = row.label_set if row.signed_set is None else row.signed_set
        labels = self.label_sets.labels_of(row.label_set)
        header = Header(
            entry_id=row.entry_id.hex(),
            node=row.node,
            stream=row.stream,
            labels=self.label_sets.labels_of(signed_set),
            kind=row.kind,
            rows=row.rows,
            valid_min_us=None if row.valid_min_us == ALWAYS_US else row.valid_min_us,
            valid_max_us=None if row.valid_max_us == FOREVER_US else row.valid_max_us,
            body_hash=row.body_hash,
            format=row.format,
            algorithm=row.algorithm,
        )
        return Entry(
            number=row.number,
            label_set=row.label_set,
            known_us=row.known_us,
            header=header,
            signature=row.signature,
            key_id=row.key_id,
            salt=row.salt,
            chain=row.chain,
            _fetch=lambda: self._fetch(row.entry_id, location),
            _gone_since=lambda: self._gone_by_now(row.number),
            raised=None if row.signed_set is None else labels,
            superseded=row.superseded,
            gone=row.gone,
            parts=in_order(parts),
        )


def _conditions(wanted: Selection) -> list[sa.ColumnElement[bool]]:
    columns = _entries.c
    conditions: list[sa.ColumnElement[bool]] = [columns.number > wanted.after]
    if wanted.superseded_by is not None:
        decided = columns.superseded
        conditions += [columns.gone.is_(None), decided > (wanted.up_to or 0)]
        conditions.append(decided <= wanted.superseded_by)
    elif wanted.all_versions:
        conditions.append(columns.gone.is_(None))
    elif not wanted.with_gone:
        conditions += [columns.gone.is_(None), _stands(wanted.up_to)]
    if wanted.up_to is not None:
        conditions.append(columns.number <= wanted.up_to)
    if wanted.kinds is not None:
        conditions.append(columns.kind.in_(wanted.kinds))
    if wanted.streams is not None:
        conditions.append(columns.stream.in_(wanted.streams))
    if wanted.valid_from_us is not None or wanted.valid_to_us is not None:
        conditions.append(columns.number.in_(_valid_between(wanted)))
    return conditions


def _stands(up_to: int | None = None) -> sa.ColumnElement[bool]:
    """Whether no newer version has taken an entry's place, as far as the log goes."""
    superseded = _entries.c.superseded
    return superseded.is_(None) if up_to is None else superseded.is_(None) | (superseded > up_to)


def _valid_between(wanted: Selection) -> sa.Select[int]:
    """Numbers of entries that may hold rows valid then.

    A query of its own that names its index: SQLite would rather walk along all numbers.
    """
    columns = _entries.c
    return (
        sa.select(sa.literal_column("number", sa.Integer))
        .select_from(sa.text("entries INDEXED BY entries_valid"))
        .where(
            sa.literal_column(columns.valid_max_us.name, sa.BigInteger)
            >= (ALWAYS_US if wanted.valid_from_us is None else wanted.valid_from_us),
            sa.literal_column(columns.valid_min_us.name, sa.BigInteger)
            < (FOREVER_US if wanted.valid_to_us is None else wanted.valid_to_us),
        )
    )
