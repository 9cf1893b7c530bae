"""Ships for the benchmarks of the live picture: they sail straight on over a square of sea."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.ontology.observation import TIME, WORD, Kind, ObservationBatch

SEED = 20261123
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


class Fleet:
    """Ships that sail straight on over a square of sea, each with its own speed and course."""

    def __init__(self, ships: int, start_us: int = START_US) -> None:
        self.ships = ships
        self._start_us = start_us
        rng = np.random.default_rng(SEED)
        self._lon = rng.random(ships) * WORLD_DEG
        self._lat = SOUTH_DEG + rng.random(ships) * WORLD_DEG
        self._speed = rng.random(ships) * 15
        self._course = rng.random(ships) * 360

    def reports(self, ships: Ints, valid_us: Ints) -> ObservationBatch:
        """Where these ships are at these times."""
        sailed = self._speed[ships] * (valid_us - self._start_us) / 1e6 / 111_000
        course = np.radians(self._course[ships])
        lon = self._lon[ships] + sailed * np.sin(course)
        lat = self._lat[ships] + sailed * np.cos(course)
        return make_batch(ships, valid_us, lon, lat, self._speed[ships], self._course[ships])

    def everyone(self) -> ObservationBatch:
        """One report of each ship, at the beginning."""
        return self.reports(np.arange(self.ships), np.full(self.ships, self._start_us))

    def viewports(self, clients: int, in_view: int) -> list[list[float]]:
        """Boxes (west, south, east, north) anywhere on the sea with about so many ships each."""
        side = WORLD_DEG * float(np.sqrt(in_view / self.ships))
        corners = np.random.default_rng(SEED + 1).random((clients, 2)) * (WORLD_DEG - side)
        return [[x, SOUTH_DEG + y, x + side, SOUTH_DEG + y + side] for x, y in corners.tolist()]


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
