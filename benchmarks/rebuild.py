"""How long does a node take to make all its projections anew, and to start when it has them?

A log is written with position reports of ships (`sea_traffic.py`) and claims about ships
(`search.py`), as a node writes it. ``alliage run`` is then started in its folder, which has
nothing but the log: claims, text index, picture, audit and history are made from it. Printed are
the seconds until the page is answered and until the node says that it is ready (all of the history
made), the most memory that it took, and the same for a second start. As a measure of what must
be read at the least, ``alliage verify`` reads the whole log beside it.

``--whole``: 20 million reports and a million claims instead of a tenth of that.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

import psutil

from alliage.log import Draft, Log, NodeKeys
from alliage.ontology.audience import LabelSets
from alliage.ontology.label import Label
from alliage.ontology.times import WallClock
from benchmarks import search
from benchmarks.sea_entries import STREAM, entries
from benchmarks.sea_traffic import hours
from benchmarks.start_up import ALLIAGE, announced

REPORTS: Final = 2_000_000
CLAIMS: Final = 100_000
GROUP: Final = 64
LABELS: Final = frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])])
TIMEOUT_S: Final = 3_600.0


def make_home(home: Path, reports: int, claims: int) -> float:
    """A node's folder with nothing but its log; seconds that writing the log took."""
    subprocess.run([ALLIAGE, "init", "--home", home, "--nation", "DNK"], check=True, **_QUIET)
    log = Log.open(home / "log", NodeKeys.load(home / "keys"), "bench", WallClock())
    began = time.monotonic()
    waiting: list[Draft] = []
    for hour in hours(reports):
        for entry in entries(hour):
            waiting.append(Draft(STREAM, LABELS, entry.batch))
            if len(waiting) >= GROUP:
                log.append(waiting)
                waiting.clear()
    said = search.entries(claims, LabelSets(), WallClock().now_us())
    log.append([*waiting, *(Draft(entry.stream, LABELS, entry.body) for entry in said)])
    took_s = time.monotonic() - began
    log.close()
    return took_s


def start(home: Path) -> dict[str, float]:
    """Start the node, wait until it is ready, stop it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ALLIAGE_")}
    command: list[str | Path] = [ALLIAGE, "run", "--home", home, "--port", "0", "--json"]
    began = time.monotonic()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as node:
        assert node.stdout is not None
        process, most = psutil.Process(node.pid), 0
        try:
            address = announced(node.stdout.readline)
            page_s = time.monotonic() - began
            while not _is_ready(address):
                most = max(most, process.memory_info().rss)
                if time.monotonic() - began > TIMEOUT_S:
                    raise RuntimeError("the node did not become ready")
                time.sleep(0.05)
            ready_s = time.monotonic() - began
            most, times = max(most, process.memory_info().rss), process.cpu_times()
        finally:
            node.terminate()
    cpu_s = times.user + times.system
    return {"page_s": page_s, "ready_s": ready_s, "cpu_s": cpu_s, "rss_mib": most / 2**20}


_QUIET: Final[dict[str, Any]] = {"stdout": subprocess.DEVNULL}


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/health/ready"):
            return True
    except urllib.error.HTTPError:
        return False


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="100,000 reports, 10,000 claims")
    parser.add_argument("--whole", action="store_true", help="20 million and one million")
    arguments = parser.parse_args()
    reports, claims = (100_000, 10_000) if arguments.quick else (REPORTS, CLAIMS)
    if arguments.whole:
        reports, claims = reports * 10, claims * 10
    with tempfile.TemporaryDirectory(prefix="alliage-bench-") as folder:
        home = Path(folder) / "home"
        written_s = make_home(home, reports, claims)
        began = time.monotonic()
        subprocess.run([ALLIAGE, "verify", "--home", home], check=True, **_QUIET)
        verify_s = time.monotonic() - began
        runs = {"all made anew": start(home), "second start": start(home)}
        kept = sum(file.stat().st_size for file in (home / "log").rglob("*") if file.is_file())
    print(f"{reports:,} reports and {claims:,} claims: {kept / 2**20:,.0f} MiB of log")
    print(f"written in {written_s:.1f} s, verified in {verify_s:.1f} s")
    for name, found in runs.items():
        print(
            f"{name:15} page after {found['page_s']:6.1f} s, ready after {found['ready_s']:6.1f} s"
            f" ({found['cpu_s']:.1f} s of processor time), at most {found['rss_mib']:,.0f} MiB"
        )
    if arguments.json:
        figures = {"written_s": written_s, "verify_s": verify_s, "log_bytes": kept, "runs": runs}
        arguments.json.write_text(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
