"""Committed entries into source tracks, a batch at a time and without a Python object per row.

Within one source track the report with the latest ``valid`` gives position and motion, all of
them together: what that report does not say is not known. Reports that come late never move a
track back. Equal times: the entry with the higher number, then the later row. So the state does
not depend on the order in which a stream's entries arrive, only on what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.ontology.affiliation import IDENTIFYING
from alliage.ontology.claim import GEOMETRY, OF_NO_THING, RETRACTION, Claim
from alliage.ontology.observation import Kind
from alliage.ontology.reception import had_us
from alliage.picture.columns import NO_TIME, Words
from alliage.picture.entry import PictureEntry
from alliage.picture.estimates import MAKES_WAY_MPS, Motions, Reports, filter_reports
from alliage.picture.gone import has_gone
from alliage.picture.said import add_saying
from alliage.picture.shared import told_apart
from alliage.picture.tracks import TRAIL_POINTS, TRAIL_STEP_US, SourceTracks

FUTURE_US: Final = 600_000_000
"""A report from more than ten minutes after it was known has a broken clock: it would stand as
the latest until then. The log keeps it, the picture counts it and leaves it out. A stream whose
time is made here (an exercise) may run ahead of the wall as far as it likes."""

SURELY: Final = 4.0
"""What a tracker found to move has to be so many standard deviations of its velocity faster than
nothing: one report in 3,000 of what rests, where six minutes of a radar have a hundred."""

MOTION: Final = {
    "std": "position_std_m",
    "minor": "position_minor_std_m",
    "axis": "position_axis_deg",
    "altitude": "altitude_m",
    "speed": "speed_mps",
    "course": "course_deg",
    "heading": "heading_deg",
    "turn_rate": "turn_rate_degps",
}
"""Column of the source tracks to column of an observation batch."""

FILTERED: Final = {
    **{name: MOTION[name] for name in ("std", "minor", "axis", "speed", "course")},
    "velocity_std": "velocity_std_mps",
    "nis": "nis",
}
"""What a filter takes of a report."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows of one entry with what is needed to put them where they belong."""

    rows: pa.RecordBatch
    valid: NDArray[np.int64]
    local: Rows  # batch row to index into ``tracks``
    tracks: Rows  # the source tracks that the batch speaks of, in order of first mention
    order: Rows  # batch rows by ``valid``, equal ones as they came


@dataclass(frozen=True, slots=True)
class Applied:
    """What one entry of observations did."""

    latest_us: int  # the latest time that its rows are about; NO_TIME for no rows
    from_future: int  # rows left out because their time is impossible


def apply_observations(
    tracks: SourceTracks, motions: Motions, entry: PictureEntry, may_run_ahead: bool = False
) -> Applied:
    """Move the source tracks on by one entry."""
    batch = entry.observations()
    rows, from_future = batch.rows, 0
    if not may_run_ahead:
        rows, from_future = _without_future(rows, entry.known_us)
    rows = _without_withdrawn(rows, tracks, entry)
    if rows.num_rows == 0:
        return Applied(NO_TIME, from_future)
    shared = tracks.shared.in_stream(entry.stream, entry.label_set)
    if shared and batch.kind is Kind.POSITION:
        rows = told_apart(rows, shared, tracks, (entry.stream, entry.label_set))
    if batch.kind is Kind.LINE:  # no thing of the picture's: nobody knows where it is
        return Applied(int(_times(rows, "valid").max()), from_future)
    tracks.version += 1
    mapped = _map_rows(tracks, entry, rows)
    tracks.observe(mapped.tracks)
    _hear(tracks, mapped)
    if batch.kind is not Kind.PLOT:  # where a plot is, its sensor is not
        _place(tracks, motions, mapped, entry, 2 if batch.kind is Kind.POSITION else 1)
    return Applied(int(mapped.valid[mapped.order[-1]]), from_future)


def _without_future(rows: pa.RecordBatch, known_us: int) -> tuple[pa.RecordBatch, int]:
    timely = _times(rows, "valid") <= known_us + FUTURE_US
    if timely.all():
        return rows, 0
    return rows.filter(pa.array(timely)), int(np.count_nonzero(~timely))


