"""Which detectors there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from pydantic import ValidationError

from alliage.detection.contract import Detector
from alliage.detection.detectors.anchor_drag import AnchorDrag
from alliage.detection.detectors.cable_crossings import CableCrossings
from alliage.detection.detectors.claimed_type import ClaimedType
from alliage.detection.detectors.collision_risk import CollisionRisk
from alliage.detection.detectors.displaced_region import DisplacedRegion
from alliage.detection.detectors.distress import Distress
from alliage.detection.detectors.drifting import Drifting
from alliage.detection.detectors.false_circle import FalseCircle
from alliage.detection.detectors.formation import Formation
from alliage.detection.detectors.grounding import Grounding
from alliage.detection.detectors.heading_mismatch import HeadingMismatch
from alliage.detection.detectors.holding import Holding
from alliage.detection.detectors.identity_change import IdentityChange
from alliage.detection.detectors.jump import JumpDetector
from alliage.detection.detectors.left_route import LeftRoute
from alliage.detection.detectors.loitering import Loitering
from alliage.detection.detectors.low_flight import LowFlight
from alliage.detection.detectors.meeting import Meeting
from alliage.detection.detectors.motion_mismatch import MotionMismatch
from alliage.detection.detectors.off_plan import OffPlan
from alliage.detection.detectors.shared_identity import SharedIdentity
from alliage.detection.detectors.silence import Silence
from alliage.detection.detectors.source_bias import SourceBias
from alliage.detection.detectors.source_clock import SourceClock
from alliage.detection.detectors.source_rate import SourceRate
from alliage.detection.detectors.source_replay import SourceReplay
from alliage.detection.detectors.speed_limit import SpeedLimit
from alliage.detection.detectors.sudden_change import SuddenChange
from alliage.detection.detectors.tow import Tow
from alliage.detection.detectors.transfer import Transfer
from alliage.detection.detectors.transponder_loss import TransponderLoss
from alliage.detection.detectors.unusual_place import UnusualPlace
from alliage.detection.detectors.unusual_traffic import UnusualTraffic
from alliage.detection.detectors.unusual_way import UnusualWay
from alliage.detection.detectors.zone import Zone
from alliage.detection.settings import DetectorSettings

DETECTORS: Final[tuple[type[Detector], ...]] = (
    AnchorDrag,
    CableCrossings,
    ClaimedType,
    CollisionRisk,
    DisplacedRegion,
    Distress,
    Drifting,
    FalseCircle,
    Formation,
    Grounding,
    HeadingMismatch,
    Holding,
    IdentityChange,
    JumpDetector,
    LeftRoute,
    Loitering,
    LowFlight,
    Meeting,
    MotionMismatch,
    OffPlan,
    SharedIdentity,
    Silence,
    SourceBias,
    SourceClock,
    SourceRate,
    SourceReplay,
    SpeedLimit,
    SuddenChange,
    Tow,
    Transfer,
    TransponderLoss,
    UnusualPlace,
    UnusualTraffic,
    UnusualWay,
    Zone,
)
"""Every one; their order is that in which they look."""


def make_detectors(
    settings: Mapping[str, Mapping[str, Any]] | None = None, only: Collection[str] | None = None
) -> list[Detector]:
    """Make those that are enabled, with nothing seen yet.

    Args:
        settings: by a detector's name what is set of it; the rest is as each says itself.
        only: names of those that are wanted; None: all.

    Raises:
        ValueError: a name is no detector's, or a setting is not as it must be.
    """
    given = settings or {}
    known = {one.name for one in DETECTORS}
    if unknown := sorted({*given, *(only or ())} - known):
        raise ValueError(f"{unknown[0]!r} is no detector; there are {', '.join(sorted(known))}")
    made = []
    for one in DETECTORS:
        own = _settings(one, given.get(one.name, {}))
        if own.enabled and (only is None or one.name in only):
            made.append(one(own))
    return made


def _settings(detector: type[Detector], table: object) -> DetectorSettings:
    if not isinstance(table, Mapping):
        raise ValueError(f"{detector.name}: a table of settings is wanted, as in [{detector.name}]")
    try:
        return detector.settings_type(**table)
    except ValidationError as error:
        problems = (
            f"{detector.name}.{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors()
        )
        raise ValueError("; ".join(problems)) from None
