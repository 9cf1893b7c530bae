"""The last row of each thing before a time, found by the run index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.positions import KNOWN, joined, microseconds
from alliage.history.runs import Runs
from alliage.history.segment import Places, Segment
from alliage.history.selection import Selected
from alliage.history.tail import Block
from alliage.history.things import Things, codes_of

_NEVER_US = np.iinfo(np.int64).min


def latest_of(
    parts: Sequence[Segment | Block], wanted: Selected, names: set[str], things: Things
) -> list[pa.Table]:
    """The last wanted row of each thing; what lies outside the box then is left out.

    Only those runs are read that can hold it: those that reach beyond the last time at which the
    thing is known to have been heard of.
    """
    anywhere = replace(wanted, box=None)
    needed = names | wanted.needed()
    compared = needed | {"stream", "identifier", "valid", KNOWN}
    found = [part.rows(anywhere, compared) for part in parts if isinstance(part, Block)]
    tables = [table for table in found if table is not None]
    segments = [
        (part, part.runs())
        for part in parts
        if isinstance(part, Segment) and part.info.may_hold(anywhere)
    ]
    heard_us = _heard(tables, [runs for _, runs in segments], anywhere, things)
    last = [
        (segment, runs.take(_may_be_last(runs, anywhere, heard_us))) for segment, runs in segments
    ]
    if wanted.box is not None:
        near = _near(tables, [runs for _, runs in last], wanted, things, len(heard_us))
        last = [(segment, runs.take(near[runs.thing])) for segment, runs in last]
    places = [(segment, segment.last_places(runs, anywhere)) for segment, runs in last]
    places, alone = _latest(places, heard_us, alone=not tables)
    read = needed if alone else compared
    tables += [segment.rows_at(some, read) for segment, some in places if len(some.rows)]
    if not tables:
        return []
    rows = joined(tables, tables[0].schema)
    if not alone:
        rows = rows.take(pa.array(_last_rows(rows, things)))
    if wanted.box is not None:
        rows = rows.filter(pa.array(wanted.mask(rows, codes_of(things, rows))))
    return [rows.select([name for name in rows.schema.names if name in names])]


def _latest(
    places: Sequence[tuple[Segment, Places]], heard_us: NDArray[np.int64], *, alone: bool
) -> tuple[list[tuple[Segment, Places]], bool]:
    """The latest of each thing; and whether that is one row, if there is nothing but these."""
    last_us = heard_us.copy()
    for _, some in places:
        np.maximum.at(last_us, some.runs.thing, some.valid_us)
    kept = [
        (segment, some.take(some.valid_us == last_us[some.runs.thing])) for segment, some in places
    ]
    things = [some.runs.thing for _, some in kept]
    rows_of = np.bincount(np.concatenate(things), minlength=1) if things else np.zeros(1, np.int64)
    return kept, alone and rows_of.max() <= 1


def _may_be_last(runs: Runs, wanted: Selected, heard_us: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of them may hold the last row of their thing."""
    return runs.may_hold(wanted) & (runs.valid_max >= heard_us[runs.thing])


def _heard(
    tables: Sequence[pa.Table], runs: Sequence[Runs], wanted: Selected, things: Things
) -> NDArray[np.int64]:
    """By thing, a time at which it was surely heard; nothing earlier can be its last row."""
    times = [(codes_of(things, table), microseconds(table, "valid")) for table in tables]
    for some in runs:
        sure = some.may_hold(wanted) & some.hold_only(wanted)
        times.append((some.thing[sure], some.valid_max[sure]))
    heard_us = np.full(len(things), _NEVER_US, np.int64)
    for code, valid_us in times:
        np.maximum.at(heard_us, code, valid_us)
    return heard_us


def _near(
    tables: Sequence[pa.Table], runs: Sequence[Runs], wanted: Selected, things: Things, count: int
) -> NDArray[np.bool_]:
    """By thing, whether its last row may be in the box.

    All that may hold a thing's last row is read then, or nothing: a run outside the box may be
    the one that says where it went.
    """
    assert wanted.box is not None
    near = np.zeros(count, np.bool_)
    for table in tables:
        code = codes_of(things, table)
        near[code[wanted.mask(table, code)]] = True
    for some in runs:
        near[some.thing[wanted.box.meets(some.west, some.south, some.east, some.north)]] = True
    return near


def _last_rows(rows: pa.Table, things: Things) -> NDArray[np.int64]:
    """Number of the last row of each thing by valid and known time; of equals the later one."""
    code = codes_of(things, rows)
    order = np.lexsort((microseconds(rows, KNOWN), microseconds(rows, "valid"), code))
    ends = np.flatnonzero(np.r_[code[order][1:] != code[order][:-1], True])
    last: NDArray[np.int64] = order[ends]
    return last
