"""Positions in PostGIS, in a server of its own that lives as long as the benchmark."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv

from benchmarks.sea_traffic import hours

if TYPE_CHECKING:
    from benchmarks.history_queries import Question

BIN: Final = Path("/usr/lib/postgresql/15/bin")
CONTROL: Final = Path("/usr/share/postgresql/15/extension/postgis.control")
_COLUMNS: Final = "ship, label_set, valid_us, ST_X(place), ST_Y(place), speed_mps, course_deg"
_NAMES: Final = (
    "ship", "valid_us", "known_us", "longitude_deg", "latitude_deg", "speed_mps", "course_deg",
    "heading_deg", "received_us", "status", "station",
)  # fmt: skip
_TABLES: Final = """CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE raw (ship int, valid_us bigint, known_us bigint, lon float8, lat float8,
    speed_mps real, course_deg real, heading_deg real, received_us bigint, status smallint,
    station smallint);
"""
_INDEXES: Final = """CREATE TABLE positions AS SELECT ship, 0 AS label_set, valid_us, known_us,
    ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS place, speed_mps, course_deg, heading_deg,
    received_us, status, station FROM raw;
DROP TABLE raw;
CREATE INDEX of_place ON positions USING gist (place);
CREATE INDEX of_ship ON positions (ship, valid_us);
CREATE INDEX of_time ON positions (valid_us);
CREATE TABLE ships AS SELECT DISTINCT ship AS name FROM positions;
VACUUM ANALYZE positions;
"""


class PostGis:
    """Filled with the same reports; asked through one `psql` that stays open."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Use :meth:`start`."""
        self._folder = folder
        self._root = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
        folder.mkdir()
        if self._root:
            folder.chmod(0o755)
            folder.parent.chmod(0o755)
            shutil.chown(folder, "postgres")
        data = folder / "data"
        self._run(BIN / "initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-sync")
        options = (
            f"-k {folder} -h '' -c fsync=off -c shared_buffers=2GB -c work_mem=64MB -c jit=off"
        )
        self._run(
            BIN / "pg_ctl", "-D", data, "-w", "-l", folder / "server.log", "-o", options, "start"
        )
        self._client = subprocess.Popen(
            [BIN / "psql", "-h", folder, "-U", "bench", "-d", "postgres", "-XqtA", "-F", ","],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        began = time.monotonic()
        self._ask(_TABLES)
        for hour in hours(rows):
            self._copy(pa.table({name: hour[name] for name in _NAMES}))
        self._ask(_INDEXES)
        self.made_s = time.monotonic() - began
        size = self._ask("SELECT pg_total_relation_size('positions');")
        self.bytes = int(size[0])

    @classmethod
    def start(cls, folder: Path, rows: int) -> PostGis | None:
        """A server with these reports; None, with a word why, where it is not installed."""
        if not CONTROL.exists():
            sys.stderr.write("PostGIS is left out: apt-get install postgresql-15-postgis-3\n")
            return None
        return cls(folder, rows)

    def box(self, question: Question) -> int:
        """Rows in a box and an hour."""
        return self._count(
            f"WHERE {_inside(question)} AND valid_us >= {question.from_us} "
            f"AND valid_us < {question.to_us}"
        )

    def trajectory(self, question: Question) -> int:
        """All of one ship."""
        return self._count(f"WHERE ship = {question.ship} ORDER BY valid_us")

    def latest(self, question: Question) -> int:
        """The last of each ship."""
        return len(self._ask(f"SELECT {_COLUMNS} FROM {_latest(question)};"))

    def latest_in_box(self, question: Question) -> int:
        """The last of each ship, where that is in the box."""
        query = f"SELECT {_COLUMNS} FROM {_latest(question)} WHERE {_inside(question)};"
        return len(self._ask(query))

    def close(self) -> None:
        """Stop the server."""
        assert self._client.stdin is not None
        self._client.stdin.close()
        self._client.wait()
        self._run(BIN / "pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")

    def _count(self, clause: str) -> int:
        return len(self._ask(f"SELECT {_COLUMNS} FROM positions {clause};"))

    def _ask(self, query: str) -> list[str]:
        """The lines of the answer."""
        asking, answer = self._pipes()
        asking.write(query + "\n\\echo done\n")
        asking.flush()
        lines: list[str] = []
        while (line := answer.readline()) not in ("done\n", ""):
            lines.append(line)
        return lines

    def _copy(self, rows: pa.Table) -> None:
        path = self._folder.parent / "hour.csv"
        pyarrow.csv.write_csv(rows, path, pyarrow.csv.WriteOptions(include_header=False))
        self._ask(f"\\copy raw FROM '{path}' CSV")
        path.unlink()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        asking, answer = self._client.stdin, self._client.stdout
        assert asking is not None
        assert answer is not None
        return asking, answer

    def _run(self, *command: object) -> None:
        subprocess.run(
            [*self._root, *(str(part) for part in command)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )


def _inside(question: Question) -> str:
    """Found by boxes of 32 bits, as the index has them, and then looked at exactly."""
    box = question.box
    corners = f"{box.west!r}, {box.south!r}, {box.east!r}, {box.north!r}"
    return (
        f"place && ST_MakeEnvelope({corners}, 4326) "
        f"AND ST_X(place) BETWEEN {box.west!r} AND {box.east!r} "
        f"AND ST_Y(place) BETWEEN {box.south!r} AND {box.north!r}"
    )


def _latest(question: Question) -> str:
    return (
        "ships CROSS JOIN LATERAL (SELECT * FROM positions WHERE ship = ships.name "
        f"AND valid_us < {question.before_us} ORDER BY valid_us DESC LIMIT 1) AS last"
    )
