"""How good the picture is, for one reader: each source against its own filter and against the rest.

Everything here is made of what the reader may see; another reader's figures are others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from alliage.fusion.keyed import SURPRISE
from alliage.picture.columns import NO_TIME
from alliage.picture.combining import Combiner
from alliage.picture.objects import Objects
from alliage.picture.tracks import SourceTracks

if TYPE_CHECKING:
    from alliage.picture.staleness import Staleness

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

NIS_BOUND: Final = 5.991
"""What 95 % of squared Mahalanobis distances in two dimensions lie below (chi-square, 2)."""
COVERAGE_RESOLUTION: Final = 5
"""Of the H3 cells by which coverage is told; a cell of it has 253 km² on average."""
ENDED: Final = 2
MOVING: Final = ("Platform",)
"""Kinds, with all that extend them, whose following is judged."""

EARTH_M: Final = 6_371_008.8
NEAR_M: Final = 1_000.0
"""Two objects farther apart are never suspected to be one."""
SLACK_M: Final = 100.0
SAME_SPEED_MPS: Final = 2.0
LATELY_S: Final = 300.0
"""Of what was not heard for longer nobody knows where it is well enough to compare it."""
PAIRS_LOOKED_AT: Final = 20_000


class Spread(NamedTuple):
    """The middle and the end of a distribution."""

    median: float
    p95: float


class StreamQuality(NamedTuple):
    """One stream's tracks of moving things that have not ended; None where nothing is known."""

    stream: str
    label_sets: tuple[int, ...]
    tracks: int
    age_s: Spread
    latency_s: Spread | None  # from valid until the node had it
    nis_mean: float | None  # of those that continued their tracks
    nis_outside: float | None  # share beyond NIS_BOUND; 0.05 where the filters are consistent
    jumps: int
    compared: int  # tracks of things that other streams follow, too
    left_out: int  # of these, those that disagree with the latest report
    cells: int  # of COVERAGE_RESOLUTION, in which something was placed


class Suspected(NamedTuple):
    """Two objects that may be one: no stream follows both."""

    one: int  # rows of the objects
    other: int
    distance_m: float


def stream_qualities(
    tracks: SourceTracks,
    objects: Objects,
    staleness: Staleness,
    combiner: Combiner | None,
    moves: NDArray[np.bool_],
    now_us: int,
) -> list[StreamQuality]:
    """Figures of every stream that the objects are made of, by name. Under the picture's lock."""
    rows = current_rows(tracks, objects, staleness, moves, now_us)
    agrees = _agreement(tracks, objects, combiner, rows)
    cells = _cells(tracks.lat[rows], tracks.lon[rows])
    found = []
    for code in np.unique(tracks.stream[rows]).tolist():
        own = tracks.stream[rows] == code
        found.append(_quality(tracks, rows[own], agrees[own], cells[own], code, now_us))
    return sorted(found, key=lambda one: one.stream)


def current_rows(
    tracks: SourceTracks,
    objects: Objects,
    staleness: Staleness,
    moves: NDArray[np.bool_],
    now_us: int,
) -> Rows:
    """Visible source tracks that reported a position and have not ended.

    ``moves`` says of each schema code whether its things move, the last place of code -1: a
    station, a buoy or a sensor tells nothing of how well things are followed.
    """
    rows = np.flatnonzero(objects.object_of >= 0)
    there = ~objects.void[objects.object_of[rows]] & (tracks.rank[rows] == 2)
    rows = rows[there & moves[tracks.schema[rows]]]
    states = staleness.states(
        tracks.schema[rows], tracks.valid_us[rows], now_us, tracks.followed(rows)
    )
    current: Rows = rows[states != ENDED]
    return current


def _agreement(
    tracks: SourceTracks, objects: Objects, combiner: Combiner | None, rows: Rows
) -> Floats:
    """1 agrees, 0 is left out, NaN: there is nothing to compare it with."""
    agrees = np.full(len(rows), np.nan)
    if combiner is None or not len(rows):
        return agrees
    of = objects.object_of[rows]
    several = np.flatnonzero(np.bincount(of, minlength=objects.count)[of] > 1)
    several = several[np.argsort(of[several], kind="stable")]
    if not len(several):
        return agrees
    numbers, place = np.unique(of[several], return_inverse=True)
    found = combiner.combine(objects.best[numbers], rows[several], place.astype(np.int64))
    fresh = np.bincount(place[found.usable], minlength=len(numbers))[place] > 1
    told = found.usable & fresh
    agrees[several[told]] = found.agrees[told]
    return agrees


