"""Tracks without names that surely are one of the other stream's things, whichever it is.

A new track of a radar stands beside its ship until several rounds have said that they are one; and
two ships at anchor that a radar cannot tell apart leave its two tracks undecided for ever. Either
way the track is one of the things that the other stream follows already, and no third one: that is
sure long before it is sure which.

How probable it is comes from all ways in which tracks and things may belong together, each with one
at most (:func:`alliage.fusion.belief.marginals`): two tracks beside one ship are not both hers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from alliage.fusion.belief import marginals
from alliage.fusion.correlation.judgement import Evidence, Judgement, Verdict
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.correlation.weighing import Round
from alliage.fusion.matrices import Bools, Floats, Ints

DOUBTS: Final = 2
"""So many rounds in a row a track has to be doubtful before it counts as a thing of its own."""
HARDLY: Final = 0.05
"""A thing that a track is with less than this probability is not named for it."""

Anonymous = tuple[bool, bool]
"""Whether each of two streams gives numbers to what it follows, and knows no names."""

Chances = dict[str, dict[str, float]]
"""By track how probable it is that it is each thing of the other stream."""


class Known:
    """What was said of the tracks of two streams."""

    def __init__(self, settings: CorrelationSettings) -> None:
        """Begin with nothing said."""
        self._settings = settings
        self._of: dict[str, str] = {}
        """By track one of the things that it may be: the likeliest when that was said."""
        self._doubts: dict[str, int] = {}

    def update(
        self, seen: Round, anonymous: Anonymous, rows: Ints, log_odds: Floats, same: Bools
    ) -> list[Judgement]:
        """Look at the tracks of the anonymous streams.

        Args:
            seen: the round.
            anonymous: which of the streams they are.
            rows: the pairs that were weighed (p,).
            log_odds: what speaks for each of them (p,).
            same: which of them were told to be one thing (p,).

        Returns:
            Changes of mind: the track, and one of the things that it may be, or nothing.
        """
        if not any(anonymous):
            return []
        i, j = seen.i[rows], seen.j[rows]
        one, other = seen.one.identifier[i].tolist(), seen.other.identifier[j].tolist()
        each = marginals(i, j, np.exp(np.clip(log_odds, -30.0, 30.0))).tolist()
        there, said = [], []
        for is_anonymous, tracks, names, things in (
            (anonymous[0], seen.one, one, other),
            (anonymous[1], seen.other, other, one),
        ):
            if not is_anonymous:
                continue
            chances: Chances = {name: {} for name in tracks.identifier.tolist()}
            for name, thing, chance in zip(names, things, each, strict=True):
                chances[name][thing] = chance
            joined = {name for name, is_one in zip(names, same.tolist(), strict=True) if is_one}
            there += [*chances]
            said += [
                told
                for name, of in chances.items()
                if (told := self._look(name, of, name in joined)) is not None
            ]
        for name in self._of.keys() - set(there):
            self._end(name)
        return said

    def _look(self, name: str, chances: dict[str, float], is_joined: bool) -> Judgement | None:
        """Whether the mind has changed about one track."""
        before, probable = self._of.get(name), sum(chances.values())
        if is_joined:  # that it is one thing says this as well
            self._end(name)
            return None
        if before is None:
            return self._tell(name, chances) if probable >= self._settings.confirm else None
        if probable >= 0.5:
            self._doubts.pop(name, None)
            return None if chances.get(before, 0.0) >= HARDLY else self._tell(name, chances)
        self._doubts[name] = self._doubts.get(name, 0) + 1
        if self._doubts[name] < DOUBTS:
            return None
        self._end(name)
        return Judgement(name, "", Verdict.ONE_OF, probable, Evidence())

    def _tell(self, name: str, chances: dict[str, float]) -> Judgement:
        self._of[name] = max(chances, key=lambda thing: chances[thing])
        probable = min(1.0, sum(chances.values()))
        return Judgement(name, self._of[name], Verdict.ONE_OF, probable, Evidence())

    def _end(self, name: str) -> None:
        self._of.pop(name, None)
        self._doubts.pop(name, None)
