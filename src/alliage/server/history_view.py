"""Answers of the history as the API says them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from alliage.history.cells import outlines_of
from alliage.history.positions import KNOWN, LABEL_SET, STREAM, microseconds
from alliage.history.reader import HistoryReader
from alliage.history.selection import TooMuchError, Where
from alliage.history.simplify import simplified
from alliage.history.slices import Place, page_of, trajectory_of
from alliage.ontology.audience import Audience
from alliage.ontology.marking import join_marking
from alliage.ontology.reception import had_us
from alliage.ontology.times import to_text
from alliage.server.delay import is_late
from alliage.server.kept import not_kept_in_history
from alliage.server.models.common import Marking, NotKept
from alliage.server.models.history import (
    CellCollection,
    CellCount,
    CellCountList,
    CellFeature,
    PastLine,
    PastPosition,
    PastPositionPage,
    Trajectory,
)
from alliage.server.models.tracks import Position
from alliage.server.problems import ProblemError
from alliage.server.services import Services

SETTLES_S: Final = 5.0
"""So long an answer waits for files to follow a decision."""
ROWS_AT_MOST: Final = 20_000_000
CELLS_AT_MOST: Final = 50_000
TRAJECTORY_ROWS_AT_MOST: Final = 2_000_000
POINTS_AT_MOST: Final = 50_000
_NUMBERS: Final = ("longitude_deg", "latitude_deg", "altitude_m", "speed_mps", "course_deg")
_COLUMNS: Final = (STREAM, "identifier", LABEL_SET, "valid", KNOWN, *_NUMBERS)
_HAD: Final = "had"
_TOLD: Final = (*_COLUMNS, "received")
"""Of reports that are told one by one."""
_PLACE: Final = re.compile(r"(\d{1,17})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Past:
    """The history for one reader, and one question to it."""

    services: Services
    history: HistoryReader
    where: Where

    @classmethod
    def asked(cls, services: Services, audience: Audience, where: Where) -> Past:
        """Make ready to answer.

        Raises:
            ProblemError: ``unavailable``, while the history is being made from the log, or takes
                long to follow what was decided about labels and reports.
        """
        if not services.history.is_settled(SETTLES_S):
            detail = (
                "The history is being made from the log, or follows what was decided about "
                "reports: ask again in a while."
            )
            raise ProblemError("unavailable", detail, {"Retry-After": "30"})
        return cls(services, services.history.reader(audience), where)

    def positions(self, cursor: str | None, limit: int) -> PastPositionPage:
        """Position reports by valid time."""
        page = page_of(self.history, self.where, _place(cursor, self.where), limit, _TOLD)
        following = None if page.next is None else f"{page.next.valid_us}-{page.next.passed}"
        return self._page(page.table, following)

    def latest(self, before_us: int, cursor: str | None, limit: int) -> PastPositionPage:
        """The last report of each source track before a time, by stream and identifier."""
        rows = self.history.latest(before_us, self.where, _TOLD).table
        keys = list(zip(_texts(rows, STREAM), _texts(rows, "identifier"), strict=True))
        after = _key(cursor)
        numbers = sorted(range(len(keys)), key=keys.__getitem__)
        wanted = [n for n in numbers if after is None or keys[n] > after]
        chosen = wanted[:limit]
        following = _written(keys[chosen[-1]]) if len(wanted) > limit else None
        return self._page(rows.take(pa.array(chosen, pa.int64())), following)

    def cells(self, resolution: int) -> CellCountList:
        """How much there was in each cell.

        Raises:
            TooMuchError: too many reports, or too many cells.
        """
        found = self.history.counts(resolution, self.where, ROWS_AT_MOST)
        if found.table.num_rows > CELLS_AT_MOST:
            raise TooMuchError(f"more than {CELLS_AT_MOST} cells: ask for a coarser resolution")
        items = [
            CellCount(cell=f"{row['cell']:x}", reports=row["rows"], source_tracks=row["things"])
            for row in found.table.to_pylist()
        ]
        return CellCountList(
            resolution=resolution,
            items=items,
            not_kept=self._not_kept(),
            marking=self._marking(found.label_sets),
        )

    def trajectory(self, identifier: str, tolerance_m: float | None) -> Trajectory:
        """Where a thing was, as each stream tells it.

        Raises:
            TooMuchError: too many reports.
        """
        rows = trajectory_of(self.history, self.where, TRAJECTORY_ROWS_AT_MOST, _COLUMNS)
        streams = np.array(_texts(rows, STREAM))
        lines = {name: rows.filter(pa.array(streams == name)) for name in sorted({*streams})}
        thin = {name: _thinned(line, tolerance_m) for name, line in lines.items()}
        if sum(line.num_rows for line in thin.values()) > POINTS_AT_MOST:
            raise TooMuchError(
                f"more than {POINTS_AT_MOST} points: ask for less time, or simplify more"
            )
        return Trajectory(
            identifier=identifier,
            reports=rows.num_rows,
            lines=[_line(name, line) for name, line in thin.items()],
            not_kept=self._not_kept(),
            marking=self._marking(_numbers_of_sets(rows)),
        )

    def _page(self, rows: pa.Table, following: str | None) -> PastPositionPage:
        sets = self.services.log.label_sets
        markings = {
            number: join_marking(sets.labels_of(number)) for number in _numbers_of_sets(rows)
        }
        texts = {number: found.marking if found else "" for number, found in markings.items()}
        return PastPositionPage(
            items=[self._position(row, texts) for row in _plain(rows)],
            next=following,
            not_kept=self._not_kept(),
            marking=self._marking(texts),
        )

    def _position(self, row: dict[str, Any], markings: dict[int, str]) -> PastPosition:
        delay_s = (row[_HAD] - row["valid"]) / 1e6
        lon, lat = row["longitude_deg"], row["latitude_deg"]
        return PastPosition(
            stream=row[STREAM],
            identifier=row["identifier"],
            valid=to_text(row["valid"]),
            known=to_text(row[KNOWN]),
            delay_s=delay_s,
            late=is_late(self.services, row[STREAM], delay_s),
            position=None if lon is None or lat is None else Position(lon=lon, lat=lat),
            altitude_m=row["altitude_m"],
            speed_mps=row["speed_mps"],
            course_deg=row["course_deg"],
            marking=markings[row[LABEL_SET]],
        )

    def _marking(self, label_sets: Iterable[int]) -> Marking | None:
        of = self.services.log.label_sets.labels_of
        labels = frozenset().union(*(of(number) for number in label_sets))
        return Marking.of(labels) if labels else None

    def _not_kept(self) -> list[NotKept]:
        log = self.services.log.reader(self.history.audience)
        return not_kept_in_history(self.history, log, self.where)


def as_geojson(counts: CellCountList) -> CellCollection:
    """The same counts with the outlines of their cells."""
    cells = np.array([int(item.cell, 16) for item in counts.items], np.uint64)
    outlines = outlines_of(cells, counts.resolution)
    return CellCollection(
        features=[
            CellFeature(id=item.cell, geometry=outline, properties=item)
            for item, outline in zip(counts.items, outlines, strict=True)
        ],
        resolution=counts.resolution,
        not_kept=counts.not_kept,
        marking=counts.marking,
    )


def _place(cursor: str | None, where: Where) -> Place | None:
    if cursor is None:
        return None
    from_us, to_us = where.bounds_us()
    found = _PLACE.fullmatch(cursor)
    if found is None or not from_us <= int(found[1]) < to_us:
        raise _no_cursor(cursor)
    return Place(int(found[1]), int(found[2]))


def _key(cursor: str | None) -> tuple[str, str] | None:
    if cursor is None:
        return None
    try:
        stream, identifier = orjson.loads(bytes.fromhex(cursor))
    except (ValueError, TypeError):
        raise _no_cursor(cursor) from None
    if not isinstance(stream, str) or not isinstance(identifier, str):
        raise _no_cursor(cursor)
    return stream, identifier


def _written(key: tuple[str, str]) -> str:
    return orjson.dumps(key).hex()


def _no_cursor(cursor: str) -> ProblemError:
    detail = f"{cursor[:60]!r} is no cursor of this question: start without one."
    return ProblemError("bad-cursor", detail)


def _texts(rows: pa.Table, name: str) -> list[str]:
    found: list[str] = rows.column(name).cast(pa.utf8()).to_pylist()
    return found


def _numbers_of_sets(rows: pa.Table) -> list[int]:
    found: list[int] = np.unique(rows.column(LABEL_SET).to_numpy()).tolist()
    return found


def _plain(rows: pa.Table) -> list[dict[str, Any]]:
    """Rows with times in microseconds, and None for what is not known."""
    columns: dict[str, list[Any]] = {name: _texts(rows, name) for name in (STREAM, "identifier")}
    columns |= {name: microseconds(rows, name).tolist() for name in ("valid", KNOWN)}
    known_us, received_us = microseconds(rows, KNOWN), microseconds(rows, "received")
    columns[_HAD] = had_us(columns[STREAM], known_us, received_us).tolist()
    columns[LABEL_SET] = rows.column(LABEL_SET).to_pylist()
    columns |= {name: _known(rows, name) for name in _NUMBERS}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _known(rows: pa.Table, name: str) -> list[float | None]:
    values = rows.column(name).cast(pa.float64()).to_pylist()
    return [value if value is not None and np.isfinite(value) else None for value in values]


def _thinned(rows: pa.Table, tolerance_m: float | None) -> pa.Table:
    """The rows of a line; those without a place belong to none."""
    lon, lat = (rows.column(name).to_numpy() for name in _NUMBERS[:2])
    placed = rows.filter(pa.array(np.isfinite(lon) & np.isfinite(lat)))
    return placed if tolerance_m is None else simplified(placed, tolerance_m)


def _line(stream: str, rows: pa.Table) -> PastLine:
    return PastLine(
        stream=stream,
        valid=[to_text(us) for us in microseconds(rows, "valid").tolist()],
        longitude_deg=rows.column("longitude_deg").to_pylist(),
        latitude_deg=rows.column("latitude_deg").to_pylist(),
        speed_mps=_known(rows, "speed_mps"),
        course_deg=_known(rows, "course_deg"),
    )
