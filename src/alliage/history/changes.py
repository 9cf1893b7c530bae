"""From repeated static reports to claims: one when a value changes, one for a time of flapping.

A ship says its name every six minutes; only the first time, and then each change, is worth a
claim. When two ships use one identity, or a device is faulty, values jump to and fro: then one
claim covers the interval, with the number of changes and every value seen.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from alliage.history.cells import CellMemory
from alliage.history.claims import StoredClaim
from alliage.ontology.claim import Claim, Statement, Value
from alliage.ontology.observation import FIXED_COLUMNS, Kind, ObservationBatch
from alliage.ontology.times import to_text, to_us

WINDOW_S: Final = 600.0
MAX_VALUES: Final = 50
"""A flapping claim lists at most so many values; ``count`` still counts every change."""

SubjectOf = Callable[[str, str], str]
"""(stream, identifier) to subject id."""


@dataclass(slots=True)
class _Flapping:
    """An interval in which a value jumps to and fro."""

    since_us: int
    until_us: int
    changes: int
    values: dict[Value, None]


@dataclass(slots=True)
class _Held:
    """What is said of one property of one thing now, and since when."""

    said: Statement
    since_us: int
    left_us: dict[Value, int] = field(default_factory=dict)  # value to when it was replaced
    returned_us: int | None = None  # when a replaced value last came back within the window
    flapping: _Flapping | None = None


class ChangeDetector:
    """One stream's memory of what it has said. Used by one thread.

    A null never retracts. A report older than the value that is held changes nothing; it stays
    an observation. What comes out does not depend on how reports are cut into batches.
    """

    def __init__(self, stream: str, subject_of: SubjectOf, window_s: float = WINDOW_S) -> None:
        self._stream = stream
        self._subject_of = subject_of
        self._window_us = int(window_s * 1e6)
        self._cells = CellMemory()
        self._held: dict[tuple[str, str], _Held] = {}
        self._flapping: dict[tuple[str, str], _Held] = {}
        self._latest_us = 0

    def restore(self, claims: Iterable[StoredClaim]) -> None:
        """Take up what this stream had said under its label, oldest first, after a restart."""
        for claim in (stored.claim for stored in claims):
            was_flapping = bool(claim.values)
            since_us = claim.valid_to_us if was_flapping else claim.valid_from_us
            said = Statement(
                identifier=claim.identifier,
                schema=claim.schema,
                property=claim.property,
                value=claim.value,
                valid_from_us=claim.valid_from_us,
                valid_to_us=None if was_flapping else claim.valid_to_us,
                confidence=claim.confidence,
            )
            held = _Held(said, claim.valid_from_us if since_us is None else since_us)
            self._held[claim.identifier, claim.property] = held

    def observe(self, batch: ObservationBatch) -> list[Claim]:
        """Claims that a batch of static reports gives rise to; other kinds give none."""
        if batch.kind is not Kind.STATIC or batch.rows.num_rows == 0:
            return []
        columns = [name for name in batch.rows.schema.names if name not in FIXED_COLUMNS]
        statements = _statements(batch.rows, self._cells.changed(batch.rows, columns))
        latest_us = batch.rows.column("valid").cast(pa.int64()).to_numpy().max()
        self._latest_us = max(self._latest_us, int(latest_us))
        return self.state(statements)

    def state(self, statements: Iterable[Statement]) -> list[Claim]:
        """Claims that statements give rise to: those that say something new."""
        claims: list[Claim] = []
        for statement in statements:
            self._latest_us = max(self._latest_us, statement.valid_from_us)
            claims += self._take(statement)
        for key, held in list(self._flapping.items()):
            if self._has_settled(held, self._latest_us):
                claims += self._settle(key, held)
        return claims

    def finish(self) -> list[Claim]:
        """The stream ends: claims for the intervals of flapping that are still open."""
        return [
            claim for key, held in list(self._flapping.items()) for claim in self._settle(key, held)
        ]

    def _take(self, statement: Statement) -> list[Claim]:
        key = (statement.identifier, statement.property)
        now_us = statement.valid_from_us
        held = self._held.get(key)
        if held is None:
            self._held[key] = _Held(statement, now_us)
            return [self._claim(statement)]
        settled = self._settle(key, held) if self._has_settled(held, now_us) else []
        if now_us < held.since_us:
            self._cells.forget(*key)
            return settled
        if statement.value == held.said.value:
            if statement.valid_to_us == held.said.valid_to_us:
                return settled
            held.said = statement
            return [*settled, self._claim(statement)]
        return settled + self._change(key, held, statement)

    def _change(self, key: tuple[str, str], held: _Held, statement: Statement) -> list[Claim]:
        """Take a new value; the claim waits while the value is flapping."""
        before, before_us = held.said.value, held.since_us
        now_us = statement.valid_from_us
        held.left_us = {v: us for v, us in held.left_us.items() if now_us - us < self._window_us}
        came_back = statement.value in held.left_us
        held.left_us[before] = now_us
        held.said, held.since_us = statement, now_us
        if held.flapping is not None:
            return self._count(held, before)
        again = held.returned_us is not None and now_us - held.returned_us < self._window_us
        if came_back:
            held.returned_us = now_us
        if not (came_back and again):
            return [self._claim(statement)]
        values = dict.fromkeys((before, statement.value))
        held.flapping = _Flapping(before_us, now_us, 1, values)
        self._flapping[key] = held
        return []

    def _count(self, held: _Held, before: Value) -> list[Claim]:
        """Count a change of a flapping value; a long flapping gives a claim each window."""
        flapping, now_us = held.flapping, held.since_us
        assert flapping is not None
        if now_us - flapping.since_us >= self._window_us:
            claim = self._flapping_claim(held.said, flapping, before)
            held.flapping = _Flapping(
                flapping.until_us, now_us, 1, dict.fromkeys((before, held.said.value))
            )
            return [claim]
        flapping.until_us = now_us
        flapping.changes += 1
        if len(flapping.values) < MAX_VALUES:
            flapping.values[held.said.value] = None
        return []

    def _has_settled(self, held: _Held, now_us: int) -> bool:
        return held.flapping is not None and now_us - held.since_us >= self._window_us

    def _settle(self, key: tuple[str, str], held: _Held) -> list[Claim]:
        """End a flapping: one claim for the interval, one for the value that stays."""
        flapping = held.flapping
        assert flapping is not None
        held.flapping, held.returned_us = None, None
        held.left_us.clear()
        del self._flapping[key]
        return [self._flapping_claim(held.said, flapping, held.said.value), self._claim(held.said)]

    def _flapping_claim(self, said: Statement, flapping: _Flapping, value: Value) -> Claim:
        claim = self._claim(said)
        return Claim(
            claim_id=claim.claim_id,
            subject=claim.subject,
            identifier=claim.identifier,
            schema=claim.schema,
            property=claim.property,
            value=value,
            valid_from_us=flapping.since_us,
            valid_to_us=flapping.until_us,
            confidence=claim.confidence,
            count=flapping.changes,
            values=tuple(flapping.values),
        )

    def _claim(self, said: Statement) -> Claim:
        return Claim(
            claim_id=secrets.token_hex(16),
            subject=self._subject_of(self._stream, said.identifier),
            identifier=said.identifier,
            schema=said.schema,
            property=said.property,
            value=said.value,
            valid_from_us=said.valid_from_us,
            valid_to_us=said.valid_to_us,
            confidence=said.confidence,
        )


def _statements(rows: pa.RecordBatch, changed: dict[str, Any]) -> list[Statement]:
    """Return the changed cells as statements, in the order of the rows."""
    found: list[tuple[int, Statement]] = []
    for name, indices in changed.items():
        if not len(indices):
            continue
        picked = rows.select(["identifier", "schema", "valid", name]).take(pa.array(indices))
        cells = zip(
            indices.tolist(),
            picked.column(0).to_pylist(),
            picked.column(1).to_pylist(),
            picked.column(2).cast(pa.int64()).to_pylist(),
            picked.column(3).to_pylist(),
            strict=True,
        )
        for row, identifier, schema, valid_us, value in cells:
            plain = to_text(to_us(value)) if isinstance(value, datetime) else value
            found.append((row, Statement(identifier, schema, name, plain, valid_us)))
    found.sort(key=lambda pair: pair[0])
    return [statement for _row, statement in found]
