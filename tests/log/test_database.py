"""SQLite files are migrated when opened, wholly or not at all, and keep what is committed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from alliage.log import index
from alliage.log.database import FileVersion, open_database

ENV = (index.MIGRATIONS / "env.py").read_text()
FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("ships", sa.Column("name", sa.Text))
"""
BROKEN = FIRST + "    raise RuntimeError('the power went')\n"


def migrations(folder: Path, text: str) -> Path:
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    (folder / "env.py").write_text(ENV)
    (folder / "versions" / "0001_ships.py").write_text(text)
    return folder


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


def test_a_file_is_made_migrated_and_opened_again(tmp_path: Path) -> None:
    folder = migrations(tmp_path / "migrations 100%", FIRST)
    path = tmp_path / "a.sqlite"
    for _ in range(2):
        engine = open_database(path, folder)
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO ships VALUES ('FRIO')"))
        engine.dispose()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM ships").fetchone() == (2,)


def test_a_migration_that_fails_leaves_nothing_and_can_be_run_again(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with pytest.raises(RuntimeError, match="the power went"):
        open_database(path, migrations(tmp_path / "broken", BROKEN))
    assert "ships" not in tables(path)
    open_database(path, migrations(tmp_path / "mended", FIRST)).dispose()
    assert "ships" in tables(path)


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 1)])
def test_every_connection_is_set_up(tmp_path: Path, durable: bool, synchronous: int) -> None:
    engine = open_database(tmp_path / "a.sqlite", durable=durable)
    for _ in range(2):
        with engine.connect() as connection:
            pragma = connection.exec_driver_sql
            assert pragma("PRAGMA journal_mode").scalar() == "wal"
            assert pragma("PRAGMA synchronous").scalar() == synchronous
            assert pragma("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_files_version_changes_with_every_commit_and_with_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "ships.sqlite"
    engine = open_database(path, migrations(tmp_path / "migrations", FIRST))
    version = FileVersion(path)
    seen = [version.read(), version.read()]
    for name in ("FRIO", "NORD"):
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO ships VALUES (:name)"), {"name": name})
        seen.append(version.read())
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT * FROM ships")).all()
    seen.append(version.read())
    version.close()
    engine.dispose()
    assert seen[0] == seen[1]
    assert len(set(seen[1:4])) == 3
    assert seen[3] == seen[4]
