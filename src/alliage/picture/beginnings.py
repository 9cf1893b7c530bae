"""Identifiers by how they begin, or how what stands behind their colon begins."""

from __future__ import annotations

from bisect import bisect_left

from alliage.picture.columns import Words

_LAST = "\U0010ffff"


class Beginnings:
    """Identifiers in the order of their letters, case-folded; kept up as there come more."""

    def __init__(self, identifiers: Words) -> None:
        self._identifiers = identifiers
        self._sorted: list[tuple[str, int]] = []
        self._read = 0

    def codes(self, text: str) -> dict[int, str]:
        """Codes of what begins so, in their order, each with what it is that begins so.

        Args:
            text: case-folded.
        """
        self._read_on()
        first = bisect_left(self._sorted, (text,))
        found: dict[int, str] = {}
        for begins, code in self._sorted[first : bisect_left(self._sorted, (text + _LAST,))]:
            if len(begins) < len(
                found.get(code, begins + " ")
            ):  # of both, what is behind the colon
                found[code] = begins
        return dict(sorted(found.items()))

    def _read_on(self) -> None:
        words = self._identifiers
        for code in range(self._read, len(words)):
            folded = words.word(code).casefold()
            behind = folded.partition(":")[2]
            self._sorted += [(one, code) for one in (folded, behind) if one]
        if self._read < len(words):
            self._read = len(words)
            self._sorted.sort()  # hardly more than a look at each: most stand in order
