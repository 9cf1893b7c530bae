"""Source tracks stream by stream, copied out of the picture for machines that compare streams.

Each stream under one label set stands alone, so that what is made of some of them carries their
labels and no others'. Words are what the stream itself claimed last; whoever takes a claim back
does so for some readers, and a machine has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.picture.tracks import SourceTracks

WORDS: Final = ("name", "call_sign", "ship_type", "length_m")
NUMBERS: Final = ("valid_us", "lat", "lon", "std", "minor", "axis", "speed", "course")


class StreamKey(NamedTuple):
    """One stream under one label set."""

    stream: str
    label_set: int


@dataclass(frozen=True)
class StreamRows:
    """The things of one stream that were placed lately: lists and columns of one length."""

    identifier: list[str]
    schema: list[str]
    words: dict[str, list[Any]]  # by property; None where nothing was claimed
    numbers: dict[str, NDArray[Any]]  # as the source tracks name them

    @property
    def newest_us(self) -> int:
        """The time of the newest report."""
        return int(self.numbers["valid_us"].max())


class StreamWords:
    """What was claimed of each source track, read again only where something was said."""

    def __init__(self) -> None:
        self._of: list[tuple[Any, ...]] = []
        self._version = -1

    def catch_up(self, tracks: SourceTracks) -> None:
        """Read what is new. Under the picture's lock."""
        known = len(self._of)
        changed = np.flatnonzero(tracks.words_at[:known] > self._version).tolist()
        for row in changed:
            self._of[row] = _words(tracks, row)
        self._of += [_words(tracks, row) for row in range(known, tracks.count)]
        self._version = tracks.version - 1  # what is said within this version is read again

    def of(self, row: int) -> tuple[Any, ...]:
        """In the order of :data:`WORDS`."""
        return self._of[row]


def _words(tracks: SourceTracks, row: int) -> tuple[Any, ...]:
    said = tracks.properties[row]
    return tuple(said[name][-1].value if said.get(name) else None for name in WORDS)


def stream_rows(
    tracks: SourceTracks,
    words: StreamWords,
    streams: frozenset[str],
    schemata: frozenset[str],
    max_age_us: int,
) -> dict[StreamKey, StreamRows]:
    """Copy them. Under the picture's lock.

    Args:
        tracks: of the picture.
        words: is brought up to date.
        streams: which.
        schemata: of which kinds.
        max_age_us: what was not placed within this before its stream's newest is left out.
    """
    words.catch_up(tracks)
    n = tracks.count
    stream_codes = [code for code, word in enumerate(tracks.streams) if word in streams]
    schema_codes = [code for code, word in enumerate(tracks.schemata) if word in schemata]
    wanted = np.isin(tracks.stream[:n], stream_codes) & np.isin(tracks.schema[:n], schema_codes)
    rows = np.flatnonzero(wanted & (tracks.rank[:n] == 2))
    keys = np.stack([tracks.stream[rows], tracks.label_set[rows]], axis=1)
    found = {}
    for stream, label_set in np.unique(keys, axis=0).tolist():
        own = rows[(keys[:, 0] == stream) & (keys[:, 1] == label_set)]
        valid = tracks.valid_us[own]
        own = own[valid >= valid.max() - max_age_us]
        key = StreamKey(tracks.streams.word(stream), label_set)
        found[key] = _copied(tracks, words, own)
    return found


def _copied(tracks: SourceTracks, words: StreamWords, rows: NDArray[np.intp]) -> StreamRows:
    said = [words.of(row) for row in rows.tolist()]
    return StreamRows(
        identifier=[tracks.identifiers.word(code) for code in tracks.identifier[rows].tolist()],
        schema=[tracks.schemata.word(code) for code in tracks.schema[rows].tolist()],
        words={name: [one[nth] for one in said] for nth, name in enumerate(WORDS)},
        numbers={name: getattr(tracks, name)[rows].copy() for name in NUMBERS}
        | {"speed_std": _speed_std(tracks, rows)},
    )


def _speed_std(tracks: SourceTracks, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """What a tracker says of how well it knows a track's velocity; NaN of what is no tracker's."""
    covariances = tracks.filter_covariance[rows].reshape(-1, 4, 4)[:, 2:, 2:]
    along = 0.5 * np.trace(covariances, axis1=1, axis2=2)
    return np.where(tracks.tracked(rows), np.sqrt(along), np.nan)


def placed(tracks: SourceTracks) -> dict[StreamKey, frozenset[str]]:
    """By stream and label set the things with position reports. Under the picture's lock."""
    found: dict[StreamKey, set[str]] = {}
    rows = np.flatnonzero(tracks.rank[: tracks.count] == 2)
    for row in rows.tolist():
        key = StreamKey(tracks.streams.word(int(tracks.stream[row])), int(tracks.label_set[row]))
        found.setdefault(key, set()).add(tracks.identifiers.word(int(tracks.identifier[row])))
    return {key: frozenset(names) for key, names in found.items()}
