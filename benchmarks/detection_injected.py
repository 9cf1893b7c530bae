"""Are incidents found that are put into what really happened?

Real recordings (91 ships in the Solent for 84 minutes, 213 aircraft round Paris for three hours) in
which, for each seed, some real things are made to do what detectors look for: the rest of the
recording is as it was. Without anything put in, neither raises an alert, and a test holds that. The
settings are those that are shipped. What is put in, from a random moment on, of something that
goes on for long enough after it:

- at sea, ``goes_dark``: a ship under way is heard no more; ``spoofs``: a ship's positions lie
  12 km off for a quarter of an hour; ``drifts``: a ship stops its engine and is blown sideways at
  0.8 m/s; ``loiters``: a ship goes round and round within 600 m at 1.2 m/s; ``meeting``: a second
  ship, made up, comes from 8 km off and lies alongside one that waits; ``distress``: a search and
  rescue transmitter, made up, is switched on;
- in the air, ``holds``: an aircraft flies four rounds.

An aircraft that is lost cannot be put in: nearly all of this recording are departures and arrivals
that end at height, where whoever recorded them stopped, a quarter of an hour after their beginning.
Each of them would be lost, so the detector rightly wants one that has been up there for longer.
Loiterers and meetings are put in at sea: where more than two ships lie within two miles is a
harbour or an anchorage, in which to wait or to lie alongside is no incident, and is not told.

What is missed with seeds 101 to 120 was looked at. Of seven that go dark four have among their
eight nearest two that fall silent of themselves, which makes 0.71 where 0.75 is asked for; one has
hardly anybody about, and two are slow and off a port. Three loiterers are one ship that never makes
the 3.5 m/s of who comes from somewhere, the fourth has nine others at rest about her; all five
meetings have two or three about that go as slowly: here who lies all along counts, for the
detectors who lies or drifts now.

Found means: an alert of a detector that is for it names the thing, and is told after it began. (As
nothing is told of the recordings as they are, none was told before.)

    python -m benchmarks.detection_injected [--quick] [--seeds N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.detection import Alert
from alliage.geo.flat import distance_m, moved
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import SCHEMA, paris, play_table, solent

FIRST: Final = 101
"""Seeds before it are for those who mend detectors."""

MINUTE_US: Final = 60_000_000
UNDER_WAY_MPS: Final = 3.0
STILL_MPS: Final = 0.3
ABOUT_M: Final = 2 * 1_852.0
LIE: Final = 2
SART: Final = "mmsi:970000001"
VISITOR: Final = "mmsi:219999999"

FOR: Final = {
    "goes_dark": {"silence"},
    "spoofs": {"jump", "motion_mismatch", "shared_identity", "displaced_region"},
    "drifts": {"drifting"},
    "loiters": {"loitering"},
    "meeting": {"meeting"},
    "distress": {"distress"},
    "holds": {"holding"},
}
"""By what was put in, the detectors that are for it."""

COLUMNS: Final = ("identifier", "schema", "valid", "latitude_deg", "longitude_deg", "altitude_m",
                  "speed_mps", "course_deg", "heading_deg")  # fmt: skip

Chance = np.random.Generator


@dataclass(frozen=True)
class Injected:
    """What was put in: what, in which thing, from when on."""

    kind: str
    identifier: str
    start_us: int


@dataclass(frozen=True)
class Outcome:
    """What became of it; minutes until it was told, None where it never was."""

    kind: str
    seed: int
    after_min: float | None


class Rows:
    """A recording as columns of one length; times in microseconds."""

    def __init__(self, **columns: NDArray[Any]) -> None:
        self.columns = columns

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def kept(self, which: NDArray[Any]) -> Rows:
        """Some of the rows, or all in another order."""
        return Rows(**{name: column[which] for name, column in self.columns.items()})

    def having(self, which: NDArray[np.bool_], **values: Any) -> Rows:
        """The same with other values in some rows."""
        columns = dict(self.columns)
        for name, value in values.items():
            columns[name] = columns[name].copy()
            columns[name][which] = value
        return Rows(**columns)

    def with_more(self, count: int, **values: Any) -> Rows:
        """The same with further rows, by time; what is not given is unknown."""
        columns = {}
        for name, column in self.columns.items():
            empty = None if column.dtype == object else np.nan
            more = np.full(count, values.get(name, empty)) if name not in values else values[name]
            more = np.broadcast_to(np.asarray(more, column.dtype), count)
            columns[name] = np.concatenate([column, more])
        return Rows(**columns).kept(np.argsort(columns["valid"], kind="stable"))


# --- choosing


@dataclass(frozen=True)
class Wanted:
    """Which thing, when and where.

    Attributes:
        before_min: for so long it has to be heard before, minutes.
        after_min: and for so long after.
        least: its least values then.
        at_sea: away from harbours and anchorages: at most :data:`LIE` lie within :data:`ABOUT_M`.
    """

    before_min: float
    after_min: float
    least: Mapping[str, float]
    at_sea: bool = False


def choose(rows: Rows, wanted: Wanted, chance: Chance, taken: set[str]) -> Injected | None:
    """A thing and a moment that will do; None where there is none left."""
    for identifier in chance.permutation(sorted(set(rows["identifier"]) - taken)).tolist():
        own = rows.kept(rows["identifier"] == identifier)
        valid = own["valid"]
        fits = (valid >= valid[0] + wanted.before_min * MINUTE_US) & (
            valid <= valid[-1] - wanted.after_min * MINUTE_US
        )
        for name, least in wanted.least.items():
            fits &= own[name] >= least
        if wanted.at_sea:
            fits &= lie_about(rows, own) <= LIE
        if fits.any():
            taken.add(identifier)
            return Injected("", identifier, int(chance.choice(valid[fits])))
    return None


def lie_about(rows: Rows, own: Rows) -> NDArray[np.int64]:
    """How many things of a recording lie still near each of some places, at some time of it."""
    about = np.zeros(len(own["valid"]), np.int64)
    for identifier in np.unique(rows["identifier"]):
        thing = rows.kept((rows["identifier"] == identifier) & ~np.isnan(rows["speed_mps"]))
        if len(thing["valid"]) and np.median(thing["speed_mps"]) < STILL_MPS:
            lat, lon = (
                float(np.median(thing[f"{axis}_deg"])) for axis in ("latitude", "longitude")
            )
            about += distance_m(own["latitude_deg"], own["longitude_deg"], lat, lon) < ABOUT_M
    return about


def after(rows: Rows, one: Injected) -> NDArray[np.bool_]:
    """Which rows are the thing's from then on."""
    return np.asarray((rows["identifier"] == one.identifier) & (rows["valid"] >= one.start_us))


