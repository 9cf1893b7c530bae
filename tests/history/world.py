"""A log with random positions, the history that follows it, and a plain scan to compare with."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import strategies as st

from alliage.history.files import Disk
from alliage.history.keeping import KeepOf
from alliage.history.positions import POSITIONS, ROWS, table_of
from alliage.history.selection import Where
from alliage.history.store import History, keep_all
from alliage.log import Draft, Log, NodeKeys
from alliage.log.revisions import REVISIONS_STREAM, Supersede
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.box import Box
from alliage.ontology.label import Label
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch
from tests.log.support import TickingClock, audience_of

SECOND = 1_000_000
HOUR = 3_600 * SECOND
START = 1_700_000_000 * SECOND
LABELS = [
    Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK"]),
    Label.make("ALLIAGE", "SECRET", ["FRA"]),
    Label.make("ALLIAGE", "SECRET", ["DNK"]),
]
MEMORY = Path("/dev/shm")
KEYS = NodeKeys.generate()

Row = dict[str, Any]

places = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from([-179.9, 10.0, 10.5, 11.25, 179.9]) | st.floats(9, 12),
        st.sampled_from([55.0, 55.5, 56.0]) | st.floats(54, 57),
    ),
)
times = st.integers(0, 20).map(lambda n: START + n * HOUR // 4) | st.integers(
    START, START + 5 * HOUR
)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """One report."""
    place = draw(places)
    return {
        "identifier": f"mmsi:{draw(st.integers(1, 4))}",
        "schema": draw(st.sampled_from(["Vessel", "Aircraft"])),
        "valid": draw(times),
        "received": START + draw(st.integers(0, 10)) * SECOND,
        "recorded": draw(st.none() | times),
        "receivers": draw(st.none() | st.lists(st.sampled_from(["a", "b"]), max_size=2)),
        "report": "test",
        "longitude_deg": place and place[0],
        "latitude_deg": place and place[1],
        "speed_mps": draw(st.none() | st.floats(0, 20, width=32)),
        "navigation_status": draw(st.none() | st.sampled_from(["moored", "at_anchor"])),
    }


@dataclass(frozen=True)
class Written:
    """Rows that one entry carries."""

    stream: str
    labels: frozenset[Label]
    rows: list[Row]

    def draft(self) -> Draft:
        batch = pa.RecordBatch.from_pylist(self.rows, schema=pa.schema([*COMMON, *POSITION]))
        return Draft(self.stream, self.labels, ObservationBatch(Kind.POSITION, batch))


written = st.builds(
    Written,
    st.sampled_from(["denmark", "norway"]),
    st.frozensets(st.sampled_from(LABELS), min_size=1, max_size=2),
    st.lists(rows(), min_size=1, max_size=6),
)
boxes = st.sampled_from(
    [None, Box(9.5, 54.5, 10.5, 55.5), Box(10.0, 55.0, 11.25, 56.0), Box(179.0, 50.0, -179.0, 60.0)]
)
wheres = st.builds(
    Where,
    from_us=st.none() | times,
    to_us=st.none() | times,
    box=boxes,
    things=st.none() | st.just({("denmark", "mmsi:1"), ("norway", "mmsi:2")}),
    identifier=st.none() | st.sampled_from(["mmsi:1", "mmsi:9"]),
    streams=st.none() | st.just(["norway"]),
    known_us=st.none() | st.integers(0, 12).map(lambda n: START + n * SECOND),
)


class World:
    """A log in a folder and its history beside it."""

    def __init__(
        self, folder: Path, disk: Disk | None = None, keep_of: KeepOf = keep_all, name: str = "log"
    ) -> None:
        self.clock = TickingClock(START)
        self.folder, self.keep_of = folder, keep_of
        self.log = Log.open(folder / name, KEYS, "node-1", self.clock)
        self.history = self.opened(disk)

    def opened(self, disk: Disk | None = None) -> History:
        """The history of this log, caught up."""
        history = History(self.folder / "history", self.clock, self.keep_of, disk)
        history.catch_up(
            self.log.reader(machine_audience(self.log.label_sets)), self.log.last_number
        )
        return history

    def write(self, some: Sequence[Written]) -> None:
        for one in some:
            self.history.apply(self.log.append([one.draft()]))

    def read_again(self, stream: str) -> None:
        """Put a newer version in the place of all that a stream reported: a degree further east."""
        for entry in self.log.reader(machine_audience(self.log.label_sets)).read(kinds=[POSITIONS]):
            if entry.stream != stream:
                continue
            rows = entry.observations().rows
            east = pc.add(rows.column("longitude_deg"), 1.0)
            place = rows.schema.get_field_index("longitude_deg")
            again = rows.set_column(place, rows.schema.field(place), east)
            batch = ObservationBatch(Kind.POSITION, again)
            decision = Supersede((entry.entry_id,), "test@2", "mended")
            drafts = [
                Draft(stream, entry.labels, batch),
                Draft(REVISIONS_STREAM, entry.labels, decision),
            ]
            self.history.apply(self.log.append(drafts))
        self.history.revise(self.log.reader(machine_audience(self.log.label_sets)))

    def audience(self, labels: Sequence[Label] | frozenset[Label] = tuple(LABELS)) -> Audience:
        return audience_of(self.log.label_sets, *labels)

    def close(self) -> None:
        self.history.close()
        self.log.close()


@cache
def empty_log() -> Path:
    """The folder of a log in which nothing was written, to be copied: making one takes long."""
    folder = Path(mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder)
    Log.open(folder / "log", KEYS, "node-1", TickingClock()).close()
    return folder / "log"


@contextmanager
def world(disk: Disk | None = None, keep_of: KeepOf = keep_all) -> Iterator[World]:
    """A world in a folder of its own, in memory where there is such a place: syncing takes time."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        shutil.copytree(empty_log(), Path(folder) / "log")
        made = World(Path(folder), disk, keep_of)
        try:
            yield made
        finally:
            made.close()


