"""How much a schema says: a vessel is more than a platform, a platform more than a thing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.schema import Ontology
from alliage.picture.columns import Words


class Kinds:
    """Depth of each schema code in the ontology; the last place answers code -1."""

    def __init__(self, ontology: Ontology, schemata: Words) -> None:
        self._ontology = ontology
        self._schemata = schemata
        self._depths: NDArray[np.int64] = np.zeros(0, np.int64)

    def depth(self, codes: NDArray[np.int32]) -> NDArray[np.int64]:
        """How many schemata each of these extends, same shape; -1 where nothing is known."""
        if len(self._depths) != len(self._schemata) + 1:
            known = self._ontology.schemata
            depths = [
                len(self._ontology.lineage(name)) if name in known else 0 for name in self._schemata
            ]
            self._depths = np.array([*depths, -1])
        found: NDArray[np.int64] = self._depths[codes]
        return found
