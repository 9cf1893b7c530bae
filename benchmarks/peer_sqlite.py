"""Positions in SQLite: an R-tree over place and time, a B-tree over ship and time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.sea_traffic import START_US, hours

if TYPE_CHECKING:
    from benchmarks.history_queries import Question

_COLUMNS: Final = "ship, label_set, valid_us, lon, lat, speed_mps, course_deg"
_TABLES: Final = """
CREATE TABLE positions (number INTEGER PRIMARY KEY, ship INTEGER, label_set INTEGER,
    valid_us INTEGER, known_us INTEGER, lon REAL, lat REAL, speed_mps REAL, course_deg REAL,
    heading_deg REAL, received_us INTEGER, status INTEGER, station INTEGER);
CREATE VIRTUAL TABLE places USING rtree(number, west, east, south, north, first_s, last_s);
"""
_BOX: Final = f"""SELECT {_COLUMNS} FROM places JOIN positions USING (number)
    WHERE east >= ? AND west <= ? AND north >= ? AND south <= ? AND last_s >= ? AND first_s < ?
    AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ? AND valid_us >= ? AND valid_us < ?"""
_TRAJECTORY: Final = f"SELECT {_COLUMNS} FROM positions WHERE ship = ? ORDER BY valid_us"
_LATEST: Final = f"""SELECT {_COLUMNS} FROM ships JOIN positions ON number = (
    SELECT number FROM positions AS one WHERE one.ship = ships.name AND one.valid_us < ?
    ORDER BY valid_us DESC LIMIT 1)"""


class Sqlite:
    """Filled with the same reports."""

    def __init__(self, path: Path, rows: int) -> None:
        began = time.monotonic()
        self._connection = sqlite3.connect(path)
        self._connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        for positions, places in _parts(rows):
            self._connection.executemany(
                "INSERT INTO positions VALUES (?,?,0,?,?,?,?,?,?,?,?,?,?)", positions
            )
            self._connection.executemany("INSERT INTO places VALUES (?,?,?,?,?,?,?)", places)
        self._connection.executescript(
            "CREATE INDEX of_ship ON positions (ship, valid_us);"
            "CREATE TABLE ships AS SELECT DISTINCT ship AS name FROM positions;"
            "PRAGMA cache_size=-1000000; PRAGMA mmap_size=8000000000;"
        )
        self._connection.commit()
        self.made_s = time.monotonic() - began
        self.bytes = path.stat().st_size

    def box(self, question: Question) -> int:
        """Rows in a box and an hour. The R-tree has 32 bits: it finds, the columns decide."""
        box = question.box
        first_s, last_s = ((us - START_US) / 1e6 for us in (question.from_us, question.to_us))
        place = (box.west, box.east, box.south, box.north)
        return self._count(
            _BOX, *place, first_s - 1, last_s + 1, *place, question.from_us, question.to_us
        )

    def trajectory(self, question: Question) -> int:
        """All of one ship."""
        return self._count(_TRAJECTORY, question.ship)

    def latest(self, question: Question) -> int:
        """The last of each ship."""
        return self._count(_LATEST, question.before_us)

    def latest_in_box(self, question: Question) -> int:
        """The last of each ship, where that is in the box."""
        box = question.box
        return self._count(
            f"{_LATEST} WHERE lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?",
            question.before_us, box.west, box.east, box.south, box.north,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _count(self, query: str, *values: Any) -> int:
        return len(self._connection.execute(query, values).fetchall())


def _parts(rows: int) -> Iterator[tuple[Iterator[Any], Iterator[Any]]]:
    """Rows of the two tables, an hour at a time."""
    number = 0
    for hour in hours(rows):
        numbers = range(number, number + len(hour["ship"]))
        number = numbers.stop
        names = (
            "ship", "valid_us", "known_us", "longitude_deg", "latitude_deg", "speed_mps",
            "course_deg", "heading_deg", "received_us", "status", "station",
        )  # fmt: skip
        columns = [hour[name].tolist() for name in names]
        lon, lat = columns[3], columns[4]
        seconds = ((hour["valid_us"] - START_US) / 1e6).tolist()
        yield (
            zip(numbers, *columns, strict=True),
            zip(numbers, lon, lon, lat, lat, seconds, seconds, strict=True),
        )