def _without_withdrawn(
    rows: pa.RecordBatch, tracks: SourceTracks, entry: PictureEntry
) -> pa.RecordBatch:
    """Leave out what was reported by hand and taken back; after a restart that is known before."""
    withdrawn = tracks.withdrawn.of_stream(entry.stream, entry.label_set)
    if not withdrawn:
        return rows
    words = rows.column("identifier").cast(pa.utf8()).to_pylist()
    times = _times(rows, "valid").tolist()
    keys = zip(words, times, strict=True)
    return rows.filter(pa.array([entry.number > withdrawn.get(key, -1) for key in keys]))


def _map_rows(tracks: SourceTracks, entry: PictureEntry, rows: pa.RecordBatch) -> _Batch:
    codes, dictionary = _coded(rows, "identifier")
    first = np.full(len(dictionary), len(codes), dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # the last write is the first row
    used = np.flatnonzero(first < len(codes))
    used = used[np.argsort(first[used])]
    place = np.empty(len(dictionary), dtype=np.intp)
    place[used] = np.arange(len(used))
    words = dictionary.take(pa.array(used)).to_pylist()
    valid = _times(rows, "valid")
    order = np.arange(len(valid))
    if np.any(valid[1:] < valid[:-1]):
        order = np.argsort(valid, kind="stable")
    found = tracks.rows_of(entry.stream, entry.label_set, words, entry.number)
    return _Batch(rows, valid, place[codes], found, order)


def _hear(tracks: SourceTracks, batch: _Batch) -> None:
    """Every report says that the thing was there to be reported, even without a position."""
    last = _last(batch, batch.order)
    valid = batch.valid[last]
    newer = valid > tracks.heard_us[batch.tracks]
    rows, last = batch.tracks[newer], last[newer]
    tracks.heard_us[rows] = valid[newer]
    unplaced = tracks.rank[rows] == 0
    tracks.changed_at[rows[unplaced]] = tracks.version
    _set_schema(tracks, rows[unplaced], batch.rows, last[unplaced])


def _place(
    tracks: SourceTracks, motions: Motions, batch: _Batch, entry: PictureEntry, rank: int
) -> None:
    lat, lon = _numbers(batch.rows, "latitude_deg"), _numbers(batch.rows, "longitude_deg")
    placed = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)
    if not placed.any():
        return
    order = batch.order if placed.all() else batch.order[placed[batch.order]]
    if rank == 2:
        _extend_trails(tracks, batch, order, lon, lat)
        _note_way(tracks, batch, order, lat, lon)
    last = _last(batch, order)
    has = last >= 0
    rows, last = batch.tracks[has], last[has]
    newer = _is_newer(tracks, rows, rank, batch.valid[last], entry.number)
    rows, last = rows[newer], last[newer]
    tracks.lat[rows], tracks.lon[rows] = lat[last], lon[last]
    tracks.valid_us[rows] = batch.valid[last]
    tracks.rank[rows], tracks.entry[rows] = rank, entry.number
    tracks.known_us[rows] = entry.known_us
    tracks.had_us[rows] = had_us(entry.stream, entry.known_us, _times(batch.rows, "received")[last])
    tracks.changed_at[rows] = tracks.version
    _set_motion(tracks, rows, batch.rows, last)
    _set_schema(tracks, rows, batch.rows, last)
    if rank == 2:
        _filter(tracks, motions, batch, entry.stream, order, lon, lat)


