"""The last row of each thing before a time, found by the run index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.positions import KNOWN, joined, microseconds
from alliage.history.runs import Runs
from alliage.history.segment import Segment
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
    needed = names | {"stream", "identifier", "valid", KNOWN} | wanted.needed()
    found = [part.rows(anywhere, needed) for part in parts if isinstance(part, Block)]
    tables = [table for table in found if table is not None]
    candidates = [
        (part, runs.take(runs.may_hold(anywhere)))
        for part in parts
        if isinstance(part, Segment) and part.info.may_hold(anywhere)
        for runs in [part.runs()]
    ]
    heard_us = _heard(tables, [runs for _, runs in candidates], anywhere, things)
    last = [
        (segment, runs.take(runs.valid_max >= heard_us[runs.thing])) for segment, runs in candidates
    ]
    if wanted.box is not None:
        near = _near(tables, [runs for _, runs in last], wanted, things, len(heard_us))
        last = [(segment, runs.take(near[runs.thing])) for segment, runs in last]
    for segment, runs in last:
        if len(runs):
            tables.append(segment.last_rows(runs, anywhere, needed))
    if not tables:
        return []
    rows = joined(tables, tables[0].schema)
    rows = rows.take(pa.array(_last_rows(rows, things)))
    if wanted.box is not None:
        rows = rows.filter(pa.array(wanted.mask(rows)))
    return [rows.select([name for name in rows.schema.names if name in names])]


def _heard(
    tables: Sequence[pa.Table], runs: Sequence[Runs], wanted: Selected, things: Things
) -> NDArray[np.int64]:
    """By thing, a time at which it was surely heard; nothing earlier can be its last row."""
    times = [(codes_of(things, table), microseconds(table, "valid")) for table in tables]
    for some in runs:
        sure = some.take(some.hold_only(wanted))
        times.append((sure.thing, sure.valid_max))
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
        near[codes_of(things, table)[wanted.mask(table)]] = True
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
