"""What has to be taken from the history's files because somebody decided so about entries.

Rows in a segment do not say of which entry they are, only of which stream and when they became
known. So all that a stream brought at that moment is taken out, and what is still to be seen
of it is read from the log again, under the labels that it has now.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from alliage.history.compaction import Moments
from alliage.history.positions import POSITIONS
from alliage.history.segment import SegmentInfo
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, pages
from alliage.log.revisions import REVISION, Drop


def positions_revised(log: LogReader, after: int, up_to: int) -> list[Entry]:
    """Entries with positions whose labels were raised or whose bodies are gone by decision.

    What has had its time (a drop) the history finds by itself, by what its sources keep.

    Args:
        log: as the node's machines read it.
        after: number of the last revision that was followed.
        up_to: number of the last one to follow.
    """
    named: dict[str, None] = {}
    for page in pages(partial(log.read, kinds=[REVISION], up_to=up_to), after):
        for entry in page:
            said = entry.revision()
            if not isinstance(said, Drop):
                named.update(dict.fromkeys(said.entries))
    found = (log.entry(name) for name in named)
    return [one for one in found if one is not None and one.kind == POSITIONS]


def brought_together(
    log: LogReader, entries: Iterable[Entry], decided: int
) -> tuple[Moments, list[Entry]]:
    """The moments of these entries, and all that stands of what came at these moments.

    Args:
        log: as the node's machines read it.
        entries: what was revised.
        decided: number of the last revision that is followed.
    """
    moments: dict[str, list[int]] = {}
    for stream, known_us in sorted({(one.stream, one.known_us) for one in entries}):
        moments.setdefault(stream, []).append(known_us)
    found = []
    for stream, moments_us in moments.items():
        for known_us in moments_us:
            before, last = log.number_known_by(known_us - 1), log.number_known_by(known_us)
            read = partial(log.read, kinds=[POSITIONS], streams=[stream], up_to=last)
            # A read up to a number holds what stood then; a newer version may have come since.
            found += [
                one
                for page in pages(read, before)
                for one in page
                if one.superseded is None or one.superseded > decided
            ]
    return moments, sorted(found, key=lambda one: one.number)


def holds_some(info: SegmentInfo, moments: Moments) -> bool:
    """Whether a segment may hold something that came at one of these moments."""
    for stream, known_us in moments.items():
        part = info.streams.get(stream)
        if part and any(part.known_min_us <= one <= part.known_max_us for one in known_us):
            return True
    return False
