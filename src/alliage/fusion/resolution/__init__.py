"""Entity resolution: which rows of tables are one thing, and why.

NumPy and RapidFuzz, nothing of a node. ``docs/explanation/names.md`` says what is weighed and how.
"""

from alliage.fusion.resolution.clusters import clusters
from alliage.fusion.resolution.model import Comparison, Kind, Level, Model, comparison
from alliage.fusion.resolution.models import MODELS
from alliage.fusion.resolution.records import Records, make_records
from alliage.fusion.resolution.resolve import (
    PRIOR,
    RIVALS,
    Evidence,
    Matches,
    Thresholds,
    probability,
    resolve,
)

__all__ = [
    "MODELS",
    "PRIOR",
    "RIVALS",
    "Comparison",
    "Evidence",
    "Kind",
    "Level",
    "Matches",
    "Model",
    "Records",
    "Thresholds",
    "clusters",
    "comparison",
    "make_records",
    "probability",
    "resolve",
]
