"""Names of streams whose rows follow from the rows of another."""

from __future__ import annotations

import re
from typing import Final

TRACKER: Final = "tracker:"
"""How the streams of trackers begin; their rows are states of a filter."""

_TRACKS: Final = re.compile(r"tracker:(.+)@\d+")


def tracks_of(stream: str, version: int = 1) -> str:
    """The stream in which the tracks of a stream of plots stand."""
    return f"{TRACKER}{stream}@{version}"


def plots_of(stream: str) -> str | None:
    """The stream of whose plots a stream has the tracks; None where it is no tracker's."""
    found = _TRACKS.fullmatch(stream)
    return None if found is None else found[1]
