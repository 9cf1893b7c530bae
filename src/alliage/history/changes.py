"""From repeated static reports to claims: one when a value changes, one for a time of flapping.

A ship says its name every six minutes; only the first time, and then each change, is worth a
claim. When two ships use one identity, or a device is faulty, values jump to and fro: then one
claim covers the interval, with the number of changes and every value seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from alliage.history.claims import StoredClaim
from alliage.ontology.claim import Claim, Statement, Value, new_claim_id
from alliage.ontology.observation import FIXED_COLUMNS, Kind, ObservationBatch
from alliage.ontology.times import to_text

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
    left_us: dict[Value, int] | None = None  # value to when it was replaced
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
        self._held: dict[str, dict[str, _Held]] = {}  # by property, then by identifier
        # by the properties of a kind of report, then by identifier: the last such report
        self._reports: dict[tuple[str, ...], dict[str, tuple[Value, ...]]] = {}
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
            self._held.setdefault(claim.property, {})[claim.identifier] = held

    def observe(self, batch: ObservationBatch) -> list[Claim]:
        """Claims that a batch of static reports gives rise to; other kinds give none."""
        if batch.kind is not Kind.STATIC or batch.rows.num_rows == 0:
            return []
        valid_us = batch.rows.column("valid").cast(pa.int64()).to_numpy()
        self._latest_us = max(self._latest_us, int(valid_us.max()))
        return self.state(self._said_anew(batch.rows))

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

    def _said_anew(self, rows: pa.RecordBatch) -> Iterator[Statement]:
        """Yield the cells of every report that differs from the last such report of its thing.

        Ships repeat themselves every few minutes, so the common case has to cost next to
        nothing: one comparison of a whole report with the one before.
        """
        names = tuple(name for name in rows.schema.names if name not in FIXED_COLUMNS)
        reports = self._reports.setdefault(names, {})
        things, schemata = _plain(rows.column("identifier")), _plain(rows.column("schema"))
        valid_us = rows.column("valid").cast(pa.int64()).to_numpy().tolist()
        cells = zip(*(_plain(rows.column(name)) for name in names), strict=True)
        for row, (thing, report) in enumerate(zip(things, cells, strict=False)):
            if reports.get(thing) == report:
                continue
            reports[thing] = report
            for name, value in zip(names, report, strict=True):
                if value is not None and value == value:  # neither a null nor not a number
                    yield Statement(thing, schemata[row], name, value, valid_us[row])

    def _look_again(self, identifier: str) -> None:
        """Look closely at the next report of each kind, whether or not it repeats the last."""
        for reports in self._reports.values():
            reports.pop(identifier, None)

    def _take(self, statement: Statement) -> list[Claim]:
        key = (statement.identifier, statement.property)
        now_us = statement.valid_from_us
        things = self._held.setdefault(statement.property, {})
        held = things.get(statement.identifier)
        if held is None:
            things[statement.identifier] = _Held(statement, now_us)
            return [self._claim(statement)]
        settled = self._settle(key, held) if self._has_settled(held, now_us) else []
        if now_us < held.since_us:
            self._look_again(statement.identifier)
            return settled
        if statement.value == held.said.value:
            if statement.valid_to_us == held.said.valid_to_us:
                return settled
            held.said = statement
            return [*settled, self._claim(statement)]
        return settled + self._change(key, held, statement)

    def _change(self, key: tuple[str, str], held: _Held, statement: Statement) -> list[Claim]:
        """Take a new value; the claim waits while the value is flapping."""
        self._look_again(statement.identifier)
        before, before_us = held.said.value, held.since_us
        now_us = statement.valid_from_us
        left_us = {v: us for v, us in (held.left_us or {}).items() if now_us - us < self._window_us}
        came_back = statement.value in left_us
        held.left_us = {**left_us, before: now_us}
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
        held.left_us = None
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
            claim_id=new_claim_id(),
            subject=self._subject_of(self._stream, said.identifier),
            identifier=said.identifier,
            schema=said.schema,
            property=said.property,
            value=said.value,
            valid_from_us=said.valid_from_us,
            valid_to_us=said.valid_to_us,
            confidence=said.confidence,
        )


def _plain(column: pa.Array) -> list[Any]:
    """Python values of a column, by the quickest way; times as RFC 3339 text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(kind):
        return [None if t is None else to_text(t) for t in column.cast(pa.int64()).to_pylist()]
    if column.null_count == 0 or pa.types.is_string(column.type):
        values: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
        return values
    return list(column.to_pylist())
