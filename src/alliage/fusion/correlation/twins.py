"""One thing under two identifiers within one stream: two that go one way side by side for long.

Only identifiers of which a thing rightly bears one are looked at, and only what makes way: ships
lie alongside each other in every port. What the two say of themselves counts, too: a tug beside her
tow has another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from alliage.fusion.correlation.attributes import AreRelated, alike_or_general, compare_attributes
from alliage.fusion.correlation.compare import Comparison, compare, motion_of
from alliage.fusion.correlation.judgement import Evidence, Judgement, Verdict
from alliage.fusion.correlation.neighbours import on_sphere
from alliage.fusion.correlation.rows import SourceRows
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.matrices import Bools, Ints
from alliage.ontology.identifiers import contradict

FRESH_S: Final = 120.0
MAKES_WAY_MPS: Final = 2.0
REACH_M: Final = 1_000.0
BESIDE_M: Final = 60.0
"""Up to what one report may be of the same ship, beside three standard deviations."""
ABOARD_M: Final = 50.0
"""How far apart two aerials of one ship are on the mean. Tugs at work with a large ship, in a
recording of the Solent of 2016, were 90 to 135 m from her aerial."""
SAME_WAY_MPS: Final = 1.0
LASTS_S: Final = 600.0
"""So long side by side: longer than a pilot needs to board, and than static data take to come."""
ALONE_LOG_ODDS: Final = 2.0
"""What that says by itself, by rough measure; what they say of themselves is added."""


@dataclass(slots=True)
class _Pair:
    since_s: float
    last_s: float
    positions: int = 0
    distance_m: float = 0.0
    away_m: float = 0.0
    std_m: float = 0.0
    misses: int = 0
    is_told: bool = False


class Twins:
    """Judges which two tracks of one stream are one thing."""

    def __init__(
        self,
        settings: CorrelationSettings | None = None,
        are_related: AreRelated = alike_or_general,
    ) -> None:
        """Begin with nothing known; see :class:`PairCorrelator`."""
        self._settings = settings or CorrelationSettings()
        self._are_related = are_related
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def restore(self, told: Iterable[tuple[str, str, Verdict]]) -> None:
        """Take up what was told before a restart."""
        for one, other, verdict in told:
            if verdict is Verdict.CONFLICT:
                self._pairs[one, other] = _Pair(-np.inf, -np.inf, is_told=True)

    def update(self, now_s: float, rows: SourceRows) -> list[Judgement]:
        """Look at the stream's tracks; what is judged otherwise than before."""
        makes_way = (rows.speed_mps >= MAKES_WAY_MPS) & np.isfinite(rows.course_deg)
        rows = rows.take(makes_way & (np.abs(now_s - rows.time_s) <= FRESH_S))
        i, j = self._near(rows)
        found = compare(rows, rows, (motion_of(rows, self._settings),) * 2, i, j, self._settings)
        beside, away_m = _is_beside(found), np.hypot(*found.offset.T)
        std_m = np.sqrt(0.5 * (found.covariance[:, 0] + found.covariance[:, 2]))
        newest_s = np.minimum(rows.time_s[i], rows.time_s[j])
        said = []
        for at, (one, other) in enumerate(zip(rows.identifier[i], rows.identifier[j], strict=True)):
            pair = self._pairs.get((one, other))
            if pair is None and beside[at]:
                pair = self._pairs[one, other] = _Pair(float(newest_s[at]), -np.inf)
            if pair is None or newest_s[at] <= pair.last_s:
                continue
            pair.last_s = float(newest_s[at])
            self._count(pair, bool(beside[at]), float(away_m[at]), float(std_m[at]))
            told = self._judge(rows, i[at], j[at], pair)
            said += [told] if told else []
        self._forget(now_s)
        return said

    def _near(self, rows: SourceRows) -> tuple[Ints, Ints]:
        """Pairs of rows that are near each other and should not be one; each once."""
        if len(rows) < 2:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        places = on_sphere(rows, np.zeros((len(rows), 2)))
        near = cKDTree(places).query_pairs(REACH_M, output_type="ndarray")
        names = rows.identifier
        chosen = [contradict(names[one], names[other]) for one, other in near.tolist()]
        i, j = np.sort(near[np.array(chosen, np.bool_)], axis=1).T.astype(np.int64)
        order = np.lexsort((j, i))
        return i[order], j[order]

    def _count(self, pair: _Pair, beside: bool, away_m: float, std_m: float) -> None:
        pair.std_m, pair.away_m = std_m, away_m
        if not beside:
            pair.misses += 1
        else:
            pair.misses = 0
            pair.positions += 1
            pair.distance_m += away_m
            pair.since_s = pair.last_s if np.isneginf(pair.since_s) else pair.since_s

    def _judge(self, rows: SourceRows, i: int, j: int, pair: _Pair) -> Judgement | None:
        one, other = str(rows.identifier[i]), str(rows.identifier[j])
        if pair.misses >= self._settings.steady:
            del self._pairs[one, other]
            return _parted(one, other, pair) if pair.is_told else None
        lasts_s = pair.last_s - pair.since_s
        if pair.is_told or pair.misses or lasts_s < LASTS_S:
            return None
        mean_m = pair.distance_m / pair.positions
        if mean_m > ABOARD_M:
            return None
        alike = compare_attributes(rows, rows, np.array([i]), np.array([j]), self._are_related)
        score = 1.0 / (1.0 + np.exp(-ALONE_LOG_ODDS - alike.log_odds[0]))
        if score < 0.5:
            return None
        pair.is_told = True
        evidence = Evidence(
            positions=pair.positions,
            span_s=lasts_s,
            mean_distance_m=mean_m,
            agreed=tuple(name for name, sign in alike.signs.items() if sign[0] > 0),
            differed=tuple(name for name, sign in alike.signs.items() if sign[0] < 0),
            expected_m=pair.std_m,
        )
        return Judgement(one, other, Verdict.CONFLICT, float(score), evidence)

    def _forget(self, now_s: float) -> None:
        settings = self._settings
        self._pairs = {
            names: pair
            for names, pair in self._pairs.items()
            if np.isneginf(pair.last_s)
            or now_s - pair.last_s <= (settings.remember_s if pair.is_told else FRESH_S)
        }


def _parted(one: str, other: str, pair: _Pair) -> Judgement:
    """They were elsewhere so many times in a row, and last so far apart."""
    evidence = Evidence(pair.misses, mean_distance_m=pair.away_m, expected_m=pair.std_m)
    return Judgement(one, other, Verdict.DIFFERENT, 0.0, evidence)


def _is_beside(found: Comparison) -> Bools:
    spread = 3.0 * np.sqrt(0.5 * (found.covariance[:, 0] + found.covariance[:, 2]))
    near = np.hypot(*found.offset.T) <= BESIDE_M + spread
    beside: Bools = near & (np.hypot(*found.velocity_offset.T) <= SAME_WAY_MPS)
    return beside
