"""The tracks of a node that does not run, made from its log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from alliage.cli.archive import Archive
    from alliage.export.wanted import Wanted


def archive_tracks(archive: Archive, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """The state of every track that the archive's audience sees, as the node itself would tell it.

    Where a beginning is asked for (``wanted.from_us``) it holds what replays reported too, which
    a node that starts lets begin again.
    """
    from alliage.access.subjects import subject_id
    from alliage.export.rows import tracks
    from alliage.ontology.symbol import Context
    from alliage.picture.picture import Picture
    from alliage.picture.restore import restore_picture
    from alliage.picture.staleness import STATES

    key, origin = archive.stream_key, archive.origin
    picture = Picture(
        origin.ontology,
        origin.label_sets,
        lambda stream, name: subject_id(key, stream, name),
        context=Context.EXERCISE if archive.is_exercise else Context.REALITY,
    )
    replays = archive.replays if wanted.from_us is None else frozenset[str]()
    restore_picture(picture, origin.reader, replays, wanted.streams)
    return tracks(picture.view(origin.audience).tracks_in(wanted.box, states=STATES), wanted)
