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
from typing import Any

import numpy as np

from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import Label
from alliage.ontology.schema import Ontology
from alliage.picture.picture import Picture
from alliage.picture.session import Session
from benchmarks.fleet import SEED, START_US, Entry, Fleet
from benchmarks.peer_json import PlainJson

TRACKS = 20_000
CLIENTS = 100
IN_VIEW = 500
SECONDS = 10


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


def clients_cost(moving_each_second: int) -> dict[str, float]:
    """Seconds of one core for each second of 100 clients, and what it is made of."""
    rng = np.random.default_rng(SEED)
    picture, reader = make_picture()
    fleet = Fleet(TRACKS)
    picture.apply([Entry(0, fleet.everyone(), START_US)])
    boxes = fleet.viewports(CLIENTS, IN_VIEW)
    sessions = [Session(picture, reader) for _ in boxes]
    for session, box in zip(sessions, boxes, strict=True):
        session.receive(json.dumps({"type": "view", "bbox": box, "zoom": 8}))
        session.tick(START_US)
    view = picture.view(reader, START_US)
    peers = [PlainJson(view, box) for box in boxes]
    spent = dict.fromkeys(("apply", "sessions", "plain", "bytes", "plain bytes"), 0.0)
    for second in range(1, SECONDS + 1):
        now = START_US + second * 1_000_000
        who = rng.choice(TRACKS, moving_each_second, replace=False)
        entry = Entry(second, fleet.reports(who, np.full(len(who), now)), now)
        spent["apply"] += timed(picture.apply, [entry])[0]
        for nth, (session, peer) in enumerate(zip(sessions, peers, strict=True)):
            session.receive(json.dumps({"type": "ack", "seq": second}))
            took, frames = timed(session.tick, now + nth * 10_000)
            spent["sessions"] += took
            spent["bytes"] += sum(map(len, frames))
            took, document = timed(peer.batch, now + nth * 10_000)
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
