"""What holds right now in the detection contexts of a node: asked by readers, told by nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from alliage.detection import Engine
from alliage.detection.lifecycle import Held
from alliage.detection.rules import Rule, RuleLooker, RuleVersion
from alliage.detection.scene import Scene
from alliage.detection_context import LIVE, ContextKey
from alliage.ontology.audience import Audience
from alliage.trying import TRIED

_TRIES: Final = 3
"""The thread that looks may change a scene while it is read."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LookingNow:
    """Answers from the engines as they are. Any thread asks.

    Attributes:
        contexts: the engines by their contexts.
    """

    contexts: Callable[[], Mapping[ContextKey, Engine]]

    def held(self, audience: Audience) -> dict[str, Held]:
        """By alert that goes on when it held last, in the contexts that these readers see."""
        found: dict[str, Held] = {}
        for engine in self._seen(audience):
            found.update(engine.lifecycle.held(engine.scene))
        return found

    def holds_of(self, audience: Audience, rule: Rule) -> int:
        """Of how many things that these readers see a rule's conditions hold right now.

        For how long they have to hold is not asked. Contexts see the same things more than once,
        so the one in which it holds of most counts.
        """
        return max((_count(engine, rule) for engine in self._seen(audience)), default=0)

    def ready(self, audience: Audience) -> dict[str, float]:
        """By a detector that has to learn how far it has, where these readers see most things."""
        looking = [engine for engine in self._seen(audience) if engine.ready()]
        most = max(looking, key=lambda one: (one.scene.things.count, one.context), default=None)
        return {} if most is None else most.ready()

    def scene(self, audience: Audience) -> tuple[Scene, int] | None:
        """What was heard and learned live where these readers see most things; its label set."""
        seen = [
            (engine, key.label_set)
            for key, engine in self.contexts().items()
            if key.timeline == LIVE and not key.rules_only and audience.sees(key.label_set)
        ]
        engine, label_set = max(
            seen, key=lambda one: (one[0].scene.things.count, one[0].context), default=(None, 0)
        )
        return None if engine is None else (engine.scene, label_set)

    def _seen(self, audience: Audience) -> list[Engine]:
        return [one for key, one in self.contexts().items() if audience.sees(key.label_set)]


def _count(engine: Engine, rule: Rule) -> int:
    for _ in range(_TRIES):
        try:
            return RuleLooker(TRIED, RuleVersion(1, ""), rule).count(engine.scene)
        except (IndexError, KeyError, ValueError, RuntimeError) as error:
            _log.info("detection: what a rule holds of is counted again", problem=str(error))
    return 0
