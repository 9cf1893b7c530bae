"""How long and how much of each stream the history keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from alliage.history.segment import SegmentInfo

DAY_US: Final = 86_400_000_000
_Part = tuple[int, int, float]
"""Of a stream in one segment: first and last time it was known, and bytes."""


@dataclass(frozen=True, slots=True)
class Keep:
    """``days`` since a row became known, and ``bytes`` of Parquet; None: without end."""

    days: float | None = None
    bytes: int | None = None


KeepOf = Callable[[str], Keep]
"""What is kept of a stream."""
Cutoffs = Mapping[tuple[str, int], int]
"""By stream and label set: rows known at this time or before it are not kept any longer."""


def cutoffs(segments: Collection[SegmentInfo], keep_of: KeepOf, now_us: int) -> Cutoffs:
    """What of these segments has had its time.

    Each stream is judged by itself under each label set, from what lies under that label set
    alone: what somebody may not see changes nothing in what they are shown.
    """
    found: dict[tuple[str, int], int] = {}
    for (stream, label_set), parts in _by_stream(segments).items():
        keep = keep_of(stream)
        ends = []
        if keep.days is not None:
            ends.append(now_us - round(keep.days * DAY_US))
        if keep.bytes is not None:
            ends += _over(parts, keep.bytes)
        if ends:
            found[stream, label_set] = max(ends)
    return found


def expired_rows(info: SegmentInfo, ends: Cutoffs) -> int:
    """About how many rows of a segment have had their time, as if they had come evenly."""
    found = 0.0
    for stream, part in info.streams.items():
        end_us = ends.get((stream, info.label_set))
        if end_us is not None and end_us >= part.known_min_us:
            whole_us = part.known_max_us - part.known_min_us + 1
            found += part.rows * min(1.0, (end_us - part.known_min_us + 1) / whole_us)
    return round(found)


def _by_stream(segments: Collection[SegmentInfo]) -> dict[tuple[str, int], list[_Part]]:
    found: dict[tuple[str, int], list[_Part]] = defaultdict(list)
    for info in segments:
        for stream, part in info.streams.items():
            share = info.bytes * part.rows / info.rows
            found[stream, info.label_set].append((part.known_min_us, part.known_max_us, share))
    return found


def _over(parts: list[_Part], room: float) -> list[int]:
    """The time up to which there is no room, if there is one: as if rows had come evenly."""
    for first_us, last_us, size in sorted(parts, key=lambda part: part[1], reverse=True):
        if size > room:
            return [last_us - int((last_us - first_us + 1) * room / size)]
        room -= size
    return []
