"""Are the incidents of an exercise found, how soon, and how often does a detector cry wolf?

The demo's scenario, some hours of it, with the incidents that its truth knows; its AIS sentences
through the real decoder and every detector with the settings that are shipped. Detectors know
nothing of the scenario, and their settings were frozen before the seeds that count (201 and on)
were played; they were made with seeds 1 to 9 and real recordings, base probabilities too
(``--settle``). Seeds 101 to 110 counted until it was looked at how much was missed in
them: since then 201 and on count, which nobody has looked at.

An incident counts as found if an alert of a detector that is for its kind names one of its ships,
begins no more than five minutes before it does (clocks and smoothing) and is told before it has
been over for half an hour. Alerts are joined into incidents as watch officers see them; one that
matches no true incident of any kind is false, though a ship may really have loitered of itself: the
truth knows scripted incidents only. Simulated ships do not give way, so a risk of collision is
right where the two truly came within 500 m of each other. What no station heard for all of its time
is told apart, for nothing can be found of it.

What detectors state of themselves is held against the same truth: an alert was true if it is of
any true incident (a ship that stops for somebody over board does drift), and of its own kind if the
detector is for that incident, or for none of these kinds.

    python -m benchmarks.detection [--quick] [--hours H] [--seeds N] [--first SEED] [--settle]
                                   [--together FILE ...] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from scipy.stats import chi2, gamma

from alliage.config_tables import OntologyConfig
from alliage.detection import Alert, Engine, make_detectors
from alliage.exercise.air import AirKind
from alliage.exercise.air_sensing import AirSensing
from alliage.exercise.air_truth import TrueFlight, true_flights
from alliage.exercise.incidents import IncidentKind
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation
from alliage.exercise.truth import TrueIncident, Truth
from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk
from alliage.feeds.registry import load_feeds
from alliage.geo.flat import distance_m
from alliage.ontology.observation import ObservationBatch
from alliage.watch.board import Telling
from alliage.watch.incidents import incidents_of
from benchmarks.reliability import Stated, reliability, settled

BEGIN_US = ZERO_US + 40 * 86_400 * SECOND_US
EARLY_US = 300 * SECOND_US
LATE_US = 1_800 * SECOND_US
AT_ONCE_S = 10
MANY_SHIPS = 100_000
CLOSE_M = 500.0
CLOSE_EVERY_US = 20 * SECOND_US

FOR = {
    IncidentKind.GOES_DARK: {"silence"},
    IncidentKind.MEETING: {"meeting"},
    IncidentKind.LOITERS: {"loitering", "anchor_drag", "cable_crossings"},
    IncidentKind.SPOOFS: {
        "jump", "false_circle", "motion_mismatch", "displaced_region", "shared_identity",
    },
    IncidentKind.DRIFTS: {"drifting"},
    IncidentKind.DISTRESS: {"distress"},
    AirKind.HOLDS: {"holding"},
    AirKind.LOSES_TRANSPONDER: {"transponder_loss"},
    AirKind.FLIES_LOW: {"low_flight"},
}  # fmt: skip
"""By what truly happens the detectors that are for it."""


Happened = TrueIncident | TrueFlight


@dataclass(frozen=True)
class Found:
    """What became of one true incident; minutes until it was told, None where it never was."""

    kind: str
    seed: int
    after_min: float | None
    heard: bool


@dataclass(frozen=True)
class Played:
    """One seed: its true incidents, and the false ones by the detector that says what each is."""

    seed: int
    found: list[Found]
    false: dict[str, int]
    priority_false: int
    shown: int
    ship_days: float
    seconds: float
    rows: int
    stated: list[Stated]


def play(seed: int, hours: float) -> Played:
    """Play a seed and hold what was told against the truth."""
    simulation = Simulation(load_scenario("baltic"), BEGIN_US, seed=seed)
    engine = Engine(OntologyConfig().load(), make_detectors, "benchmark")
    statements = load_scenario("baltic").infrastructure.to_statements(BEGIN_US)
    engine.state("exercise", statements)
    told: list[Alert] = []
    spent, rows = 0.0, 0
    for ships, aircraft in zip(decoded(simulation, hours), flown(simulation, hours), strict=True):
        begun = time.process_time()
        for stream, batches in (("exercise", ships), ("aircraft", aircraft)):
            for batch in batches:
                engine.take(stream, batch)
                rows += batch.rows.num_rows
        told += engine.changes()
        spent += time.process_time() - begun
    told += engine.finish()
    until_us = BEGIN_US + round(hours * 3_600) * SECOND_US
    true: list[Happened] = [*Truth(simulation).incidents_between(BEGIN_US, until_us)]
    true += true_flights(simulation, BEGIN_US, until_us)
    # What had begun before the day, or goes on after it, is no test of who looks at that day alone.
    whole = [one for one in true if one.start_us >= BEGIN_US and one.end_us < until_us]
    found = [_found(one, told, engine, seed) for one in whole]
    false, priority, shown = _false(told, true, Truth(simulation), until_us)
    ship_days = len(simulation.fleet) * hours / 24.0
    stated = _stated(told, true, Truth(simulation))
    return Played(seed, found, false, priority, shown, ship_days, spent, rows, stated)


def decoded(simulation: Simulation, hours: float) -> Iterator[list[ObservationBatch]]:
    # Ten seconds at a time, as a node has parts of one.
    feed = load_feeds()["ais"]
    connection = Connection(feed, feed.options_model())
    for _ in range(round(hours * 3_600 / AT_ONCE_S)):
        chunks = []
        for _ in range(AT_ONCE_S):
            sentences = simulation.step()
            chunks.append(Chunk(b"".join(sentences), simulation.now_us))
        yield connection.feed(chunks).batches


def flown(simulation: Simulation, hours: float) -> Iterator[list[ObservationBatch]]:
    """What the receiver of the exercise's aircraft sends, in the same steps."""
    air = simulation.scenario.air
    assert air is not None
    sensing, feed = AirSensing(air), load_feeds()["aircraft_json"]
    connection = Connection(feed, feed.options_model())
    for step in range(round(hours * 3_600 / AT_ONCE_S)):
        from_us = BEGIN_US + step * AT_ONCE_S * SECOND_US
        sent = sensing.play(simulation, from_us, from_us + AT_ONCE_S * SECOND_US, False)
        yield connection.feed([Chunk(one.data, one.at_us) for one in sent]).batches


