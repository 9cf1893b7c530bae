"""What the routes ask of detection: a Protocol, for the machine lies above the server."""

from __future__ import annotations

from typing import Protocol

from alliage.detection.failures import Failure
from alliage.detection.forecast import Forecaster
from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet

Learned = tuple[Forecaster, LabelSet]
"""A forecaster, and the labels of everything that it has learned from."""


class DetectionWork(Protocol):
    """How detection does, as one reader is told."""

    def learned(self, audience: Audience) -> Learned | None:
        """What was learned of traffic in the largest context that these readers see."""
        ...

    def failures(self, audience: Audience) -> dict[str, Failure]:
        """By the name of a detector or rule how it failed."""
        ...

    def left_out(self, audience: Audience) -> list[tuple[LabelSet, Failure]]:
        """Under which labels reports were not looked at, or not all of them, and why."""
        ...


class NoDetectionWork:
    """A node in which nobody looks."""

    def learned(self, audience: Audience) -> Learned | None:
        """Nothing."""
        return None

    def failures(self, audience: Audience) -> dict[str, Failure]:
        """None."""
        return {}

    def left_out(self, audience: Audience) -> list[tuple[LabelSet, Failure]]:
        """None."""
        return []
