"""How many ship-hours does the exercise simulate in a second, and are two runs the same?

The default scenario is played on one core, as bytes of AIS sentences, with everything that
happens in it. Printed: simulated ship-hours in a second of processor time, the share of a core at
real time, the time until the first second is there, and whether a second run and a run that was
entered in its middle gave the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.ontology.times import from_text

START_US = from_text("2026-06-01T12:00:00Z")


def main() -> int:
    """Measure, print, and fail where two runs differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="five minutes instead of an hour")
    arguments = parser.parse_args()
    figures = measure(300 if arguments.quick else 3_600)
    for name, value in figures.items():
        print(f"{name:32} {value:.4g}" if isinstance(value, float) else f"{name:32} {value}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0 if figures["same_bytes"] and figures["same_bytes_after_seek"] else 1


def measure(seconds: int) -> dict[str, Any]:
    """Play so many seconds twice, and their second half once more."""
    began_s = time.process_time()
    first = Simulation(load_scenario("baltic"), START_US)
    first.step()
    first_second_s = time.process_time() - began_s
    first.seek(START_US)
    began_s = time.process_time()
    whole, half, lines = play(first, seconds)
    took_s = time.process_time() - began_s
    second, _, _ = play(Simulation(load_scenario("baltic"), START_US), seconds)
    middle_us = START_US + seconds // 2 * SECOND_US
    entered = Simulation(load_scenario("baltic"), START_US)
    entered.seek(middle_us)
    later, _, _ = play(entered, seconds - seconds // 2)
    ships = len(first.fleet)
    return {
        "ships": ships,
        "simulated_s": seconds,
        "sentences": lines,
        "ship_hours_per_s": ships * seconds / 3_600 / took_s,
        "times_real_time": seconds / took_s,
        "share_of_a_core_at_real_time": took_s / seconds,
        "first_second_after_s": first_second_s,
        "same_bytes": whole == second,
        "same_bytes_after_seek": half == later,
    }


def play(simulation: Simulation, seconds: int) -> tuple[str, str, int]:
    """Digests of all and of the second half of what is played, and how many lines it was."""
    whole, half, lines = hashlib.sha256(), hashlib.sha256(), 0
    for second in range(seconds):
        heard = simulation.step()
        lines += len(heard)
        for line in heard:
            whole.update(line)
            if second >= seconds // 2:
                half.update(line)
    return whole.hexdigest(), half.hexdigest(), lines


if __name__ == "__main__":
    sys.exit(main())