def _names(one: Happened) -> set[str]:
    if isinstance(one, TrueFlight):
        return {one.identifier}
    return {f"mmsi:{mmsi}" for mmsi in one.mmsis}


def _is_of(alert: Alert, one: Happened) -> bool:
    is_timely = one.start_us - EARLY_US <= alert.start_us <= one.end_us + LATE_US
    is_timely |= alert.start_us <= one.start_us <= (alert.end_us or alert.told_us)
    names = set(alert.identifiers)
    is_named = bool(names & _names(one))
    beacon = one.kind is IncidentKind.DISTRESS and any(n.startswith("mmsi:972") for n in names)
    return is_timely and (is_named or beacon)


def _found(one: Happened, told: list[Alert], engine: Engine, seed: int) -> Found:
    times = [
        alert.told_us
        for alert in told
        if alert.detector in FOR[one.kind]
        and _is_of(alert, one)
        and alert.told_us <= one.end_us + LATE_US
    ]
    after = None if not times else (min(times) - one.start_us) / 60e6
    things = engine.scene.things
    stream = "aircraft" if isinstance(one, TrueFlight) else "exercise"
    heard = any(
        (row := things.row_of(stream, name)) is not None and things.first_us[row] < one.end_us
        for name in _names(one)
    )
    return Found(one.kind.value, seed, after, heard)


def _false(
    told: list[Alert], true: list[Happened], truth: Truth, now_us: int
) -> tuple[dict[str, int], int, int]:
    tellings: dict[str, list[Telling]] = defaultdict(list)
    for nth, alert in enumerate(told):
        one = Telling(alert, 0, nth, alert.told_us, alert.detector, str(nth))
        tellings[alert.alert_id].append(one)
    made = incidents_of(list(tellings.values()), {}, lambda name: name, now_us)
    false: Counter[str] = Counter()
    priority = 0
    for incident in made:
        if not any(
            _is_close(alert, truth) or any(_is_of(alert, one) for one in true)
            for alert in incident.alerts
        ):
            false[incident.chief.detector] += 1
            priority += incident.is_priority
    return dict(false), priority, len(made)


def _stated(told: list[Alert], true: list[Happened], truth: Truth) -> list[Stated]:
    """Of each alert what it was last told with, and whether it was so."""
    latest, kinds = {alert.alert_id: alert for alert in told}, set().union(*FOR.values())
    stated = []
    for alert in latest.values():
        causes, close = [one for one in true if _is_of(alert, one)], _is_close(alert, truth)
        own = [one for one in causes if {alert.detector} & FOR[one.kind]]
        own = own if alert.detector in kinds else causes
        told_as = alert.detector, alert.probability
        stated.append(Stated(*told_as, bool(causes) or close, bool(own) or close))
    return stated


def _is_close(alert: Alert, truth: Truth) -> bool:
    """Whether a risk of collision was one: the two truly came within :data:`CLOSE_M`."""
    if alert.detector != "collision_risk":
        return False
    ships = [int(name.removeprefix("mmsi:")) for name in alert.identifiers[:2]]
    until_us = (alert.end_us or alert.told_us) + LATE_US
    for time_us in range(alert.start_us, until_us, CLOSE_EVERY_US):
        one, other = (truth.ship(mmsi, time_us) for mmsi in ships)
        if distance_m(one.lat, one.lon, other.lat, other.lon) < CLOSE_M:
            return True
    return False


