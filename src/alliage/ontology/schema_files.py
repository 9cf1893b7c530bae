"""Schema files: read, held against each other, and what each inherits put together.

One mistake costs its own file and those that rest on it, and every mistake is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError, field_validator

from alliage.ontology.observation import FIXED_COLUMNS
from alliage.ontology.property import Model, Property, PropertyType, Title, check_title
from alliage.ontology.schema import Motion, Problem, Schema, SchemaError, Staleness
from alliage.ontology.symbol import SymbolRule
from alliage.ontology.tasks import KIND, TASK, TaskKind
from alliage.ontology.wording import in_words
from alliage.ontology.yaml_file import FileError, YamlFile, read_mapping

DESCRIBED_COLUMNS: Final = frozenset({"navigation_status"})
"""Observation columns whose codes a schema lists and translates."""


class SchemaFile(Model):
    """One YAML file as written; what is inherited is still missing."""

    name: str = Field(pattern=r"^[A-Z][A-Za-z0-9]*$")
    extends: str | None = None
    title: Title
    description: Title | None = None
    properties: dict[str, Property] = Field(default={})
    staleness: Staleness | None = None
    motion: Motion | None = None
    symbol: SymbolRule | None = None

    _titled = field_validator("title")(check_title)

    @field_validator("description")
    @classmethod
    def _described(cls, description: Title | None) -> Title | None:
        return None if description is None else check_title(description)


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    yaml: YamlFile
    own: SchemaFile

    def wrong(self, keys: tuple[str, ...], text: str) -> _WrongError:
        """What is wrong with a key of this file."""
        line = self.yaml.line_of(keys)
        return _WrongError(Problem(self.path, line, f"{'.'.join(keys)}: {text}"))


class _WrongError(Exception):
    def __init__(self, *problems: Problem, yaml: YamlFile | None = None) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.yaml = yaml


def read_schemata(
    packaged: Path, folders: Iterable[Path]
) -> tuple[dict[str, Schema], list[Problem]]:
    """Read the packaged schemata and then those of these folders.

    Returns:
        Every schema that can be used, by name; and what is wrong with the others.

    Raises:
        SchemaError: a packaged one cannot be used.
    """
    reading = _Reading()
    reading.read_folder(packaged)
    reading.resolve_all()
    if reading.problems:
        raise SchemaError(reading.problems)
    for folder in dict.fromkeys(folders):
        reading.read_folder(folder)
    reading.resolve_all()
    return reading.done, reading.problems


class _Reading:
    def __init__(self) -> None:
        self.files: dict[str, _Read] = {}
        self.done: dict[str, Schema] = {}
        self.problems: list[Problem] = []
        self._spoilt: dict[str, tuple[Path, YamlFile]] = {}
        self._refused: set[str] = set()
        self._first: dict[str, tuple[str, Property]] = {}

    def read_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self.problems.append(Problem(folder, None, "no such folder of schemata"))
            return
        for path in sorted(folder.resolve().glob("*.yaml")):
            try:
                read = _parsed(path)
                if (other := self.files.get(read.own.name)) is not None:
                    raise read.wrong(("name",), f"{other.path} has {read.own.name!r}")
                self.files[read.own.name] = read
            except _WrongError as error:
                self.problems += error.problems
                if error.yaml is not None:
                    self._spoilt[str(error.yaml.data.get("name"))] = (path, error.yaml)

    def resolve_all(self) -> None:
        self._tell_parents_of_spoilt()
        for name in self.files:
            self._try(name)
        while wrong := [name for name in self.done if self._is_left_hanging(name)]:
            for name in wrong:
                del self.done[name]
                self._refused.add(name)

    def _tell_parents_of_spoilt(self) -> None:
        """Who mends the other mistakes of a file should not meet this one in the next run."""
        for path, yaml in self._spoilt.values():
            above = yaml.data.get("extends")
            if isinstance(above, str) and above not in self.files and above not in self._spoilt:
                self.problems.append(_unknown_parent(path, yaml, above))

    def _try(self, name: str) -> None:
        if name in self.done or name in self._refused:
            return
        try:
            self._resolve(name, ())
        except _WrongError as error:
            self._refused.add(name)
            self.problems += error.problems

    def _resolve(self, name: str, seen: tuple[str, ...]) -> Schema:
        if name in self.done:
            return self.done[name]
        read = self.files[name]
        if name in seen:
            raise read.wrong(("extends",), f"a circle, {' > '.join([*seen, name])}")
        parent: Schema | None = None
        if (above := read.own.extends) is not None:
            if above not in self.files and above not in self._spoilt:
                raise _WrongError(_unknown_parent(read.path, read.yaml, above))
            self._refuse_if_refused(read, above)
            if above == TASK:
                raise read.wrong(("extends",), f"{TASK} is closed: its kinds stand in the code")
            parent = self._resolve(above, (*seen, name))
        schema = _inherit(read, parent)
        self._check_types_agree(read)
        _check_task(read)
        for prop in read.own.properties.values():
            self._first.setdefault(prop.name, (name, prop))
        self.done[name] = schema
        return schema

    def _refuse_if_refused(self, read: _Read, above: str) -> None:
        if above in self._refused or above not in self.files:
            raise read.wrong(("extends",), f"{above} has mistakes of its own")

    def _check_types_agree(self, read: _Read) -> None:
        for prop in read.own.properties.values():
            name, wanted = self._first.get(prop.name, (read.own.name, prop))
            if (prop.type, prop.many) != (wanted.type, wanted.many):
                raise read.wrong(
                    ("properties", prop.name, "type"),
                    f"{_kind(prop)}, but {name} has {_kind(wanted)}; one name has one type "
                    "everywhere",
                )

    def _is_left_hanging(self, name: str) -> bool:
        """Whether a schema links to, or extends, what is not there; tells of it."""
        read = self.files[name]
        if read.own.extends is not None and read.own.extends not in self.done:
            wrong = read.wrong(("extends",), f"{read.own.extends} has mistakes of its own")
            self.problems += wrong.problems
            return True
        for prop in read.own.properties.values():
            if prop.to is not None and prop.to not in self.done:
                where = ("properties", prop.name, "to")
                self.problems += read.wrong(where, f"no schema is named {prop.to!r}").problems
                return True
        return False


def _check_task(read: _Read) -> None:
    kind = read.own.properties.get(KIND)
    if kind is not None and (read.own.name != TASK or set(kind.choices) != set(TaskKind)):
        raise read.wrong(
            ("properties", KIND), "kinds of task stand in the code, and no schema has others"
        )


def _kind(prop: Property) -> str:
    return f"many of {prop.type}" if prop.many else str(prop.type)


def _parsed(path: Path) -> _Read:
    try:
        found = read_mapping(path)
    except FileError as error:
        raise _WrongError(Problem(path, error.line, str(error))) from error
    try:
        return _Read(path, found, SchemaFile.model_validate(_name_properties(found.data)))
    except ValidationError as error:
        raise _WrongError(
            *(
                Problem(
                    path,
                    found.line_of(wrong["loc"]),
                    _in_words(wrong),
                )
                for wrong in error.errors()
            ),
            yaml=found,
        ) from error


def _unknown_parent(path: Path, yaml: YamlFile, above: str) -> Problem:
    return Problem(path, yaml.line_of(("extends",)), f"extends: no schema is named {above!r}")


def _in_words(wrong: Mapping[str, Any]) -> str:
    """The key, what is wrong with it and, where it is one value, that value."""
    key, value = ".".join(map(str, wrong["loc"])) or "file", wrong["input"]
    is_plain = isinstance(value, str | int | float) and wrong["type"] != "value_error"
    return f"{key}: {in_words(wrong)}" + (f" (found {str(value)[:80]!r})" if is_plain else "")


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


def _inherit(read: _Read, parent: Schema | None) -> Schema:
    own = read.own
    inherited = parent.properties if parent else {}
    for key in own.properties:
        if key in inherited:
            raise read.wrong(("properties", key), "inherited already, cannot be changed")
        if key in FIXED_COLUMNS and key not in DESCRIBED_COLUMNS:
            raise read.wrong(("properties", key), "is the name of an observation column")
    staleness = own.staleness or (parent.staleness if parent else None)
    symbol = own.symbol or (parent.symbol if parent else None)
    motion = own.motion or (parent.motion if parent else None)
    if staleness is None or symbol is None or motion is None:
        given = {"staleness": staleness, "motion": motion, "symbol": symbol}
        lacking = next(name for name, value in given.items() if value is None)
        raise read.wrong((lacking,), "neither given nor inherited")
    properties = {**inherited, **own.properties}
    _check_symbol(read, symbol, properties)
    return Schema(
        name=own.name,
        title=own.title,
        description=own.description,
        extends=own.extends,
        source=read.path,
        properties=properties,
        staleness=staleness,
        motion=motion,
        symbol=symbol,
    )


def _check_symbol(read: _Read, rule: SymbolRule, properties: Mapping[str, Property]) -> None:
    if rule.by is None:
        return
    chooser = properties.get(rule.by)
    if chooser is None or chooser.type is not PropertyType.CHOICE:
        raise read.wrong(("symbol", "by"), f"{rule.by!r} is no property of type choice")
    for code in rule.entities:
        if code not in chooser.choices:
            raise read.wrong(("symbol", "entities", code), f"not a choice of {rule.by}")
