"""What do questions to the history cost, and how many bytes does a position take?

The same reports of ships (`sea_traffic.py`) lie in the history as a node keeps them, in SQLite
(an R-tree over place and time, a B-tree over ship and time) and, where Debian's PostgreSQL is
installed, in PostGIS (GiST over place, B-trees over ship and time, and over time). Asked are: a box
of one degree by half a degree over an hour, beside a NumPy mask over that hour's columns in memory;
the trajectory of a ship; the last report of every ship before a time, of all and of those in a box.
All give the same columns, and their rows are counted against each other. Medians of questions
drawn at random, asked in turns. The history is asked as an audience, and without anybody asking who
may see a segment, to see what the audience costs: that, and the ratio to the mask, are of processor
time, since neighbours on the machine disturb the clock on the wall.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from alliage.history.reader import HistoryReader
from alliage.history.selection import Where
from alliage.history.store import History
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.box import Box
from alliage.ontology.label import Label
from alliage.ontology.times import WallClock
from benchmarks.peer_postgis import PostGis
from benchmarks.peer_sqlite import Sqlite
from benchmarks.sea_entries import STREAM, entries, identifier
from benchmarks.sea_traffic import HOUR_US, START_US, Columns, hours

QUESTIONS: Final = 40
SIZES: Final = (1_000_000, 5_000_000, 20_000_000)
MASK_AIM: Final = 5.0
AUDIENCE_AIM: Final = 0.05
LABELS: Final = (
    Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"]),
    Label.make("ALLIAGE", "SECRET", ["DNK"]),
)
_MASKED: Final = (
    "ship", "valid_us", "longitude_deg", "latitude_deg", "speed_mps", "course_deg",
)  # fmt: skip


@dataclass
class Question:
    """A box, an hour, a time and a ship."""

    box: Box
    from_us: int
    before_us: int
    ship: int
    hour: Columns = field(default_factory=dict)

    @property
    def to_us(self) -> int:
        """The end of the hour."""
        return self.from_us + HOUR_US


Way = Callable[[Question], int]
"""Answers, and says how many rows there were."""


def questions(rows: int, seed: int = 7) -> list[Question]:
    """Where ships are, when ships are: each has the columns of its hour in memory."""
    rng = np.random.default_rng(seed)
    found: list[Question] = []
    whole = list(hours_of(rows))
    for number in rng.integers(0, max(1, len(whole) - 1), QUESTIONS).tolist():
        hour = {
            name: np.concatenate([part[name] for part in whole[number : number + 2]])
            for name in _MASKED
        }
        from_us = START_US + number * HOUR_US + int(rng.integers(0, HOUR_US))
        at = int(rng.integers(0, len(whole[number]["ship"])))
        x, y = (float(hour[name][at]) for name in ("longitude_deg", "latitude_deg"))
        during = (hour["valid_us"] >= from_us) & (hour["valid_us"] < from_us + HOUR_US)
        found.append(
            Question(
                Box.of(x - 0.5, y - 0.25, x + 0.5, y + 0.25),
                from_us,
                from_us + HOUR_US // 2,
                int(hour["ship"][at]),
                {name: column[during] for name, column in hour.items()},
            )
        )
    return found


def hours_of(rows: int) -> list[Columns]:
    """The hours, with the columns of the mask only."""
    return [{name: hour[name] for name in _MASKED} for hour in hours(rows)]


def mask(question: Question) -> int:
    """The hour's rows in the box, by NumPy."""
    hour, box = question.hour, question.box
    lon, lat, valid = hour["longitude_deg"], hour["latitude_deg"], hour["valid_us"]
    inside = box.mask(lon, lat) & (valid >= question.from_us) & (valid < question.to_us)
    rows = np.flatnonzero(inside)
    return len([column[rows] for column in hour.values()][0])  # noqa: RUF015 - all are taken


