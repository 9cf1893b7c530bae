"""What was reported of source tracks, as it stood at one entry of the log, in a file.

A start that has it reads claims and what came later, instead of everything that was ever reported.
What was claimed is not in it: claims are read from the log in any case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from alliage import __version__
from alliage.log.revisions import Drop
from alliage.picture.columns import NO_TIME, Words
from alliage.picture.tracks import LAST_ENTRY, SourceTracks

FORMAT: Final = 3
_KEY: Final = b"alliage"
_OF_CLAIMS: Final = {"claims", "blank", "drawn", "identified"}
_OF_THE_TABLE: Final = {"changed_at", "words_at", "trail_at", "observed"}
_WORDS: Final = ("stream", "identifier", "schema", "status")
_NUMBERS: Final = {
    name: width
    for name, (_, _, width) in SourceTracks.LAYOUT.items()
    if name not in _OF_CLAIMS | _OF_THE_TABLE and name not in _WORDS
}


class KeptRowsError(Exception):
    """A file that is none of these, or of another version; says which."""


@dataclass(frozen=True, slots=True)
class KeptRows:
    """Rows of source tracks.

    ``number`` and ``entry_id`` name an entry of the log: everything up to it is in the rows, but
    for the streams ``left_out``, of which nothing is.
    """

    rows: pa.RecordBatch
    number: int
    entry_id: str
    left_out: frozenset[str]

    def write(self, path: Path) -> None:
        """Write it to a file.

        Raises:
            OSError: the disk refused.
        """
        about = {
            "format": FORMAT,
            "version": __version__,
            "number": self.number,
            "entry_id": self.entry_id,
            "left_out": sorted(self.left_out),
        }
        schema = self.rows.schema.with_metadata({_KEY: orjson.dumps(about)})
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with (
            pa.OSFile(str(path), "wb") as file,
            pa.ipc.new_file(file, schema, options=options) as writer,
        ):
            writer.write_batch(self.rows)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that this version of the program wrote.

        Raises:
            KeptRowsError: it is not one.
            OSError: it is not there, or cannot be read.
        """
        try:
            with pa.OSFile(str(path), "rb") as file, pa.ipc.open_file(file) as reader:
                about = orjson.loads((reader.schema.metadata or {})[_KEY])
                if (about["format"], about["version"]) != (FORMAT, __version__):
                    raise KeptRowsError(f"{path}: of version {about['version']}")
                rows = reader.get_batch(0)
            rows.validate(full=True)
            if set(rows.schema.names) != {*_WORDS, *_NUMBERS}:
                raise KeptRowsError(f"{path}: of another build: its columns are not those of now")
            left_out = frozenset(about["left_out"])
            return cls(rows, about["number"], about["entry_id"], left_out)
        except (pa.ArrowException, KeyError, ValueError, TypeError) as error:
            raise KeptRowsError(f"{path}: damaged: {error}") from None


Columns = dict[str, NDArray[Any]]


def reported_columns(tracks: SourceTracks, left_out: Collection[str]) -> Columns:
    """A copy of what was reported of every source track, but of these streams: under the lock."""
    hidden = [code for code, name in enumerate(tracks.streams) if name in left_out]
    stream = tracks.stream[: tracks.count]
    rows = np.flatnonzero(tracks.observed[: tracks.count] & ~np.isin(stream, hidden))
    return {name: getattr(tracks, name)[rows] for name in (*_WORDS, *_NUMBERS)}


def spelled_out(tracks: SourceTracks, found: Columns) -> pa.RecordBatch:
    """The same with words for their codes. It takes no lock: words only become more."""
    words = {
        "stream": tracks.streams,
        "identifier": tracks.identifiers,
        "schema": tracks.schemata,
        "status": tracks.statuses,
    }
    columns = {
        name: _spelled(found[name], words[name], optional=name in _WORDS[2:]) for name in _WORDS
    }
    for name, width in _NUMBERS.items():
        values = pa.array(found[name].reshape(-1))
        columns[name] = pa.FixedSizeListArray.from_arrays(values, width) if width else values
    return pa.RecordBatch.from_pydict(columns)


def put_reported_rows(
    tracks: SourceTracks,
    rows: pa.RecordBatch,
    without: Collection[str],
    drops: Sequence[Drop],
) -> None:
    """Have source tracks stand as :func:`reported_columns` found them.

    Args:
        tracks: which know what was claimed by now, and of these rows' streams nothing else.
        rows: what was found.
        without: streams of which nothing is wanted.
        drops: what of streams is not kept any more.
    """
    streams = rows.column("stream").to_pylist()
    valid_us, heard_us = _values(rows, "valid_us"), _values(rows, "heard_us")
    last_us = np.where(valid_us == NO_TIME, heard_us, valid_us)
    wanted = np.array([name not in without for name in streams], np.bool_)
    for drop in drops:
        old = (last_us < drop.before_us) & (_values(rows, "entry") <= drop.up_to)
        wanted &= ~(old & (np.array(streams) == drop.stream))
    rows = rows.filter(pa.array(wanted, pa.bool_()))
    tracks.version += 1
    at = _rows_in(tracks, rows)
    tracks.observe(at)
    for name, width in _NUMBERS.items():
        values, held = _values(rows, name), getattr(tracks, name)
        if name == "began":
            held[at] = np.minimum(held[at], values)
        elif name == "heard_us":
            held[at] = np.maximum(held[at], values)
        else:
            held[at] = values.reshape(-1, width) if width else values
    of_trackers = at[tracks.tracked(at)]
    tracks.go_on(of_trackers, tracks.valid_us[of_trackers])
    tracks.schema[at] = _coded(rows, "schema", tracks.schemata)
    tracks.status[at] = _coded(rows, "status", tracks.statuses)
    for name in ("changed_at", "words_at", "trail_at"):
        getattr(tracks, name)[at] = tracks.version


def _rows_in(tracks: SourceTracks, rows: pa.RecordBatch) -> NDArray[np.intp]:
    """Where these things stand in the table; new ones begin."""
    streams, identifiers = (rows.column(name).to_pylist() for name in ("stream", "identifier"))
    label_sets = _values(rows, "label_set").tolist()
    places: dict[tuple[str, int], list[int]] = {}
    for place, key in enumerate(zip(streams, label_sets, strict=True)):
        places.setdefault(key, []).append(place)
    found = np.zeros(rows.num_rows, dtype=np.intp)
    for (stream, label_set), some in places.items():
        names = [identifiers[place] for place in some]
        found[some] = tracks.rows_of(stream, label_set, names, int(LAST_ENTRY))
    return found


def _spelled(codes: NDArray[np.int32], words: Words, *, optional: bool) -> pa.Array:
    spelled = [words.word(code) if code >= 0 or not optional else None for code in codes.tolist()]
    return pa.array(spelled, pa.utf8())


def _coded(rows: pa.RecordBatch, name: str, words: Words) -> NDArray[np.int32]:
    spelled = rows.column(name).to_pylist()
    codes = [-1 if word is None else words.code(word) for word in spelled]
    return np.array(codes, dtype=np.int32)


def _values(rows: pa.RecordBatch, name: str) -> NDArray[Any]:
    column = rows.column(name)
    if pa.types.is_fixed_size_list(column.type):
        column = column.flatten()
    values: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return values
