"""Two streams' reports of ships on a small sea, and a correlator that is shown them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from alliage.fusion.correlation import (
    Judgement,
    PairCorrelator,
    SourceRows,
    Verdict,
    source_rows,
)

METRES_A_DEGREE = 111_195.0
ROUND_S = 10.0


@dataclass
class Ship:
    """Where a ship is at time 0, in metres east and north of 55 N 11 E, and how it moves."""

    east_m: float
    north_m: float
    speed_mps: float = 0.0
    course_deg: float = 0.0
    words: dict[str, Any] = field(default_factory=dict)

    def at(self, time_s: float) -> tuple[float, float]:
        course = np.radians(self.course_deg)
        way = self.speed_mps * time_s
        return self.east_m + way * np.sin(course), self.north_m + way * np.cos(course)


@dataclass
class Stream:
    """How a stream sees ships: off by a shift, a clock, a turn and its ranges, with noise."""

    prefix: str
    east_m: float = 0.0
    north_m: float = 0.0
    clock_s: float = 0.0
    turned_deg: float = 0.0
    range_m: float = 0.0
    stretch: float = 0.0
    sensor_m: tuple[float, float] | None = None
    noise_m: float = 10.0
    seed: int = 1
    middle_m: float = 0.0
    """How far from a ship's own middle it sees it, as a standard deviation; always the same."""

    @property
    def sensor(self) -> tuple[float, float] | None:
        """Where its sensor stands, degrees."""
        if self.sensor_m is None:
            return None
        east, north = self.sensor_m
        lat = 55.0 + north / METRES_A_DEGREE
        return lat, 11.0 + east / (METRES_A_DEGREE * float(np.cos(np.radians(lat))))

    def rows(self, ships: dict[str, Ship], time_s: float, order: Sequence[int] = ()) -> SourceRows:
        """What it has of the ships, by its identifiers, at a time."""
        rng = np.random.default_rng([self.seed, round(time_s)])
        names = list(ships)
        noise = dict(zip(names, rng.normal(0.0, self.noise_m, (len(names), 2)), strict=True))
        names = [names[n] for n in order] if len(order) else names
        places = np.array([ships[name].at(time_s) + noise[name] for name in names])
        places = places.reshape(-1, 2) + np.array([self.east_m, self.north_m])
        if self.middle_m:
            of_ships = np.random.default_rng(self.seed).normal(0.0, self.middle_m, places.shape)
            places = places + of_ships
        if self.sensor_m is not None:
            turn, away = np.radians(self.turned_deg), places - np.array(self.sensor_m)
            too_long = self.stretch + self.range_m / np.hypot(*away.T)[:, None]
            aside = np.stack([away[:, 1], -away[:, 0]], axis=1)
            places = places + turn * aside + too_long * away
        latitude = 55.0 + places[:, 1] / METRES_A_DEGREE
        longitude = 11.0 + places[:, 0] / (METRES_A_DEGREE * np.cos(np.radians(latitude)))
        words = {
            key: [ships[name].words.get(key, "") for name in names]
            for key in ("name", "call_sign", "kind", "schema")
        }
        return source_rows(
            [f"{self.prefix}:{name}" for name in names],
            time_s=[time_s + self.clock_s] * len(names),
            latitude_deg=latitude,
            longitude_deg=longitude,
            std_m=[self.noise_m] * len(names),
            speed_mps=[ships[name].speed_mps for name in names],
            course_deg=[ships[name].course_deg for name in names],
            length_m=[ships[name].words.get("length_m", np.nan) for name in names],
            **words,
        )


def open_sea(count: int, seed: int = 0, size_m: float = 60_000.0) -> dict[str, Ship]:
    """Ships under way, far apart."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(0.0, size_m, (count, 2))
    ways = zip(rng.uniform(3.0, 10.0, count), rng.uniform(0.0, 360.0, count), strict=True)
    return {
        str(n): Ship(*place, *way)
        for n, (place, way) in enumerate(zip(places.tolist(), ways, strict=True))
    }


def watch(
    correlator: PairCorrelator,
    one: tuple[Stream, dict[str, Ship]],
    other: tuple[Stream, dict[str, Ship]],
    rounds: int,
    begin_s: float = 0.0,
) -> list[Judgement]:
    """Show it both streams for some rounds; everything that it says."""
    said = []
    for nth in range(rounds):
        time_s = begin_s + nth * ROUND_S
        said += correlator.update(
            time_s,
            one[0].rows(one[1], time_s),
            other[0].rows(other[1], time_s),
            (one[0].sensor, other[0].sensor),
        )
    return said


def pairs(said: Sequence[Judgement], verdict: Verdict = Verdict.SAME) -> set[tuple[str, str]]:
    """The pairs that were judged so, without the streams' prefixes."""
    return {
        (item.one.partition(":")[2], item.other.partition(":")[2])
        for item in said
        if item.verdict is verdict
    }
