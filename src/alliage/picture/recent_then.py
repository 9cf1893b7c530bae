"""Plots and lines of bearing of another time, read from the log: a minute of it, and no more."""

from __future__ import annotations

from functools import partial

from alliage.log.reader import LogReader, pages
from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.picture.lines import RecentLines
from alliage.picture.picture import LINES, PLOTS
from alliage.picture.plots import RecentPlots
from alliage.picture.recent import KEPT_US, LEAD_US, Seen


class RecentThen:
    """What one reader would have seen of them; asked as the picture is of the present."""

    def __init__(self, log: LogReader, at_us: int, up_to: int | None) -> None:
        """Read the minute before.

        Args:
            log: as the reader may see it.
            at_us: the time.
            up_to: number of the last entry that counts; None for all.
        """
        self._plots, self._lines = RecentPlots(), RecentLines()
        read = partial(
            log.read,
            kinds=[PLOTS, LINES],
            valid_from_us=at_us - KEPT_US,
            valid_to_us=at_us + LEAD_US + 1,
            up_to=up_to,
        )
        for page in pages(read):
            for entry in page:
                (self._plots if entry.kind == PLOTS else self._lines).add(entry)

    def plots(
        self, audience: Audience, now_us: int, since_us: int, box: Box | None, at_most: int
    ) -> tuple[list[Seen], bool]:
        """As :meth:`alliage.picture.picture.Picture.plots`."""
        return self._plots.seen(audience, now_us, since_us, box, at_most)

    def lines(
        self, audience: Audience, now_us: int, since_us: int, box: Box | None, at_most: int
    ) -> tuple[list[Seen], bool]:
        """As :meth:`alliage.picture.picture.Picture.lines`."""
        return self._lines.seen(audience, now_us, since_us, box, at_most)
