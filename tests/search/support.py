"""A search over a small world: claims and reports made by hand, an index in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from alliage.ontology.audience import Audience
from alliage.ontology.claim import Claim, Value
from alliage.ontology.label import Label
from alliage.ontology.observation import COMMON, POSITION, TEXT, Kind, ObservationBatch
from alliage.search.follow import IndexFollower
from alliage.search.mentions import MentionReader
from alliage.search.query import Query, parse_query
from alliage.search.search import Found, Search
from alliage.search.sqlite_index import SqliteTextIndex
from tests.picture.support import (
    NOON_US,
    OPEN,
    SECOND_US,
    World,
    ontology,
    report,
    subject_of,
)

HOUR_US = 3600 * SECOND_US


@dataclass(frozen=True)
class Entry:
    """What an index needs of a log entry."""

    number: int
    stream: str
    label_set: int
    kind: str
    label: Label
    known_us: int
    body: Any = field(repr=False)
    part: None = None

    @property
    def entry_id(self) -> str:
        """As a real one, it tells nothing of how many entries there were before."""
        said = self.body.rows.to_pylist() if self.kind != "claims" else self.body
        return blake2b(f"{self.stream} {self.label} {said}".encode(), digest_size=16).hexdigest()

    def observations(self) -> Any:
        return self.body

    def claims(self) -> Sequence[Claim]:
        return self.body


class Sea:
    """A picture and an index that are told the same."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        self.index = SqliteTextIndex(folder / "search.sqlite")
        self.follower = IndexFollower(self.index, MentionReader(ontology()))
        self.search = Search(self.index, self.world.picture, ontology())

    def close(self) -> None:
        self.follower.close()

    def claim(
        self,
        ship: int,
        label: Label = OPEN,
        stream: str = "denmark",
        schema: str = "Vessel",
        ago_us: int = 0,
        reason: str = "",
        claim_id: str = "",
        **properties: Value,
    ) -> str:
        """Have a stream claim these properties; returns the last claim's id."""
        identifier = f"mmsi:{ship}"
        claims = tuple(
            Claim(
                claim_id=claim_id or f"{stream} {ship} {name} {value} {ago_us}",
                subject=subject_of(stream, identifier),
                identifier=identifier,
                schema=schema,
                property=name.replace("at_", "@"),
                value=value,
                valid_from_us=NOON_US - ago_us,
                reason=reason,
            )
            for name, value in properties.items()
        )
        self._take(stream, label, "claims", claims)
        return claims[-1].claim_id

    def hear(
        self, ship: int, lon: float, lat: float, label: Label = OPEN, stream: str = "denmark"
    ) -> None:
        """Have a stream report where a ship is."""
        row = report(f"mmsi:{ship}", lon, lat, NOON_US - SECOND_US)
        self.world.hear(row, stream=stream, label=label)

    def message(self, ship: int, text: str, label: Label = OPEN, stream: str = "denmark") -> None:
        """Have a ship send a text."""
        row = {
            "identifier": f"mmsi:{ship}",
            "schema": "Vessel",
            "valid": NOON_US - SECOND_US,
            "received": NOON_US,
            "text": text,
        }
        rows = pa.RecordBatch.from_pylist([row], pa.schema([*COMMON, *POSITION, *TEXT]))
        self._take(stream, label, "observations:text", ObservationBatch(Kind.TEXT, rows))

    def audience(self, *labels: Label) -> Audience:
        """Who may see these labels; all where none is given."""
        seen = frozenset(labels)
        return Audience(repr(sorted(seen)), lambda x: not seen or x in seen, self.world.label_sets)

    def find(self, text: str, audience: Audience | None = None, **page: Any) -> Found:
        return self.search.search(audience or self.audience(), self.query(text), **page)

    def query(self, text: str) -> Query:
        return parse_query(text, ontology(), NOON_US)

    def names(self, text: str, audience: Audience | None = None) -> list[str | None]:
        return [hit.state.name for hit in self.find(text, audience).hits]

    def _take(self, stream: str, label: Label, kind: str, body: Any) -> None:
        made = self.world.entry(kind, body, stream, label)
        entry = Entry(made.number, stream, made.label_set, kind, label, NOON_US, body)
        self.world.picture.apply([entry])
        self.follower.apply([entry])  # type: ignore[list-item]
