"""What the routes ask of detection: a Protocol, for the machine lies above the server."""

from __future__ import annotations

from typing import Protocol

from alliage.detection.failures import Failure
from alliage.detection.forecast import Forecaster
from alliage.detection.lifecycle import Held
from alliage.detection.rules import Rule
from alliage.detection.scene import Scene
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


class PresentWork(Protocol):
    """What holds right now, as far as those who look know; nothing of it is in the log."""

    def held(self, audience: Audience) -> dict[str, Held]:
        """By alert that goes on when it held last, in the contexts that these readers see."""
        ...

    def holds_of(self, audience: Audience, rule: Rule) -> int:
        """Of how many things that these readers see a rule's conditions hold right now."""
        ...

    def ready(self, audience: Audience) -> dict[str, float]:
        """By a detector that has to learn how far it has, where these readers see most things."""
        ...

    def scene(self, audience: Audience) -> tuple[Scene, int] | None:
        """What was heard and learned live where these readers see most things, and its label set's
        number; None where nobody looks."""
        ...


class NobodyLooks:
    """A node in which nobody looks."""

    def held(self, audience: Audience) -> dict[str, Held]:
        """Nothing is known to hold."""
        return {}

    def holds_of(self, audience: Audience, rule: Rule) -> int:
        """Of nothing."""
        return 0

    def ready(self, audience: Audience) -> dict[str, float]:
        """Nothing learns."""
        return {}

    def scene(self, audience: Audience) -> tuple[Scene, int] | None:
        """There is none."""
        return None
