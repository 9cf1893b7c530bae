"""How probable an alert is by what was judged: the detector's own figure, and what came of it.

A detector's figure is its authors' judgement. Where a reader sees enough incidents of it that
people called useful or not, that figure counts as if :data:`WEIGHT` incidents had been judged
before: the mean of the beta distribution that begins with it (Gelman et al., Bayesian Data
Analysis, 3rd edition, section 2.4). Only judgements that this reader sees count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alliage.detection import Alert
from alliage.watch.ranking import Judged

LEAST_JUDGED: Final = 10
"""Fewer judged incidents change no figure."""

WEIGHT: Final = 10
"""What the detector's own figure counts for, in judged incidents."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A probability by what was judged.

    Attributes:
        probability: 0 to 1, in place of what the detector said.
        judged: how often its incidents were called useful and not, and under which labels.
    """

    probability: float
    judged: Judged


def calibrated(alert: Alert, judged: Mapping[str, Judged]) -> Calibrated | None:
    """How probable an alert is by what was judged; None where too little was.

    Args:
        alert: as it stands.
        judged: by detector how its incidents were judged, as one reader sees it.
    """
    of = judged.get(alert.detector)
    if of is None or of.useful + of.useless < LEAST_JUDGED:
        return None
    counted = WEIGHT + of.useful + of.useless
    return Calibrated((WEIGHT * alert.probability + of.useful) / counted, of)
