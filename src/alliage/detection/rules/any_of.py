"""Lines of a watch rule that are joined by *or*: it is enough that one of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from alliage.detection.rules.of_things import Condition, Holds
from alliage.detection.scene import Scene
from alliage.detection.things import Rows
from alliage.detection.wording import Words


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions of which one has to hold; they are asked as they stand."""

    conditions: tuple[Condition, ...]
    cost: ClassVar[int] = 2

    def problem(self) -> Words | None:
        """The first that any of them has."""
        return next((said for one in self.conditions if (said := one.problem())), None)

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Whether any holds; what one holds of, the next is not asked about."""
        found = np.zeros(len(things), np.bool_)
        for condition in self.conditions:
            rest = np.flatnonzero(~found)
            found[rest] = condition.holds(scene, things[rest])
        return found

    def words(self) -> Words:
        """``slower than 3.0 kn or inside Sund``."""
        each = [one.words() for one in self.conditions]
        return " or ".join(en for en, _ in each), " ou ".join(fr for _, fr in each)
