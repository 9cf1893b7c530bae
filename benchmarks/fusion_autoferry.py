"""Do four sensors together follow two boats better than each alone, beside Stone Soup 1.9?

Real recordings with GPS truth (Autoferry, scenarios 2, 3, 4 and 16): radar, lidar, infrared and
electro-optical cameras on a small ferry. Judged twice a second are the two boats with GPS alone,
since other things that the sensors see have no truth: GOSPA without false tracks (cutoff 25 m),
root mean square error, completeness and changes of track. A sensor that follows a boat only where
it is near has a small error of little, so the error is also compared over the same moments: those
at which the sensor alone and all four both follow the boat. The aim is that all four are better
than each alone in GOSPA, completeness and that error, in every scenario.

Boats are up to 36 m long and GPS stands amidships, so errors of some metres remain that no filter
takes away. Standard deviations and detection probabilities were chosen on scenarios 2, 3 and 4. The
radar's plots of one turn are up to 1.7 s apart, which is 5 m of a boat's way: where a turn begins
is found in each recording without truth, and how late the radar is beside that
(``benchmarks/autoferry_registration.py``: 267, 291 and 300 degrees and 0.6 s in the first three, 52
degrees and 0.2 s in the last, where the ferry lay otherwise). Our tracker compares a boat with
where it was when the beam met it, and each track learns how far beside a boat's middle each sensor
sees it, as far as they differ. What they have in common no tracker can know. Where the radar alone
sees all there is (scenario 16), company gains nothing beside that: near the ferry the lidar sees
one boat 0.8 m farther astern of its GPS than the radar does, and the other 0.8 m nearer to it, and
nothing but the GPS tells which of them is right. All four are 0.05 m worse there than the radar
alone at the same moments, of which the cameras are 0.04 m. Before plots had times of their own it
was as much, at errors that were larger by 0.7 m for all.

The radar's misses come together too (autocorrelation from turn to turn 0.4 to 0.96), so each track
bears how probable it is that the radar can see it; of 101 moments of 2, 3 and 4 at which all four
did not follow a boat, at seven the radar had missed it four times while the lidar saw it. GOSPA
falls by 0.2 m there, and by nothing in 16. What is left in 2, 3 and 4 are first seconds (19), a
boat 23 m beside the other (47: no plot of its own at 39 of them, confirmed late at 8) and one
beyond the lidar that the radar misses (28). Stone Soup, which judges wider, follows more of them.
Beside the verdicts of each scenario stand figures of all scenarios as one, with squared errors at
the same moments pooled and the rest as means.

A camera's errors and misses last for many frames: half of an error is left after two seconds there
(autocorrelation, against GPS), and ten to sixteen frames come in that time. So our tracker takes
one look of each camera in two seconds, and follows what is left of its error beside each track;
Stone Soup takes all, wide and seldom believed. The clutter of bearings is counted: what a camera
gives in a look, all around. Stone Soup takes the radar's plots half a turn older than they came,
in the order of these times. The cameras stand in one place: their lines cross nowhere.

    ALLIAGE_DATA=... python -m benchmarks.fusion_autoferry [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from alliage.fusion import (
    ByExistence,
    ConstantVelocity,
    Estimates,
    Hidden,
    Kind,
    LastingError,
    Modes,
    Scan,
    Sensor,
    Settings,
    Tracker,
)
from alliage.fusion.metrics import Points, gospa_over_time, siap
from alliage.fusion.metrics.gospa import match
from alliage.fusion.metrics.over_time import moments
from benchmarks.autoferry import (
    ACCELERATION_PSD,
    CLUTTER_PER_M2,
    DETECTION,
    REACH_M,
    SCENARIOS,
    SENSORS,
    SPEED_STD_MPS,
    Look,
    Recording,
    read_recording,
)
from benchmarks.autoferry_registration import Registration, registration

PEER_PYTHON = Path(".bench-venv/bin/python")
ALL = tuple(SENSORS.values())
TOGETHER = (("lidar",), ("radar",), ("lidar", "radar"), ALL)
EVERY_S = 0.5
CUTOFF_M = 25.0
LEAST_PLOTS = 0.1
ALONE = ("lidar", "radar")
CORRELATED_S = 2.0
"""Looks of a camera that are nearer in time than this say the same again."""
LOOKS_APART = {"infrared": (np.radians(4.0), 0.2), "camera": (np.radians(1.5), 0.2)}
"""Standard deviation of bearings and detection probability of looks that are so far apart."""
LASTING = {
    "lidar": LastingError(2.0, 30.0),
    "radar": LastingError(2.0, 30.0),
    "infrared": LastingError(8.0, 30.0),
    "camera": LastingError(4.0, 30.0),
}
"""What lasts longer: how far beside a boat's middle a sensor sees it."""
HIDDEN = {"radar": Hidden(0.2, 5.0)}
"""For how much of the time a sensor misses a boat in look after look, and how long that lasts."""
SEEN = {"radar": 0.95}
"""Detection probability of what is not hidden."""
PLACES = {"lidar": (2.0, 2.0), "radar": (3.0, np.radians(2.0))}
"""Standard deviations of places: metres east and north; metres and radians."""
KINDS = {
    "lidar": Kind.POSITION,
    "radar": Kind.RANGE_BEARING,
    "infrared": Kind.BEARING,
    "camera": Kind.BEARING,
}
NOTHING = Registration(0.0, 0.0)
Figures = dict[str, float]


