"""What was submitted to the log: waited for, and taken back where the log takes nothing in."""

from __future__ import annotations

from concurrent.futures import Future
from enum import Enum, auto
from threading import Condition
from typing import Final

ATTEMPT_S: Final = 5.0
"""An attempt to write that takes longer hangs, and nobody knows how it will end."""


class Stage(Enum):
    """How far the writer is with it."""

    WAITING = auto()
    WRITING = auto()
    WRITTEN = auto()
    FAILED = auto()


class Fate(Enum):
    """What became of what was submitted."""

    SHOWN = auto()
    """It is on the disk, and everybody who reads has it."""
    WRITTEN = auto()
    """It is on the disk; what is shown does not follow yet."""
    WITHDRAWN = auto()
    """Nothing of it was written, and nothing will be."""
    UNKNOWN = auto()
    """It waits, and may be written yet."""


class Submitted(Future[None]):
    """Done when everything of it is durable and in the picture."""

    def __init__(self, changed: Condition) -> None:
        """``changed`` is the writer's, under which it tells of its stages."""
        super().__init__()
        self._changed = changed
        self.stage = Stage.WAITING

    def cancel(self) -> bool:
        """Never: that whoever waits goes away, takes nothing out of the log's way."""
        return False

    def withdraw(self) -> Fate:
        """Take it back, unless it is written; ends an attempt that is being made."""
        with self._changed:
            self._changed.wait_for(lambda: self.stage is not Stage.WRITING, ATTEMPT_S)
            if self.done():
                return Fate.SHOWN if self.stage is Stage.WRITTEN else Fate.UNKNOWN
            if self.stage is Stage.WAITING and super().cancel():
                return Fate.WITHDRAWN
            return Fate.WRITTEN if self.stage is Stage.WRITTEN else Fate.UNKNOWN


def fate_of(submitted: Future[None], patience_s: float) -> Fate:
    """Wait for what was submitted, and take it back where that was in vain.

    Raises:
        RuntimeError, OSError: as the writer does; nothing of it is in the log.
    """
    try:
        submitted.result(patience_s)
    except TimeoutError:
        return submitted.withdraw() if isinstance(submitted, Submitted) else Fate.UNKNOWN
    return Fate.SHOWN
