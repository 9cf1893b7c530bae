"""How long does a node take to start, until its page is served?

``alliage demo`` is started for a second time in the same folder: its log, accounts and projections
are there and are read. Printed are the seconds until the page is answered and the processor time
that this took, and the same for a Python that only imports what the node is made of, for one that
imports nothing, and for a command that starts nothing. Best of several.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psutil

ALLIAGE: Final = str(Path(sys.executable).with_name("alliage"))
AIM_S: Final = 3.0
FIRST_RUN_S: Final = 20.0


def start(home: Path, run_on_s: float = 0.0) -> dict[str, float]:
    """Start the demo, wait until its page is answered, and stop it ``run_on_s`` later."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ALLIAGE_")}
    command = [ALLIAGE, "demo", "--home", str(home), "--port", "0", "--json"]
    began = time.monotonic()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as node:
        assert node.stdout is not None
        try:
            address = announced(node.stdout.readline)
            with urllib.request.urlopen(address) as answer:
                answer.read()
            page_s = time.monotonic() - began
            times = psutil.Process(node.pid).cpu_times()
            time.sleep(run_on_s)
        finally:
            node.terminate()
    return {"page_s": page_s, "cpu_s": times.user + times.system}


def announced(read_line: Callable[[], bytes]) -> str:
    """The address that a node says it answers at, as JSON over several lines."""
    told = b""
    while line := read_line():
        told += line
        try:
            return str(json.loads(told)["address"])
        except ValueError:
            continue
    raise RuntimeError("the node ended before it answered; start it by hand to see why")


def run_s(*command: str) -> dict[str, float]:
    """Seconds, and seconds of processor time, of a command that ends by itself."""
    before, began = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return {"page_s": time.monotonic() - began, "cpu_s": spent}


def main() -> int:
    """Print the figures; exit code 1 where the second start takes longer than three seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="a shorter first run, best of two")
    arguments = parser.parse_args()
    rounds = 2 if arguments.quick else 5
    # As where it is installed: modules are compiled once, not at each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    python = sys.executable
    ways: dict[str, Callable[[], dict[str, float]]] = {
        "Python alone": lambda: run_s(python, "-c", "pass"),
        "alliage version": lambda: run_s(ALLIAGE, "version"),
        "imports of a node": lambda: run_s(python, "-c", "import alliage.node"),
    }
    with tempfile.TemporaryDirectory(prefix="alliage-bench-") as folder:
        home = Path(folder) / "home"
        start(home, 2.0 if arguments.quick else FIRST_RUN_S)
        ways["second start of the demo"] = lambda: start(home)
        runs: dict[str, list[dict[str, Any]]] = {
            name: [way() for _ in range(rounds)] for name, way in ways.items()
        }
    for name, found in runs.items():
        wall_s, cpu_s = (min(one[key] for one in found) for key in ("page_s", "cpu_s"))
        print(f"{name:25} {wall_s:6.2f} s, {cpu_s:6.2f} s of processor time")
    if arguments.json:
        arguments.json.write_text(json.dumps(runs, indent=2))
    aimed = min(one["page_s"] for one in runs["second start of the demo"])
    return 0 if aimed < AIM_S else 1


if __name__ == "__main__":
    sys.exit(main())
