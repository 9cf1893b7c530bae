"""Writes src/alliage/feeds/asterix/sample.ast: ``python -m tests.feeds.asterix.make_sample``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alliage.feeds.asterix.encode import bearings, north_marker, plots

SAMPLE = Path(__file__).parents[3] / "src/alliage/feeds/asterix/sample.ast"
START_S = 1_773_500_947  # 2026-03-14T15:09:07Z
RADAR = (255, 1)
FINDER = (255, 2)
PERIOD_S = 4.0


def marker(turn: int) -> bytes:
    return north_marker(*RADAR, START_S + turn * PERIOD_S, PERIOD_S, 55.5, 14.25, 60.0)


def turn(number: int) -> bytes:
    """Three plots of one turn, then what ends it."""
    bearing = np.array([20.0, 140.0, 300.0]) + number
    times = START_S + (number + bearing / 360) * PERIOD_S
    seen = plots(*RADAR, times, np.array([8_000.0, 21_000.0, 33_000.0]), bearing)
    return seen + marker(number + 1)


def sample() -> bytes:
    """Two turns of a radar, one that saw nothing, bearings, and a damaged block."""
    heard = bearings(
        *FINDER,
        np.array([START_S + 9.0, START_S + 9.2]),
        np.array([75.2, 310.4]),
        55.0,
        14.75,
        "156.800",
    )
    damaged = bytearray(turn(3))
    damaged[3] ^= 0x01
    return marker(0) + turn(0) + turn(1) + marker(3) + heard + bytes(damaged)


if __name__ == "__main__":
    SAMPLE.write_bytes(sample())
