"""Schemata: the kinds of thing there are, their properties, and how each is shown and grows old.

They are data: YAML files, one schema each, with single inheritance. The packaged ones lie beside
this module; a node may add folders of its own, which extend but never change what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
from pydantic import Field, model_validator

from alliage.ontology.affiliation import NO_RULES, Affiliations
from alliage.ontology.claim import Value
from alliage.ontology.property import ARROW_TYPES, Model, Property, PropertyType, Title
from alliage.ontology.symbol import Context, SymbolRule

PACKAGED: Final = Path(__file__).parent / "schemata"


class Problem(NamedTuple):
    """What is wrong with a schema file, and where; ``line`` counts from 1."""

    path: Path
    line: int | None
    text: str

    def __str__(self) -> str:
        """In the form that editors and compilers have."""
        return f"{self.path}:{self.line or 1}: {self.text}"


class SchemaError(ValueError):
    """Schemata that cannot be used: every problem, each with file, line and key."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Staleness(Model):
    """When a track of this kind is overdue (fades) and when it has ended, in seconds of silence."""

    fade_s: float = Field(gt=0)
    end_s: float = Field(gt=0)
    reason: str = Field(min_length=1, description="why these figures, with the source")

    @model_validator(mode="after")
    def _ends_after_it_fades(self) -> Staleness:
        if self.end_s <= self.fade_s:
            raise ValueError(f"end_s ({self.end_s}) has to be more than fade_s ({self.fade_s})")
        return self


class Motion(Model):
    """How such things move, and how well a report tells it that does not say how well itself.

    Standard deviations are in each direction. ``acceleration_psd_m2ps3`` is the power spectral
    density of the acceleration: in t seconds a velocity changes by about ``sqrt(psd * t)``.
    """

    speed_std_mps: float = Field(gt=0)
    acceleration_psd_m2ps3: float = Field(gt=0)
    position_std_m: float = Field(gt=0)
    velocity_std_mps: float = Field(gt=0)
    reason: str = Field(min_length=1, description="why these figures, with the source")


class Schema(Model):
    """A kind of thing with everything it inherits; ``extends`` is None for the root only."""

    name: str
    title: Title
    description: Title | None
    extends: str | None
    source: Path
    properties: dict[str, Property]
    staleness: Staleness
    motion: Motion
    symbol: SymbolRule


class Ontology:
    """All schemata of a node."""

    def __init__(
        self,
        schemata: Mapping[str, Schema],
        problems: Sequence[Problem] = (),
        affiliations: Affiliations = NO_RULES,
    ) -> None:
        self.schemata: dict[str, Schema] = dict(schemata)
        self.affiliations = affiliations
        self.problems = tuple(problems)
        properties = [p for schema in schemata.values() for p in schema.properties.values()]
        self.links: frozenset[str] = frozenset(
            prop.name for prop in properties if prop.type is PropertyType.LINK
        )
        """Names of the properties that lead to other objects."""
        self.many: frozenset[str] = frozenset(prop.name for prop in properties if prop.many)
        """Names of the properties of which several values may hold at once."""

    @classmethod
    def load(cls, folders: Iterable[Path] = ()) -> Ontology:
        """Read the packaged schemata and then every ``*.yaml`` of these folders.

        Raises:
            SchemaError: tells every mistake, each with file, line and key.
        """
        ontology = cls.load_sound(folders)
        if ontology.problems:
            raise SchemaError(ontology.problems)
        return ontology

    @classmethod
    def load_sound(
        cls, folders: Iterable[Path] = (), affiliations: Affiliations = NO_RULES
    ) -> Ontology:
        """Read the same, leaving out what cannot be used; ``problems`` tells of it (decision 0091).

        Raises:
            SchemaError: a packaged schema cannot be used.
        """
        from alliage.ontology.schema_files import read_schemata

        return cls(*read_schemata(PACKAGED, folders), affiliations)

    def lineage(self, name: str) -> list[str]:
        """The schema and those it extends, the root last: Vessel, Platform, Thing."""
        names = [name]
        while (parent := self.schemata[names[-1]].extends) is not None:
            names.append(parent)
        return names

    def is_a(self, name: str, kind: str) -> bool:
        """Whether a schema is this kind of thing, or extends it; an unknown one is nothing."""
        return name in self.schemata and kind in self.lineage(name)

    def static_types(self) -> dict[str, pa.DataType]:
        """Arrow type of every property that a static report may carry in a column."""
        return {
            prop.name: ARROW_TYPES[prop.type]
            for schema in self.schemata.values()
            for prop in schema.properties.values()
        }

    def affiliation(
        self, schema: str, identifier: str, properties: Mapping[str, Value]
    ) -> str | None:
        """The affiliation by rule where nobody claims one; None where no rule speaks of it."""
        return self.affiliations.derive(self.lineage(schema), identifier, properties)

    def sidc(
        self,
        schema: str,
        properties: Mapping[str, Value],
        context: Context = Context.REALITY,
    ) -> str:
        """APP-6(D) / MIL-STD-2525D number code, 20 digits, of a thing with these properties.

        Raises:
            KeyError: there is no such schema.
        """
        return self.schemata[schema].symbol.sidc(properties, context)
