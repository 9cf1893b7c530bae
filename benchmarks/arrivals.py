"""Do arrivals come within the interval that is told of them? Asked of an exercise, whose ships the
truth knows: of some ships now and then when it will be where it truly is some time later."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from alliage.detection import Scene
from alliage.detection.forecast import Forecaster, States, arrival
from alliage.exercise.truth import Truth

LATER_S = (1_800.0, 3_600.0, 10_800.0)
ONE_IN = 12
"""Of so many forecasts one is also asked for an arrival: each asks for a hundred forecasts."""


@dataclass(frozen=True)
class Came:
    """One ship that came to a place: how much later, and the interval that was told."""

    later_s: float
    earliest_s: float
    latest_s: float
    """Infinite where it is later than is forecast; NaN, both, where no interval was told."""

    @property
    def is_told(self) -> bool:
        """Whether there was an interval."""
        return not math.isnan(self.earliest_s)

    @property
    def is_within(self) -> bool:
        """Whether it came then."""
        return self.earliest_s <= self.later_s <= self.latest_s


class Arrivals:
    """Asks a forecaster when ships will be where they truly will be."""

    def __init__(self, truth: Truth, seed: int) -> None:
        self._truth = truth
        self._chance = np.random.default_rng(seed)
        self.came: list[Came] = []

    def ask(
        self,
        of: Forecaster,
        scene: Scene,
        things: Sequence[int],
        when_us: Sequence[int],
        states: States,
    ) -> None:
        """Ask of some of these ships, with what was learned by now."""
        for nth in np.flatnonzero(self._chance.random(len(things)) < 1.0 / ONE_IN).tolist():
            later_s = float(self._chance.choice(LATER_S))
            scheme, _, number = scene.things.identifiers[things[nth]].partition(":")
            if scheme != "mmsi":
                continue
            try:
                there = self._truth.ship(int(number), when_us[nth] + round(later_s * 1e6))
            except KeyError:  # a beacon is no ship
                continue
            if there.at_rest or not there.present:
                continue
            found = arrival(of, states.take(np.array([nth])), there.lat, there.lon)
            if found is None:
                self.came.append(Came(later_s, math.nan, math.nan))
            else:
                latest_s = math.inf if found.latest_s is None else found.latest_s
                self.came.append(Came(later_s, found.earliest_s, latest_s))


def said_of_arrivals(came: Sequence[Came]) -> Iterator[str]:
    """Lines of the report."""
    yield "| comes in min | asked | an interval is told | comes within it | median length min |"
    yield "|---|---|---|---|---|"
    for later_s in LATER_S:
        mine = [one for one in came if one.later_s == later_s]
        told = [one for one in mine if one.is_told]
        if told:
            within = sum(one.is_within for one in told) / len(told)
            long_s = median(one.latest_s - one.earliest_s for one in told)
            length = "open" if math.isinf(long_s) else f"{long_s / 60:.0f}"
            yield (
                f"| {later_s / 60:.0f} | {len(mine):,} | {len(told) / len(mine):.0%} "
                f"| {within:.0%} | {length} |"
            )
