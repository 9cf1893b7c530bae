"""Many observations or claims at once, as programs write them: each row checked by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from alliage.access.audit import Act, AuditEvent, audit_draft
from alliage.access.policy import Access
from alliage.actions import checks
from alliage.actions.audited import decision_of
from alliage.actions.committing import Submit, commit
from alliage.actions.desk import check_role, random_id
from alliage.actions.kinds import ActionError
from alliage.actions.labels import labels_of_words
from alliage.actions.rows import Refusals, RowReader
from alliage.actions.writer import Writing
from alliage.history.changes import ChangeDetector
from alliage.log.entry import Draft
from alliage.ontology.claim import Claim
from alliage.ontology.label import Label, LabelSet
from alliage.ontology.observation import BatchCheck, Kind
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock, from_text

ROWS_AT_MOST: Final = 50_000
CLAIMS_A_DRAFT: Final = 5_000
CLAIM_KEYS: Final = frozenset(
    {
        "identifier", "schema", "property", "value", "unit", "valid_from", "valid_to",
        "confidence", "reason",
    }
)  # fmt: skip

ChangesOf = Callable[[str, LabelSet], ChangeDetector]
"""(stream, labels) to what knows what the stream has said so far."""


@dataclass(frozen=True, slots=True)
class BulkWritten:
    """What became of a bulk write; the accepted rows are durable."""

    stream: str
    labels: LabelSet
    accepted: int
    refusals: Refusals


class BulkWriter:
    """Writes rows for a person or a program. Any thread may use it; it waits for the log."""

    def __init__(
        self,
        ontology: Ontology,
        access: Access,
        subject_of: Callable[[str, str], str],
        changes_of: ChangesOf,
        submit: Submit,
        clock: Clock,
        label: Label,
    ) -> None:
        """Fill the room's needs; see :class:`alliage.actions.desk.Actions`."""
        self._ontology = ontology
        self._access = access
        self._subject_of = subject_of
        self._changes_of = changes_of
        self._submit = submit
        self._clock = clock
        self._label = label
        self._rows = RowReader(ontology)
        self._check = BatchCheck(ontology.static_types())
        self._static = threading.Lock()

    def observations(
        self, writing: Writing, kind: Kind, rows: Sequence[Any] | pa.Table, label: Label | None
    ) -> BulkWritten:
        """Write observations; static ones become claims where they say something new.

        Raises:
            NotAllowedError: the person's role does not allow to write.
            ActionError: the rows as a whole are not as they must be.
            LabelRefusedError: the person may not see this label.
            NotWrittenError: the log takes nothing in now.
        """
        labels = self._begin(writing, len(rows), label)
        batch, refusals = self._rows.batch(kind, rows, self._clock.now_us())
        if batch is not None:
            self._check(batch)
            drafts = [Draft(writing.stream, labels, batch)]
            with self._static:  # what was said before must be known to whoever says it again
                if kind is Kind.STATIC:
                    changes = self._changes_of(writing.stream, labels)
                    claims = [*changes.observe(batch), *changes.finish()]
                    drafts += _drafts(writing.stream, labels, claims)
                rows_in = batch.rows.num_rows
                drafts.append(_audited(Act.OBSERVATIONS_WRITTEN, writing, labels, rows_in))
                commit(self._submit, drafts)
        accepted = 0 if batch is None else batch.rows.num_rows
        return BulkWritten(writing.stream, labels, accepted, refusals)

    def claims(
        self, writing: Writing, rows: Sequence[Any] | pa.Table, label: Label | None
    ) -> BulkWritten:
        """Write claims: rows with identifier, schema, property, value and, if need be, more.

        Raises:
            NotAllowedError: the person's role does not allow to write.
            ActionError: the rows as a whole are not as they must be.
            LabelRefusedError: the person may not see this label.
            NotWrittenError: the log takes nothing in now.
        """
        labels = self._begin(writing, len(rows), label)
        plain = rows.to_pylist() if isinstance(rows, pa.Table) else rows
        refusals, claims = Refusals(), []
        for number, row in enumerate(plain):
            try:
                claims.append(self._claim(writing.stream, row))
            except ActionError as error:
                refusals.add(number, error.field, str(error))
        drafts = _drafts(writing.stream, labels, claims)
        if drafts:
            drafts.append(_audited(Act.CLAIMS_WRITTEN, writing, labels, len(claims)))
            commit(self._submit, drafts)
        return BulkWritten(writing.stream, labels, len(claims), refusals)

    def _begin(self, writing: Writing, rows: int, label: Label | None) -> LabelSet:
        check_role(writing.person)
        if not 1 <= rows <= ROWS_AT_MOST:
            raise ActionError("rows", f"{rows} rows; 1 to {ROWS_AT_MOST} are possible at once")
        may_see = self._access.may_see(writing.person)
        return labels_of_words(label, frozenset(), self._label, may_see, self._access.policies)

    def _claim(self, stream: str, row: Any) -> Claim:
        if not isinstance(row, Mapping):
            raise ActionError("row", "a row is an object")
        said = {name: value for name, value in row.items() if value is not None}
        unknown = sorted(map(str, said.keys() - CLAIM_KEYS))
        if unknown:
            raise ActionError(unknown[0][:100], f"use {', '.join(sorted(CLAIM_KEYS))}")
        for name in ("identifier", "schema", "property", "value"):
            if name not in said:
                raise ActionError(name, "is missing")
        identifier = checks.checked_identifier(_text(said, "identifier"))
        schema = checks.schema_of(self._ontology, _text(said, "schema"))
        name, unit = _text(said, "property"), _text(said, "unit") if "unit" in said else None
        value = checks.checked_property(schema, name, said["value"], unit)
        from_us, to_us = self._times(said)
        return Claim(
            claim_id=random_id(),
            subject=self._subject_of(stream, identifier),
            identifier=identifier,
            schema=schema.name,
            property=name,
            value=value,
            valid_from_us=from_us,
            valid_to_us=to_us,
            confidence=_confidence(said.get("confidence", 1.0)),
            reason=checks.checked_reason(_text(said, "reason")) if "reason" in said else "",
        )

    def _times(self, said: Mapping[str, Any]) -> tuple[int, int | None]:
        from_us = _moment(said, "valid_from")
        to_us = _moment(said, "valid_to")
        begin_us = self._clock.now_us() if from_us is None else from_us
        checks.checked_times(begin_us, to_us)
        return begin_us, to_us


def _drafts(stream: str, labels: LabelSet, claims: Sequence[Claim]) -> list[Draft]:
    starts: Iterable[int] = range(0, len(claims), CLAIMS_A_DRAFT)
    return [
        Draft(stream, labels, tuple(claims[start : start + CLAIMS_A_DRAFT])) for start in starts
    ]


def _audited(act: Act, writing: Writing, labels: LabelSet, rows: int) -> Draft:
    """What the audit says of a bulk write."""
    event = AuditEvent(
        act,
        by=writing.person,
        program=writing.program,
        labels=labels,
        decision=decision_of(writing),
        details={"stream": writing.stream, "rows": rows},
    )
    return audit_draft(event)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said[name]
    if not isinstance(value, str):
        raise ActionError(name, "text is wanted")
    return value


def _confidence(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ActionError("confidence", "a number from 0 to 1")
    checks.checked_number(value, "confidence", 0.0, 1.0)
    return float(value)


def _moment(said: Mapping[str, Any], name: str) -> int | None:
    if name not in said:
        return None
    try:
        return from_text(said[name])
    except (TypeError, ValueError):
        raise ActionError(name, "RFC 3339 with a zone, e.g. 2026-01-31T12:00:00Z") from None
