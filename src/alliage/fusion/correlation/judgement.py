"""What a correlator says of two source tracks, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What two identifiers of two streams are to each other."""

    SAME = "same"
    """One thing."""
    DIFFERENT = "different"
    """Two things; said only where something else was said before."""
    RIVAL = "rival"
    """Perhaps one thing, as far as others that fit as well leave it open."""
    ONE_OF = "one_of"
    """The first is one of the other stream's things, whichever, and no third one; the second is the
    likeliest of these. Empty: not any more."""
    CONFLICT = "conflict"
    """One identifier that two things bear, too far apart to be one; or two identifiers of which a
    thing rightly bears but one, on what otherwise is one thing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a judgement rests on.

    ``mean_distance_m`` is what is left after the two streams' systematic difference is taken out;
    ``agreed`` and ``differed`` name attributes, as they are called in :class:`SourceRows`.
    ``expected_m`` is how far apart one thing would be seen on the mean (a standard deviation along
    each axis), ``density`` how many other things per square metre might be there by chance.
    ``weights`` are log-likelihood ratios in nats, of place, way, each attribute, and what rivals
    leave; their sum is the score as log odds.
    """

    positions: int = 0
    span_s: float = 0.0
    mean_distance_m: float | None = None
    speed_difference_mps: float | None = None
    agreed: tuple[str, ...] = ()
    differed: tuple[str, ...] = ()
    expected_m: float | None = None
    density: float | None = None
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A change of mind about a pair; ``score`` is the probability that the two are one thing."""

    one: str
    other: str
    verdict: Verdict
    score: float
    evidence: Evidence
