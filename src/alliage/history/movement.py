"""How a thing moved: its position reports over some time, thinned to what a chart can show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.history.positions import LABEL_SET, microseconds
from alliage.history.reader import HistoryReader
from alliage.history.selection import Where
from alliage.history.things import Told
from alliage.log.bodies import OBSERVATIONS
from alliage.log.entry import Entry
from alliage.log.reader import MAX_LIMIT, LogReader
from alliage.ontology.observation import Kind

STEP_US: Final = 600_000_000
"""The log is looked through ten minutes at a time, the latest first."""
BUDGET_S: Final = 4.0
POINTS_AT_MOST: Final = 1_000
_NUMBERS: Final = (
    "latitude_deg",
    "longitude_deg",
    "speed_mps",
    "course_deg",
    "altitude_m",
)


@dataclass(frozen=True, slots=True)
class MovementPoint:
    """One report; ``None`` is not reported. Its label is that of the entry it came in."""

    valid_us: int
    latitude_deg: float | None
    longitude_deg: float | None
    speed_mps: float | None
    course_deg: float | None
    altitude_m: float | None
    label_set: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Reports, oldest first. Before ``from_us`` was not looked: the time for it was used up."""

    points: tuple[MovementPoint, ...]
    from_us: int


def movement(
    log: LogReader,
    told: Told,
    from_us: int,
    to_us: int,
    points: int,
    budget_s: float = BUDGET_S,
) -> Movement:
    """Look up how a thing moved, as the log's reader may see it.

    Args:
        log: the audience's.
        told: who tells of the thing, and under which identifier.
        from_us: microseconds; reports of this time or later.
        to_us: microseconds, excluded.
        points: of this many equal parts of the time the first report each is kept.
        budget_s: after so long what was found is all.

    Raises:
        ValueError: there is no time between, or no point to keep.
    """
    _check(from_us, to_us, points)
    width_us = _width_us(from_us, to_us, points)
    deadline = time.monotonic() + budget_s
    first: dict[int, MovementPoint] = {}
    reached_us = to_us
    while reached_us > from_us:
        since_us = max(from_us, reached_us - STEP_US)
        for point in _reports(log, told, since_us, reached_us):
            part = (point.valid_us - from_us) // width_us
            if part not in first or _order(point) < _order(first[part]):
                first[part] = point
        reached_us = since_us
        if time.monotonic() > deadline:
            break
    return Movement(tuple(sorted(first.values(), key=_order)), reached_us)


def movement_of(
    history: HistoryReader, told: Told, from_us: int, to_us: int, points: int
) -> Movement:
    """The same from the history, at once and for any time that is kept.

    Args:
        history: the audience's, caught up.
        told: who tells of the thing, and under which identifier.
        from_us: microseconds; reports of this time or later.
        to_us: microseconds, excluded.
        points: of this many equal parts of the time the first report each is kept.

    Raises:
        ValueError: there is no time between, or no point to keep.
    """
    _check(from_us, to_us, points)
    answer = history.rows(Where(from_us, to_us, things=told), ("valid", LABEL_SET, *_NUMBERS))
    valid_us = microseconds(answer.table, "valid")
    numbers = [answer.table.column(name).cast(pa.float64()).to_numpy() for name in _NUMBERS]
    ranked = [np.nan_to_num(column, nan=-1e9) for column in numbers[:4]]
    order = np.lexsort((*reversed(ranked), valid_us))
    parts = (valid_us[order] - from_us) // _width_us(from_us, to_us, points)
    first = order[np.unique(parts, return_index=True)[1]]
    label_sets = answer.table.column(LABEL_SET).to_numpy()
    found = tuple(
        MovementPoint(
            valid_us=int(valid_us[row]),
            label_set=int(label_sets[row]),
            **{name: _known(column[row]) for name, column in zip(_NUMBERS, numbers, strict=True)},
        )
        for row in first.tolist()
    )
    kept_from_us = answer.kept_from_us
    return Movement(
        found, from_us if kept_from_us is None else max(from_us, min(kept_from_us, to_us))
    )


def _check(from_us: int, to_us: int, points: int) -> None:
    if not from_us < to_us or not 1 <= points <= POINTS_AT_MOST:
        raise ValueError("the end has to be after the beginning, with 1 to 1000 points kept")


def _width_us(from_us: int, to_us: int, points: int) -> int:
    return max(1, (to_us - from_us) // points)


def _order(point: MovementPoint) -> tuple[Any, ...]:
    """By time; of one time always the same one, however the log was cut into entries."""
    numbers = (point.latitude_deg, point.longitude_deg, point.speed_mps, point.course_deg)
    return (point.valid_us, *(-1e9 if number is None else number for number in numbers))


def _reports(log: LogReader, told: Told, from_us: int, to_us: int) -> Iterator[MovementPoint]:
    streams = sorted({stream for stream, _ in told})
    after = 0
    while entries := log.read(
        after=after,
        limit=MAX_LIMIT,
        kinds=[f"{OBSERVATIONS}{Kind.POSITION}"],
        streams=streams,
        valid_from_us=from_us,
        valid_to_us=to_us,
    ):
        for entry in entries:
            names = [name for stream, name in told if stream == entry.stream]
            yield from _points(entry, names, from_us, to_us)
        after = entries[-1].number


def _points(entry: Entry, names: list[str], from_us: int, to_us: int) -> Iterator[MovementPoint]:
    rows = entry.observations().rows
    said = pc.is_in(rows.column("identifier").cast(pa.utf8()), value_set=pa.array(names))
    of_thing = said.to_numpy(zero_copy_only=False)
    if not of_thing.any():
        return
    valid = rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
    kept = np.flatnonzero(of_thing & (valid >= from_us) & (valid < to_us))
    columns = {name: _numbers(rows, name) for name in _NUMBERS}
    for row in kept.tolist():
        numbers = {name: _known(column[row]) for name, column in columns.items()}
        yield MovementPoint(valid_us=int(valid[row]), label_set=entry.label_set, **numbers)


def _numbers(rows: pa.RecordBatch, name: str) -> NDArray[np.float64]:
    if name not in rows.schema.names:
        return np.full(rows.num_rows, np.nan)
    values: NDArray[np.float64] = (
        rows.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
    )
    return values


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