def then(rows: Rows, one: Injected) -> dict[str, Any]:
    """Its row at that moment."""
    first = int(np.flatnonzero(after(rows, one))[0])
    return {name: column[first] for name, column in rows.columns.items()}


def lasts_s(rows: Rows, which: NDArray[np.bool_], one: Injected) -> NDArray[np.float64]:
    """Seconds since that moment, of some rows."""
    return np.asarray((rows["valid"][which] - one.start_us) / 1e6)


def put(
    rows: Rows, which: NDArray[np.bool_], place: Mapping[str, Any], east: Any, north: Any
) -> Rows:
    """Some rows elsewhere: metres from one place."""
    lat, lon = moved(place["latitude_deg"], place["longitude_deg"], east, north)
    return rows.having(which, latitude_deg=lat, longitude_deg=lon)


def on_its_way(rows: Rows, one: Injected, speed_mps: float, course_deg: float) -> Rows:
    """From then on it goes straight on."""
    which = after(rows, one)
    gone_m, toward = speed_mps * lasts_s(rows, which, one), np.radians(course_deg)
    rows = put(rows, which, then(rows, one), gone_m * np.sin(toward), gone_m * np.cos(toward))
    return rows.having(which, speed_mps=speed_mps, course_deg=course_deg)


# --- what is put in


def goes_dark(rows: Rows, one: Injected, _chance: Chance) -> Rows:
    """Nothing is heard of it from then on."""
    return rows.kept(~after(rows, one))


def spoofs(rows: Rows, one: Injected, chance: Chance) -> Rows:
    """Its positions lie 12 km off, whichever way, for 15 minutes."""
    which = after(rows, one) & (rows["valid"] < one.start_us + 15 * MINUTE_US)
    toward = chance.uniform(0, 2 * np.pi)
    lat, lon = moved(
        rows["latitude_deg"][which], rows["longitude_deg"][which],
        12_000.0 * np.sin(toward), 12_000.0 * np.cos(toward),
    )  # fmt: skip
    return rows.having(which, latitude_deg=lat, longitude_deg=lon)


