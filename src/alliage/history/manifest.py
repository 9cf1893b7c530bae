"""The manifest: which segments there are and up to where the log is in them; replaced whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import orjson

from alliage.history.files import Disk
from alliage.history.segment import SegmentInfo, StreamPart, rows_path, runs_path

VERSION: Final = 1
"""A folder of another version is emptied and made again from the log."""
FILE: Final = "manifest.json"

Kept = dict[tuple[str, int], int]
"""By stream and label set, the valid time before which rows were taken away."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lasts of the history.

    ``number`` and ``entry_id`` name the last entry of the log whose rows are in segments; ``made``
    counts segments that ever were, so that no name is used twice. ``revised`` is the number of the
    last entry of the log up to which its revisions were followed.
    """

    number: int = 0
    entry_id: str = ""
    made: int = 0
    revised: int = 0
    segments: tuple[SegmentInfo, ...] = ()
    kept_from_us: tuple[tuple[str, int, int], ...] = ()  # stream, label set, time

    def kept(self) -> Kept:
        """From when on rows are kept, where some were taken away."""
        return {(stream, label_set): us for stream, label_set, us in self.kept_from_us}

    def with_kept(self, kept: Kept) -> Self:
        """The same with other times from which rows are kept."""
        return replace(
            self, kept_from_us=tuple((*key, moment_us) for key, moment_us in sorted(kept.items()))
        )

    def save(self, disk: Disk, folder: Path) -> None:
        """Put it in place of the one that is there.

        Raises:
            OSError: the disk refused; the old one stands.
        """
        data = orjson.dumps({"version": VERSION, **asdict(self)})
        disk.publish(folder / FILE, lambda path: _write(path, data))

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """The manifest of a folder; None where there is none that can be used."""
        try:
            data = orjson.loads((folder / FILE).read_bytes())
            if data.pop("version") != VERSION:
                return None
            segments = tuple(_segment(one) for one in data.pop("segments"))
            kept = tuple((name, label_set, us) for name, label_set, us in data.pop("kept_from_us"))
            found = cls(segments=segments, kept_from_us=kept, **data)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if all(_is_there(folder, one) for one in segments) else None


def tidy(disk: Disk, folder: Path, *manifests: Manifest | None) -> int:
    """Take away every file that none of these lists; returns how many there were."""
    listed = {FILE}
    for manifest in manifests:
        for one in () if manifest is None else manifest.segments:
            listed |= {rows_path(folder, one.name).name, runs_path(folder, one.name).name}
    strangers = [path for path in folder.iterdir() if path.name not in listed]
    for path in strangers:
        disk.remove(path)
    return len(strangers)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _segment(data: dict[str, Any]) -> SegmentInfo:
    data["streams"] = {name: StreamPart(**part) for name, part in data["streams"].items()}
    data["box"] = None if data["box"] is None else tuple(data["box"])
    return SegmentInfo(**data)


def _is_there(folder: Path, info: SegmentInfo) -> bool:
    return rows_path(folder, info.name).is_file() and runs_path(folder, info.name).is_file()
