"""Who sees what, as one bitmap: the only mechanism by which data are read.

Label sets are interned to small integers; an :class:`Audience` remembers for each of them
whether its reader may see it. A row is visible if every label in its set is. Audiences are made
by :mod:`alliage.access` from a reader's attributes; two readers with the same rights get
audiences with the same ``key``, so that everything computed for one serves the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.label import Label, LabelSet


class LabelSets:
    """Interned label sets of one node: label set to dense small integer and back.

    The log persists the table (numbers never change meaning); memory and SQL then carry integers.
    """

    def __init__(self) -> None:
        self._sets: list[LabelSet] = []
        self._ids: dict[LabelSet, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._sets)

    def intern(self, labels: LabelSet) -> int:
        """Number of this label set, new or known.

        Raises:
            ValueError: the set is empty; a row without labels would be visible to everybody.
        """
        if not labels:
            raise ValueError("an empty label set: unlabelled data carry UNLABELLED, never nothing")
        with self._lock:
            number = self._ids.get(labels)
            if number is None:
                number = len(self._sets)
                self._keep(number, labels)
                self._sets.append(labels)
                self._ids[labels] = number
            return number

    def _keep(self, number: int, labels: LabelSet) -> None:
        """Make a new number last; the log's table overrides this. Called before anybody has it."""

    def labels_of(self, number: int) -> LabelSet:
        """Labels of an interned set."""
        return self._sets[number]


class Audience:
    """The label sets one reader may see. Every read of data takes one."""

    def __init__(self, key: str, may_see: Callable[[Label], bool], label_sets: LabelSets) -> None:
        """``may_see`` is decided once per label set and remembered for this audience's life."""
        self.key = key
        self._may_see = may_see
        self._label_sets = label_sets
        self._bitmap: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)

    def __repr__(self) -> str:
        return f"Audience({self.key!r})"

    def with_label(self, name: str, added: Label) -> Audience:
        """The same readers, who may see this label besides; ``name`` tells it from their own."""
        return Audience(
            f"{self.key}+{name}",
            lambda label: label == added or self._may_see(label),
            self._label_sets,
        )

    def bitmap(self) -> NDArray[np.bool_]:
        """``bitmap()[n]`` says whether label set ``n`` is visible; shape (number of sets,)."""
        bitmap = self._bitmap  # one read: another thread may replace it meanwhile
        if len(bitmap) < len(self._label_sets):
            fresh = [
                all(self._may_see(label) for label in self._label_sets.labels_of(number))
                for number in range(len(bitmap), len(self._label_sets))
            ]
            bitmap = np.concatenate([bitmap, np.array(fresh, dtype=np.bool_)])
            self._bitmap = bitmap
        return bitmap

    def may_see(self, label: Label) -> bool:
        """Whether what has this label, and no other, would be visible."""
        return self._may_see(label)

    def sees(self, label_set: int) -> bool:
        """Whether rows under this interned label set are visible."""
        return bool(self.bitmap()[label_set])

    def mask(self, label_sets: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Row mask for a column of interned label sets; same shape as the input."""
        return self.bitmap()[label_sets]

    def visible_label_sets(self) -> list[int]:
        """Interned numbers of the visible sets, for predicates in SQL."""
        return [int(number) for number in np.flatnonzero(self.bitmap())]


def machine_audience(label_sets: LabelSets) -> Audience:
    """Return the audience of the node's own machines, which keep every row apart by label.

    Never hand it to anything that answers a reader; a test lists the places that may call it.
    """
    return Audience("machine", lambda _label: True, label_sets)
