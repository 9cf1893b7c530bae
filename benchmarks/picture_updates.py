"""What does the live picture cost: taking reports in, and telling clients what changed?

Rows: reports a second that the picture takes in large and in small batches. Clients: 20,000
moving tracks, 100 clients with viewports of about 500 tracks each, one update a second. The peer
is what a plain server does: with the same state at hand, one orjson document of the tracks in
view for each client and second.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import Label
from alliage.ontology.observation import TIME, WORD, Kind, ObservationBatch
from alliage.ontology.schema import Ontology
from alliage.picture.picture import Picture
from alliage.picture.session import Session

SEED = 20261123
TRACKS = 20_000
CLIENTS = 100
IN_VIEW = 500
SECONDS = 10
START_US = 1_800_000_000_000_000
WORLD_DEG = 20.0
SOUTH_DEG = 45.0

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Entry:
    """A committed entry, as the picture needs it."""

    number: int
    batch: ObservationBatch
    known_us: int
    stream: str = "bench"
    label_set: int = 0
    kind: str = "observations:position"

    def observations(self) -> ObservationBatch:
        """The rows."""
        return self.batch

    def claims(self) -> tuple[()]:
        """None here."""
        return ()


def make_picture() -> tuple[Picture, Audience]:
    """An empty picture, and a reader of everything."""
    label_sets = LabelSets()
    label_sets.intern(frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])]))
    picture = Picture(
        Ontology.load(),
        label_sets,
        lambda stream, word: hashlib.blake2b(
            f"{stream} {word}".encode(), digest_size=16
        ).hexdigest(),
    )
    return picture, Audience("reader", lambda _label: True, label_sets)


class Fleet:
    """Ships that sail straight on over a square of sea, each with its own speed and course."""

    def __init__(self, ships: int) -> None:
        self._rng = np.random.default_rng(SEED)
        self._lon = self._rng.random(ships) * WORLD_DEG
        self._lat = SOUTH_DEG + self._rng.random(ships) * WORLD_DEG
        self._speed = self._rng.random(ships) * 15
        self._course = self._rng.random(ships) * 360

    def reports(self, ships: Ints, valid_us: Ints) -> ObservationBatch:
        """Where these ships are at these times."""
        sailed = self._speed[ships] * (valid_us - START_US) / 1e6 / 111_000
        course = np.radians(self._course[ships])
        lon = self._lon[ships] + sailed * np.sin(course)
        lat = self._lat[ships] + sailed * np.cos(course)
        return make_batch(ships, valid_us, lon, lat, self._speed[ships], self._course[ships])


def make_batch(
    ships: Ints, valid_us: Ints, lon: Floats, lat: Floats, speed: Floats, course: Floats
) -> ObservationBatch:
    """One report of each row."""
    n = len(ships)
    words, codes = np.unique(ships, return_inverse=True)
    identifiers = pa.array([f"mmsi:{219_000_000 + ship}" for ship in words.tolist()])
    times = pa.array(valid_us).cast(TIME)
    vessel = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array(["Vessel"]))
    columns = {
        "identifier": pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), identifiers),
        "schema": vessel.cast(WORD),
        "valid": times,
        "recorded": times,
        "received": times,
        "latitude_deg": pa.array(lat),
        "longitude_deg": pa.array(lon),
        "position_std_m": pa.array(np.full(n, 10, np.float32)),
        "speed_mps": pa.array(speed.astype(np.float32)),
        "course_deg": pa.array(course.astype(np.float32)),
        "heading_deg": pa.array(course.astype(np.float32)),
    }
    return ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(columns))


def rows_per_second(rows: int, in_batches_of: int, ships: int) -> float:
    """Reports a second that one thread takes into the picture."""
    rng = np.random.default_rng(SEED)
    picture, _ = make_picture()
    times = START_US + np.sort(rng.integers(0, 3_600_000_000, rows))
    who = rng.integers(0, ships, rows)
    fleet = Fleet(ships)
    entries = [
        Entry(begin, fleet.reports(who[begin:end], times[begin:end]), START_US + 3_600_000_000)
        for begin in range(0, rows, in_batches_of)
        for end in [begin + in_batches_of]
    ]
    began = time.perf_counter()
    picture.apply(entries)
    return rows / (time.perf_counter() - began)


class Plain:
    """The peer: the same columns, and one JSON document for each client and second."""

    COLUMNS = ("lon", "lat", "std", "altitude", "speed", "course", "heading", "valid_us", "state")

    def __init__(self, picture: Picture, reader: Audience) -> None:
        self._view = picture.view(reader, START_US)

    def document(self, box: list[float]) -> bytes:
        """Every track in view."""
        objects, n = self._view.objects, self._view.objects.count
        lon, lat = objects.lon[:n], objects.lat[:n]
        rows = np.flatnonzero((lon >= box[0]) & (lat >= box[1]) & (lon <= box[2]) & (lat <= box[3]))
        columns = [getattr(objects, name)[rows].tolist() for name in self.COLUMNS]
        tracks = [
            dict(zip(self.COLUMNS, values, strict=True), id=self._view.words(row).track)
            for row, *values in zip(rows.tolist(), *columns, strict=True)
        ]
        return orjson.dumps({"type": "tracks", "tracks": tracks})


def clients_cost(moving_each_second: int) -> dict[str, float]:
    """Seconds of one core for each second of 100 clients, and what it is made of."""
    rng = np.random.default_rng(SEED)
    picture, reader = make_picture()
    fleet = Fleet(TRACKS)
    everyone = fleet.reports(np.arange(TRACKS), np.full(TRACKS, START_US))
    picture.apply([Entry(0, everyone, START_US)])
    side = WORLD_DEG * np.sqrt(IN_VIEW / TRACKS)
    corners = rng.random((CLIENTS, 2)) * (WORLD_DEG - side)
    boxes = [[x, SOUTH_DEG + y, x + side, SOUTH_DEG + y + side] for x, y in corners.tolist()]
    sessions = [Session(picture, reader) for _ in boxes]
    for session, box in zip(sessions, boxes, strict=True):
        session.receive(json.dumps({"type": "view", "bbox": box, "zoom": 8}))
        session.tick(START_US)
    plain = Plain(picture, reader)
    spent = dict.fromkeys(("apply", "sessions", "plain", "bytes", "plain bytes"), 0.0)
    for second in range(1, SECONDS + 1):
        now = START_US + second * 1_000_000
        who = rng.choice(TRACKS, moving_each_second, replace=False)
        entry = Entry(second, fleet.reports(who, np.full(len(who), now)), now)
        spent["apply"] += timed(picture.apply, [entry])[0]
        for nth, (session, box) in enumerate(zip(sessions, boxes, strict=True)):
            session.receive(json.dumps({"type": "ack", "seq": second}))
            took, frames = timed(session.tick, now + nth * 10_000)
            spent["sessions"] += took
            spent["bytes"] += sum(map(len, frames))
            took, document = timed(plain.document, box)
            spent["plain"] += took
            spent["plain bytes"] += len(document)
    return {key: value / SECONDS for key, value in spent.items()}


def timed(work: Callable[..., Any], argument: Any) -> tuple[float, Any]:
    """Seconds of processor time, and the result."""
    began = time.process_time()
    result = work(argument)
    return time.process_time() - began, result


def main() -> int:
    """Print the figures and the ratios."""
    print(f"seed {SEED}, Python {platform.python_version()}, {platform.machine()}")
    for rows, batch, ships in (
        (1_000_000, 1_000_000, 1_438),
        (1_000_000, 50_000, 20_000),
        (200_000, 200, 20_000),
    ):
        runs = sorted(rows_per_second(rows, batch, ships) for _ in range(3))
        print(f"apply {rows} rows of {ships} ships, {batch} a batch: {runs[1]:,.0f} rows/s")
    for moving in (TRACKS, TRACKS // 5):
        cost = clients_cost(moving)
        print(
            f"{CLIENTS} clients at 1 Hz, {moving} of {TRACKS} tracks report each second: "
            f"apply {cost['apply']:.1%}, sessions {cost['sessions']:.1%} of a core, "
            f"{cost['bytes'] / 1e6:.1f} MB/s; plain JSON {cost['plain']:.1%} of a core, "
            f"{cost['plain bytes'] / 1e6:.1f} MB/s; "
            f"ratio {cost['plain'] / cost['sessions']:.1f}x CPU, "
            f"{cost['plain bytes'] / cost['bytes']:.1f}x bytes"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
