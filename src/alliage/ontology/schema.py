"""Schemata: the kinds of thing there are, their properties, and how each is shown and grows old.

They are data: YAML files, one schema each, with single inheritance. The packaged ones lie beside
this module; a node may add folders of its own, which extend but never change what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from alliage.ontology.claim import Value
from alliage.ontology.observation import FIXED_COLUMNS
from alliage.ontology.property import ARROW_TYPES, Model, Property, PropertyType, Title, check_title
from alliage.ontology.symbol import Context, SymbolRule

PACKAGED: Final = Path(__file__).parent / "schemata"

_SAFE: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Plain data only; in C where there is one, ten times as fast at every start."""


class SchemaError(ValueError):
    """A schema file that cannot be used; says which file, which key and why."""


DESCRIBED_COLUMNS: Final = frozenset({"navigation_status"})
"""Observation columns whose codes a schema lists and translates."""


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


class _SchemaFile(Model):
    """One YAML file as written; what is inherited is still missing."""

    name: str = Field(pattern=r"^[A-Z][A-Za-z0-9]*$")
    extends: str | None = None
    title: Title
    description: Title | None = None
    properties: dict[str, Property] = Field(default={})
    staleness: Staleness | None = None
    symbol: SymbolRule | None = None

    _titled = field_validator("title")(check_title)


class Schema(Model):
    """A kind of thing with everything it inherits; ``extends`` is None for the root only."""

    name: str
    title: Title
    description: Title | None
    extends: str | None
    source: Path
    properties: dict[str, Property]
    staleness: Staleness
    symbol: SymbolRule


class Ontology:
    """All schemata of a node."""

    def __init__(self, schemata: Mapping[str, Schema]) -> None:
        self.schemata: dict[str, Schema] = dict(schemata)
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
            SchemaError: names the file and the key.
        """
        files: dict[str, tuple[Path, _SchemaFile]] = {}
        for folder in dict.fromkeys([PACKAGED, *folders]):
            if not folder.is_dir():
                raise SchemaError(f"{folder}: no such folder of schemata")
            for path in sorted(folder.glob("*.yaml")):
                parsed = _parse(path)
                if parsed.name in files:
                    raise SchemaError(f"{path}: name: {files[parsed.name][0]} has {parsed.name!r}")
                files[parsed.name] = (path, parsed)
        schemata: dict[str, Schema] = {}
        for name in files:
            _resolve(name, files, schemata, ())
        _check_types_agree(schemata.values())
        _check_links_lead_somewhere(schemata)
        return cls(schemata)

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


def _parse(path: Path) -> _SchemaFile:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path}: not YAML: {error}") from error
    if not isinstance(raw, dict):
        raise SchemaError(f"{path}: a schema is a mapping with name, title and properties")
    try:
        return _SchemaFile.model_validate(_name_properties(raw))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']} (found {e['input']!r})"
            for e in error.errors()
        )
        raise SchemaError(f"{path}: {problems}") from error


def _name_properties(raw: dict[str, Any]) -> dict[str, Any]:
    """Give each property its key as its name."""
    properties = raw.get("properties")
    if not isinstance(properties, dict):
        return raw
    named = {
        key: {**value, "name": key} if isinstance(value, dict) else value
        for key, value in properties.items()
    }
    return {**raw, "properties": named}


def _resolve(
    name: str,
    files: Mapping[str, tuple[Path, _SchemaFile]],
    done: dict[str, Schema],
    seen: Sequence[str],
) -> Schema:
    if name in done:
        return done[name]
    path, own = files[name]
    if name in seen:
        raise SchemaError(f"{path}: extends: a circle, {' > '.join([*seen, name])}")
    parent: Schema | None = None
    if own.extends is not None:
        if own.extends not in files:
            raise SchemaError(f"{path}: extends: no schema is named {own.extends!r}")
        parent = _resolve(own.extends, files, done, [*seen, name])
    done[name] = _inherit(path, own, parent)
    return done[name]


def _inherit(path: Path, own: _SchemaFile, parent: Schema | None) -> Schema:
    inherited = parent.properties if parent else {}
    for key in own.properties:
        if key in inherited:
            raise SchemaError(f"{path}: properties.{key}: inherited already, cannot be changed")
        if key in FIXED_COLUMNS and key not in DESCRIBED_COLUMNS:
            raise SchemaError(f"{path}: properties.{key}: is the name of an observation column")
    staleness = own.staleness or (parent.staleness if parent else None)
    symbol = own.symbol or (parent.symbol if parent else None)
    if staleness is None or symbol is None:
        lacking = "staleness" if staleness is None else "symbol"
        raise SchemaError(f"{path}: {lacking}: neither given nor inherited")
    properties = {**inherited, **own.properties}
    _check_symbol(path, symbol, properties)
    return Schema(
        name=own.name,
        title=own.title,
        description=own.description,
        extends=own.extends,
        source=path,
        properties=properties,
        staleness=staleness,
        symbol=symbol,
    )


def _check_symbol(path: Path, rule: SymbolRule, properties: Mapping[str, Property]) -> None:
    if rule.by is None:
        return
    chooser = properties.get(rule.by)
    if chooser is None or chooser.type is not PropertyType.CHOICE:
        raise SchemaError(f"{path}: symbol.by: {rule.by!r} is no property of type choice")
    for code in rule.entities:
        if code not in chooser.choices:
            raise SchemaError(f"{path}: symbol.entities.{code}: not a choice of {rule.by}")


def _check_types_agree(schemata: Iterable[Schema]) -> None:
    first: dict[str, tuple[str, Property]] = {}
    for schema in schemata:
        for prop in schema.properties.values():
            name, wanted = first.setdefault(prop.name, (schema.name, prop))
            if (prop.type, prop.many) != (wanted.type, wanted.many):
                raise SchemaError(
                    f"{schema.name}: properties.{prop.name}.type: {_kind(prop)}, but {name} has "
                    f"{_kind(wanted)}; one name has one type everywhere"
                )


def _kind(prop: Property) -> str:
    return f"many of {prop.type}" if prop.many else str(prop.type)


def _check_links_lead_somewhere(schemata: Mapping[str, Schema]) -> None:
    for schema in schemata.values():
        for prop in schema.properties.values():
            if prop.to is not None and prop.to not in schemata:
                raise SchemaError(
                    f"{schema.name}: properties.{prop.name}.to: no schema is named {prop.to!r}"
                )
