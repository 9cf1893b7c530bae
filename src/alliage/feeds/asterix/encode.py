"""Reports to bytes: what simulated sensors send. The other direction of the decoder.

Only what a surveillance radar on the coast and a direction finder have to say: north markers with
the radar's place (category 034), plots (048) and bearings (205).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.asterix.reports import FINDER_PLACE_DEG, RADAR_PLACE_DEG, RANGE_STEP_M, TICKS

Floats = NDArray[np.float64]

LONGEST_RANGE_M: Final = 0xFFFF * RANGE_STEP_M
"""256 nautical miles: what I048/040 can say."""

_DAY_TICKS: Final = 86_400 * TICKS
_SINGLE_PSR: Final = 0x20  # I048/020: a plot of a primary radar
_SIMULATED: Final = 0x10
_RECORDS_A_BLOCK: Final = 1_000


def north_marker(
    sac: int,
    sic: int,
    time_s: float,
    period_s: float,
    latitude_deg: float,
    longitude_deg: float,
    height_m: float,
) -> bytes:
    """A block of category 034 with one north marker: I034/010, 000, 030, 041 and 120.

    Args:
        sac: system area code.
        sic: system identification code.
        time_s: seconds since 1970 or since midnight, UTC.
        period_s: of one turn.
        latitude_deg: of the radar.
        longitude_deg: the same.
        height_m: of its antenna above the sea.
    """
    record = bytes([0b11101001, 0b00010000, sac, sic, 1])
    record += ticks([time_s])[0] + round(period_s * TICKS).to_bytes(2)
    record += round(height_m).to_bytes(2, signed=True)
    for degrees in (latitude_deg, longitude_deg):
        record += round(degrees / RADAR_PLACE_DEG).to_bytes(3, signed=True)
    return block(34, [record])


def plots(
    sac: int,
    sic: int,
    time_s: Floats,
    slant_m: Floats,
    bearing_deg: Floats,
    simulated: bool = True,
    code: int | None = None,
) -> bytes:
    """Blocks of category 048 with plots: I048/010, 140, 020, 040 and 070. Arrays of shape (n,).

    Args:
        sac: system area code.
        sic: system identification code.
        time_s: seconds since 1970 or since midnight, UTC.
        slant_m: range along the straight line.
        bearing_deg: from true north.
        simulated: whether the reports say that they are.
        code: what the transponders of all of them answer in mode 3/A; None: there are none.
    """
    answer = b"" if code is None else code.to_bytes(2)
    head = bytes([0b11110000 | (0b1000 if answer else 0), sac, sic])
    kind = bytes([_SINGLE_PSR | (_SIMULATED if simulated else 0)])
    rho = np.clip(np.rint(slant_m / RANGE_STEP_M), 0, 0xFFFF)
    theta = np.rint(bearing_deg * (2**16 / 360)) % 2**16
    polar = np.stack((rho, theta), -1).astype(">u2")
    records = [
        head + time + kind + place.tobytes() + answer
        for time, place in zip(ticks(time_s), polar, strict=True)
    ]
    return b"".join(
        block(48, records[start : start + _RECORDS_A_BLOCK])
        for start in range(0, len(records), _RECORDS_A_BLOCK)
    )


def bearings(
    sac: int,
    sic: int,
    time_s: Floats,
    bearing_deg: Floats,
    latitude_deg: float,
    longitude_deg: float,
    channel: str,
) -> bytes:
    """A block of category 205 with system bearing reports: I205/010, 000, 030, 040, 090, 050, 070.

    Args:
        sac: system area code.
        sic: system identification code.
        time_s: seconds since 1970 or since midnight, UTC; shape (n,).
        bearing_deg: from true north; shape (n,).
        latitude_deg: of the direction finder.
        longitude_deg: the same.
        channel: seven digits and point.
    """
    place = b"".join(
        round(degrees / FINDER_PLACE_DEG).to_bytes(4, signed=True)
        for degrees in (latitude_deg, longitude_deg)
    )
    hundredths = np.rint(bearing_deg * 100).astype(np.int64) % 36_000
    head, name = bytes([0b10111111, 0b01000000, sac, sic, 2]), channel.encode("ascii")[:7].ljust(7)
    records = [
        head + time + bytes([number % 256]) + name + place + bearing.to_bytes(2)
        for number, (time, bearing) in enumerate(
            zip(ticks(time_s), hundredths.tolist(), strict=True)
        )
    ]
    return block(205, records) if records else b""


def block(category: int, records: Sequence[bytes]) -> bytes:
    """A data block: category, length, records."""
    body = b"".join(records)
    return bytes([category]) + (3 + len(body)).to_bytes(2) + body


def ticks(time_s: Floats | Sequence[float]) -> list[bytes]:
    """Times of day as they are written."""
    counted = np.rint(np.asarray(time_s, np.float64) * TICKS).astype(np.int64) % _DAY_TICKS
    return [one.to_bytes(3) for one in counted.tolist()]
