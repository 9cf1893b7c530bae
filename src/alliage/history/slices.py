"""Large questions to the history, an hour at a time: memory stays small, and too much is refused.

Whether something is too much depends on the rows that the audience sees and on nothing else, such
as how they lie in files: how much there is of what is hidden must not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliage.history.positions import KNOWN, POINTS, columns_of, joined, microseconds
from alliage.history.reader import HistoryReader
from alliage.history.runs import HOUR_US
from alliage.history.selection import TooMuchError, Where

FIRST_US: Final = 60_000_000
"""So much time is looked at first for a page; then twice as much, up to an hour at once."""
SLICES_A_PAGE: Final = 24 * 31
"""How often one page looks at most; it may be short, or empty, and still lead on."""
DAY_US: Final = 24 * HOUR_US
_ORDER: Final = ("valid", "stream", "identifier", KNOWN, "longitude_deg", "latitude_deg")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: at this valid time, of which so many rows were given."""

    valid_us: int
    passed: int = 0


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows by valid time, and where to go on; None at the end of the time asked for."""

    table: pa.Table
    next: Place | None


def page_of(
    history: HistoryReader,
    where: Where,
    after: Place | None,
    limit: int,
    columns: Sequence[str] = POINTS,
) -> RowPage:
    """Rows by valid time, page by page.

    Args:
        history: the audience's.
        where: what is asked for; both its times are given.
        after: where the page before ended.
        limit: at most so many rows.
        columns: of the rows.
    """
    begin_us, end_us = where.bounds_us()
    place = after or Place(begin_us)
    found: list[pa.Table] = []
    passed, begin_us, width_us = place.passed, place.valid_us, FIRST_US
    for _ in range(SLICES_A_PAGE):
        if begin_us >= end_us:
            break
        until_us = min(begin_us + width_us, end_us)
        needed = tuple(dict.fromkeys([*columns, *_ORDER]))
        rows = history.rows(replace(where, from_us=begin_us, to_us=until_us), needed).table
        taken = _first(rows, passed + limit).slice(passed)
        found.append(taken.select(list(columns)))
        limit -= taken.num_rows
        if limit == 0:
            return RowPage(_whole(found, columns), _place_after(taken, place))
        passed, begin_us, width_us = 0, until_us, min(2 * width_us, HOUR_US)
    return RowPage(_whole(found, columns), Place(begin_us) if begin_us < end_us else None)


def trajectory_of(
    history: HistoryReader, where: Where, rows_at_most: int, columns: Sequence[str] = POINTS
) -> pa.Table:
    """All rows of what is asked for, by valid time; for one thing or a few.

    Raises:
        TooMuchError: there are more rows than this.
    """
    found: list[pa.Table] = []
    needed = tuple(dict.fromkeys([*columns, *_ORDER]))
    count = 0
    for part in where.parts(DAY_US):
        rows = history.rows(part, needed).table
        count += rows.num_rows
        if count > rows_at_most:
            raise TooMuchError(f"more than {rows_at_most} positions: ask for less time")
        found.append(_sorted(rows).select(list(columns)))
    return _whole(found, columns)


def _first(rows: pa.Table, count: int) -> pa.Table:
    """The first so many rows, in order."""
    if rows.num_rows > count:
        valid_us = microseconds(rows, "valid")
        last_us = np.partition(valid_us, count - 1)[count - 1]
        rows = rows.filter(pa.array(valid_us <= last_us))
    return _sorted(rows).slice(0, count)


def _sorted(rows: pa.Table) -> pa.Table:
    keys = pa.table(
        {
            name: rows.column(name).cast(pa.utf8()) if name in ("stream", "identifier")
            else rows.column(name)
            for name in _ORDER
        }
    )  # fmt: skip
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in _ORDER])
    return rows.take(order)


def _place_after(taken: pa.Table, before: Place) -> Place:
    valid_us = microseconds(taken, "valid")
    last_us = int(valid_us[-1])
    passed = int(np.count_nonzero(valid_us == last_us))
    return Place(last_us, passed + (before.passed if last_us == before.valid_us else 0))


def _whole(tables: Sequence[pa.Table], columns: Sequence[str]) -> pa.Table:
    return joined(tables, columns_of(columns))
