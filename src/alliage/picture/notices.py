"""Words from the node to its clients that are not tracks: a source changed, the banner changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alliage.ontology.audience import Audience


class Notices:
    """The newest notice about each matter; a slow client misses older ones, never the newest.

    Used under the picture's lock.
    """

    def __init__(self) -> None:
        self._number = 0
        self._newest: dict[tuple[str, str, int | None], tuple[int, Mapping[str, Any]]] = {}

    @property
    def number(self) -> int:
        """Number of the newest notice; a new client begins after it."""
        return self._number

    def publish(
        self, notice: str, about: str, content: Mapping[str, Any], label_set: int | None
    ) -> None:
        """Tell every client that may see it.

        Args:
            notice: what kind, "sources" or "banner".
            about: the matter, of which only the newest notice counts (a source's name).
            content: further keys of the message.
            label_set: whose readers may know; None for everybody who is signed in.
        """
        self._number += 1
        # Under its label set: a newer notice that a reader may not see must not displace this.
        self._newest.pop((notice, about, label_set), None)
        self._newest[notice, about, label_set] = (self._number, content)

    def after(self, number: int, audience: Audience) -> list[dict[str, Any]]:
        """Contents of the notices since ``number`` that these readers may see, oldest first."""
        return [
            {**content, "notice": notice, "about": about}
            for (notice, about, label_set), (nth, content) in self._newest.items()
            if nth > number and (label_set is None or audience.sees(label_set))
        ]