def looks_of(recording: Recording, used: Sequence[str]) -> list[Look]:
    """The looks of some sensors that our tracker takes: of each camera one in a while."""
    latest: dict[str, float] = {}
    taken = []
    for look in recording.looks:
        if look.sensor not in used:
            continue
        if look.sensor in LOOKS_APART:
            if look.time_s - latest.get(look.sensor, -np.inf) < CORRELATED_S:
                continue
            latest[look.sensor] = look.time_s
        taken.append(look)
    return taken


def scans_of(looks: Sequence[Look], used: Sequence[str], known: Registration) -> list[Scan]:
    """Looks as our tracker takes them; it is known when the radar met what it measured."""

    def around(name: str) -> float:
        plots = [len(look.values) for look in looks if look.sensor == name]
        return max(mean(plots), LEAST_PLOTS) / (2.0 * np.pi)

    noise = PLACES | {name: (std,) for name, (std, _) in LOOKS_APART.items()}
    detection = DETECTION | SEEN | {name: seen for name, (_, seen) in LOOKS_APART.items()}
    sensors = {
        name: Sensor(name, detection[name], CLUTTER_PER_M2, around(name), REACH_M.get(name))
        for name in used
    }
    return [
        Scan(
            look.came_s - (known.radar_late_s if look.sensor == "radar" else 0.0),
            sensors[look.sensor],
            KINDS[look.sensor],
            look.measured(),
            np.diag(np.square(noise[look.sensor])),
            look.own,
            turn_s=turn_s_of(look),
            turn_begins_rad=known.turn_begins_rad,
        )
        for look in looks
    ]


def turn_s_of(look: Look) -> float | None:
    """How long a turn of the radar takes: its looks are dated half of it back."""
    return 2.0 * (look.came_s - look.time_s) if look.sensor == "radar" else None


def settings(lasting: Mapping[str, LastingError] = LASTING) -> Settings:
    """Our tracker's."""
    return Settings(
        modes=Modes([ConstantVelocity(ACCELERATION_PSD)]),
        confirmation=ByExistence(0.95, 0.3, 0.01),
        speed_std_mps=SPEED_STD_MPS,
        mean_lifetime_s=600.0,
        lasting=lasting,
        hidden=HIDDEN,
        late_s=1.0,
    )


def followed(
    recording: Recording,
    used: Sequence[str],
    known: Registration = NOTHING,
    lasting: Mapping[str, LastingError] = LASTING,
) -> list[tuple[float, Estimates]]:
    """What our tracker says after each look of some sensors, and when that had come."""
    looks = sorted(looks_of(recording, used), key=lambda look: look.came_s)
    tracker = Tracker(settings(lasting))
    return [
        (look.came_s, tracker.process(scan)[-1])
        for look, scan in zip(looks, scans_of(looks, used, known), strict=True)
    ]


