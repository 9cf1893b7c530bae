"""Correlation: which source tracks of two streams are one thing, judged from those two alone.

NumPy, SciPy and RapidFuzz, nothing of a node. ``docs/explanation/fusion.md`` says what is weighed
and how; :class:`PairCorrelator` is the door, and :class:`Twins` that for one stream alone.
"""

from alliage.fusion.correlation.correlator import PairCorrelator
from alliage.fusion.correlation.judgement import Evidence, Judgement, Verdict
from alliage.fusion.correlation.rows import SourceRows, source_rows
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.correlation.systematic import Systematic
from alliage.fusion.correlation.twins import Twins

__all__ = [
    "CorrelationSettings",
    "Evidence",
    "Judgement",
    "PairCorrelator",
    "SourceRows",
    "Systematic",
    "Twins",
    "Verdict",
    "source_rows",
]
