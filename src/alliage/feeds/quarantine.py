"""The quarantine: bytes that could not be used, kept for people to look at.

Bounded by rows and bytes for each source. When it is full the oldest go, and are counted. It
lies in its own SQLite file, apart from the log: nothing is derived from it. Bytes carry the
label set of their source, so reading needs an Audience like everything else.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import structlog

from alliage.feeds.contract import Quarantined
from alliage.ontology.audience import Audience

_log = structlog.get_logger(__name__)

MAX_ROWS: Final = 10_000
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ITEM_BYTES: Final = 4096
PAGE_LIMIT: Final = 200

_metadata = sa.MetaData()
_items = sa.Table(
    "quarantined",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("label_set", sa.Integer, nullable=False),
    sa.Column("received_us", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("quarantined_by_source", "source", "id"),
    sqlite_autoincrement=True,
)
_dropped = sa.Table(
    "dropped",
    _metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """One quarantined unit as kept; ``size`` is its whole length, ``data`` its first bytes."""

    id: int
    source: str
    received_us: int
    reason: str
    detail: str
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """Newest first; ``next`` is the cursor of the following page, None at the end."""

    items: list[QuarantinedItem]
    next: int | None


class QuarantineStore:
    """Thread-safe. ``add`` writes all it is given in one transaction."""

    def __init__(self, engine: sa.Engine, max_rows: int, max_bytes: int) -> None:
        self._engine = engine
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._held: dict[str, tuple[int, int]] = {}

    @classmethod
    def open(
        cls, path: Path, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES
    ) -> QuarantineStore:
        """Open or make the file.

        Args:
            path: the SQLite file.
            max_rows: most items kept for one source.
            max_bytes: most bytes kept for one source.
        """
        engine = sa.create_engine(f"sqlite:///{path}")
        sa.event.listen(engine, "connect", _set_pragmas)
        _metadata.create_all(engine)
        store = cls(engine, max_rows, max_bytes)
        store._held = store._count()
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def add(self, source: str, label_set: int, items: Sequence[Quarantined]) -> None:
        """Keep items of one source under its interned label set.

        Where the disk is full they are not kept: what nobody could use stops no stream.
        """
        if not items:
            return
        try:
            self._add(source, label_set, items)
        except sa.exc.OperationalError as error:
            _log.warning("quarantine.not_kept", source=source, error=str(error.orig))

    def _add(self, source: str, label_set: int, items: Sequence[Quarantined]) -> None:
        kept = items[-self._max_rows :]
        rows = [_row(source, label_set, item) for item in kept]
        size = sum(len(row["data"]) for row in rows)
        with self._lock, self._engine.begin() as connection:
            connection.execute(_items.insert(), rows)
            held_rows, held_bytes = self._held.get(source, (0, 0))
            held = (held_rows + len(rows), held_bytes + size)
            dropped = len(items) - len(kept)
            if held[0] > self._max_rows or held[1] > self._max_bytes:
                gone, held = self._trim(connection, source)
                dropped += gone
            if dropped:
                _count_dropped(connection, source, dropped)
            self._held[source] = held

    def page(
        self, audience: Audience, source: str, cursor: int | None = None, limit: int = 50
    ) -> QuarantinePage:
        """Items of a source that this audience may see, newest first.

        Args:
            audience: who asks.
            source: the source's name.
            cursor: ``next`` of the page before; None for the newest.
            limit: most items, at most 200.
        """
        limit = max(1, min(limit, PAGE_LIMIT))
        visible = _items.c.label_set.in_(audience.visible_label_sets())
        query = sa.select(_items).where(_items.c.source == source, visible)
        if cursor is not None:
            query = query.where(_items.c.id < cursor)
        query = query.order_by(_items.c.id.desc()).limit(limit + 1)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        items = [_item(row) for row in rows[:limit]]
        return QuarantinePage(items, items[-1].id if len(rows) > limit else None)

    def dropped(self, source: str) -> int:
        """How many items of a source were let go for want of room."""
        query = sa.select(_dropped.c.count).where(_dropped.c.source == source)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none() or 0

    def _trim(self, connection: sa.Connection, source: str) -> tuple[int, tuple[int, int]]:
        """Drop the oldest down to nine tenths, so that it need not be done for every item."""
        newest = _items.c.id.desc()
        ranked = (
            sa.select(
                _items.c.id,
                sa.func.count().over(order_by=newest).label("rows"),
                sa.func.sum(sa.func.length(_items.c.data)).over(order_by=newest).label("bytes"),
            )
            .where(_items.c.source == source)
            .subquery()
        )
        too_old = (ranked.c.rows > self._max_rows * 0.9) | (ranked.c.bytes > self._max_bytes * 0.9)
        last = connection.execute(sa.select(sa.func.max(ranked.c.id)).where(too_old)).scalar()
        old = (_items.c.source == source) & (_items.c.id <= (last or 0))
        gone = connection.execute(_items.delete().where(old)).rowcount
        return gone, _held(connection, source)

    def _count(self) -> dict[str, tuple[int, int]]:
        with self._engine.connect() as connection:
            sources = connection.execute(sa.select(_items.c.source).distinct()).scalars().all()
            return {source: _held(connection, source) for source in sources}


def _held(connection: sa.Connection, source: str) -> tuple[int, int]:
    size = sa.func.coalesce(sa.func.sum(sa.func.length(_items.c.data)), 0)
    query = sa.select(sa.func.count(), size).where(_items.c.source == source)
    rows, total = connection.execute(query).one()
    return int(rows), int(total)


def _count_dropped(connection: sa.Connection, source: str, count: int) -> None:
    more = sa.update(_dropped).where(_dropped.c.source == source)
    if not connection.execute(more.values(count=_dropped.c.count + count)).rowcount:
        connection.execute(_dropped.insert().values(source=source, count=count))


def _row(source: str, label_set: int, item: Quarantined) -> dict[str, Any]:
    return {
        "source": source,
        "label_set": label_set,
        "received_us": item.received_us,
        "reason": item.reason,
        "detail": item.detail[:1000],
        "size": len(item.data),
        "data": bytes(item.data[:MAX_ITEM_BYTES]),
    }


def _item(row: sa.RowMapping) -> QuarantinedItem:
    fields = {name: row[name] for name in row if name != "label_set"}
    return QuarantinedItem(**fields)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