def _filter(
    tracks: SourceTracks,
    motions: Motions,
    batch: _Batch,
    stream: str,
    order: Rows,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> None:
    columns = {name: _numbers(batch.rows, column)[order] for name, column in FILTERED.items()}
    reports = Reports(batch.valid[order], lat[order], lon[order], columns)
    filter_reports(tracks, motions, stream, batch.tracks[batch.local[order]], reports)


def _is_newer(
    tracks: SourceTracks, rows: Rows, rank: int, valid: NDArray[np.int64], number: int
) -> NDArray[np.bool_]:
    """A position report outranks a report about a place; then time, then the log's order."""
    old_rank, old_valid = tracks.rank[rows], tracks.valid_us[rows]
    later = (valid > old_valid) | ((valid == old_valid) & (number > tracks.entry[rows]))
    newer: NDArray[np.bool_] = (rank > old_rank) | ((rank == old_rank) & later)
    return newer


def _set_motion(tracks: SourceTracks, rows: Rows, batch: pa.RecordBatch, last: Rows) -> None:
    taken = batch.take(pa.array(last))
    for name, column in MOTION.items():
        getattr(tracks, name)[rows] = _numbers(taken, column)
    tracks.status[rows] = _interned(taken, "navigation_status", tracks.statuses)
    tracks.recorded_us[rows] = _times(taken, "recorded")


def _set_schema(tracks: SourceTracks, rows: Rows, batch: pa.RecordBatch, last: Rows) -> None:
    if len(rows) == 0:
        return
    schema = _interned(batch.select(["schema"]).take(pa.array(last)), "schema", tracks.schemata)
    other = schema != tracks.schema[rows]
    tracks.schema[rows] = schema
    tracks.words_at[rows[other]] = tracks.version


def _extend_trails(
    tracks: SourceTracks,
    batch: _Batch,
    order: Rows,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> None:
    """Keep the first report of every step, in a ring addressed by time.

    A step's place in the ring follows from its time alone, so a late report finds its place and
    the trail does not depend on the order of entries.
    """
    step = batch.valid[order] // TRAIL_STEP_US
    cell = batch.local[order] * TRAIL_POINTS + step % TRAIL_POINTS
    newest = np.full(len(batch.tracks) * TRAIL_POINTS, NO_TIME, dtype=np.int64)
    newest[cell] = step  # rising times: the last write is the newest step
    first = np.full(len(newest), -1, dtype=np.intp)
    in_newest = step == newest[cell]
    first[cell[in_newest][::-1]] = order[in_newest][::-1]  # the last write is the first row
    cells = np.flatnonzero(first >= 0)
    reports = first[cells]
    rows, place = batch.tracks[cells // TRAIL_POINTS], cells % TRAIL_POINTS
    old, new = tracks.trail_valid[rows, place], batch.valid[reports]
    old_step, new_step = old // TRAIL_STEP_US, new // TRAIL_STEP_US
    better = (new_step > old_step) | ((new_step == old_step) & (new < old))
    rows, place, reports = rows[better], place[better], reports[better]
    tracks.trail_valid[rows, place] = batch.valid[reports]
    tracks.trail_lon[rows, place], tracks.trail_lat[rows, place] = lon[reports], lat[reports]
    tracks.trail_at[rows] = tracks.version


def _note_way(
    tracks: SourceTracks,
    batch: _Batch,
    order: Rows,
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
) -> None:
    """When each source track last made way, by any report and not only by the latest."""
    unsure_mps = SURELY * _numbers(batch.rows, "velocity_std_mps")
    speed_mps = _numbers(batch.rows, "speed_mps")
    makes_way = speed_mps > np.maximum(MAKES_WAY_MPS, np.nan_to_num(unsure_mps))
    # What a tracker says of a speed may be too rough for that; its last place is asked as well.
    rough = _last(batch, order[~makes_way[order] & np.isfinite(unsure_mps[order])])
    rough = rough[rough >= 0]
    if len(rough):
        std_m = _numbers(batch.rows, "position_std_m")
        rows, valid = batch.tracks[batch.local[rough]], batch.valid[rough]
        there = (lat[rough], lon[rough], std_m[rough])
        makes_way[rough] = has_gone(tracks, rows, valid, *there, MAKES_WAY_MPS)
    last = _last(batch, order[makes_way[order]])
    has = last >= 0
    rows, valid = batch.tracks[has], batch.valid[last[has]]
    newer = valid > tracks.way_us[rows]
    tracks.way_us[rows[newer]] = valid[newer]
    tracks.changed_at[rows[newer]] = tracks.version


def _last(batch: _Batch, order: Rows) -> Rows:
    """For each source track of the batch its last row in this order; -1 where it has none."""
    last = np.full(len(batch.tracks), -1, dtype=np.intp)
    last[batch.local[order]] = order
    return last


def _numbers(rows: pa.RecordBatch, name: str) -> NDArray[np.float64]:
    if name not in rows.schema.names:
        return np.full(rows.num_rows, np.nan)
    values: NDArray[np.float64] = rows.column(name).to_numpy(zero_copy_only=False)
    return values


def _times(rows: pa.RecordBatch, name: str) -> NDArray[np.int64]:
    if name not in rows.schema.names:
        return np.full(rows.num_rows, NO_TIME, dtype=np.int64)
    column = rows.column(name).cast(pa.int64())
    values: NDArray[np.int64] = column.fill_null(NO_TIME).to_numpy(zero_copy_only=False)
    return values


def _coded(rows: pa.RecordBatch, name: str) -> tuple[Rows, Any]:
    """Codes (-1 for null) and the dictionary that they index."""
    column = rows.column(name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes.astype(np.intp), column.dictionary


def _interned(rows: pa.RecordBatch, name: str, words: Words) -> NDArray[np.int32]:
    """The column's words as their numbers in ``words``; -1 for null."""
    if name not in rows.schema.names:
        return np.full(rows.num_rows, -1, dtype=np.int32)
    codes, dictionary = _coded(rows, name)
    table = np.full(len(dictionary) + 1, -1, dtype=np.int32)  # the last place answers code -1
    used = np.unique(codes[codes >= 0])
    for code, word in zip(used, dictionary.take(pa.array(used)).to_pylist(), strict=True):
        table[code] = words.code(word)
    return table[codes]


def apply_claims(
    tracks: SourceTracks, entry: PictureEntry, wanted: frozenset[str]
) -> Sequence[Claim]:
    """Keep the newest claimed values of each wanted property, by source track; and retractions.

    Returns:
        The claims of the entry: decoding them once is most of the work.
    """
    tracks.version += 1
    said = entry.claims()
    claims = []
    for claim in said:
        is_of_pair = tracks.joins.add(claim, entry.stream, entry.label_set)
        if is_of_pair:
            tracks.restructure(entry.label_set)
        tracks.shared.add(claim, entry.stream, entry.label_set)
        if is_of_pair and claim.property == RETRACTION:
            tracks.retractions.add(claim, entry.label_set)  # and of no thing, as what it takes back
        elif claim.property not in OF_NO_THING:
            claims.append(claim)
    identifiers = [claim.identifier for claim in claims]
    rows = tracks.rows_of(entry.stream, entry.label_set, identifiers, entry.number)
    np.add.at(tracks.claims, rows, 1)
    for row, claim in zip(rows.tolist(), claims, strict=True):
        if tracks.schema[row] < 0:
            tracks.schema[row] = tracks.schemata.code(claim.schema)
            tracks.words_at[row] = tracks.version
        is_of_it = claim.property != RETRACTION  # what is taken back tells of no thing
        if is_of_it and tracks.heard_us[row] < claim.valid_from_us <= entry.known_us + FUTURE_US:
            tracks.heard_us[row] = claim.valid_from_us
            tracks.changed_at[row] = tracks.version
        if is_of_it:
            tracks.claim(row, claim.claim_id)
        if claim.property == GEOMETRY:
            tracks.drawn[row] = True
        if claim.property in IDENTIFYING:
            tracks.identified[row] = True
        if claim.property in wanted and add_saying(tracks.properties[row], claim, entry.number):
            tracks.words_at[row] = tracks.version
        elif claim.property == RETRACTION:
            # It bears its thing's identifier: this row's readers are those who may know of it.
            tracks.retractions.add(claim, entry.label_set)
            tracks.words_at[row] = tracks.version
        report = tracks.withdrawn.add(claim, entry.stream, entry.label_set, entry.number)
        if report is not None:
            tracks.withdraw(report, entry.number)
    return said


def apply_withdrawals(tracks: SourceTracks, entry: PictureEntry) -> None:
    """Note what is taken back before what it is about comes; begins no source track."""
    for claim in entry.claims():
        tracks.retractions.add(claim, entry.label_set)
        tracks.withdrawn.add(claim, entry.stream, entry.label_set, entry.number)