def scanned(log: Log, audience: Audience, where: Where) -> list[Row]:
    """What a plain scan of the log finds: every row looked at, one by one."""
    reader = log.reader(audience)
    up_to = None if where.known_us is None else reader.number_known_by(where.known_us)
    entries = reader.read(kinds=[POSITIONS], limit=10_000, up_to=up_to)
    found = [row for entry in entries for row in table_of(entry).to_pylist()]
    return [row for row in found if is_wanted(row, where)]


def is_wanted(row: Row, where: Where) -> bool:
    valid_us, known_us = us(row["valid"]), us(row["known"])
    lon, lat = row["longitude_deg"], row["latitude_deg"]
    return all(
        (
            where.from_us is None or valid_us >= where.from_us,
            where.to_us is None or valid_us < where.to_us,
            where.known_us is None or known_us <= where.known_us,
            where.streams is None or row["stream"] in where.streams,
            where.identifier is None or row["identifier"] == where.identifier,
            where.things is None or (row["stream"], row["identifier"]) in where.things,
            where.box is None or (lon is not None and in_box(where.box, lon, lat)),
        )
    )


def in_box(box: Box, lon: float, lat: float) -> bool:
    across = box.west <= lon <= box.east
    if box.west > box.east:
        across = lon >= box.west or lon <= box.east
    return across and box.south <= lat <= box.north


def us(moment: Any) -> int:
    return int(pa.scalar(moment, ROWS.field("valid").type).value)


def latest_scanned(log: Log, audience: Audience, before_us: int, where: Where) -> list[Row]:
    """The last row of each thing before a time, found by looking at every one."""
    last: dict[tuple[str, str], Row] = {}
    for row in scanned(log, audience, replace(where, to_us=before_us, box=None)):
        key = (row["stream"], row["identifier"])
        if key not in last or _order(row) >= _order(last[key]):
            last[key] = row
    return [row for row in last.values() if is_wanted(row, Where(box=where.box))]


def _order(row: Row) -> tuple[int, int]:
    return us(row["valid"]), us(row["known"])


def as_set(some: Sequence[Row]) -> list[str]:
    """Rows without regard to their order."""
    return sorted(repr(sorted(row.items(), key=lambda item: item[0])) for row in some)
