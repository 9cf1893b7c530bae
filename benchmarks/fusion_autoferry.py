"""Do four sensors together follow two boats better than each alone, beside Stone Soup 1.9?

Real recordings with GPS truth (Autoferry, scenarios 2, 3, 4 and 16): radar, lidar, infrared and
electro-optical cameras on a small ferry. Judged twice a second are the two boats with GPS alone,
since other things that the sensors see have no truth: GOSPA without false tracks (cutoff 25 m),
root mean square error, completeness and changes of track. Boats are up to 36 m long, sensors see
their near side and GPS stands amidships, so errors of some metres remain. Standard deviations and
detection probabilities were chosen on these same recordings; the cameras' are wide and low
since their errors and misses last for many frames. Stone Soup gets the same plots and figures.
Cameras begin no tracks, so each alone follows nothing.

    ALLIAGE_DATA=... python -m benchmarks.fusion_autoferry [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from alliage.fusion import (
    ByExistence,
    ConstantVelocity,
    Estimates,
    Kind,
    Modes,
    Scan,
    Sensor,
    Settings,
    track_scans,
)
from alliage.fusion.metrics import Points, gospa_over_time, siap
from alliage.fusion.metrics.gospa import match
from alliage.fusion.metrics.over_time import moments
from benchmarks.autoferry import (
    ACCELERATION_PSD,
    BEARING_CLUTTER,
    CLUTTER_PER_M2,
    DETECTION,
    NOISE,
    REACH_M,
    SCENARIOS,
    SENSORS,
    SPEED_STD_MPS,
    Recording,
    read_recording,
)

PEER_PYTHON = Path(".bench-venv/bin/python")
ALL = tuple(SENSORS.values())
TOGETHER = (("lidar",), ("radar",), ("lidar", "radar"), ALL)
EVERY_S = 0.5
CUTOFF_M = 25.0
KINDS = {
    "lidar": Kind.POSITION,
    "radar": Kind.RANGE_BEARING,
    "infrared": Kind.BEARING,
    "camera": Kind.BEARING,
}
Figures = dict[str, float]


def scans_of(recording: Recording, used: Sequence[str]) -> list[Scan]:
    """The looks of some sensors as our tracker takes them."""
    sensors = {
        name: Sensor(name, DETECTION[name], CLUTTER_PER_M2, BEARING_CLUTTER, REACH_M.get(name))
        for name in used
    }
    return [
        Scan(
            look.time_s,
            sensors[look.sensor],
            KINDS[look.sensor],
            look.measured(),
            np.diag(np.square(NOISE[look.sensor])),
            look.own,
        )
        for look in recording.looks
        if look.sensor in used
    ]


def settings() -> Settings:
    """Our tracker's."""
    return Settings(
        modes=Modes([ConstantVelocity(ACCELERATION_PSD)]),
        confirmation=ByExistence(0.95, 0.3, 0.01),
        speed_std_mps=SPEED_STD_MPS,
        mean_lifetime_s=600.0,
    )


def at_times(said: Sequence[Estimates], times_s: np.ndarray) -> Points:
    """The latest estimates at some times, moved on with their velocities."""
    ended = np.array([one.time_s for one in said])
    rows = []
    for time_s in times_s:
        place = int(np.searchsorted(ended, time_s, side="right")) - 1
        if place >= 0:
            one = said[place]
            moved = one.states[:, :2] + one.states[:, 2:4] * (time_s - one.time_s)
            rows.append(np.column_stack([np.full(len(one), time_s), one.number, moved]))
    return points(rows)


def points(rows: Sequence[Any]) -> Points:
    """Columns of rows ``[time, number, east, north]``."""
    joined = np.concatenate([np.empty((0, 4)), *(np.array(r, float).reshape(-1, 4) for r in rows)])
    return Points(joined[:, 0], joined[:, 1].astype(np.int64), joined[:, 2:])


def judged(tracks: Points, recording: Recording, times_s: np.ndarray) -> Figures:
    """Figures against the two boats."""
    row = np.searchsorted(recording.times_s, times_s).clip(max=len(recording.times_s) - 1)
    boats = recording.boats[row].reshape(-1, 2)
    truths = Points(np.repeat(times_s, 2), np.tile([1, 2], len(times_s)), boats)
    found = gospa_over_time(tracks, truths, CUTOFF_M)
    errors = np.concatenate(
        [
            match(here.position_m, there.position_m, CUTOFF_M).distance_m
            for _, here, there in moments(tracks, truths)
        ]
    )
    figures = siap(tracks, truths, CUTOFF_M)
    return {
        "gospa_m": mean((one.localisation + one.missed) ** 0.5 for one in found),
        "rmse_m": float(np.sqrt(np.mean(errors**2))) if len(errors) else float("nan"),
        "completeness": figures.completeness,
        "switches": figures.switches,
    }


def peer(scenario: int, times_s: np.ndarray, recording: Recording) -> Figures:
    """Stone Soup with all sensors."""
    command = [str(PEER_PYTHON), str(Path(__file__).with_name("peer_stonesoup_autoferry.py"))]
    task = {"data": os.environ["ALLIAGE_DATA"], "scenario": scenario, "times_s": times_s.tolist()}
    done = subprocess.run(
        command, input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True
    )
    result = json.loads(done.stdout)
    return judged(points([result["rows"]]), recording, times_s) | {"cpu_s": result["cpu_s"]}


def measure(scenarios: Sequence[int]) -> dict[str, dict[str, Figures]]:
    """Figures by scenario and sensors."""
    results: dict[str, dict[str, Figures]] = {}
    for scenario in scenarios:
        recording = read_recording(Path(os.environ["ALLIAGE_DATA"]), scenario)
        times_s = np.arange(1.0, recording.times_s[-1], EVERY_S)
        here: dict[str, Figures] = {}
        for used in TOGETHER:
            began = time.process_time()
            said = list(track_scans(scans_of(recording, used), settings()))
            took = time.process_time() - began
            name = "all four" if used == ALL else " and ".join(used)
            here[name] = judged(at_times(said, times_s), recording, times_s) | {"cpu_s": took}
        if PEER_PYTHON.exists():
            here["Stone Soup, all four"] = peer(scenario, times_s, recording)
        results[str(scenario)] = here
        for name, figures in here.items():
            print(line(scenario, name, figures), flush=True)
    return results


def line(scenario: int, name: str, figures: Figures) -> str:
    """One line of the table."""
    return (
        f"scenario {scenario:>2}, {name:20} GOSPA {figures['gospa_m']:6.2f} m, RMSE "
        f"{figures['rmse_m']:5.2f} m, completeness {figures['completeness']:.3f}, "
        f"{figures['switches']:3.0f} switches, {figures['cpu_s']:6.2f} s of CPU"
    )


def meets(here: dict[str, Figures]) -> bool:
    """Whether all sensors together beat each alone, in GOSPA."""
    alone = min(here["lidar"]["gospa_m"], here["radar"]["gospa_m"])
    return here["all four"]["gospa_m"] < alone


def main() -> int:
    """Print the figures; exit code 1 where a sensor alone is better than all together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="one scenario")
    arguments = parser.parse_args()
    if "ALLIAGE_DATA" not in os.environ:
        print("ALLIAGE_DATA is not set: it names the folder of real recordings", file=sys.stderr)
        return 2
    if not PEER_PYTHON.exists():
        print(f"Stone Soup is left out: no {PEER_PYTHON} (see benchmarks/README.md)")
    results = measure(SCENARIOS[:1] if arguments.quick else SCENARIOS)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2))
    return 0 if all(meets(here) for here in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