def registered(recording: Recording) -> Registration:
    """When the radar met what it measured, by what the lidar alone follows."""
    turn_s = max(turn_s_of(look) or 0.0 for look in recording.looks)
    return registration(recording, followed(recording, ("lidar",), lasting={}), turn_s)


def at_times(said: Sequence[tuple[float, Estimates]], times_s: np.ndarray) -> Points:
    """The latest estimates at some times, moved on with their velocities."""
    came_s = np.array([when for when, _ in said])
    rows = []
    for time_s in times_s:
        place = int(np.searchsorted(came_s, time_s, side="right")) - 1
        if place >= 0:
            one = said[place][1]
            moved = one.states[:, :2] + one.states[:, 2:4] * (time_s - one.time_s)
            rows.append(np.column_stack([np.full(len(one), time_s), one.number, moved]))
    return points(rows)


def points(rows: Sequence[Any]) -> Points:
    """Columns of rows ``[time, number, east, north]``."""
    joined = np.concatenate([np.empty((0, 4)), *(np.array(r, float).reshape(-1, 4) for r in rows)])
    return Points(joined[:, 0], joined[:, 1].astype(np.int64), joined[:, 2:])


def truths_at(recording: Recording, times_s: np.ndarray) -> Points:
    """The two boats at some times."""
    row = np.searchsorted(recording.times_s, times_s).clip(max=len(recording.times_s) - 1)
    boats = recording.boats[row].reshape(-1, 2)
    return Points(np.repeat(times_s, 2), np.tile([1, 2], len(times_s)), boats)


