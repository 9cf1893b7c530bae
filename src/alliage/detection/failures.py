"""What failed in a detection context: one detector that raises costs what it would have said.

The others are asked as if nothing had been. The same rows fail in the same way, so that alerts
still depend on rows alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import structlog

from alliage.detection.contract import Finding, Looker, Prompt
from alliage.detection.intake import Columns
from alliage.detection.scene import Message, Reports, Scene

Said = TypeVar("Said")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """How something failed.

    Attributes:
        error: name of the latest error's class.
        times: how often.
        since_us: when first.
        last_us: when last.
        again_us: when it is tried again; None where whatever comes next is the next trial.
    """

    error: str
    times: int
    since_us: int
    last_us: int
    again_us: int | None = None

    def joined(self, other: Failure | None) -> Failure:
        """This one and another one of the same name, as one."""
        if other is None:
            return self
        latest = max(self, other, key=lambda one: (one.last_us, one.error))
        return replace(
            latest, times=self.times + other.times, since_us=min(self.since_us, other.since_us)
        )


@dataclass
class Failures:
    """The failures of one context, by the name of what failed."""

    context: str
    by_name: dict[str, Failure] = field(default_factory=dict)

    def asked(self, looker: Looker, scene: Scene, reports: Reports) -> list[Finding]:
        """What something says holds now; nothing where it raises instead."""
        return self._said(looker.name, scene, lambda: looker.look(scene, reports))

    def asked_at_once(
        self, prompt: Prompt, scene: Scene, columns: Columns, messages: Sequence[Message]
    ) -> list[tuple[int, Finding]]:
        """What single reports tell; nothing where it raises instead."""
        return self._said(prompt.name, scene, lambda: prompt.at_once(scene, columns, messages))

    def _said(self, name: str, scene: Scene, ask: Callable[[], Iterable[Said]]) -> list[Said]:
        try:
            return list(ask())
        except Exception as error:
            self.note(name, error, scene.now_us)
            return []

    def forget(self, name: str) -> None:
        """Count anew: what bears this name is another one from now on."""
        self.by_name.pop(name, None)

    def note(self, name: str, error: Exception, at_us: int) -> None:
        """Count a failure. The first of its name is logged whole, from where it is raised."""
        before = self.by_name.get(name)
        self.by_name[name] = Failure(type(error).__name__, 1, at_us, at_us).joined(before)
        if before is None:
            _log.error("detection: failed", of=name, context=self.context, exc_info=error)
