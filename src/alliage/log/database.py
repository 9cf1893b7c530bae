"""SQLite files as Alliage keeps them: WAL, durable commits, foreign keys, migrated when opened."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

CONNECTIONS: Final = 20
"""Kept open for readers, and as many again when it is busy: more than the server has threads."""


CACHE_KIB: Final = 16 * 1024
"""Pages that a connection keeps: the indexes of a bulk load stay in memory."""
MAPPED_BYTES: Final = 1 << 30
"""What is read of a projection through the system's page cache, without a call for each page."""


def open_database(path: Path, migrations: Path | None = None, *, durable: bool = True) -> Engine:
    """Open or create a SQLite file and bring it to the newest schema.

    ``durable`` commits survive a power cut (``synchronous=FULL``: the write-ahead log is synced at
    each commit). A projection that can be made again does without (``NORMAL``: it may lose its
    last commits in a power cut, and never its integrity).

    Args:
        path: the file; its folder has to exist.
        migrations: folder of an Alembic environment; None for a file that manages its own tables.
        durable: whether a commit has to survive a power cut.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)), pool_size=CONNECTIONS, max_overflow=CONNECTIONS
    )
    synchronous, mapped_bytes = ("FULL", 0) if durable else ("NORMAL", MAPPED_BYTES)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            f"cache_size = -{CACHE_KIB}",
            f"mmap_size = {mapped_bytes}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    if migrations is not None:
        with engine.begin() as connection:
            # Python's driver begins no transaction for DDL; half a migration must not remain.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            migrate(connection, migrations)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction, committed at the end of the block.

    Raises:
        OSError: the disk refused it (full, or an error of the device); nothing was written.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        name = Path(engine.url.database or "").name  # its folder is nobody's business
        raise OSError(f"{name}: {error.orig}") from error


def migrate(connection: Connection, migrations: Path) -> None:
    """Run the Alembic migrations of a folder up to the newest."""
    migrate_to(connection, migrations, "head")


def migrate_to(connection: Connection, migrations: Path, revision: str) -> None:
    """Run the Alembic migrations of a folder up to one of them."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


class FileVersion:
    """Tells whether a SQLite file has changed, whichever process changed it.

    A question takes microseconds: SQLite counts commits in shared memory (``PRAGMA data_version``,
    of which a connection sees every change but its own; this one makes none).
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._lock = threading.Lock()

    def read(self) -> int | None:
        """A number that is another one after every commit; None where it cannot be read now."""
        with self._lock:
            try:
                (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            except sqlite3.OperationalError:
                return None
        return int(version)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