def errors_of(tracks: Points, truths: Points) -> np.ndarray:
    """How far off the boats are (t, 2), NaN where one is not followed."""
    errors = np.full((len(truths) // 2, 2), np.nan)
    for row, (_, here, there) in enumerate(moments(tracks, truths)):
        found = match(here.position_m, there.position_m, CUTOFF_M)
        errors[row, found.truth] = found.distance_m
    return errors


def of_all(results: dict[str, dict[str, Figures]]) -> dict[str, Figures]:
    """By one sensor: the figures of all scenarios as one, and those of all four beside them.

    Squared errors at the same moments are pooled; GOSPA and completeness are means over scenarios.
    """
    found = {}
    for name in ALONE:
        ones = [here[name] for here in results.values()]
        weights = [one["same_moments"] for one in ones]
        figures = {
            figure: float(np.sqrt(np.average([one[figure] ** 2 for one in ones], weights=weights)))
            for figure in ("same_rmse_m", "same_rmse_together_m")
        }
        for figure in ("gospa_m", "completeness"):
            figures[figure] = mean(one[figure] for one in ones)
            all_four = [here["all four"][figure] for here in results.values()]
            figures[f"{figure}_together"] = mean(all_four)
        found[name] = figures
    return found


def rmse(errors: np.ndarray) -> float:
    """Root mean square, NaN of nothing."""
    return float(np.sqrt(np.mean(errors**2))) if len(errors) else float("nan")


def judged(tracks: Points, truths: Points) -> Figures:
    """Figures against the two boats."""
    found = gospa_over_time(tracks, truths, CUTOFF_M)
    errors = errors_of(tracks, truths)
    figures = siap(tracks, truths, CUTOFF_M)
    return {
        "gospa_m": mean((one.localisation + one.missed) ** 0.5 for one in found),
        "rmse_m": rmse(errors[np.isfinite(errors)]),
        "completeness": figures.completeness,
        "switches": figures.switches,
    }


def at_the_same_moments(alone: Points, together: Points, truths: Points) -> Figures:
    """Errors of one sensor and of all where both follow a boat."""
    one, all_four = errors_of(alone, truths), errors_of(together, truths)
    both = np.isfinite(one) & np.isfinite(all_four)
    return {
        "same_rmse_m": rmse(one[both]),
        "same_rmse_together_m": rmse(all_four[both]),
        "same_moments": float(both.sum()),
    }


def peer(scenario: int, times_s: np.ndarray, truths: Points) -> Figures:
    """Stone Soup with all sensors."""
    command = [str(PEER_PYTHON), str(Path(__file__).with_name("peer_stonesoup_autoferry.py"))]
    task = {"data": os.environ["ALLIAGE_DATA"], "scenario": scenario, "times_s": times_s.tolist()}
    done = subprocess.run(
        command, input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True
    )
    result = json.loads(done.stdout)
    return judged(points([result["rows"]]), truths) | {"cpu_s": result["cpu_s"]}


def measure(scenarios: Sequence[int]) -> dict[str, dict[str, Figures]]:
    """Figures by scenario and sensors."""
    results: dict[str, dict[str, Figures]] = {}
    for scenario in scenarios:
        recording = read_recording(Path(os.environ["ALLIAGE_DATA"]), scenario)
        known = registered(recording)
        times_s = np.arange(1.0, recording.times_s[-1], EVERY_S)
        truths = truths_at(recording, times_s)
        here: dict[str, Figures] = {}
        tracks: dict[str, Points] = {}
        for used in TOGETHER:
            name = "all four" if used == ALL else " and ".join(used)
            began = time.process_time()
            said = followed(recording, used, known)
            took = time.process_time() - began
            tracks[name] = at_times(said, times_s)
            here[name] = judged(tracks[name], truths) | {"cpu_s": took}
        for name in ALONE:
            here[name] |= at_the_same_moments(tracks[name], tracks["all four"], truths)
        if PEER_PYTHON.exists():
            here["Stone Soup, all four"] = peer(scenario, times_s, truths)
        results[str(scenario)] = here
        for name, figures in here.items():
            print(line(scenario, name, figures), flush=True)
    return results


def line(scenario: int, name: str, figures: Figures) -> str:
    """One line of the table."""
    said = (
        f"scenario {scenario:>2}, {name:20} GOSPA {figures['gospa_m']:6.2f} m, RMSE "
        f"{figures['rmse_m']:5.2f} m, completeness {figures['completeness']:.3f}, "
        f"{figures['switches']:3.0f} switches, {figures['cpu_s']:6.2f} s of CPU"
    )
    if "same_moments" not in figures:
        return said
    return (
        f"{said}; at the {figures['same_moments']:.0f} same moments RMSE "
        f"{figures['same_rmse_m']:.2f} m, all four {figures['same_rmse_together_m']:.2f} m"
    )


def verdicts(results: dict[str, dict[str, Figures]]) -> dict[str, list[str]]:
    """For each figure, where all sensors together are not better than one alone."""
    missed: dict[str, list[str]] = {"GOSPA": [], "completeness": [], "RMSE, same moments": []}
    for scenario, here in results.items():
        together = here["all four"]
        for name in ALONE:
            one, who = here[name], f"scenario {scenario} {name}"
            if together["gospa_m"] >= one["gospa_m"]:
                missed["GOSPA"].append(who)
            if together["completeness"] < one["completeness"]:
                missed["completeness"].append(who)
            if one["same_rmse_together_m"] >= one["same_rmse_m"]:
                share = one["same_rmse_together_m"] / one["same_rmse_m"] - 1.0
                missed["RMSE, same moments"].append(f"{who} by {share:.0%}")
    return missed


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
    for name, one in of_all(results).items():
        is_met = one["gospa_m_together"] < one["gospa_m"]
        is_met &= one["completeness_together"] >= one["completeness"]
        is_met &= one["same_rmse_together_m"] < one["same_rmse_m"]
        print(
            f"all scenarios together, all four beside the {name}: GOSPA "
            f"{one['gospa_m_together']:.2f} m against {one['gospa_m']:.2f} m, completeness "
            f"{one['completeness_together']:.3f} against {one['completeness']:.3f}, RMSE at the "
            f"same moments {one['same_rmse_together_m']:.2f} m against {one['same_rmse_m']:.2f} m: "
            f"aim {'met' if is_met else 'missed'}"
        )
    found = verdicts(results)
    for figure, where in found.items():
        verdict = f"missed ({', '.join(where)})" if where else "met"
        print(f"all four beat each sensor alone, {figure}: aim {verdict}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
