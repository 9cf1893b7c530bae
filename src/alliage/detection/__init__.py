"""Detection: what in the picture wants attention, with its evidence.

A detector looks at a :class:`Scene`, the reports of one detection context, every
:data:`~alliage.detection.engine.LOOK_S` seconds of the reports' own time, and says what holds. The
engine makes alerts of that. It sees rows in the order in which the node knew them and never a
clock of its own, so that the same rows give the same alerts, live or from the history, however they
were cut into batches.
"""

from alliage.detection.alert import Alert, alert_claim, alert_of
from alliage.detection.contract import Detector, Evidence, Finding, Reason
from alliage.detection.engine import LOOK_S, Engine
from alliage.detection.registry import DETECTORS, make_detectors
from alliage.detection.scene import Reports, Scene

__all__ = [
    "Alert",
    "DETECTORS",
    "Detector",
    "Engine",
    "Evidence",
    "Finding",
    "LOOK_S",
    "Reason",
    "Reports",
    "Scene",
    "alert_claim",
    "alert_of",
    "make_detectors",
]
