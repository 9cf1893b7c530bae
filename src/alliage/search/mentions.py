"""Which texts of a log entry are searched, and what each is to its thing."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from alliage.log.entry import Entry
from alliage.log.signing import labels_to_json
from alliage.ontology.claim import (
    ALERT,
    ANNOTATION,
    INCIDENT,
    REPORT,
    RETRACTION,
    RULE,
    WATCH,
    Claim,
    Value,
)
from alliage.ontology.property import PropertyType
from alliage.ontology.schema import Ontology
from alliage.search.index import Field, Mention, TakenBack

NAMES: Final = frozenset({"name"})
LETTER_BY_LETTER: Final = frozenset({"call_sign", "imo_number", "registration", "icao_address"})
REASON: Final = "@reason"
"""Stands as the property of a text that says why somebody claimed something."""
MESSAGE: Final = "@message"
"""Stands as the property of a text that a thing sent by radio."""
_FOR_MACHINES: Final = frozenset({ALERT, INCIDENT, RULE, WATCH})
"""Their values are no texts that people read; the board shows what they say."""
_READ: Final = (PropertyType.TEXT, PropertyType.CHOICE)


class MentionReader:
    """Reads the texts out of entries."""

    def __init__(self, ontology: Ontology) -> None:
        self._many = ontology.many
        types: dict[str, set[PropertyType]] = {}
        for schema in ontology.schemata.values():
            for prop in schema.properties.values():
                types.setdefault(prop.name, set()).add(prop.type)
        self._unread = (
            frozenset(name for name, said in types.items() if said.isdisjoint(_READ))
            - (NAMES | LETTER_BY_LETTER)
            | _FOR_MACHINES
        )

    def of_claims(self, entry: Entry) -> Iterator[Mention | TakenBack]:
        """Texts and retractions of an entry with claims."""
        for claim in entry.claims():
            if claim.property == RETRACTION:
                yield TakenBack(entry.label_set, claim.claim_id, str(claim.value), entry.number)
            elif claim.property not in self._unread:
                yield from self._said(entry, claim)
            if claim.reason:
                yield _mention(entry, claim, Field.REMARK, REASON, claim.reason)

    def of_messages(self, entry: Entry) -> Iterator[Mention]:
        """Texts of an entry with messages."""
        rows = entry.observations().rows
        named = entry.entry_id
        if entry.part is not None and entry.labels != entry.header.labels:  # beside the others
            labels = orjson.dumps(labels_to_json(entry.labels))
            named += f"/{blake2b(labels, digest_size=4).hexdigest()}"
        identifiers = rows.column("identifier").cast(pa.utf8()).to_pylist()
        texts = rows.column("text").to_pylist()
        valid_us = pc.cast(rows.column("valid"), pa.int64()).to_pylist()
        for number, (identifier, text, at_us) in enumerate(
            zip(identifiers, texts, valid_us, strict=True)
        ):
            if text and text.strip():
                yield Mention(
                    entry.label_set,
                    Field.MESSAGE,
                    MESSAGE,
                    text.strip(),
                    identifier,
                    entry.stream,
                    0,
                    f"{named}/{number}",
                    at_us,
                    None,
                    entry.number,
                )

    def _said(self, entry: Entry, claim: Claim) -> Iterator[Mention]:
        field = _field_of(claim.property)
        if field is Field.REPORT:  # its value are numbers; what was written stands in the reason
            return
        text = _text_of(claim.value, field)
        if text is None and claim.value is not None:
            return
        stand_beside = field is Field.REMARK or claim.property in self._many
        series = 0 if stand_beside else _series(entry.stream, claim)
        yield _mention(entry, claim, field, claim.property, text, series)
        for value in claim.values:  # it flapped: what it was between is an earlier value
            earlier = _text_of(value, field)
            if earlier is not None and value != claim.value:
                yield _mention(entry, claim, field, claim.property, earlier, series, passed=True)


def _mention(
    entry: Entry,
    claim: Claim,
    field: Field,
    property_name: str,
    text: str | None,
    series: int = 0,
    *,
    passed: bool = False,
) -> Mention:
    ends_us = None if claim.values else claim.valid_to_us
    return Mention(
        entry.label_set,
        Field.REPORT if claim.property == REPORT else field,
        property_name,
        text,
        claim.identifier,
        entry.stream,
        series,
        claim.claim_id,
        claim.valid_from_us,
        claim.valid_from_us if passed else ends_us,
        entry.number,
    )


def _field_of(property_name: str) -> Field:
    if property_name in NAMES:
        return Field.NAME
    if property_name in LETTER_BY_LETTER:
        return Field.IDENTIFIER
    return {ANNOTATION: Field.REMARK, REPORT: Field.REPORT}.get(property_name, Field.PROPERTY)


def _text_of(value: Value, field: Field) -> str | None:
    """The text in a value; None where it holds none."""
    if isinstance(value, str):
        return value.strip() or None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and field is Field.IDENTIFIER else None


def _series(stream: str, claim: Claim) -> int:
    """A number above 0 for what one stream says in turn of one property of one thing."""
    key = f"{stream}\n{claim.identifier}\n{claim.property}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 1 | 1
