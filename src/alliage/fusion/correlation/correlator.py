"""The correlator of two streams: rows of both go in now and then, changes of mind come out.

A round weighs for each pair of tracks how much better "one thing" explains what is seen than "two
things that happen to be near each other", chooses one partner at most for each track, and changes
its mind only when several rounds in a row ask for it. Nothing but the rows of these two streams
has any influence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

import numpy as np

from alliage.fusion.correlation.attributes import NAMES, AreRelated, alike_or_general
from alliage.fusion.correlation.compare import Sensors, compare, motion_of, position_covariance
from alliage.fusion.correlation.judgement import Evidence, Judgement, Verdict
from alliage.fusion.correlation.known import Anonymous, Known
from alliage.fusion.correlation.memory import (
    DIFFERENT,
    NOTHING,
    RIVAL,
    SAME,
    Pairs,
    mahalanobis_squared,
)
from alliage.fusion.correlation.namesakes import Namesakes
from alliage.fusion.correlation.neighbours import neighbours
from alliage.fusion.correlation.rows import SourceRows
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.correlation.systematic import (
    SensorStd,
    Systematic,
    design_of,
    estimate,
    unknown,
    with_placement_seen,
)
from alliage.fusion.correlation.weighing import Round, Weighed, weigh
from alliage.fusion.matrices import Bools, Ints
from alliage.fusion.nearest import assign
from alliage.ontology.identifiers import contradict

REACH_AT_LEAST_M: Final = 1_000.0
REACH_AT_MOST_M: Final = 5_000.0
"""How far partners are looked for: far enough to know how many others are about, and no farther."""

HELD: Final = 3.0
"""What a pair that was told gains over others that would take its place."""

PAIRS_AT_MOST: Final = 4_000
"""From which the systematic difference is estimated: more say no more."""

_VERDICTS: Final = {SAME: Verdict.SAME, RIVAL: Verdict.RIVAL, DIFFERENT: Verdict.DIFFERENT}


class PairCorrelator:
    """Judges which tracks of two streams are one thing."""

    def __init__(
        self,
        settings: CorrelationSettings | None = None,
        are_related: AreRelated = alike_or_general,
        anonymous: Anonymous = (False, False),
    ) -> None:
        """Begin with nothing known.

        Args:
            settings: figures of its models and decisions.
            are_related: whether one thing can be of two schemata.
            anonymous: which of the streams know no names: of their tracks it is said, too, which
                surely are one of the other stream's things.
        """
        self._settings = settings or CorrelationSettings()
        self._are_related = are_related
        self._anonymous = anonymous
        self._pairs = Pairs()
        self._namesakes = Namesakes(self._settings)
        self._known = Known(self._settings)
        self._codes: dict[str, int] = {}
        self._names: list[str] = []  # by code
        self._now_s: float | None = None
        self._sensors: Sensors = (None, None)
        self._systematic = self._told = self._nothing_known()

    @property
    def systematic(self) -> Systematic:
        """By how much the one stream lies off the other, as its pairs beyond doubt say."""
        return self._told

    def restore(self, told: Iterable[tuple[str, str, Verdict]]) -> None:
        """Take up what was told before a restart: it stands until something else is found."""
        states = {verdict: state for state, verdict in _VERDICTS.items()}
        stand = {}
        for one, other, verdict in told:
            if one == other and verdict is Verdict.CONFLICT:
                self._namesakes.restore(one)
            elif verdict in (Verdict.SAME, Verdict.RIVAL, Verdict.CONFLICT):
                first, second = (int(code) for code in self._coded([one, other]))
                stand[first << 32 | second] = states.get(verdict, SAME)
        keys = np.array(sorted(stand), np.int64)
        self._pairs.admit(keys)
        self._pairs["told"][np.searchsorted(self._pairs.key, keys)] = [
            stand[key] for key in keys.tolist()
        ]

    def update(
        self, now_s: float, one: SourceRows, other: SourceRows, sensors: Sensors = (None, None)
    ) -> list[Judgement]:
        """Look at both streams' tracks.

        Args:
            now_s: the time of the newest report of both, in seconds as the rows have it.
            one: rows of the one stream.
            other: rows of the other.
            sensors: from where each of them sees, where that is known: it may be turned,
                and its ranges too long.

        Returns:
            What is judged otherwise than before, by the identifiers.
        """
        settings, pairs, self._sensors = self._settings, self._pairs, sensors
        one, other = self._fresh(one, now_s), self._fresh(other, now_s)
        codes_one, codes_other = self._coded(one.identifier), self._coded(other.identifier)
        _, i, j = np.intersect1d(codes_one, codes_other, True, return_indices=True)
        said = self._namesakes.update(one, other, i, j)
        alone_one, alone_other = _without(len(one), i), _without(len(other), j)
        one, codes_one = one.take(alone_one), codes_one[alone_one]
        other, codes_other = other.take(alone_other), codes_other[alone_other]
        if self._now_s is not None:
            pairs.fade(float(np.exp(-max(0.0, now_s - self._now_s) / settings.window_s)))
        self._now_s = now_s
        if len(one) and len(other):
            seen = self._look(one, other, codes_one, codes_other, now_s)
            said += self._parted(self._compare(seen, now_s))
            said += self._judge(seen)
        self._forget(now_s)
        return sorted(said, key=lambda judgement: (judgement.one, judgement.other))

    # --- one round

    def _fresh(self, rows: SourceRows, now_s: float) -> SourceRows:
        age_s = now_s - rows.time_s
        return rows.take((age_s <= self._settings.max_age_s) & (age_s >= -self._settings.max_age_s))

    def _look(
        self,
        one: SourceRows,
        other: SourceRows,
        codes_one: Ints,
        codes_other: Ints,
        now_s: float,
    ) -> Round:
        """Find who is near whom, give the pairs rows, and find the pairs' tracks."""
        settings = self._settings
        moves = motion_of(one, settings), motion_of(other, settings)
        moved, widest = [], settings.placement_std_m**2 + settings.bias_std_m**2
        for rows, motion in zip((one, other), moves, strict=True):
            age_s = np.clip(now_s - rows.time_s, 0.0, settings.max_age_s)
            moved.append(motion.velocity * age_s[:, None])
            variance = position_covariance(rows, settings)[:, [0, 2]].max(axis=1)
            grown = motion.variance * age_s**2 + settings.acceleration_psd * age_s**3 / 3.0
            widest += float(np.max(variance + grown))
        reach_m = float(np.clip(np.sqrt(settings.gate * widest), REACH_AT_LEAST_M, REACH_AT_MOST_M))
        near = neighbours(one, other, (moved[0], moved[1]), reach_m)
        self._pairs.admit(np.sort(codes_one[near.one] << 32 | codes_other[near.other]))
        of_one = np.full(len(self._codes), -1, np.int64)
        of_other = of_one.copy()
        of_one[codes_one], of_other[codes_other] = np.arange(len(one)), np.arange(len(other))
        density = near.density_at_one, near.density_at_other
        first, second = self._pairs.key >> 32, self._pairs.key & 0xFFFFFFFF
        return Round(one, other, moves, density, of_one[first], of_other[second])

    def _compare(self, seen: Round, now_s: float) -> Ints:
        """Compare the pairs of which one reported anew.

        Returns:
            Rows of the pairs that were beyond the gate too often in a row.
        """
        settings, pairs = self._settings, self._pairs
        there = np.flatnonzero((seen.i >= 0) & (seen.j >= 0))
        one_s, other_s = seen.one.time_s[seen.i[there]], seen.other.time_s[seen.j[there]]
        anew = (one_s > pairs["one_s"][there]) | (other_s > pairs["other_s"][there])
        rows, one_s, other_s = there[anew], one_s[anew], other_s[anew]
        i, j = seen.i[rows], seen.j[rows]
        found = compare(seen.one, seen.other, seen.moves, i, j, settings, self._sensors)
        design = design_of(found.velocity, found.lever)
        left = found.offset - self._systematic.at(design)
        spread = found.covariance + self._systematic.spread(design)
        distance = mahalanobis_squared(left, spread, settings.placement_std_m**2)
        within = distance <= settings.gate
        known = pairs["positions"][rows] + (pairs["told"][rows] != NOTHING) > 0
        pairs["misses"][rows] = np.where(within, 0, pairs["misses"][rows] + known)
        pairs["one_s"][rows], pairs["other_s"][rows] = one_s, other_s
        hit = rows[within]
        first = pairs["first_s"][hit]
        pairs["first_s"][hit] = np.where(np.isnan(first), now_s, first)
        pairs["last_s"][hit] = now_s
        pairs.add(hit, found.where(within), distance[within], np.hypot(*left[within].T))
        return rows[pairs["misses"][rows] >= settings.steady]

    def _parted(self, rows: Ints) -> list[Judgement]:
        """Pairs that were somewhere else several times in a row are two things."""
        pairs = self._pairs
        told = rows[np.isin(pairs["told"][rows], (SAME, RIVAL))]
        said = [self._said(row, DIFFERENT, 0.0, None) for row in told.tolist()]
        met = np.flatnonzero(pairs["positions"][told] > 0)
        expected_m = pairs.expected_std_m(told[met], self._systematic, self._settings)
        for at, std_m in zip(met.tolist(), expected_m.tolist(), strict=True):
            evidence = replace(said[at].evidence, expected_m=std_m)
            said[at] = replace(said[at], evidence=evidence)
        pairs["told"][told] = DIFFERENT
        beyond = np.zeros(len(pairs), np.bool_)
        beyond[rows] = True
        pairs.forget_comparisons(beyond)
        return said

    def _judge(self, seen: Round) -> list[Judgement]:
        """Weigh the pairs that are there, and see for which of them the mind has changed."""
        settings, pairs = self._settings, self._pairs
        there = (seen.i >= 0) & (seen.j >= 0) & (pairs["misses"] == 0) & (pairs["positions"] > 0)
        rows = np.flatnonzero(there)
        if not len(rows):
            return self._known.update(
                seen, self._anonymous, rows, np.zeros(0), np.zeros(0, np.bool_)
            )
        found = weigh(seen, pairs, rows, self._systematic, settings, self._are_related)
        told = pairs["told"][rows]
        gain = found.log_odds + np.where(told == SAME, HELD, 0.0)
        chosen = assign(seen.i[rows], seen.j[rows], gain)
        sure = found.score >= settings.confirm
        compared = pairs["positions"][rows] >= settings.steady
        _count(pairs["above"], rows, chosen & sure)
        _count(pairs["below"], rows, (found.score < settings.drop) & ~(chosen & (told == SAME)))
        strong = (found.log_odds >= settings.rival_log_odds) & compared
        lasts = pairs["last_s"][rows] - pairs["first_s"][rows] >= settings.rival_after_s
        _count(pairs["beside"], rows, strong & ~sure & found.is_disputed & lasts)
        self._learn(rows[chosen & sure & compared])
        due = np.select(
            [
                (pairs["above"][rows] >= settings.steady) & compared & (told != SAME),
                (pairs["below"][rows] >= settings.steady) & np.isin(told, (SAME, RIVAL)),
                (pairs["beside"][rows] >= settings.steady) & (told == NOTHING),
            ],
            [SAME, DIFFERENT, RIVAL],
            NOTHING,
        )
        changed = np.flatnonzero(due != NOTHING)
        pairs["told"][rows[changed]] = due[changed]
        said = [
            self._said(int(rows[at]), int(due[at]), float(found.score[at]), (found, at))
            for at in changed.tolist()
        ]
        same = pairs["told"][rows] == SAME
        return said + self._known.update(seen, self._anonymous, rows, gain, same)

    def _learn(self, rows: Ints) -> None:
        """Estimate the systematic difference from the pairs beyond doubt, or enough of them.

        What is told of it is as sure as these pairs allow; what is judged by it, as was assumed.
        """
        pairs, settings = self._pairs, self._settings
        rows = rows[:: 1 + len(rows) // PAIRS_AT_MOST]
        prior, placement_std_m = self._nothing_known(), settings.placement_std_m
        compared = (
            pairs.mean_offset(rows),
            pairs.offset_covariance(rows, settings.reports_at_most, placement_std_m),
            pairs.mean_design(rows),
        )
        self._systematic = estimate(prior, *compared)
        self._told = with_placement_seen(self._systematic, prior, *compared, placement_std_m)

    def _nothing_known(self) -> Systematic:
        """A sensor whose place is known may be turned, and its ranges too long."""
        settings, (one, other) = self._settings, self._sensors
        turn_rad = float(np.radians(settings.turn_std_deg))
        may = SensorStd(turn_rad, settings.range_std_m, settings.stretch_std)
        sensors = (SensorStd() if one is None else may, SensorStd() if other is None else may)
        return unknown(settings.bias_std_m, settings.time_offset_std_s, sensors)

    # --- words and memory

    def _said(
        self, row: int, told: int, score: float, weighed: tuple[Weighed, int] | None
    ) -> Judgement:
        pairs, names = self._pairs, self._names
        key, positions = int(pairs.key[row]), int(pairs["positions"][row])
        evidence = Evidence()
        if positions:
            is_known = float(pairs["moving"][row]) > 0.5
            away = pairs.mean_velocity_offset(np.array([row])) if is_known else None
            evidence = Evidence(
                positions=positions,
                span_s=float(pairs["last_s"][row] - pairs["first_s"][row]),
                mean_distance_m=float(pairs["distance_m"][row]) / positions,
                speed_difference_mps=None if away is None else float(np.hypot(*away[0])),
            )
        if weighed is not None:
            evidence = _with_weights(evidence, *weighed)
        one, other = names[key >> 32], names[key & 0xFFFFFFFF]
        torn = told == SAME and contradict(one, other)
        return Judgement(one, other, Verdict.CONFLICT if torn else _VERDICTS[told], score, evidence)

    def _coded(self, identifiers: Iterable[str]) -> Ints:
        codes = self._codes
        made = [codes.setdefault(word, len(codes)) for word in identifiers]
        self._names.extend(islice(codes, len(self._names), None))
        return np.array(made, np.int64)

    def _forget(self, now_s: float) -> None:
        """Pairs that were not together for long; what was told of a pair stands much longer."""
        pairs, settings = self._pairs, self._settings
        heard_s = np.fmax(pairs["one_s"], pairs["other_s"])
        told = np.isin(pairs["told"], (SAME, RIVAL))
        restored = told & np.isneginf(heard_s)
        met = pairs["positions"] > 0
        kept = met & (now_s - heard_s <= settings.window_s)
        pairs.keep(kept | restored | (told & (now_s - heard_s <= settings.remember_s)))
        if len(self._codes) > 4 * len(pairs) + 10_000:
            self._renumber()

    def _renumber(self) -> None:
        """Forget the identifiers of which nothing is remembered."""
        pairs = self._pairs
        ones, others = pairs.key >> 32, pairs.key & 0xFFFFFFFF
        used = np.unique(np.concatenate([ones, others]))
        self._names = [self._names[code] for code in used.tolist()]
        self._codes = {name: code for code, name in enumerate(self._names)}
        pairs.key = np.searchsorted(used, ones) << 32 | np.searchsorted(used, others)


def _without(count: int, rows: Ints) -> Bools:
    left = np.ones(count, np.bool_)
    left[rows] = False
    return left


def _count(column: Ints, rows: Ints, holds: Bools) -> None:
    """How many rounds in a row something holds."""
    column[rows] = np.where(holds, column[rows] + 1, 0)


def _with_weights(evidence: Evidence, found: Weighed, at: int) -> Evidence:
    signs = {name: int(sign[at]) for name, sign in found.attributes.signs.items()}
    return replace(
        evidence,
        agreed=tuple(name for name in NAMES if signs[name] > 0),
        differed=tuple(name for name in NAMES if signs[name] < 0),
        expected_m=float(found.std_m[at]),
        density=float(found.density[at]),
        weights=found.weights(at),
    )
