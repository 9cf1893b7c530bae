"""The search of a node, opened: its index caught up with the log, or made anew from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alliage.log.store import Log
from alliage.ontology.audience import machine_audience
from alliage.ontology.schema import Ontology
from alliage.picture.picture import Picture
from alliage.search.follow import IndexFollower
from alliage.search.mentions import MentionReader
from alliage.search.search import Search
from alliage.search.sqlite_index import SqliteTextIndex


class FollowingSearch(Search):
    """A search whose index follows the log until it is closed."""

    def __init__(self, path: Path, log: Log, picture: Picture, ontology: Ontology) -> None:
        """Open or make the index in this file, catch up, and follow."""
        index = SqliteTextIndex(path)
        super().__init__(index, picture, ontology)
        self._follower = IndexFollower(index, MentionReader(ontology))
        # Every row, each kept apart by its label set: readers have audiences of their own.
        self._follower.follow(log.reader(machine_audience(log.label_sets)))

    def close(self) -> None:
        """Stop following and let go of the file."""
        self._follower.close()


def rebuild_index(
    path: Path, log: Log, ontology: Ontology, on_progress: Callable[[int], None] | None = None
) -> int:
    """Make the index in this file anew from the log.

    Args:
        path: the index's file; made where there is none.
        log: of the node, which is not running.
        ontology: says which properties hold text.
        on_progress: called with the number of texts so far.

    Returns:
        The number of texts.
    """
    index = SqliteTextIndex(path)
    follower = IndexFollower(index, MentionReader(ontology))
    try:
        index.clear()
        return follower.catch_up(log.reader(machine_audience(log.label_sets)), on_progress)
    finally:
        follower.close()
