"""One identifier in two streams: one thing, unless it is in two places at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from alliage.fusion.correlation.compare import compare, motion_of
from alliage.fusion.correlation.judgement import Evidence, Judgement, Verdict
from alliage.fusion.correlation.rows import SourceRows
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.matrices import Floats, Ints

BESIDE_M: Final = 5_000.0
"""What no speed explains and no conflict is either: a stale or coarse position."""


class Namesakes:
    """Which identifiers are borne by two things, judged with some patience."""

    def __init__(self, settings: CorrelationSettings) -> None:
        self._settings = settings
        self._rounds: dict[str, int] = {}  # how many ask for another verdict
        self._told: set[str] = set()

    def restore(self, identifier: str) -> None:
        """It was told that two things bear this identifier."""
        self._told.add(identifier)

    def update(self, one: SourceRows, other: SourceRows, i: Ints, j: Ints) -> list[Judgement]:
        """Look at the rows ``i`` and ``j``, each (p,), that bear one identifier in both streams."""
        away_m, limit_m, std_m = self._distances(one, other, i, j)
        torn = away_m > limit_m
        known = [name in self._told or name in self._rounds for name in one.identifier[i]]
        concerned = np.flatnonzero(torn | np.array(known, np.bool_))
        said = []
        for row in concerned.tolist():
            name, is_torn = str(one.identifier[i[row]]), bool(torn[row])
            if is_torn == (name in self._told):
                self._rounds.pop(name, None)
                continue
            self._rounds[name] = self._rounds.get(name, 0) + 1
            if self._rounds[name] >= self._settings.steady:
                del self._rounds[name]
                said.append(self._judge(name, is_torn, float(away_m[row]), float(std_m[row])))
        return said

    def _judge(self, name: str, is_torn: bool, away_m: float, std_m: float) -> Judgement:
        verdict = Verdict.CONFLICT if is_torn else Verdict.SAME
        (self._told.add if is_torn else self._told.discard)(name)
        steady = self._settings.steady
        evidence = Evidence(positions=steady, mean_distance_m=away_m, expected_m=std_m)
        return Judgement(name, name, verdict, 0.0 if is_torn else 1.0, evidence)

    def _distances(
        self, one: SourceRows, other: SourceRows, i: Ints, j: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """How far apart they are, how far one thing may be, and how far it would be on the mean."""
        settings = self._settings
        moves = motion_of(one, settings), motion_of(other, settings)
        found = compare(one, other, moves, i, j, settings)
        fastest = np.fmax(one.speed_mps[i], other.speed_mps[j])
        speed = np.where(
            fastest > settings.max_speed_mps / 2.0, 2.0 * fastest, settings.max_speed_mps
        )
        variance = found.covariance[:, 0] + found.covariance[:, 2]
        wait_s = np.abs(one.time_s[i] - other.time_s[j])
        limit_m = BESIDE_M + 6.0 * np.sqrt(variance) + speed * wait_s
        return np.hypot(*found.offset.T), limit_m, np.sqrt(0.5 * variance)
