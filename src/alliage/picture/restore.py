"""The picture made again from the log: at a node's start, and wherever one is asked for offline.

Both go this way, so that the same question gets the same answer from a node and from its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Final

from alliage.log.bodies import CLAIMS, OBSERVATION_KINDS
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, pages
from alliage.log.revise import standing_drops
from alliage.picture.kept_rows import KeptRows
from alliage.picture.picture import LINES, PLOTS, Picture
from alliage.picture.recent import KEPT_US

NO_REPLAYS: Final[frozenset[str]] = frozenset()


def restore_picture(
    picture: Picture,
    reader: LogReader,
    replays: Collection[str] = NO_REPLAYS,
    streams: Sequence[str] | None = None,
    kept: KeptRows | None = None,
) -> None:
    """Show again what the log knows: every claim, and where things were last, however long ago.

    Args:
        picture: an empty one.
        reader: whose log; what its audience may not see is not there.
        replays: streams that begin again by themselves. Their words stay (names, sizes), since
            what did not change is not said again; of where their things are they tell nothing.
        streams: only these.
        kept: what was reported up to some entry, so that the log is read from there on.
    """
    for page in pages(partial(reader.read, kinds=[CLAIMS], streams=streams)):
        picture.apply(page)
    for stream in replays:
        picture.forget_positions(stream)
    reported = partial(reader.read, kinds=OBSERVATION_KINDS)
    if kept is None:
        _show(picture, partial(reported, streams=streams), replays)
        return
    picture.put_reported_rows(kept.rows, replays, standing_drops(reader))
    _show(picture, partial(reported, streams=sorted(kept.left_out), up_to=kept.number), replays)
    (last,) = reader.read(kept.number - 1, 1, with_gone=True, whole=True)
    a_minute_before = reader.number_known_by(last.known_us - KEPT_US)
    recent = partial(reader.read, kinds=[PLOTS, LINES], up_to=kept.number)
    _show(picture, recent, {*replays, *kept.left_out}, a_minute_before)
    _show(picture, reported, replays, kept.number)


def _show(
    picture: Picture, read: Callable[..., list[Entry]], replays: Collection[str], after: int = 0
) -> None:
    for page in pages(read, after):
        # Bodies are read when they are applied: of the others only headers are.
        picture.apply([entry for entry in page if entry.stream not in replays])
