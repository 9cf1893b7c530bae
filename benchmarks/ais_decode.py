"""How fast do AIS bytes become Arrow observations, in one thread, beside pyais and aiscat?

Each recording separately and all together, multiplied: copies get ships and times of their own
(``benchmarks/ais_copies.py``). Ours does everything that a source does: lines, checksums, origins,
parts, duplicates, units, Arrow batches. pyais (``IterMessages`` with ``asdict``) and aiscat
(dict mode, GPL, in ``.bench-venv`` only) stop at one dictionary for each message. Ratios are of
the best CPU times, since neighbours on the machine disturb the clock on the wall; both are kept.

    python -m benchmarks.ais_decode [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyais.exceptions import AISBaseException
from pyais.stream import IterMessages

from alliage.feeds.ais.decoder import make_decoder
from alliage.feeds.ais.options import Options
from alliage.feeds.contract import Chunk
from alliage.feeds.transports.file import FLAT_OUT_BYTES
from benchmarks.ais_copies import multiply

RECORDINGS = {  # minutes that one copy is later than the one before
    "denmark-2010-06-11-29s.nmea": 1,
    "denmark-2013-11-12-5min.nmea.gz": 5,
    "frio-drift-2014-09-28.nmea": 160,
    "mixed-message-types.nmea": 1,
}
TOGETHER = "all together"
SENTENCES = 255_000  # of each recording, so that all together are over a million
QUICK_SENTENCES = 26_000
AIM = 5  # times faster than pyais, on each input
RECEIVED_US = 1_790_000_000_000_000
AISCAT_PYTHON = Path(".bench-venv/bin/python")

Figures = dict[str, Any]


def read(name: str) -> bytes:
    """A recording, unpacked where it is gzip."""
    path = Path(os.environ["ALLIAGE_DATA"]) / "ais" / name
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def count_sentences(data: bytes) -> int:
    """VDM and VDO sentences."""
    return data.count(b"VDM,") + data.count(b"VDO,")


def make_inputs(sentences: int) -> dict[str, bytes]:
    """Each recording multiplied to at least so many sentences, and all of them in one."""
    inputs = {}
    for name, minutes in RECORDINGS.items():
        recording = read(name)
        copies = -(-sentences // count_sentences(recording))
        inputs[name] = multiply(recording, copies, minutes)
    return {**inputs, TOGETHER: b"".join(inputs.values())}


def alliage(data: bytes) -> int:
    """Rows of observations."""
    decoder = make_decoder(Options())
    rows: int = 0
    for at in range(0, len(data), FLAT_OUT_BYTES):
        for batch in decoder.feed([Chunk(data[at : at + FLAT_OUT_BYTES], RECEIVED_US)]).batches:
            rows += batch.rows.num_rows
    last: int = sum(batch.rows.num_rows for batch in decoder.flush(RECEIVED_US).batches)
    return rows + last


def pyais(data: bytes) -> int:
    """Dictionaries."""
    messages = 0
    for sentence in IterMessages(data.splitlines(keepends=True)):
        try:
            sentence.decode().asdict()
        except AISBaseException:
            continue  # a sentence without payload
        messages += 1
    return messages


def timed(work: Callable[[bytes], int], data: bytes) -> Figures:
    """One run."""
    wall, cpu = time.perf_counter(), time.process_time()
    messages = work(data)
    return {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "messages": messages,
    }


def timed_aiscat(path: Path) -> Figures:
    """One run in the benchmark environment."""
    command = [str(AISCAT_PYTHON), str(Path(__file__).with_name("peer_aiscat.py")), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def measure(quick: bool) -> Figures:
    """Every input, every decoder in turn, several times."""
    runs = 2 if quick else 3
    with_aiscat = AISCAT_PYTHON.exists()
    if not with_aiscat:
        print(f"aiscat is left out: no {AISCAT_PYTHON} (see benchmarks/README.md)")
    results: Figures = {}
    for name, data in make_inputs(QUICK_SENTENCES if quick else SENTENCES).items():
        found: dict[str, list[Figures]] = {"alliage": [], "pyais": [], "aiscat": []}
        with tempfile.NamedTemporaryFile(suffix=".nmea") as file:
            file.write(data)
            file.flush()
            for _ in range(runs):
                found["alliage"].append(timed(alliage, data))
                found["pyais"].append(timed(pyais, data))
                if with_aiscat:
                    found["aiscat"].append(timed_aiscat(Path(file.name)))
        results[name] = {"sentences": count_sentences(data), "bytes": len(data), **ratios(found)}
        print(line(name, results[name]), flush=True)
    return {"blocks_of_bytes": FLAT_OUT_BYTES, "runs": runs, "quick": quick, "inputs": results}


def ratios(found: dict[str, list[Figures]]) -> Figures:
    """All runs, the best of each decoder, and how many times longer each peer took."""
    best = {name: min(run["cpu_s"] for run in runs) for name, runs in found.items() if runs}
    peers = {name: cpu / best["alliage"] for name, cpu in best.items() if name != "alliage"}
    return {"best_cpu_s": best, "times_alliage": peers, "all_runs": found}


def line(name: str, result: Figures) -> str:
    """One line of the table."""
    best, peers = result["best_cpu_s"], result["times_alliage"]
    rate = result["sentences"] / best["alliage"]
    shown = [f"{name:32}", f"{result['sentences']:>9,} sentences", f"{rate:>11,.0f}/s"]
    shown += [f"{peer} takes {times:5.1f} times as long" for peer, times in peers.items()]
    return "  ".join(shown)


def main() -> int:
    """Print the figures; exit code 1 where the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="fewer copies and runs")
    arguments = parser.parse_args()
    if "ALLIAGE_DATA" not in os.environ:
        print("ALLIAGE_DATA is not set: it names the folder of real recordings", file=sys.stderr)
        return 2
    figures = measure(arguments.quick)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))
    slowest = min(result["times_alliage"]["pyais"] for result in figures["inputs"].values())
    return 0 if slowest >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
