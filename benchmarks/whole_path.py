"""Is the whole path faster than the usual decoder alone?

Bytes of real recordings go through decoder, change detection, signed log (synced to disk) and
picture of one node in one process. The peer is pyais decoding the same sentences to dictionaries
and keeping nothing. Copies of the recordings go on in time, with the same ships or with new ones.

A replay is a whole node: its server, history and search are up too. Detectors, which come after
the path and have a budget of their own (``detection_scale.py``), are off, and on in the last row.
Thirty copies hold 78 hours, which a replay flat out hurries through in seconds: that many looks
of all detectors compete with the path for one interpreter.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyais.stream import IterMessages

from alliage.config import Config
from alliage.feeds.bulk import decode_file
from alliage.feeds.contract import Decoded
from alliage.feeds.transports.base import State
from alliage.home import init_home
from alliage.ingest import Recording, ingest
from alliage.node import Node
from alliage.ontology.label import Label
from alliage.server.logs import configure_logs
from benchmarks.ais_copies import multiply

RECORDINGS = {
    "denmark-2013-11-12-5min.nmea.gz": 5,
    "denmark-2010-06-11-29s.nmea": 1,
    "frio-drift-2014-09-28.nmea": 150,
}
AIM = 2.0
AIMED = ("bulk", "bulk, bytes kept", "replay flat out")
"""What the aim counts for: the path, without what looks at it afterwards."""
LABELS = frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK"])])


def make_input(folder: Path, copies: int, *, new_ships: bool) -> tuple[Path, int]:
    """Write the recordings and their copies into one file; return it and its sentences."""
    data = Path(os.environ["ALLIAGE_DATA"]) / "ais"
    path = folder / "input.nmea"
    with path.open("wb") as file:
        for name, minutes in RECORDINGS.items():
            file.write(multiply(read(data / name), copies, minutes, new_ships=new_ships))
    sentences = path.read_bytes().count(b"\n!")
    return path, sentences


def read(path: Path) -> bytes:
    """A recording, unpacked where it is gzip."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def pyais_s(path: Path) -> float:
    """Seconds in which pyais decodes every sentence to a dictionary."""
    lines = [line for line in path.read_bytes().splitlines() if line.startswith(b"!")]
    began = time.perf_counter()
    for message in IterMessages(lines):
        try:
            message.decode().asdict()
        except Exception:
            continue
    return time.perf_counter() - began


@contextmanager
def open_node(source: str = "") -> Iterator[Node]:
    """A node in a fresh folder."""
    folder = Path(tempfile.mkdtemp(prefix="alliage-bench-"))
    text = Config.default_text("bench", "DNK").replace("port = 8470", "port = 0")
    home = init_home(folder / "home", text + source)
    try:
        with Node.open(Config.load(home.config), home.folder) as node:
            yield node
    finally:
        shutil.rmtree(folder)


def recording_of(node: Node, path: Path, *, keep_original: bool = False) -> Recording:
    """The input as AIS under one label."""
    feed = node.feeds["ais"]
    return Recording(path, "bench", feed, feed.options_model(), LABELS, keep_original)


def bulk_s(path: Path, *, keep_original: bool = False) -> float:
    """Seconds of ``alliage ingest``: decoder, claims, log and picture, until all is durable."""
    with open_node() as node:
        began = time.perf_counter()
        ingest(node, recording_of(node, path, keep_original=keep_original))
        return time.perf_counter() - began


def log_bytes(path: Path, *, keep_original: bool) -> int:
    """Bytes of the log's segments after the input was loaded."""
    with open_node() as node:
        ingest(node, recording_of(node, path, keep_original=keep_original))
        segments = (node.home.log / "segments").iterdir()
        return sum(segment.stat().st_size for segment in segments)


def live_s(path: Path, *, detectors: bool = False) -> float:
    """Seconds of a running node that replays the file flat out, its server up."""
    table = (
        f"[detection]\nenabled = {str(detectors).lower()}\n"
        f'[[sources]]\nname = "bench"\nformat = "ais"\n'
        f'transport = {{ kind = "file", path = "{path}", pace = "flat out" }}\n'
        'label = { policy = "ALLIAGE", classification = "UNCLASSIFIED" }\n'
    )

    async def run(node: Node) -> float:
        serving = asyncio.create_task(node.serve())
        began = time.perf_counter()
        while node.runners[0].health.state is not State.ENDED:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(node.writer.drain)
        took = time.perf_counter() - began
        node.stop()
        await serving
        return took

    with open_node(table) as node:
        return asyncio.run(run(node))


