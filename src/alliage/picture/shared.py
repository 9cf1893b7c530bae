"""One identifier that two things use within one stream: each report is put to whom it continues.

A detector finds it, and a claim says so under the stream's own label (docs/decisions/0238). From
then on what continues the first thing stays under the identifier, and what cannot be the first is
put under the identifier with ``/2``. The log keeps what the source said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from alliage.geo.flat import moved, offset_m
from alliage.ontology.claim import CONFLICT, Claim, judged_streams
from alliage.ontology.identifiers import SECOND
from alliage.picture.columns import NO_TIME

if TYPE_CHECKING:
    from alliage.picture.tracks import SourceTracks

APART_M: Final = 2_000.0
"""How far from the first a second one is begun, beside twice its own way."""
FASTEST_MPS: Final = 45.0
"""Of what says no speed."""
NEAR_M, SPREAD_MPS = 50.0, 2.0
"""How well it is known where a thing is now, at once and as its report grows old."""
FORGOTTEN_S: Final = 1_800.0
"""Who was not heard for so long takes no report from one who was."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A report, or the last one of a source track."""

    valid_us: int
    lat: float
    lon: float
    speed_mps: float
    course_deg: float


def second_of(identifier: str) -> str:
    """The identifier under which the second thing is shown that uses this one."""
    return identifier + SECOND


class Shared:
    """Which identifiers two things use, by stream and label set."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, int], set[str]] = {}

    def add(self, claim: Claim, stream: str, label_set: int) -> None:
        """Note that an identifier is shared; any other claim says nothing of that."""
        one, other = judged_streams(stream)
        told = claim.property == CONFLICT and claim.value == second_of(claim.identifier)
        if told and one and not other:
            self._of.setdefault((one, label_set), set()).add(claim.identifier)

    def forget(self, identifier: str) -> None:
        """Forget what was said of an identifier, to be said again."""
        for names in self._of.values():
            names.discard(identifier)

    def in_stream(self, stream: str, label_set: int) -> frozenset[str]:
        """The identifiers that two things use there."""
        return frozenset(self._of.get((stream, label_set), ()))


def told_apart(
    rows: pa.RecordBatch, names: Iterable[str], tracks: SourceTracks, key: tuple[str, int]
) -> pa.RecordBatch:
    """The rows of a stream, with those of the second thing under its own identifier.

    Args:
        rows: position reports; others are not told apart and stay.
        names: the identifiers that two things use.
        tracks: where both were last.
        key: of the rows, stream and label set.
    """
    words = np.array(rows.column("identifier").cast(pa.utf8()).to_pylist(), np.object_)
    concerned = np.flatnonzero(np.isin(words, sorted(names)))
    if not len(concerned) or "latitude_deg" not in rows.schema.names:
        return rows
    places = _places(rows)
    last: dict[str, list[_Place | None]] = {}
    for row in sorted(concerned.tolist(), key=lambda row: places[row].valid_us):
        name, now = str(words[row]), places[row]
        if not (abs(now.lat) <= 90.0 and abs(now.lon) <= 180.0):
            continue
        if name not in last:
            last[name] = [_last(tracks, key, one) for one in (name, second_of(name))]
        which = _which(last[name], now)
        last[name][which] = now
        if which:
            words[row] = second_of(name)
    column = rows.schema.get_field_index("identifier")
    told = pa.array(words.tolist(), pa.utf8()).dictionary_encode()
    return rows.set_column(column, "identifier", told)


def _which(last: list[_Place | None], now: _Place) -> int:
    """Whether a report is of the first thing (0) or of the second (1)."""
    first, second = last
    if first is None:
        return 0
    if second is None:
        wait_s = abs(now.valid_us - first.valid_us) / 1e6
        speeds = [speed for speed in (first.speed_mps, now.speed_mps) if speed == speed]
        reach_m = APART_M + wait_s * (2.0 * max(speeds) if speeds else FASTEST_MPS)
        return int(_miss_m(first, now) > reach_m)
    waits_s = [abs(now.valid_us - one.valid_us) / 1e6 for one in (first, second)]
    if min(waits_s) <= FORGOTTEN_S < max(waits_s):
        return int(waits_s[1] < waits_s[0])
    misses = [
        _miss_m(one, now) / (NEAR_M + SPREAD_MPS * wait_s)
        for one, wait_s in zip((first, second), waits_s, strict=True)
    ]
    return int(misses[1] < misses[0])


def _miss_m(last: _Place, now: _Place) -> float:
    """How far a report lies from where its thing would be by its last one."""
    way_m = last.speed_mps * (now.valid_us - last.valid_us) / 1e6
    course = np.radians(last.course_deg)
    lat, lon = last.lat, last.lon
    if np.isfinite(way_m) and np.isfinite(course):
        lat, lon = map(float, moved(lat, lon, way_m * np.sin(course), way_m * np.cos(course)))
    return float(np.hypot(*offset_m(lat, lon, now.lat, now.lon)))


def _last(tracks: SourceTracks, key: tuple[str, int], identifier: str) -> _Place | None:
    row = tracks.find(*key, identifier)
    if row is None or tracks.rank[row] < 2 or tracks.valid_us[row] == NO_TIME:
        return None
    return _Place(
        int(tracks.valid_us[row]),
        float(tracks.lat[row]),
        float(tracks.lon[row]),
        float(tracks.speed[row]),
        float(tracks.course[row]),
    )


def _places(rows: pa.RecordBatch) -> list[_Place]:
    def numbers(name: str) -> list[float]:
        if name not in rows.schema.names:
            return [float("nan")] * rows.num_rows
        found: list[float] = rows.column(name).to_numpy(zero_copy_only=False).tolist()
        return found

    valid = rows.column("valid").cast(pa.int64()).to_pylist()
    columns = map(numbers, ("latitude_deg", "longitude_deg", "speed_mps", "course_deg"))
    return [_Place(*values) for values in zip(valid, *columns, strict=True)]
