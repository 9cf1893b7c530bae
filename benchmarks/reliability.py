"""Is what detectors state of themselves so? Stated probabilities, and the share that was true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean
from typing import NamedTuple

from scipy.stats import beta

BANDS = (0.0, 0.55, 0.65, 0.75, 0.85, 1.01)
"""Of stated probabilities, where those of all detectors are told together."""


class Stated(NamedTuple):
    """One alert: what its detector stated when it was last told, and whether it was so.

    ``of_its_kind``: whether it was of what the detector is for.
    """

    detector: str
    probability: float
    was_true: bool
    of_its_kind: bool


def reliability(stated: Iterable[Stated]) -> str:
    """Two tables: a row for each detector, and a row for each band of stated probabilities.

    The interval holds 90 of 100 of what the share may be after so many alerts (beta distribution,
    Jeffreys' prior); where the stated figure is outside of it, the row says so.
    """
    by_detector: dict[str, list[Stated]] = defaultdict(list)
    by_band: dict[str, list[Stated]] = defaultdict(list)
    for one in sorted(stated):
        by_detector[one.detector].append(one)
        by_band[_band(one.probability)].append(one)
    return f"{_table('detector', by_detector)}\n\n{_table('stated', by_band)}"


PRIOR = 10
"""So many alerts the figure counts that a detector's authors chose: as in a node, where people
judge (decision 0250)."""


FIGURES = 3
"""Who states no more figures than these chose each of them."""


def settled(stated: Iterable[Stated]) -> str:
    """A row for each detector: what was true, in which interval, and what it should state.

    What is stated should be the share among these alerts and
    :data:`PRIOR` more at the present figure, so that nothing is ever certain and few change
    little. A detector that states :data:`FIGURES` at most has a row for each of them.
    """
    by_detector: dict[str, list[Stated]] = defaultdict(list)
    for one in stated:
        by_detector[one.detector].append(one)
    lines = ["| detector | alerts | stated | true | may be | should state |"]
    lines.append("|---|---|---|---|---|---|")
    for name, some in sorted(by_detector.items()):
        figures = sorted({one.probability for one in some})
        each = [[one for one in some if one.probability == figure] for figure in figures]
        lines += [_settled(name, part) for part in (each if len(figures) <= FIGURES else [some])]
    return "\n".join(lines)


def _settled(name: str, some: list[Stated]) -> str:
    mean, true = fmean(one.probability for one in some), sum(one.was_true for one in some)
    low, high = beta.ppf((0.05, 0.95), true + 0.5, len(some) - true + 0.5)
    should = (true + PRIOR * mean) / (len(some) + PRIOR)
    share = f"{true / len(some):.2f} | {low:.2f} to {high:.2f} | {should:.2f}"
    return f"| {name} | {len(some)} | {mean:.2f} | {share} |"


def _band(probability: float) -> str:
    low = max(bound for bound in BANDS if bound <= probability)
    high = min(bound for bound in BANDS if bound > probability)
    return f"{low:.2f} to {min(high, 1.0):.2f}"


def _table(of: str, groups: dict[str, list[Stated]]) -> str:
    lines = [
        f"| {of} | alerts | stated on average | true | may be | of its own kind | |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, some in sorted(groups.items()):
        mean, true = fmean(one.probability for one in some), sum(one.was_true for one in some)
        low, high = beta.ppf((0.05, 0.95), true + 0.5, len(some) - true + 0.5)
        is_off = "" if low <= mean <= high else "says too little" if mean < low else "says too much"
        own = fmean(one.of_its_kind for one in some)
        share = f"{true / len(some):.2f} | {low:.2f} to {high:.2f} | {own:.2f}"
        lines.append(f"| {name} | {len(some)} | {mean:.2f} | {share} | {is_off} |")
    return "\n".join(lines)