def shares(path: Path) -> dict[str, float]:
    """Seconds of each part of the path, one after the other and nothing beside them."""
    with open_node() as node:
        recording = recording_of(node, path)
        decoded, decode_s = timed(
            lambda: list(decode_file(path, recording.feed, recording.options))
        )
        maker = node.streams.drafts_of("bench", LABELS)
        drafts, claims_s = timed(lambda: [draft for part in decoded for draft in maker.take(part)])
        rows = sum(rows_of(part) for part in decoded)
        claims = sum(len(draft.body) for draft in drafts if isinstance(draft.body, tuple))
        entries, log_s = timed(lambda: node.log.append(drafts))
        _, picture_s = timed(lambda: node.picture.apply(entries))
        _, projection_s = timed(lambda: node.claims.apply(entries))
    return {
        "rows": rows,
        "claims": claims,
        "decode": decode_s,
        "notice changes": claims_s,
        "sign and sync": log_s,
        "picture": picture_s,
        "claims projection": projection_s,
    }


def rows_of(decoded: Decoded) -> int:
    """Observations in a result."""
    return sum(batch.rows.num_rows for batch in decoded.batches)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and the seconds it took."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def measure(copies: int, runs: int, *, new_ships: bool) -> dict[str, Any]:
    """All figures of one kind of input, every run of each."""
    folder = Path(tempfile.mkdtemp(prefix="alliage-bench-"))
    try:
        path, sentences = make_input(folder, copies, new_ships=new_ships)
        names = ("pyais alone", *AIMED, "replay, detectors on")
        times: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(runs):
            times["pyais alone"].append(pyais_s(path))
            times["bulk"].append(bulk_s(path))
            times["bulk, bytes kept"].append(bulk_s(path, keep_original=True))
            times["replay flat out"].append(live_s(path))
            times["replay, detectors on"].append(live_s(path, detectors=True))
        parts = shares(path)
        logs = {kept: log_bytes(path, keep_original=kept) for kept in (False, True)}
        size = path.stat().st_size
    finally:
        shutil.rmtree(folder)
    best = {name: min(taken) for name, taken in times.items()}
    return {
        "sentences": sentences,
        "rows": parts.pop("rows"),
        "claims": parts.pop("claims"),
        "seconds": times,
        "log_bytes_to_input": {"kept": logs[True] / size, "not kept": logs[False] / size},
        "sentences_per_s": {name: sentences / taken for name, taken in best.items()},
        "ratio_to_pyais": {n: best["pyais alone"] / best[n] for n in names[1:]},
        "seconds_by_part": parts,
    }


def tell(title: str, figures: dict[str, Any]) -> None:
    """Print the figures of one kind of input."""
    print(
        f"{title}: {figures['sentences']:,} sentences, {figures['rows']:,} observations, "
        f"{figures['claims']:,} claims"
    )
    for name, rate in figures["sentences_per_s"].items():
        ratio = figures["ratio_to_pyais"].get(name, 1.0)
        print(f"  {name:20} {rate:12,.0f} sentences/s  {ratio:5.1f}x pyais")
    shares_of = figures["log_bytes_to_input"]
    print(
        f"  the log is {shares_of['not kept']:.0%} of the input, "
        f"{shares_of['kept']:.0%} with the bytes kept"
    )
    whole_s = sum(figures["seconds_by_part"].values())
    print("  where the time goes, each part by itself:")
    for name, seconds in figures["seconds_by_part"].items():
        print(f"    {name:18} {seconds:8.2f} s  {seconds / whole_s:6.1%}")


def main() -> int:
    """Print the figures; exit code 1 where the aim of twice pyais alone is missed.

    The aim counts for the path, as the feed goes on. New ships in every copy are the worst case
    there is: each says everything of itself for the first time, and ten claims are made of it.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="fewer copies and runs")
    arguments = parser.parse_args()
    if "ALLIAGE_DATA" not in os.environ:
        print("ALLIAGE_DATA is not set: it names the folder of real recordings", file=sys.stderr)
        return 2
    configure_logs("error")  # what is printed is the report
    copies, runs = (4, 2) if arguments.quick else (30, 3)
    figures = {
        "the same ships go on": measure(copies, runs, new_ships=False),
        "new ships in every copy": measure(copies, runs, new_ships=True),
    }
    for title, found in figures.items():
        tell(title, found)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))
    ratios = figures["the same ships go on"]["ratio_to_pyais"]
    return 0 if min(ratios[name] for name in AIMED) >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
