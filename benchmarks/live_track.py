"""How many bytes of memory does a live track take, with everything that is kept of it?

A picture of 20,000 and one of 100,000 tracks, each track with a full trail, a name and four more
claimed properties; one audience looks at all of it, and has been sent the words of each. Measured
are the process's resident memory and what Python and NumPy allocated (tracemalloc), each before
and after, in a process of its own; what a track takes is the difference between the two sizes.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from alliage.ontology.audience import Audience
from alliage.ontology.claim import Claim
from alliage.ontology.times import WallClock
from alliage.picture.picture import Picture
from alliage.picture.tracks import TRAIL_POINTS, TRAIL_STEP_US, SourceTracks
from benchmarks.fleet import Entry, Fleet
from benchmarks.picture_updates import make_picture

SIZES: Final = (20_000, 100_000)
PROPERTIES: Final[dict[str, str | float]] = {
    "name": "SHIP", "call_sign": "OXAB", "destination": "AARHUS", "length_m": 120.0, "beam_m": 20.0,
}  # fmt: skip


@dataclass(frozen=True)
class Claims:
    """A committed entry of claims, as the picture needs it."""

    number: int
    said: tuple[Claim, ...]
    known_us: int
    stream: str = "bench"
    label_set: int = 0
    kind: str = "claims"

    def observations(self) -> Any:
        """None here."""
        raise NotImplementedError

    def claims(self) -> tuple[Claim, ...]:
        """The claims."""
        return self.said


def fill(picture: Picture, reader: Audience, tracks: int) -> None:
    """Report so many ships for half an hour, claim what is known of them, and look at them."""
    now_us = WallClock().now_us()
    begin_us = now_us - TRAIL_POINTS * TRAIL_STEP_US
    fleet = Fleet(tracks, begin_us)
    for step in range(1, TRAIL_POINTS + 1):
        valid_us = np.full(tracks, begin_us + step * TRAIL_STEP_US)
        picture.apply([Entry(step, fleet.reports(np.arange(tracks), valid_us), now_us)])
    for ship in range(tracks):
        said = tuple(claim(ship, name, value, begin_us) for name, value in PROPERTIES.items())
        picture.apply([Claims(TRAIL_POINTS + 1 + ship, said, now_us)])
    view = picture.view(reader, now_us)
    for row in range(view.objects.count):
        view.words(row)


def claim(ship: int, name: str, value: str | float, from_us: int) -> Claim:
    """One claim of a ship, its text its own as in life."""
    said = f"{value} {ship}" if isinstance(value, str) else value
    identifier = f"mmsi:{219_000_000 + ship}"
    return Claim(
        claim_id=f"{ship}-{name}",
        subject=f"{ship:032x}",
        identifier=identifier,
        schema="Vessel",
        property=name,
        value=said,
        valid_from_us=from_us,
    )


def measure(tracks: int, traced: bool) -> int:
    """Bytes that a picture of so many tracks added to this process."""
    picture, reader = make_picture()
    fill(picture, reader, 100)  # what is made once, for however many
    picture, reader = make_picture()
    gc.collect()
    process = psutil.Process()
    if traced:
        tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0] if traced else process.memory_info().rss
    fill(picture, reader, tracks)
    gc.collect()
    after = tracemalloc.get_traced_memory()[0] if traced else process.memory_info().rss
    return after - before


def columns_bytes() -> int:
    """Bytes of one row of the source tracks' columns."""
    return sum(
        np.dtype(kind).itemsize * max(width, 1) for kind, _, width in SourceTracks.LAYOUT.values()
    )


def in_own_process(tracks: int, traced: bool) -> int:
    """The same, with nothing else in the process's memory."""
    command = [sys.executable, "-m", "benchmarks.live_track", "--one", str(tracks)]
    done = subprocess.run(
        [*command, *["--traced"] * traced], check=True, stdout=subprocess.PIPE, text=True
    )
    return int(done.stdout)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="a tenth of the tracks")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--traced", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        print(measure(arguments.one, arguments.traced))
        return 0
    sizes = [size // 10 if arguments.quick else size for size in SIZES]
    figures: dict[str, Any] = {"columns": columns_bytes()}
    print(f"columns of a source track: {figures['columns']:,} bytes, its trail among them")
    for name, traced in (("resident", False), ("allocated", True)):
        taken = {size: in_own_process(size, traced) for size in sizes}
        a_track = (taken[sizes[1]] - taken[sizes[0]]) / (sizes[1] - sizes[0])
        figures[name] = {"bytes": taken, "a_track": a_track}
        shown = ", ".join(f"{size:,} tracks {b / 1e6:.0f} MB" for size, b in taken.items())
        print(f"{name}: {shown}; {a_track:,.0f} bytes a track")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
