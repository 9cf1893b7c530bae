"""What is said of an object in words: name, symbol, who reports it. For one audience.

Values come from the visible source tracks only; where they disagree the latest claim stands here,
and the object panel shows every claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from alliage.ontology.affiliation import IDENTIFYING
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.claim import Value
from alliage.ontology.identifiers import chief
from alliage.ontology.label import LabelSet
from alliage.ontology.marking import JoinedMarking, join_marking
from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import AFFILIATION, Context, standard_identity
from alliage.picture.objects import Objects
from alliage.picture.staleness import FALLBACK_SCHEMA
from alliage.picture.tracks import SourceTracks

SHOWN: Final = IDENTIFYING | {
    "name", "call_sign", "imo_number", "ship_type", "length_m", "beam_m",
}  # fmt: skip
"""Properties that the picture keeps for every track; all others are read from the claims."""

SEARCHED: Final = ("name", "call_sign", "imo_number")


def wanted_properties(ontology: Ontology) -> frozenset[str]:
    """Names of the properties that screens and symbols need of every track."""
    rules = [schema.symbol.by for schema in ontology.schemata.values()]
    return SHOWN | {by for by in rules if by is not None}


@dataclass(frozen=True, slots=True)
class ObjectWords:
    """One object's words; ``track`` is the subject id of its earliest visible source track.

    ``name`` is by which it is called: as somebody named it, else its call sign. An aircraft has no
    other on the air.
    """

    track: str
    name: str | None
    schema: str
    sidc: str
    identifier: str
    sources: tuple[str, ...]
    properties: dict[str, Value]
    encoded: orjson.Fragment


class WordBook:
    """Words of one audience's objects, made when first asked for and again when they changed."""

    def __init__(
        self,
        ontology: Ontology,
        tracks: SourceTracks,
        objects: Objects,
        context: Context,
        audience: Audience,
    ) -> None:
        self._ontology = ontology
        self._tracks = tracks
        self._objects = objects
        self._context = context
        self._audience = audience
        self._kept: dict[int, tuple[int, ObjectWords]] = {}
        self._keys: dict[int, tuple[int, str]] = {}

    def of(self, row: int) -> ObjectWords:
        """The words of one object."""
        version = int(self._objects.words_at[row])
        kept = self._kept.get(row)
        if kept is None or kept[0] != version:
            kept = self._kept[row] = (version, self._make(row))
        return kept[1]

    def search_key(self, row: int) -> str:
        """What a search looks through, one value a line, case folded."""
        version = int(self._objects.words_at[row])
        kept = self._keys.get(row)
        if kept is None or kept[0] != version:
            kept = self._keys[row] = (version, self._make_key(row))
        return kept[1]

    def _make_key(self, row: int) -> str:
        members = self._objects.members(row).tolist()
        properties = self._properties(members)
        values = [properties[name] for name in SEARCHED if name in properties]
        identifier = self._identifier(members)
        said = [*map(str, values), identifier.partition(":")[2], identifier]
        return "\n".join(said).casefold()

    def schema_name(self, code: int) -> str:
        """The name of a schema code; "Thing" where nobody has said what it is."""
        return self._tracks.schemata.word(code) if code >= 0 else FALLBACK_SCHEMA

    def _make(self, row: int) -> ObjectWords:
        tracks, members = self._tracks, self._objects.members(row).tolist()
        properties = self._properties(members)
        schema = self.schema_name(int(self._objects.schema[row]))
        name = properties.get("name") or properties.get("call_sign")
        identifier = self._identifier(members)
        said: dict[str, Any] = {
            "track": tracks.subjects[members[0]],
            "object": tracks.subjects[members[0]],
            "name": str(name) if name is not None else None,
            "schema": schema,
            "sidc": self._sidc(schema, identifier, properties),
            "identifier": identifier,
            "sources": list(dict.fromkeys(tracks.streams.word(tracks.stream[m]) for m in members)),
        }
        return ObjectWords(
            track=said["track"],
            name=said["name"],
            schema=schema,
            sidc=said["sidc"],
            identifier=said["identifier"],
            sources=tuple(said["sources"]),
            properties=properties,
            # As text, since orjson's bytes keep the 4 KiB of the buffer they were written into.
            encoded=orjson.Fragment(orjson.dumps(said).decode()),
        )

    def standard_identity(self, row: int) -> int:
        """The standard identity of one object, without keeping its words."""
        members = self._objects.members(row).tolist()
        schema = self.schema_name(int(self._objects.schema[row]))
        identifier = self._identifier(members)
        return standard_identity(self._sidc(schema, identifier, self._properties(members)))

    def identifier(self, row: int) -> str:
        """The identifier of one object."""
        return self._identifier(self._objects.members(row).tolist())

    def properties(self, row: int) -> dict[str, Value]:
        """The kept properties of one object."""
        return self._properties(self._objects.members(row).tolist())

    def _identifier(self, members: list[int]) -> str:
        tracks = self._tracks
        return chief([tracks.identifiers.word(int(tracks.identifier[one])) for one in members])

    def _sidc(self, schema: str, identifier: str, properties: dict[str, Value]) -> str:
        known = schema if schema in self._ontology.schemata else FALLBACK_SCHEMA
        derived = self._ontology.affiliation(known, identifier, properties)
        if derived is not None:
            properties = {**properties, AFFILIATION: derived}
        return self._ontology.sidc(known, properties, self._context)

    def _properties(self, members: list[int]) -> dict[str, Value]:
        """Of each property the standing value claimed last; of equal times the earliest track's."""
        latest: dict[str, tuple[int, Value]] = {}
        retractions = self._tracks.retractions
        for member in members:
            for name, sayings in self._tracks.properties[member].items():
                said = retractions.newest_standing(sayings, self._audience)
                if said is not None and (name not in latest or said[0] > latest[name][0]):
                    latest[name] = (said.valid_from_us, said.value)
        return {name: value for name, (_, value) in latest.items() if value is not None}


class Markings:
    """Joined markings of label sets shown together, made once each."""

    def __init__(self, label_sets: LabelSets) -> None:
        self._label_sets = label_sets
        self._kept: dict[frozenset[int], JoinedMarking] = {}

    def of(self, label_sets: frozenset[int]) -> JoinedMarking:
        """The marking of everything under these interned label sets; never empty."""
        kept = self._kept.get(label_sets)
        if kept is None:
            labels: LabelSet = frozenset().union(*map(self._label_sets.labels_of, label_sets))
            joined = join_marking(labels)
            if joined is None:
                raise ValueError("a marking of nothing: a row without labels is not possible")
            kept = self._kept[label_sets] = joined
        return kept
