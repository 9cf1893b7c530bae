"""Rows of things by what a link names: an identifier, or the id of an object."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alliage.detection.scene import Scene


class RowsByName:
    """Finds the rows of what links lead to. Ids are only looked for where a link holds one."""

    def __init__(self) -> None:
        self._by_identifier: dict[str, list[int]] = {}
        self._by_subject: dict[str, int] = {}
        self._identified = self._hashed = 0

    def of(self, scene: Scene, name: str) -> NDArray[np.int32]:
        """Every row of the object of that name, as the context joins them."""
        table = scene.things
        found = self._identifiers(scene, name) if ":" in name else self._subjects(scene, name)
        roots = np.unique(table.stands_for[found])
        return np.flatnonzero(np.isin(table.stands_for[: table.count], roots)).astype(np.int32)

    def _identifiers(self, scene: Scene, name: str) -> list[int]:
        for row in range(self._identified, scene.things.count):
            self._by_identifier.setdefault(scene.things.identifiers[row], []).append(row)
        self._identified = scene.things.count
        return self._by_identifier.get(name, [])

    def _subjects(self, scene: Scene, name: str) -> list[int]:
        table = scene.things
        if scene.subject_of is None:
            return []
        for row in range(self._hashed, table.count):
            stream = table.streams[table.stream[row]]
            self._by_subject[scene.subject_of(stream, table.identifiers[row])] = row
        self._hashed = table.count
        row_of = self._by_subject.get(name)
        return [] if row_of is None else [row_of]
