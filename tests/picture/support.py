"""Entries made by hand, and a picture with a clock that tests move."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa

from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.claim import Claim, Value
from alliage.ontology.label import Label
from alliage.ontology.observation import (
    COMMON,
    ESTIMATE,
    POSITION,
    TIME,
    WORD,
    Kind,
    ObservationBatch,
)
from alliage.ontology.schema import Ontology
from alliage.picture.encode import decode_frame
from alliage.picture.picture import Picture

NOON_US = 1_800_000_000_000_000
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US

OPEN = Label.make("ALLIAGE", "UNCLASSIFIED", releasable_to=["DNK", "FRA"])
DANISH = Label.make("ALLIAGE", "RESTRICTED", releasable_to=["DNK"])
FRENCH = Label.make("ALLIAGE", "SECRET", releasable_to=["FRA"])


@dataclass(frozen=True)
class Entry:
    """What the picture needs of a log entry."""

    number: int
    stream: str
    label_set: int
    kind: str
    known_us: int
    body: Any = field(repr=False)

    def observations(self) -> ObservationBatch:
        return self.body

    def claims(self) -> Sequence[Claim]:
        return self.body


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self, now_us: int = NOON_US) -> None:
        self.time_us = now_us

    def now_us(self) -> int:
        return self.time_us


@cache
def ontology() -> Ontology:
    return Ontology.load()


def subject_of(stream: str, identifier: str) -> str:
    return hashlib.blake2b(f"{stream}\0{identifier}".encode(), digest_size=8).hexdigest()


def report(
    identifier: str = "mmsi:219000001",
    lon: float | None = 11.0,
    lat: float | None = 55.0,
    at_us: int = NOON_US,
    **motion: Any,
) -> dict[str, Any]:
    """One row, as keyword arguments of the contract's columns."""
    row: dict[str, Any] = {
        "identifier": identifier,
        "schema": "Vessel",
        "valid": at_us,
        "received": at_us,
        "longitude_deg": lon,
        "latitude_deg": lat,
    }
    return row | motion


def batch(rows: Iterable[dict[str, Any]], kind: Kind = Kind.POSITION) -> ObservationBatch:
    rows = list(rows)
    columns = {}
    for column in [*COMMON, *POSITION, *ESTIMATE]:
        values = [row.get(column.name) for row in rows]
        if any(value is not None for value in values) or not column.nullable:
            columns[column.name] = _array(values, column.type)
    return ObservationBatch(kind, pa.RecordBatch.from_pydict(columns))


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if kind == WORD:
        return pa.array(values, pa.utf8()).dictionary_encode()
    if kind == TIME:
        return pa.array(values, pa.int64()).cast(TIME)
    return pa.array(values, kind)


def reader(
    label_sets: LabelSets, key: str, may_see: Callable[[Label], bool] = lambda _label: True
) -> Audience:
    return Audience(key, may_see, label_sets)


class World:
    """A picture, its label sets, its clock, and the log's numbers."""

    def __init__(self, words: Ontology | None = None) -> None:
        self.label_sets = LabelSets()
        self.hand = Hand()
        self.picture = Picture(words or ontology(), self.label_sets, subject_of, wall=self.hand)
        self.everything = reader(self.label_sets, "everything")
        self._number = 0

    def entry(self, kind: str, body: Any, stream: str, label: Label) -> Entry:
        self._number += 1
        label_set = self.label_sets.intern(frozenset([label]))
        return Entry(self._number, stream, label_set, kind, self.hand.time_us, body)

    def hear(
        self,
        *rows: dict[str, Any],
        stream: str = "denmark",
        label: Label = OPEN,
        kind: Kind = Kind.POSITION,
    ) -> None:
        entry = self.entry(f"observations:{kind}", batch(rows, kind), stream, label)
        self.picture.apply([entry])

    def claim(
        self,
        identifier: str,
        stream: str = "denmark",
        label: Label = OPEN,
        at_us: int | None = None,
        schema: str = "Vessel",
        **values: Value,
    ) -> None:
        at = self.hand.time_us if at_us is None else at_us
        claims = tuple(
            Claim("", subject_of(stream, identifier), identifier, schema, name, value, at)
            for name, value in values.items()
        )
        self.picture.apply([self.entry("claims", claims, stream, label)])

    def view(self, audience: Audience | None = None):
        return self.picture.view(audience or self.everything)

    def only(self, *labels: Label) -> Audience:
        return reader(
            self.label_sets, "+".join(label.marking for label in labels), labels.__contains__
        )


def decoded(frames: Sequence[bytes]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [decode_frame(frame) for frame in frames]