def drifts(rows: Rows, one: Injected, chance: Chance) -> Rows:
    """Its engine stops: it goes sideways with its bow where it was."""
    bow_deg = then(rows, one)["course_deg"]
    toward_deg = (bow_deg + chance.choice([-90.0, 90.0])) % 360.0
    own = rows["identifier"] == one.identifier
    rows = rows.having(own, heading_deg=rows["course_deg"][own])
    return on_its_way(rows, one, 0.8, toward_deg).having(after(rows, one), heading_deg=bow_deg)


def loiters(rows: Rows, one: Injected, _chance: Chance) -> Rows:
    """It goes round and round within 600 m."""
    which, speed_mps, radius_m = after(rows, one), 1.2, 250.0
    angle = speed_mps * lasts_s(rows, which, one) / radius_m
    east, north = radius_m * np.sin(angle), radius_m * (1.0 - np.cos(angle))
    course_deg = np.degrees(np.pi / 2 - angle) % 360.0
    rows = put(rows, which, then(rows, one), east, north)
    return rows.having(which, speed_mps=speed_mps, course_deg=course_deg)


def meeting(rows: Rows, one: Injected, chance: Chance) -> Rows:
    """It waits, and a second one comes alongside 20 minutes later and stays."""
    place = then(rows, one)
    rows = on_its_way(rows, one, 0.3, 90.0)
    seconds = np.arange(0, (rows["valid"][-1] - one.start_us) / 1e6, 10.0)
    toward, comes_mps = chance.uniform(0, 360.0), 8_000.0 / 1_200.0
    left_m = np.maximum(60.0, 8_000.0 - comes_mps * seconds)
    lat, lon = moved(
        place["latitude_deg"], place["longitude_deg"],
        0.3 * seconds - left_m * np.sin(np.radians(toward)), -left_m * np.cos(np.radians(toward)),
    )  # fmt: skip
    comes = left_m > 60.0
    return rows.with_more(
        len(seconds), identifier=VISITOR, schema="Vessel", latitude_deg=lat, longitude_deg=lon,
        valid=one.start_us + np.round(seconds * 1e6), speed_mps=np.where(comes, comes_mps, 0.3),
        course_deg=np.where(comes, toward, 90.0),
    )  # fmt: skip


def distress(rows: Rows, one: Injected, _chance: Chance) -> Rows:
    """A search and rescue transmitter is switched on where it is."""
    place, seconds = then(rows, one), np.arange(0, 900.0, 10.0)
    return rows.with_more(
        len(seconds), identifier=SART, schema="Vessel", latitude_deg=place["latitude_deg"],
        longitude_deg=place["longitude_deg"], valid=one.start_us + np.round(seconds * 1e6),
        speed_mps=0.0, course_deg=0.0, navigation_status="ais_sart",
    )  # fmt: skip


def holds(rows: Rows, one: Injected, _chance: Chance) -> Rows:
    """It flies four rounds of four minutes, and is heard no more afterwards."""
    which, place = after(rows, one), then(rows, one)
    speed_mps, course = place["speed_mps"], np.radians(place["course_deg"])
    turned = 2 * np.pi * lasts_s(rows, which, one) / 240.0
    radius_m = speed_mps * 240.0 / (2 * np.pi)
    ahead, right = radius_m * np.sin(turned), radius_m * (1.0 - np.cos(turned))
    east = ahead * np.sin(course) + right * np.cos(course)
    north = ahead * np.cos(course) - right * np.sin(course)
    rows = put(rows, which, place, east, north).having(
        which, course_deg=np.degrees(course + turned) % 360.0, speed_mps=speed_mps,
        altitude_m=place["altitude_m"],
    )  # fmt: skip
    return rows.kept(~(which & (rows["valid"] > one.start_us + 16 * MINUTE_US)))


Change = Callable[[Rows, Injected, Chance], Rows]
Changes = Mapping[str, tuple[Change, Wanted]]
GOES: Final = {"speed_mps": UNDER_WAY_MPS}
AT_SEA: Final[Changes] = {
    "goes_dark": (goes_dark, Wanted(20, 30, GOES)),
    "spoofs": (spoofs, Wanted(10, 20, GOES)),
    "drifts": (drifts, Wanted(10, 30, GOES)),
    "loiters": (loiters, Wanted(10, 50, GOES, at_sea=True)),
    "meeting": (meeting, Wanted(5, 60, GOES, at_sea=True)),
    "distress": (distress, Wanted(5, 20, {})),
}
IN_THE_AIR: Final[Changes] = {
    "holds": (holds, Wanted(5, 20, {"speed_mps": 100.0, "altitude_m": 2_000.0})),
}


