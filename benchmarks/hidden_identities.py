"""How many real ships are followed when their names are hidden, beside two simple trackers?

Real reports of AIS become plots without identity (`benchmarks/hidden_ships.py`: a look every ten
seconds, a ship that reported meanwhile gives one plot with 20 m of noise of its own, others none;
no speed, no course, no false plots). A ship under way is in most looks, many a ship at rest in one
of eighteen, and the tracker is told neither. Judged look by look against where each ship was, one
to one within 150 m: a ship is recovered where one and the same track follows her in more than half
of the looks from her first plot to her last. Ships with fewer than five plots are not asked for; in
Denmark's five minutes these are those that report every three. Many ships at rest lie closer
together than the noise: how many have none within 50 m, half of the time, is told too, since more
can hardly be recovered by places alone.

Ours is global nearest neighbour with an interacting multiple model of two Ornstein-Uhlenbeck
processes, at rest and under way. Beside it the nearest neighbour with a fixed gate (greedy, an
alpha-beta filter) and Stone Soup 1.9's GNN with nearly constant velocity. The settings of all three
were chosen on the first 25 minutes of the Solent and then left alone (some forty settings of ours
were tried, twenty of the fixed gate, five of Stone Soup's, which take longer): the other 59 minutes
and Denmark are the figures that count. When tracks were sought wherever a mode expects them
(decision 0247), two of ours were chosen anew on the same minutes, out of some fifty: the density of
false plots, and for how long what rests swings to one side. The aim, set after the first choice and
before its figures: more ships recovered than by either of the others, of those that move and in
all.

    ALLIAGE_DATA=... python -m benchmarks.hidden_identities [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.spatial import cKDTree

from alliage.feeds.ais.options import Options
from alliage.feeds.bulk import decode_file
from alliage.feeds.registry import load_feeds
from alliage.fusion import (
    Association,
    ByExistence,
    Kind,
    Modes,
    OrnsteinUhlenbeck,
    Scan,
    Sensor,
    Settings,
    track_scans,
)
from benchmarks.hidden_judge import PLOTS_AT_LEAST, Figures, Told, judge
from benchmarks.hidden_judge import Kind as Ships
from benchmarks.hidden_ships import NOISE_M, Hidden, Look, Reports, hide, make_reports, read_solent
from benchmarks.nearest_neighbour import FixedGate

PEER_PYTHON: Final = Path(".bench-venv/bin/python")
CHOSEN_UNTIL_S: Final = 1500.0
APART_M: Final = 50.0
SENSOR: Final = Sensor("ais", detection_probability=0.1, clutter_per_m2=3e-9)
SETTINGS: Final = Settings(
    modes=Modes([OrnsteinUhlenbeck(0.1, 10.0), OrnsteinUhlenbeck(7.0, 300.0)], [7200.0, 600.0]),
    association=Association.NEAREST,
    confirmation=ByExistence(0.5, 0.3, 0.01),
    speed_std_mps=7.0,
    existence_at_start=0.5,
    lost_beyond_m=250.0,
)
PEER: Final = {
    "noise_m": NOISE_M,
    "speed_std_mps": 7.0,
    "acceleration_psd_m2ps3": 0.05,
    "gate": 3.5,
    "farthest_m": 500.0,
    "ends_after_s": 240.0,
}


def read_denmark(data: Path) -> Reports:
    """Denmark's reports of ships; ``data`` is the folder of recordings."""
    path = data / "ais/denmark-2013-11-12-5min.nmea.gz"
    found = decode_file(path, load_feeds()["ais"], Options())
    batches = [batch.rows for one in found for batch in one.batches]
    rows = [
        row
        for batch in batches
        if "speed_mps" in batch.schema.names
        for row in batch.select(NEEDED).to_pylist()
        if row["schema"] == "Vessel" and row["latitude_deg"] is not None
    ]

    def numbers(name: str) -> Any:
        return np.array([np.nan if row[name] is None else row[name] for row in rows], np.float64)

    return make_reports(
        np.array([row["valid"].timestamp() for row in rows]),
        [row["identifier"] for row in rows],
        numbers("latitude_deg"),
        numbers("longitude_deg"),
        numbers("speed_mps"),
        numbers("course_deg"),
    )


NEEDED: Final = [
    "identifier", "schema", "valid", "latitude_deg", "longitude_deg", "speed_mps", "course_deg",
]  # fmt: skip


def ours(looks: Sequence[Look]) -> list[Told]:
    """Our tracker's tracks after each look."""
    noise = np.eye(2) * NOISE_M**2
    scans = [Scan(look.time_s, SENSOR, Kind.POSITION, look.plots, noise) for look in looks]
    return [(one.number, one.states[:, :2]) for one in track_scans(scans, SETTINGS)]


def simple(looks: Sequence[Look]) -> list[Told]:
    """The nearest neighbour's."""
    tracker = FixedGate()
    return [tracker.take(look.time_s, look.plots) for look in looks]