def said(played: list[Played], hours: float) -> str:
    """The section of the report."""
    days, ship_days = len(played) * hours / 24.0, sum(one.ship_days for one in played)
    found: dict[str, list[Found]] = defaultdict(list)
    for one in played:
        for incident in one.found:
            found[incident.kind].append(incident)
    lines = [
        "| kind | incidents | heard at all | found | recall of these | median minutes to alert |",
        "|---|---|---|---|---|---|",
    ]
    for kind, each in sorted(found.items()):
        heard = [one for one in each if one.heard]
        times = [one.after_min for one in heard if one.after_min is not None]
        recall = len(times) / len(heard) if heard else 0.0
        when = f"{median(times):.1f}" if times else "-"
        lines.append(
            f"| {kind} | {len(each)} | {len(heard)} | {len(times)} | {recall:.2f} | {when} |"
        )
    false = sum((Counter(one.false) for one in played), Counter[str]())
    shown = sum(one.shown for one in played)
    lines += [
        "",
        f"{len(played)} seeds of {hours:g} h, {ship_days:,.0f} ship-days. Incidents shown: "
        f"{shown}, of them with no true cause: {false.total()} "
        f"({false.total() / days / 24:.1f} an hour, {false.total() / ship_days:.3f} a ship-day), "
        f"calls for help among these: "
        f"{sum(one.priority_false for one in played)}. By detector: "
        + (", ".join(f"{name} {count}" for name, count in false.most_common()) or "none")
        + ".",
        f"All detectors together: {sum(p.seconds for p in played):,.0f} s of one core for "
        f"{sum(p.rows for p in played):,} reports.",
        at_scale(sum(one.priority_false for one in played), false.total(), ship_days),
        "",
        reliability(stated for one in played for stated in one.stated),
    ]
    return "\n".join(lines)


def at_scale(priority: int, false: int, ship_days: float) -> str:
    """What these false incidents would be at :data:`MANY_SHIPS`, an hour, if all seas were so.

    The interval holds 90 of 100 of what the rate may be (gamma distribution, Jeffreys' prior); the
    bound on none seen is about three in all, with 95 of 100 (Hanley and Lippman-Hand, JAMA 249
    (1983) 1743).
    """
    hours = ship_days * 24.0 / MANY_SHIPS
    texts = []
    for name, count in (("that ring (calls for help)", priority), ("of all kinds", false)):
        low, high = gamma.ppf((0.05, 0.95), count + 0.5) / hours
        most = chi2.ppf(0.95, 2 * count + 2) / 2.0 / hours
        texts.append(
            f"{name}: {count / hours:.1f}, may be {low:.1f} to {high:.1f}, below {most:.2g} as "
            "surely as 95 of 100"
        )
    return (
        f"These ship-days are {hours * 60:,.1f} minutes of {MANY_SHIPS:,} ships. False incidents "
        f"an hour at that number, if they grow with it, {'; '.join(texts)}."
    )


def read(path: Path) -> list[Played]:
    """What an earlier run wrote, for seeds that are played in processes of their own."""
    runs = json.loads(path.read_text(encoding="utf-8"))["runs"]
    return [
        Played(
            **{
                **one,
                "found": [Found(**found) for found in one["found"]],
                "stated": [Stated(*stated) for stated in one["stated"]],
            }
        )
        for one in runs
    ]


def main() -> int:
    """Print the figures; with ``--json`` write them too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two hours of one seed")
    parser.add_argument("--hours", type=float, default=6.0)
    parser.add_argument("--seeds", type=int, default=3, help="`make soak` plays ten of a day")
    parser.add_argument("--first", type=int, default=201, help="1 to 9 are for those who tune")
    parser.add_argument("--settle", action="store_true", help="what detectors should state")
    parser.add_argument("--json", type=Path, help="write everything there")
    parser.add_argument(
        "--together", type=Path, nargs="+", help="play nothing, tell of what these runs wrote"
    )
    arguments = parser.parse_args()
    hours, seeds = (2.0, 1) if arguments.quick else (arguments.hours, arguments.seeds)
    if arguments.together:
        played = [one for path in arguments.together for one in read(path)]
    else:
        played = [play(arguments.first + nth, hours) for nth in range(seeds)]
    text = said(played, hours)
    if arguments.settle:
        text += "\n\n" + settled(stated for one in played for stated in one.stated)
    sys.stdout.write(text + "\n")
    each = [one for p in played for one in p.found if one.heard]
    met = sum(one.after_min is not None for one in each) >= 0.95 * len(each)
    if arguments.json:
        runs = [asdict(one) for one in played]
        arguments.json.write_text(json.dumps({"said": text, "met": met, "runs": runs}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
