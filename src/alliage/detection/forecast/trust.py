"""How far forecasts follow learned ways: as far as that has shown to be better than straight on.

For each domain and horizon the misses of some weights of the learned way are compared with those
of going straight on, over the same forecasts. A weight is taken only where it was better by more
than chance: in waters where nothing helps, forecasts are those of constant velocity.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.forecast.states import HORIZONS_S, Floats, States
from alliage.detection.learned import Tables

WEIGHTS: Final = np.array([0.25, 0.5, 0.75, 1.0])
CHANCE: Final = 2.0
"""Standard errors by which a weight must have been better."""

DOUBT: Final = 10.0
"""As many forecasts in which nothing was better are taken for granted."""

FORGETS: Final = 0.9998
"""Each further comparison lets the older ones count so much less: traffic changes."""


class Trust:
    """Sums over what each weight would have gained."""

    def __init__(self) -> None:
        # For each weight: comparisons, what was gained in parts of the way, and its square.
        self._sums: NDArray[np.float64] = np.zeros((3, len(HORIZONS_S), len(WEIGHTS), 3))

    def learn(self, states: States, horizon: int, made: Floats, learned: Floats) -> None:
        """Take in how far things went.

        Args:
            states: where they were, (n,).
            horizon: place in :data:`HORIZONS_S`.
            made: parts of the way straight on that they made, along and across it, (n, 2).
            learned: what :meth:`Flow.parts` said of it, (n, 2).
        """
        straight = np.array([1.0, 0.0])
        before = np.linalg.norm(made - straight, axis=1)
        for nth, weight in enumerate(WEIGHTS.tolist()):
            place = straight + weight * (learned - straight)
            # Roots: neither a few large misses decide, nor are they overlooked.
            gained = np.sqrt(before) - np.sqrt(np.linalg.norm(made - place, axis=1))
            for domain in range(3):
                mine = gained[states.domain == domain]
                sums = self._sums[domain, horizon, nth]
                sums *= FORGETS ** len(mine)
                sums += (len(mine), mine.sum(), (mine**2).sum())

    def weights(self, states: States, horizon: int) -> Floats:
        """How much of the learned way is taken, 0 to 1; (n,)."""
        count, gained, squares = np.moveaxis(self._sums[:, horizon], -1, 0)
        count = count + DOUBT
        mean = gained / count
        error = np.sqrt(np.maximum(squares / count - mean**2, 0.0) / count)
        surely = np.where(mean > CHANCE * error, mean, 0.0)
        best = np.where(surely.max(axis=1) > 0.0, WEIGHTS[surely.argmax(axis=1)], 0.0)
        return np.asarray(best[states.domain])

    def dump(self) -> Tables:
        """What was learned."""
        return {"gained": self._sums}

    def load(self, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._sums[:] = tables["gained"]