def stone_soup(looks: Sequence[Look], settings: dict[str, float]) -> tuple[list[Told], float]:
    """Stone Soup's, and its seconds of processor time."""
    task = {
        "times_s": [look.time_s for look in looks],
        "plots": [look.plots.tolist() for look in looks],
    }
    command = [str(PEER_PYTHON), str(Path(__file__).with_name("peer_stonesoup_hidden.py"))]
    done = subprocess.run(
        command, input=json.dumps(task | settings), stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout)
    rows = [np.array(now, float).reshape(-1, 3) for now in found["told"]]
    return [(row[:, 0].astype(np.int64), row[:, 1:]) for row in rows], found["cpu_s"]


def measure(hidden: Hidden) -> dict[str, Figures]:
    """What each tracker makes of a recording."""
    results = {}
    for name, tracker in (("ours", ours), ("fixed gate", simple)):
        began = time.process_time()
        told = tracker(hidden.looks)
        took = time.process_time() - began
        results[name] = judge(hidden, told)
        results[name].cpu_s = took
    if PEER_PYTHON.exists():
        told, took = stone_soup(hidden.looks, PEER)
        results["Stone Soup GNN"] = judge(hidden, told)
        results["Stone Soup GNN"].cpu_s = took
    return results


def line(name: str, found: Figures) -> str:
    """One tracker on one recording."""

    def of(kind: Ships) -> str:
        share = kind.followed / max(1, kind.looks)
        return (
            f"{kind.recovered:>4}/{kind.ships:<4} {share:4.2f} {kind.switches:>5} {kind.breaks:>5}"
        )

    return (
        f"  {name:15}{of(found.moving)}   {of(found.at_rest)}   {found.false_tracks:>4} of "
        f"{found.tracks:<5}{found.false_share:6.3f} {found.cpu_s:8.2f}"
    )


HEAD: Final = (
    f"  {'':15}{'moving: got':>9} fol. switch  cut   {'at rest: got':>9} fol. switch  cut   "
    f"{'false tracks':>12}  share    CPU s"
)


def apart(hidden: Hidden, moving: bool) -> int:
    """Ships asked for that have no other within so many metres at half of the looks."""
    near: dict[int, list[bool]] = {}
    for look in hidden.looks:
        away = cKDTree(look.place_m).query(look.place_m, 2)[0][:, 1]
        for ship, distance_m in zip(look.ship.tolist(), away.tolist(), strict=True):
            near.setdefault(ship, []).append(distance_m > APART_M)
    return sum(
        2 * sum(free) >= len(free)
        for ship, free in near.items()
        if hidden.plots[ship] >= PLOTS_AT_LEAST and hidden.moving[ship] == moving
    )


def recordings(data: Path, quick: bool) -> dict[str, Hidden]:
    """What is judged, by name; a quick look is at what the settings were chosen on."""
    solent = read_solent(data)
    if quick:
        return {"Solent, first 10 min, which the settings were chosen on": hide(solent, 0.0, 600.0)}
    denmark = read_denmark(data)
    return {
        "Solent, from 25 min on": hide(solent, CHOSEN_UNTIL_S, float(solent.time_s[-1])),
        "Denmark, 5 min": hide(denmark, 0.0, float(denmark.time_s[-1])),
    }


def meets(results: dict[str, Figures]) -> bool:
    """Whether ours recovers more than each of the others, of those that move and in all."""

    def got(name: str) -> tuple[int, int]:
        found = results[name]
        return found.moving.recovered, found.moving.recovered + found.at_rest.recovered

    mine = got("ours")
    others = [got(name) for name in results if name != "ours"]
    return all(mine[0] > moving and mine[1] > total for moving, total in others)


def main() -> int:
    """Print the figures; exit code 1 where a simpler tracker recovers as many ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="ten minutes, not judged elsewhere")
    arguments = parser.parse_args()
    if "ALLIAGE_DATA" not in os.environ:
        print("ALLIAGE_DATA is not set: it names the folder of real recordings", file=sys.stderr)
        return 2
    if not PEER_PYTHON.exists():
        print(f"Stone Soup is left out: no {PEER_PYTHON} (see benchmarks/README.md)")
    results = {}
    for name, hidden in recordings(Path(os.environ["ALLIAGE_DATA"]), arguments.quick).items():
        plots = sum(hidden.plots.values())
        print(
            f"{name}: {len(hidden.looks)} looks, {plots:,} plots of {len(hidden.plots):,} ships; "
            f"none within 50 m: {apart(hidden, True)} of those that move, "
            f"{apart(hidden, False)} of those at rest"
        )
        results[name] = measure(hidden)
        print(f"  ships with fewer than five plots: {results[name]['ours'].too_few_plots}")
        print(HEAD)
        for tracker, figures in results[name].items():
            print(line(tracker, figures), flush=True)
    if arguments.json:
        told = {name: {who: asdict(f) for who, f in one.items()} for name, one in results.items()}
        arguments.json.write_text(json.dumps(told, indent=2))
    return 0 if all(meets(one) for one in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