def _cells(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.uint64]:
    from h3ronpy.vector import coordinates_to_cells  # half of the rooms never need it

    if not len(lat):
        return np.zeros(0, np.uint64)
    found = coordinates_to_cells(
        np.ascontiguousarray(lat), np.ascontiguousarray(lon), COVERAGE_RESOLUTION
    )
    cells: NDArray[np.uint64] = pa.array(found).to_numpy()
    return cells


def _quality(
    tracks: SourceTracks,
    rows: Rows,
    agrees: Floats,
    cells: NDArray[np.uint64],
    code: int,
    now_us: int,
) -> StreamQuality:
    known = rows[tracks.had_us[rows] != NO_TIME]
    nis = tracks.filter_nis[rows].astype(np.float64)
    nis = nis[np.isfinite(nis)]
    continuing = nis[nis <= SURPRISE]  # a jump is counted as one: a thousand others weigh no more
    latency_s = (tracks.had_us[known] - tracks.valid_us[known]) / 1e6
    return StreamQuality(
        stream=tracks.streams.word(code),
        label_sets=tuple(np.unique(tracks.label_set[rows]).tolist()),
        tracks=len(rows),
        age_s=_spread(np.maximum(now_us - tracks.valid_us[rows], 0) / 1e6),
        latency_s=_spread(latency_s) if len(known) else None,
        nis_mean=float(continuing.mean()) if len(continuing) else None,
        nis_outside=float((nis > NIS_BOUND).mean()) if len(nis) else None,
        jumps=int(tracks.filter_jumps[rows].sum()),
        compared=int(np.isfinite(agrees).sum()),
        left_out=int((agrees == 0.0).sum()),
        cells=len(np.unique(cells)),
    )


def _spread(values: Floats) -> Spread:
    median, p95 = np.percentile(values, [50, 95]).tolist()
    return Spread(median, p95)


def suspected_duplicates(
    tracks: SourceTracks, objects: Objects, now_us: int, at_most: int
) -> tuple[list[Suspected], bool]:
    """Moving objects that lie and move alike and that no stream follows both. Under the lock.

    Ships that meet look like that for a moment; a correlator, or a person, has the last word, and
    what people said to be two, or are asked about as a conflict, is not suspected again.

    Returns:
        The nearest pairs, and whether these are all.
    """
    n = objects.count
    age_s = (now_us - np.maximum(objects.valid_us[:n], NO_TIME // 2)) / 1e6
    wanted = objects.present() & objects.moving[:n] & (age_s <= LATELY_S)
    wanted &= np.isfinite(objects.lon[:n]) & np.isfinite(objects.course[:n])
    rows = np.flatnonzero(wanted)
    if len(rows) < 2:
        return [], True
    speed, course = objects.speed[rows].astype(float), np.radians(objects.course[rows])
    velocity = np.stack([speed * np.sin(course), speed * np.cos(course)], axis=1)
    place = _places(objects, rows, velocity * np.maximum(age_s[rows], 0.0)[:, None])
    pairs = cKDTree(place).query_pairs(NEAR_M, output_type="ndarray")
    apart_m = np.linalg.norm(place[pairs[:, 0]] - place[pairs[:, 1]], axis=1)
    std = np.nan_to_num(objects.std[rows].astype(float))
    reach_m = 3.0 * np.hypot(std[pairs[:, 0]], std[pairs[:, 1]]) + SLACK_M
    slower = np.linalg.norm(velocity[pairs[:, 0]] - velocity[pairs[:, 1]], axis=1)
    alike = np.flatnonzero((apart_m <= reach_m) & (slower <= SAME_SPEED_MPS))
    alike = alike[np.argsort(apart_m[alike], kind="stable")]
    found = [
        Suspected(int(rows[pairs[at, 0]]), int(rows[pairs[at, 1]]), float(apart_m[at]))
        for at in alike[:PAIRS_LOOKED_AT].tolist()
        if _have_no_stream_in_common(tracks, objects, rows[pairs[at]])
        and not objects.are_told_apart(*rows[pairs[at]].tolist())
    ]
    return found[:at_most], len(found) <= at_most and len(alike) <= PAIRS_LOOKED_AT


def _places(objects: Objects, rows: Rows, moved_m: Floats) -> Floats:
    """Where they are now (n, 3), metres from the middle of the earth; near ones are well apart."""
    lat = np.radians(objects.lat[rows]) + moved_m[:, 1] / EARTH_M
    lon = np.radians(objects.lon[rows]) + moved_m[:, 0] / (EARTH_M * np.maximum(np.cos(lat), 1e-6))
    places: Floats = EARTH_M * np.stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1
    )
    return places


def _have_no_stream_in_common(tracks: SourceTracks, objects: Objects, pair: Rows) -> bool:
    one, other = (set(tracks.stream[objects.members(row)].tolist()) for row in pair.tolist())
    return one.isdisjoint(other)
