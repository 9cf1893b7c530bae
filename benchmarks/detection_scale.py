"""What do all detectors together cost at 100,000 things and 10,000 reports a second?

Ships spread over the seas of northern Europe report every ten seconds, each with position, speed,
course and heading: most go straight on, some lie still, some stay close to another. Detectors look
every ten seconds of the reports' time, after some minutes in which they learn, and 20 watch rules
are looked for beside them. Seconds of one core for a second of reports; below 1 one core keeps up.
By detector too, and for fewer things.

    python -m benchmarks.detection_scale [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from alliage.config_tables import OntologyConfig
from alliage.detection import Engine, Finding, Reports, Scene, make_detectors
from alliage.detection.contract import Looker
from alliage.detection.rules import RuleLooker, RuleVersion, kinds_of, read_rule
from alliage.geo.flat import moved
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch

BEGIN_US = 1_767_268_800_000_000
LOOK_S = 10


class Timed:
    """A detector that counts the seconds of its looks."""

    def __init__(self, of: Looker) -> None:
        self.of, self.name, self.seconds = of, of.name, 0.0
        self.version, self.linger_s = of.version, of.linger_s

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        begun = time.process_time()
        found = list(self.of.look(scene, reports))
        self.seconds += time.process_time() - begun
        return found


def traffic(ships: int) -> Iterator[ObservationBatch]:
    """A look's reports again and again, ten seconds on each time."""
    random = np.random.default_rng(7)
    lat, lon = random.uniform(50.0, 66.0, ships), random.uniform(-5.0, 25.0, ships)
    speed = np.where(random.random(ships) < 0.4, random.uniform(0, 0.3, ships),
                     random.uniform(2, 10, ships))  # fmt: skip
    course = random.uniform(0, 360, ships)
    names = pa.array([f"mmsi:{200_000_000 + n}" for n in range(ships)])
    codes = pa.array(np.arange(ships, dtype=np.int32))
    identifier = pa.DictionaryArray.from_arrays(codes, names)
    schema = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(ships, np.int32)), pa.array(["Vessel"])
    )
    status = pa.DictionaryArray.from_arrays(
        pa.array((speed < 0.5).astype(np.int32)), pa.array(["under_way_using_engine", "at_anchor"])
    )
    look = 0
    while True:
        valid = BEGIN_US + look * LOOK_S * 1_000_000 + np.sort(random.integers(0, 9_999_999, ships))
        wobble = random.normal(0, 5, (2, ships))
        way, turn = speed * LOOK_S * look, np.radians(course)
        at = moved(lat, lon, way * np.sin(turn) + wobble[0], way * np.cos(turn) + wobble[1])
        when = pa.array(valid).cast(COMMON.field("valid").type)
        columns = {"identifier": identifier, "schema": schema, "valid": when, "received": when,
                   "latitude_deg": at[0], "longitude_deg": at[1], "speed_mps": speed,
                   "course_deg": course, "heading_deg": course}  # fmt: skip
        types = {field.name: field.type for field in (*COMMON, *POSITION)}
        arrays = {
            name: column if isinstance(column, pa.Array) else pa.array(column).cast(types[name])
            for name, column in columns.items()
        }
        arrays["navigation_status"] = status
        yield ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(arrays))
        look += 1


def rules(engine: Engine) -> list[Timed]:
    """Four rules of different lines, five times each."""
    texts = [
        "rule Slow\nspeed below 1 kn\nfor 10 min\ninside Nowhere",
        "rule Fast\nabout tanker\nspeed above 15 kn\nproperty length_m above 100",
        "rule Northward\ncourse from 350 to 10\nspeed above 12 kn\nat least 3 others within 1 nm",
        "rule Gone\nsilent for 20 min\nspeed above 3 kn",
    ]
    made = []
    for nth, text in enumerate(texts * 5):
        rule = read_rule(text, kinds_of(engine.scene.ontology))
        made.append(Timed(RuleLooker(f"rule:{nth}", RuleVersion(1, text), rule)))
        engine.rules.look_for(made[-1])  # type: ignore[arg-type]
    return made


def measure(ships: int, learning: int, looks: int) -> tuple[float, dict[str, float]]:
    """Seconds of a core for a second of reports, and by detector."""
    detectors: list[Timed] = []

    def make() -> list[Timed]:
        detectors[:] = [Timed(one) for one in make_detectors()]
        return detectors

    engine = Engine(OntologyConfig().load(), make, "benchmark")  # type: ignore[arg-type]
    made, asked = traffic(ships), rules(engine)
    for _ in range(learning):
        engine.take("ais", next(made))
    engine.changes()
    for one in (*detectors, *asked):
        one.seconds = 0.0
    spent = 0.0
    for _ in range(looks):
        batch = next(made)
        begun = time.process_time()
        engine.take("ais", batch)
        engine.changes()
        spent += time.process_time() - begun
    each = {one.name: one.seconds / looks / LOOK_S for one in detectors}
    each["20 watch rules"] = sum(one.seconds for one in asked) / looks / LOOK_S
    return spent / looks / LOOK_S, each


def main() -> int:
    """Print the figures; exit code 1 where one core does not keep up."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.detection_scale", description=__doc__
    )
    parser.add_argument("--quick", action="store_true", help="fewer things and looks")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()
    sizes = (1_000, 10_000) if arguments.quick else (1_000, 10_000, 100_000)
    learning, looks = (3, 3) if arguments.quick else (30, 12)
    costs = {ships: measure(ships, learning, looks) for ships in sizes}
    print(f"{'things':>10}{'reports/s':>12}{'core s per s':>14}")
    for ships, (cost, _) in costs.items():
        print(f"{ships:10,}{ships / LOOK_S:12,.0f}{cost:14.3f}")
    print("\nby detector at the most, core s per s:")
    for name, cost in sorted(costs[sizes[-1]][1].items(), key=lambda one: -one[1]):
        print(f"  {name:24}{cost:8.4f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(costs, indent=2))
    return 0 if costs[sizes[-1]][0] < 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