# --- playing


def as_rows(batch: ObservationBatch) -> Rows:
    """A recording as plain columns."""
    columns: dict[str, NDArray[Any]] = {}
    for name in COLUMNS:
        if name not in batch.rows.schema.names:
            columns[name] = np.full(batch.rows.num_rows, np.nan)
            continue
        column = batch.rows[name]
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        columns[name] = column.to_numpy(zero_copy_only=False)
    columns["navigation_status"] = np.full(batch.rows.num_rows, None, object)
    return Rows(**columns)


def as_batch(rows: Rows) -> ObservationBatch:
    """Back again."""
    columns = {
        name: pa.array(column, from_pandas=True).cast(SCHEMA.field(name).type)
        for name, column in (rows.columns | {"received": rows["valid"]}).items()
    }
    table = pa.table(columns).combine_chunks().unify_dictionaries()
    return ObservationBatch(Kind.POSITION, table.to_batches()[0])


def play(recording: Rows, changes: Changes, seed: int) -> tuple[list[Outcome], list[Alert]]:
    """One seed: what became of each, and the alerts that name nothing that was changed."""
    chance, taken, rows = np.random.default_rng(seed), set[str](), recording
    done: list[Injected] = []
    for kind, (change, wanted) in changes.items():
        one = choose(recording, wanted, chance, taken)
        if one is not None:
            done.append(Injected(kind, one.identifier, one.start_us))
            rows = change(rows, one, chance)
    alerts = play_table(as_batch(rows))
    names = {one.identifier for one in done} | {SART, VISITOR}
    others = [alert for alert in alerts if not names & set(alert.identifiers)]
    return [_outcome(one, alerts, seed) for one in done], others


def _outcome(one: Injected, alerts: list[Alert], seed: int) -> Outcome:
    named = {one.identifier, SART} if one.kind == "distress" else {one.identifier}
    times = [
        alert.told_us
        for alert in alerts
        if alert.detector in FOR[one.kind]
        and named & set(alert.identifiers)
        and alert.told_us >= one.start_us
    ]
    return Outcome(one.kind, seed, None if not times else (min(times) - one.start_us) / MINUTE_US)


def said(outcomes: list[Outcome], others: list[Alert], runs: int) -> str:
    """The section of the report."""
    lines = [
        "| kind | put in | found | recall | median minutes to alert |",
        "|---|---|---|---|---|",
    ]
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_kind[one.kind].append(one)
    for kind, each in by_kind.items():
        times = [one.after_min for one in each if one.after_min is not None]
        when = f"{median(times):.1f}" if times else "-"
        lines.append(
            f"| {kind} | {len(each)} | {len(times)} | {len(times) / len(each):.2f} | {when} |"
        )
    told = ", ".join(sorted({alert.detector for alert in others})) or "none"
    lines += [
        "",
        f"{runs} recordings with something put in. Alerts that name nothing that was changed: "
        f"{len({alert.alert_id for alert in others})} ({told}).",
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the figures; with ``--json`` write them too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection_injected")
    parser.add_argument("--quick", action="store_true", help="one seed")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--json", type=Path, help="write everything there")
    arguments = parser.parse_args()
    data = os.environ.get("ALLIAGE_DATA")
    if not data:
        sys.stderr.write("ALLIAGE_DATA is not set: the folder with the real recordings\n")
        return 2
    seeds = 1 if arguments.quick else arguments.seeds
    outcomes: list[Outcome] = []
    others: list[Alert] = []
    for recording, changes in ((solent, AT_SEA), (paris, IN_THE_AIR)):
        rows = as_rows(recording(Path(data)))
        for seed in range(FIRST, FIRST + seeds):
            found, more = play(rows, changes, seed)
            outcomes += found
            others += more
    text = said(outcomes, others, 2 * seeds)
    sys.stdout.write(text + "\n")
    met = sum(one.after_min is not None for one in outcomes) >= 0.95 * len(outcomes)
    if arguments.json:
        runs = [asdict(one) for one in outcomes]
        arguments.json.write_text(json.dumps({"said": text, "met": met, "runs": runs}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
