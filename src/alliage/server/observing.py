"""Pages of observations: a bounded walk along the log, row by row.

A cursor names the last entry that was done and how many rows were taken of the next, both sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliage.log.bodies import OBSERVATION_KINDS, OBSERVATIONS
from alliage.log.entry import Entry
from alliage.log.index import Selection
from alliage.log.reader import CursorError
from alliage.ontology.audience import Audience
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_text, to_us
from alliage.server.models.common import Marking
from alliage.server.models.log import ObservationRow
from alliage.server.problems import ProblemError, sentence
from alliage.server.services import Services

ENTRIES_A_PAGE: Final = 200
"""How many entries one request opens at most."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows; None means any. Times bound ``valid``, the end excluded."""

    identifier: str | None = None
    stream: str | None = None
    kind: Kind | None = None
    valid_from_us: int | None = None
    valid_to_us: int | None = None

    def entries(self) -> Selection:
        """Which entries may hold such rows."""
        return Selection(
            kinds=[f"{OBSERVATIONS}{self.kind}"] if self.kind else OBSERVATION_KINDS,
            streams=[self.stream] if self.stream else None,
            valid_from_us=self.valid_from_us,
            valid_to_us=self.valid_to_us,
        )

    def indices(self, rows: pa.RecordBatch) -> list[int]:
        """Which rows of a batch they are, ascending."""
        keep = np.ones(rows.num_rows, dtype=np.bool_)
        valid = rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
        if self.valid_from_us is not None:
            keep &= valid >= self.valid_from_us
        if self.valid_to_us is not None:
            keep &= valid < self.valid_to_us
        if self.identifier is not None:
            same = pc.equal(rows.column("identifier").cast(pa.utf8()), self.identifier)
            keep &= same.to_numpy(zero_copy_only=False)
        return [int(index) for index in np.flatnonzero(keep)]


def read_rows(
    services: Services, audience: Audience, wanted: RowFilter, cursor: str | None, limit: int
) -> tuple[list[ObservationRow], str | None]:
    """Return one page of rows and the cursor of the next, None at the log's end.

    Raises:
        ProblemError: ``bad-cursor``.
    """
    scope = f"observations {audience.key} {wanted!r}"
    after, passed = services.cursors.open(cursor, scope) if cursor else (None, 0)
    try:
        page = services.log.reader(audience).page(after, ENTRIES_A_PAGE, wanted.entries())
    except CursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    found: list[ObservationRow] = []
    for entry in page.entries:
        rows = entry.observations().rows
        indices = wanted.indices(rows)[passed:]
        taken = indices[: limit - len(found)]
        found += _present(entry, rows.take(pa.array(taken, pa.int64())))
        if len(taken) < len(indices):
            return found, services.cursors.seal([after, passed + len(taken)], scope)
        after, passed = entry.entry_id, 0
    return found, services.cursors.seal([after, 0], scope) if page.next else None


def _present(entry: Entry, rows: pa.RecordBatch) -> list[ObservationRow]:
    marking = Marking.of(entry.labels)
    known = to_text(entry.known_us)
    kind = entry.kind.removeprefix(OBSERVATIONS)
    return [
        ObservationRow(
            entry_id=entry.entry_id,
            stream=entry.stream,
            kind=kind,
            marking=marking,
            known=known,
            values={name: _plain(value) for name, value in row.items() if _is_reported(value)},
        )
        for row in rows.to_pylist()
    ]


def _is_reported(value: Any) -> bool:
    return value is not None and value == value  # NaN is not


def _plain(value: Any) -> Any:
    return to_text(to_us(value)) if isinstance(value, datetime) else value
