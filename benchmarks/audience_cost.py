"""What does it cost to read through an audience, and how often can the policy be asked?

The same questions twice: as a reader who may see half of the label sets and all of the rows asked
for, and without any predicate on the raw columns and tables. Of the picture twice: a whole view
made anew of all that is there, which is where its rows are chosen, and a box asked of a view that
is ready. Aim: at most 5 % more. Beside it what one decision costs in Cedar, and what the remembered
one costs.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from alliage.access.cedar import default_policy
from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.access.rights import Rights
from alliage.history.claims import ClaimReader, ClaimStore
from alliage.log import Draft, Log, NodeKeys
from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.ontology.claim import Claim
from alliage.ontology.label import Label
from alliage.ontology.times import WallClock
from benchmarks.fleet import SEED, START_US, Entry, Fleet
from benchmarks.picture_updates import make_picture

AIM: Final = 1.05
LABELS: Final = tuple(
    Label.make(
        "ALLIAGE", "SECRET", ["DNK", "FRA"] if number % 2 else ["FRA"], {"Net": [str(number)]}
    )
    for number in range(20)
) + tuple(Label.make("ALLIAGE", "SECRET", ["DNK", "POL"][: 1 + number % 2]) for number in range(20))
READER: Final = Principal("u1", "reader", "DNK", "SECRET", frozenset({Role.VIEWER}))


class Unguarded(ClaimReader):
    """The same queries without a predicate."""

    visible = sa.true()
    sql_of_identifier = re.sub(r"substr.*:up_to AND ", "", ClaimReader.sql_of_identifier, count=1)


class Everything(Audience):
    """A reader of whom nobody asks what they may see: a column of labels is not looked at."""

    def mask(self, label_sets: NDArray[np.int32]) -> NDArray[np.bool_]:
        """All of it."""
        return np.ones(len(label_sets), dtype=np.bool_)


def side_by_side(
    guarded: Callable[[], Any], raw: Callable[[], Any], runs: int
) -> tuple[float, float]:
    """Median seconds of processor time of both, so that neighbours do not disturb it.

    Run in turns, each of them first as often as second: what was read first is read faster again.
    """
    took: tuple[list[float], list[float]] = ([], [])
    ways = list(zip(took, (guarded, raw), strict=True))
    for number in range(runs):
        for times, work in ways if number % 2 else reversed(ways):
            began = time.thread_time()
            work()
            times.append(time.thread_time() - began)
    return statistics.median(took[0]), statistics.median(took[1])


def view_anew(tracks: int, runs: int) -> tuple[float, float]:
    """A view of all tracks for an audience that nobody had, with and without looking at labels."""
    made, reader = make_picture()
    made.apply([Entry(0, Fleet(tracks).everyone(), START_US)])
    numbers = count()

    def view_of(kind: type[Audience]) -> Any:
        audience = kind(f"{next(numbers)}", lambda _label: True, reader._label_sets)
        return made.view(audience, START_US)

    return side_by_side(lambda: view_of(Audience), lambda: view_of(Everything), runs)


def box_of_a_view(tracks: int, runs: int) -> tuple[float, float]:
    """Which tracks lie in a box: the view of an audience, and the bare columns."""
    made, reader = make_picture()
    made.apply([Entry(0, Fleet(tracks).everyone(), START_US)])
    view, box = made.view(reader, START_US), Box(10.0, 54.0, 13.0, 57.0)
    objects = view.objects
    lon, lat = objects.lon[: objects.count], objects.lat[: objects.count]
    state = objects.state[: objects.count]

    def raw() -> Any:
        return ((state == 0) | (state == 1)) & box.mask(lon, lat)

    return side_by_side(lambda: view.mask(box), raw, runs)


def claims(rows: int, runs: int, folder: Path) -> dict[str, tuple[float, float]]:
    """Claims about a ship and a page of claims, in the claims' table; search.py has the search."""
    log = Log.open(folder / "log", NodeKeys.generate(), "bench", WallClock())
    store = ClaimStore(folder / "claims.sqlite")
    for label in LABELS:
        log.label_sets.intern(frozenset([label]))
    visible = [label for label in LABELS if Access("DNK", log.label_sets).may_see(READER)(label)]
    numbers = count()
    for begin in range(0, rows, 10_000):
        label = visible[begin // 10_000 % len(visible)]
        said = tuple(_claim(next(numbers)) for _ in range(min(10_000, rows - begin)))
        store.apply(log.append([Draft("fleet", frozenset([label]), said)]))
    audience = Access("DNK", log.label_sets).audience(READER)
    guarded, raw = store.reader(audience), Unguarded(store._engine, audience)
    names = np.random.default_rng(SEED).integers(0, rows // 4, runs * 2)
    ships, others = iter(names.tolist()), iter(names.tolist())
    try:
        return {
            "claims of a ship": side_by_side(
                lambda: guarded.of_identifier(f"mmsi:{next(ships)}"),
                lambda: raw.of_identifier(f"mmsi:{next(others)}"),
                runs,
            ),
            "page of claims": side_by_side(guarded.page, raw.page, runs),
        }
    finally:
        store.close()
        log.close()


def _claim(number: int) -> Claim:
    ship, what = divmod(number, 4)
    name = ("name", "destination", "call_sign", "draught_m")[what]
    return Claim(f"c{number}", f"s{ship}", f"mmsi:{ship}", "Vessel", name, f"SHIP {ship}", START_US)


def decisions(seconds: float) -> dict[str, float]:
    """Answers a second: Cedar's, the remembered ones, and rows by bitmap."""
    policy, rights = default_policy(), Rights.of(READER)
    _, reader = make_picture()
    access = Access("DNK", reader._label_sets)
    access.decide(READER, LABELS[0])
    column = np.zeros(1_000_000, np.int32)
    return {
        "Cedar": _rate(lambda: policy.reads(rights, LABELS[0], 4, "DNK"), seconds),
        "remembered": _rate(lambda: access.decide(READER, LABELS[0]), seconds),
        "rows by bitmap": _rate(lambda: reader.mask(column), seconds) * len(column),
    }


def _rate(work: Callable[[], Any], seconds: float) -> float:
    began, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < seconds:
        work()
        done += 1
    return done / spent


def main() -> int:
    """Print the figures; 1 where reading through an audience costs more than the aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--quick", action="store_true", help="small inputs")
    arguments = parser.parse_args()
    tracks, rows, runs = (5_000, 20_000, 20) if arguments.quick else (100_000, 400_000, 200)
    print(f"seed {SEED}, Python {platform.python_version()}, {platform.machine()}")
    with TemporaryDirectory() as folder:
        figures = {
            f"picture: a view of {tracks:,} tracks made anew": view_anew(tracks, runs // 8),
            f"picture: a box of a view of {tracks:,} tracks": box_of_a_view(tracks, 10 * runs),
            **{
                f"{what} of {rows:,} claims": took
                for what, took in claims(rows, runs, Path(folder)).items()
            },
        }
    for what, (guarded, raw) in figures.items():
        print(
            f"{what}: through an audience {guarded * 1e3:.3f} ms, raw {raw * 1e3:.3f} ms, "
            f"ratio {guarded / raw:.3f}"
        )
    rates = decisions(0.2 if arguments.quick else 2.0)
    print("decisions a second: " + ", ".join(f"{k} {v:,.0f}" for k, v in rates.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps({"figures": figures, "rates": rates}))
    return 0 if all(guarded / raw <= AIM for guarded, raw in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
