"""Plots of radars that turn, as a decoder of ASTERIX hands them in, for the benchmarks of fusion.

Each radar stands by itself and begins its turns at a moment of its own, sees some hundred ships
within 40 km that sail straight on, misses one in ten and sees as much nothing as is said. Every
half second its rows come: what the beam met meanwhile, each with the moment at which it did, and a
row without a plot where it passes north.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.ontology.observation import PLOT, TIME, WORD, Kind, ObservationBatch
from benchmarks.fleet import SEED, START_US

REACH_M: Final = 40_000.0
TURN_S: Final = 2.5
DETECTION: Final = 0.9
FALSE_PLOTS: Final = 50
RANGE_STD_M: Final = 20.0
BEARING_STD_DEG: Final = 0.15
SPEED_STD_MPS: Final = 7.0
METRES_A_DEGREE: Final = 111_195.0

Floats = NDArray[np.float64]


class Radar:
    """One radar and the ships about it."""

    def __init__(self, number: int, ships: int) -> None:
        self.name = f"radar-{number}"
        self._chance = np.random.default_rng([SEED, number])
        self._ahead_s = number % 5 * TURN_S / 5.0
        self._north_deg = 46.0 + 0.7 * number
        self._east_deg = 21.0 + number % 5
        angle = self._chance.uniform(0.0, 2.0 * np.pi, ships)
        away = REACH_M * np.sqrt(self._chance.random(ships))
        self._place = away[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
        self._velocity = self._chance.normal(0.0, SPEED_STD_MPS, (ships, 2))

    def between(self, begin_s: float, end_s: float) -> ObservationBatch:
        """What it sees from one moment to another, which lie in one turn."""
        look = int((begin_s + self._ahead_s) // TURN_S)
        began_s = look * TURN_S - self._ahead_s
        first, last = (360.0 * (t - began_s) / TURN_S for t in (begin_s, end_s))
        place = self._place + self._velocity * begin_s
        bearing = np.degrees(np.arctan2(place[:, 0], place[:, 1])) % 360.0
        met = (bearing >= first) & (bearing < last)
        met &= self._chance.random(len(place)) < DETECTION
        at_s = began_s + bearing[met] / 360.0 * TURN_S
        place = self._place[met] + self._velocity[met] * at_s[:, None]
        empty = self._chance.poisson(FALSE_PLOTS * (last - first) / 360.0)
        away = REACH_M * np.sqrt(self._chance.random(empty))
        nothing = self._chance.uniform(first, last, empty)
        ranges = np.concatenate([np.hypot(*place.T), away])
        bearings = np.concatenate([np.degrees(np.arctan2(*place.T)) % 360.0, nothing])
        ranges = np.abs(ranges + self._chance.normal(0.0, RANGE_STD_M, len(ranges)))
        bearings = (bearings + self._chance.normal(0.0, BEARING_STD_DEG, len(ranges))) % 360.0
        times = np.concatenate([at_s, began_s + nothing / 360.0 * TURN_S])
        order = np.argsort(times, kind="stable")
        ends = end_s >= began_s + TURN_S - 1e-6
        return self._batch(
            look, ranges[order], bearings[order], times[order], end_s if ends else None
        )

    def _batch(
        self, look: int, ranges: Floats, bearings: Floats, times_s: Floats, ends_s: float | None
    ) -> ObservationBatch:
        east, north = ranges * np.sin(np.radians(bearings)), ranges * np.cos(np.radians(bearings))
        across = METRES_A_DEGREE * np.cos(np.radians(self._north_deg))
        measured = {
            "latitude_deg": self._north_deg + north / METRES_A_DEGREE,
            "longitude_deg": self._east_deg + east / across,
            "position_std_m": np.maximum(RANGE_STD_M, ranges * np.radians(BEARING_STD_DEG)),
            "range_m": ranges,
            "range_std_m": np.full(len(ranges), RANGE_STD_M),
            "bearing_deg": bearings,
            "bearing_std_deg": np.full(len(ranges), BEARING_STD_DEG),
        }
        if ends_s is not None:
            times_s = np.append(times_s, ends_s)
            measured = {name: np.append(column, np.nan) for name, column in measured.items()}
        rows = len(times_s)
        valid = pa.array(START_US + np.round(times_s * 1e6).astype(np.int64)).cast(TIME)
        columns = {
            "identifier": _word(f"radar:{self.name}", rows),
            "schema": _word("Sensor", rows),
            "valid": valid,
            "received": valid,
            "sensor_latitude_deg": pa.array(np.full(rows, self._north_deg)),
            "sensor_longitude_deg": pa.array(np.full(rows, self._east_deg)),
            "look": pa.array(np.full(rows, look)),
        }
        for name, values in measured.items():
            columns[name] = pa.array(values, from_pandas=True).cast(PLOT.field(name).type)
        return ObservationBatch(Kind.PLOT, pa.RecordBatch.from_pydict(columns))


def _word(word: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(rows, np.int32)), pa.array([word])
    ).cast(WORD)