class Ours:
    """The history, as a node keeps it."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._history = History(folder, WallClock())
        sets = LabelSets()
        for label in LABELS:
            sets.intern(frozenset([label]))
        self._history.catch_up(_EmptyLog(), 0)  # type: ignore[arg-type]
        began = time.monotonic()
        for hour in hours(rows):
            for entry in entries(hour):
                self._history.apply([entry])  # type: ignore[list-item]
            if self._history.tail_rows >= self._history.seal_rows:
                self._history.seal()
                while self._history.compact():
                    pass
        self._history.seal()
        self.made_s = time.monotonic() - began
        self.bytes = sum(one.bytes for one in self._history.manifest.segments)
        self.files = len(self._history.manifest.segments)
        self._reader = self._history.reader(Audience("bench", lambda _label: True, sets))
        mine = self._reader
        self._unasked = _Unasked(mine._take_snapshot, mine._things, mine._old, mine.audience)

    def box(self, question: Question) -> int:
        """As an audience."""
        where = Where(question.from_us, question.to_us, question.box)
        return int(self._reader.rows(where).table.num_rows)

    def box_without_audience(self, question: Question) -> int:
        """The same, and nobody is asked who may see what."""
        where = Where(question.from_us, question.to_us, question.box)
        return int(self._unasked.rows(where).table.num_rows)

    def trajectory(self, question: Question) -> int:
        """All of one ship."""
        found = self._reader.trajectory({(STREAM, identifier(question.ship))})
        return int(found.table.num_rows)

    def latest(self, question: Question) -> int:
        """The last of each ship."""
        return int(self._reader.latest(question.before_us).table.num_rows)

    def latest_in_box(self, question: Question) -> int:
        """The last of each ship, where that is in the box."""
        where = Where(box=question.box)
        return int(self._reader.latest(question.before_us, where).table.num_rows)


class _Unasked(HistoryReader):
    """A reader without the predicate of its audience."""

    def _sees(self, _label_set: int) -> bool:
        return True


class _EmptyLog:
    def read(self, *_arguments: object, **_more: object) -> list[object]:
        return []


def in_turns(ways: dict[str, Way], asked: list[Question]) -> dict[str, dict[str, float]]:
    """Milliseconds of each way, and rows; each question goes to all, twice, the second counts.

    Each way comes first as often as last: what was read a moment ago is read faster again.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    worked: dict[str, list[float]] = {name: [] for name in ways}
    rows: dict[str, int] = dict.fromkeys(ways, 0)
    for number, question in enumerate(asked):
        for name, way in list(ways.items())[:: 1 if number % 2 else -1]:
            way(question)
            began, began_cpu = time.perf_counter(), time.thread_time()
            rows[name] += way(question)
            worked[name].append((time.thread_time() - began_cpu) * 1e3)
            taken[name].append((time.perf_counter() - began) * 1e3)
    return {
        name: {
            "p50_ms": median(times),
            "p95_ms": float(np.percentile(times, 95)),
            "cpu_p50_ms": median(worked[name]),
            "rows": rows[name],
        }
        for name, times in taken.items()
    }


