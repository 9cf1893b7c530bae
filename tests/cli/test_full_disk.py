"""What a full disk raises is told in words, with a way out, and nothing else is called so."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from alliage.cli.exit_codes import ExitCode
from alliage.cli.full_disk import full_disk_told
from alliage.cli.output import CommandError


def test_a_database_that_cannot_grow_is_told_as_a_full_disk(tmp_path: Path) -> None:
    def fill() -> None:
        engine = create_engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
        with full_disk_told(), full_disk_told(tmp_path), engine.begin() as connection:
            connection.execute(text("PRAGMA max_page_count = 1"))
            connection.execute(text("CREATE TABLE a (b)"))

    with pytest.raises(CommandError, match=f"^{tmp_path}: the disk is full.*Make room") as told:
        fill()
    assert told.value.exit_code is ExitCode.HOME
    assert told.value.__cause__ is None


def test_a_file_that_cannot_grow_is_told_as_a_full_disk() -> None:
    def fill() -> None:
        with full_disk_told():
            try:
                Path("/dev/full").write_text("x")
            except OSError as error:
                raise ExceptionGroup("both", [RuntimeError("other"), error]) from None

    with pytest.raises(CommandError, match=r"^the disk is full"):
        fill()


def test_any_other_error_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), full_disk_told(tmp_path):
        (tmp_path / "none").read_bytes()
    with pytest.raises(sqlite3.OperationalError, match="no such table"), full_disk_told(tmp_path):
        sqlite3.connect(":memory:").execute("SELECT * FROM a")
