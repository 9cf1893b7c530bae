"""How many durable entries a second does the log take, beside a table and a stream?

Submitters each hand in one small claim and wait until it is durable, then the next. Ours is the
node's writer and log: signed (Ed25519), chained, in the Merkle tree, body and index each synced,
one group commit for all who wait (without the node's 200 ms of gathering). SQLite is a table of
the same bytes, a commit for each row (WAL, ``synchronous=FULL``); its submitters share one
connection, which is its best. JetStream is Debian's ``nats-server`` with a file store, which
acknowledges what is written and not yet synced: its figure is of a weaker promise.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from alliage.log import Draft, Log, NodeKeys
from alliage.log.bodies import encode
from alliage.log.writer import Writer
from alliage.ontology.claim import Claim
from alliage.ontology.label import Label
from alliage.ontology.times import WallClock

SUBMITTERS: Final = (1, 16, 64)
SECONDS: Final = 5.0
ROUNDS: Final = 3
LABELS: Final = frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK"])])
NATS_PYTHON: Final = Path(__file__).parents[1] / ".bench-venv/bin/python"


def claim_of(number: int) -> Claim:
    """A small claim."""
    return Claim(
        claim_id=f"{number:032x}",
        subject="5b1e3c0a77d94f0f",
        identifier="mmsi:219012345",
        schema="Vessel",
        property="destination",
        value=f"PORT {number}",
        valid_from_us=1_700_000_000_000_000 + number,
    )


BODY: Final = encode((claim_of(1),)).data.to_pybytes()


def rate(work: Callable[[int], object], submitters: int, seconds: float) -> float:
    """Calls of ``work`` a second, each submitter one after the other."""
    counts = [0] * submitters
    until = time.perf_counter() + seconds

    def submit(nth: int) -> None:
        number = nth << 32
        while time.perf_counter() < until:
            work(number + counts[nth])
            counts[nth] += 1

    threads = [threading.Thread(target=submit, args=(nth,)) for nth in range(submitters)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def alliage_rate(folder: Path, submitters: int, seconds: float) -> float:
    """Entries a second of the node's own log and writer."""
    log = Log.open(folder / "log", NodeKeys.generate(), "bench", WallClock())
    writer = Writer(log, flush_s=0.0)

    def work(number: int) -> None:
        writer.submit([Draft("bench", LABELS, (claim_of(number),))]).result()

    try:
        return rate(work, submitters, seconds)
    finally:
        writer.close()
        log.close()


def sqlite_rate(folder: Path, submitters: int, seconds: float) -> float:
    """Rows a second, each in a transaction of its own."""
    connection = sqlite3.connect(
        folder / "rows.sqlite", isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, body BLOB)")
    lock = threading.Lock()

    def work(_number: int) -> None:
        with lock:
            connection.execute("INSERT INTO rows (body) VALUES (?)", (BODY,))

    try:
        return rate(work, submitters, seconds)
    finally:
        connection.close()


def jetstream_rate(folder: Path, submitters: int, seconds: float) -> float:
    """Messages a second that JetStream acknowledges, published by the benchmark environment."""
    script = Path(__file__).with_name("peer_jetstream.py")
    command = [NATS_PYTHON, script, folder, str(submitters), str(seconds), BODY.hex()]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["rate"])


def missing_peer() -> str | None:
    """Why JetStream cannot be measured here; None if it can."""
    if not NATS_PYTHON.exists():
        return f"no {NATS_PYTHON} (see benchmarks/README.md)"
    if shutil.which("nats-server", path="/usr/sbin:/usr/bin:/usr/local/bin") is None:
        return "no nats-server (apt-get install nats-server)"
    found = subprocess.run([NATS_PYTHON, "-c", "import nats"], check=False, capture_output=True)
    return None if found.returncode == 0 else "no nats-py in .bench-venv"


def main() -> int:
    """Print the figures and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every run here too")
    parser.add_argument("--quick", action="store_true", help="one short round")
    arguments = parser.parse_args()
    seconds, rounds = (1.0, 1) if arguments.quick else (SECONDS, ROUNDS)
    ways = {"alliage": alliage_rate, "sqlite": sqlite_rate, "jetstream": jetstream_rate}
    why = missing_peer()
    if why is not None:
        print(f"JetStream is left out: {why}")
        del ways["jetstream"]
    runs: dict[str, dict[str, list[float]]] = {}
    for submitters in SUBMITTERS:
        found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):  # in turns: what disturbs one disturbs all
            for name, way in ways.items():
                with tempfile.TemporaryDirectory(prefix="alliage-bench-") as folder:
                    found[name].append(way(Path(folder), submitters, seconds))
        runs[str(submitters)] = found
        ours, *others = (sorted(rates)[len(rates) // 2] for rates in found.values())
        ratios = ", ".join(
            f"{name} {theirs:6,.0f}/s ({ours / theirs:.2f}x)"
            for name, theirs in zip(list(ways)[1:], others, strict=True)
        )
        print(f"{submitters:3} submitters: {ours:6,.0f} entries/s; {ratios}")
    if arguments.json:
        arguments.json.write_text(json.dumps(runs, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