def measure(rows: int, folder: Path, *, peers: bool) -> dict[str, Any]:
    """Every way at one size."""
    ours = Ours(folder / "history", rows)
    sys.stderr.write(f"{rows:,} positions in the history: {ours.made_s:.0f} s\n")
    asked = questions(rows)
    found: dict[str, Any] = {
        "rows": rows,
        "bytes_per_position": {"history": ours.bytes / rows},
        "made_s": {"history": ours.made_s},
        "files": ours.files,
    }
    box: dict[str, Way] = {
        "history": ours.box,
        "without audience": ours.box_without_audience,
        "NumPy mask": mask,
    }
    rest: dict[str, dict[str, Way]] = {
        "trajectory": {"history": ours.trajectory},
        "latest of all": {"history": ours.latest},
        "latest in a box": {"history": ours.latest_in_box},
    }
    found["box and hour"] = in_turns(box, asked)
    others = [Sqlite(folder / "peer.sqlite", rows)] if peers else []
    if peers and (postgis := PostGis.start(folder / "postgis", rows)) is not None:
        others.append(postgis)  # type: ignore[arg-type]
    for other in others:
        name = type(other).__name__
        sys.stderr.write(f"{rows:,} positions in {name}: {other.made_s:.0f} s\n")
        found["bytes_per_position"][name] = other.bytes / rows
        found["made_s"][name] = other.made_s
        found["box and hour"] |= in_turns({name: other.box}, asked)
        rest["trajectory"][name] = other.trajectory
        rest["latest of all"][name] = other.latest
        rest["latest in a box"][name] = other.latest_in_box
    for question, ways in rest.items():
        few = asked[:8] if question.startswith("latest") else asked
        found[question] = in_turns(ways, few)
    for other in others:
        other.close()
    check(found)
    return found


def check(found: dict[str, Any]) -> None:
    """Everybody found the same rows.

    Raises:
        RuntimeError: somebody did not.
    """
    for question in ("box and hour", "trajectory", "latest of all", "latest in a box"):
        counted = {name: one["rows"] for name, one in found[question].items()}
        if len(set(counted.values())) != 1:
            raise RuntimeError(f"{found['rows']} rows, {question}: {counted}")


def told(found: dict[str, Any]) -> str:
    """A table."""
    lines = [f"{found['rows']:,} positions in {found['files']} segments"]
    sizes = ", ".join(f"{name} {size:.1f}" for name, size in found["bytes_per_position"].items())
    lines.append(f"  bytes a position   {sizes}")
    for question in ("box and hour", "trajectory", "latest of all", "latest in a box"):
        ways = found[question]
        ours = ways["history"]["p50_ms"]
        parts = [f"history {ours:.2f} ms"]
        parts += [
            f"{name} {one['p50_ms']:.2f} ms ({one['p50_ms'] / ours:.2f}x)"
            for name, one in ways.items()
            if name != "history"
        ]
        lines.append(f"  {question:18} {', '.join(parts)}")
    return "\n".join(lines)


def main() -> int:
    """Print the figures; exit code 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="one million positions")
    parser.add_argument("--full", action="store_true", help="a hundred million too; takes long")
    parser.add_argument("--rows", type=int, nargs="+", help="other sizes than these")
    parser.add_argument("--alone", action="store_true", help="without SQLite and PostGIS")
    arguments = parser.parse_args()
    sizes = arguments.rows or ([1_000_000] if arguments.quick else list(SIZES))
    runs = {}
    for rows in sizes + [100_000_000] * arguments.full:
        with tempfile.TemporaryDirectory(prefix="alliage-bench-") as folder:
            runs[rows] = measure(
                rows, Path(folder), peers=rows <= SIZES[-1] and not arguments.alone
            )
        print(told(runs[rows]), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(runs, indent=2))
    return verdict(runs[sizes[-1]])


def verdict(found: dict[str, Any]) -> int:
    """Say how the largest run did against the aims."""
    box = found["box and hour"]
    to_mask = box["history"]["cpu_p50_ms"] / box["NumPy mask"]["cpu_p50_ms"]
    audience = box["history"]["cpu_p50_ms"] / box["without audience"]["cpu_p50_ms"] - 1
    print(f"box and hour: {to_mask:.1f}x a NumPy mask in memory (aim: at most {MASK_AIM:.0f}x)")
    print(f"reading through an audience: {audience:+.1%} (aim: at most {AUDIENCE_AIM:.0%})")
    year = found["bytes_per_position"]["history"] * 5e9 / 1e9
    print(f"a year of Denmark's traffic, five billion positions: {year:.0f} GB")
    return 0 if to_mask <= MASK_AIM and audience <= AUDIENCE_AIM else 1


if __name__ == "__main__":
    sys.exit(main())
