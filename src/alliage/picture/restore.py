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
from alliage.ontology.schema import Ontology
from alliage.picture.kept_rows import KeptRows
from alliage.picture.picture import PLOTS, Picture
from alliage.picture.plots import KEPT_US

NO_REPLAYS: Final[frozenset[str]] = frozenset()


def restore_picture(
    picture: Picture,
    reader: LogReader,
    since_us: int,
    replays: Collection[str] = NO_REPLAYS,
    streams: Sequence[str] | None = None,
    kept: KeptRows | None = None,
) -> None:
    """Show again what the log knows: every claim, and where things were since a time.

    Args:
        picture: an empty one.
        reader: whose log; what its audience may not see is not there.
        since_us: entries that hold nothing as recent as this are not looked into.
        replays: streams that begin again by themselves. Their words stay (names, sizes), since
            what did not change is not said again; of where their things are they tell nothing.
        streams: only these.
        kept: what was reported up to some entry, so that the log is read from there on.
    """
    for page in pages(partial(reader.read, kinds=[CLAIMS], streams=streams)):
        picture.apply(page)
    for stream in replays:
        picture.forget_positions(stream)
    recent = partial(reader.read, kinds=OBSERVATION_KINDS, valid_from_us=since_us)
    if kept is None:
        _show(picture, partial(recent, streams=streams), replays)
        return
    picture.put_reported_rows(kept.rows, replays, reader.not_kept(), since_us)
    _show(picture, partial(recent, streams=sorted(kept.left_out), up_to=kept.number), replays)
    (last,) = reader.read(kept.number - 1, 1, with_gone=True)
    a_minute_before = reader.number_known_by(last.known_us - KEPT_US)
    plots = partial(reader.read, kinds=[PLOTS], up_to=kept.number)
    _show(picture, plots, {*replays, *kept.left_out}, a_minute_before)
    _show(picture, recent, replays, kept.number)


def _show(
    picture: Picture, read: Callable[..., list[Entry]], replays: Collection[str], after: int = 0
) -> None:
    for page in pages(read, after):
        # Bodies are read when they are applied: of the others only headers are.
        picture.apply([entry for entry in page if entry.stream not in replays])


def restored_since_us(ontology: Ontology, now_us: int) -> int:
    """The oldest time that still matters: what was heard before it has ended by any schema."""
    longest_s = max(schema.staleness.end_s for schema in ontology.schemata.values())
    return now_us - round(longest_s * 1e6)
