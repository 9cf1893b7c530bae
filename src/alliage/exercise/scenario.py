"""Scenarios: what an exercise is like, as a text file that a user can write (YAML)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import AwareDatetime, BeforeValidator, Field, ValidationError, field_validator

from alliage.exercise.air import Air
from alliage.exercise.fleet import Afloat, Group
from alliage.exercise.incidents import IncidentKind
from alliage.exercise.infrastructure import Infrastructure
from alliage.exercise.sensors import Sensors
from alliage.exercise.waters import SAFE_LOADER, Part, Place, Station, read_yaml
from alliage.ontology.wording import in_words

_CLOCK: Final = re.compile(r"^\+?(\d{1,4}):([0-5]\d):([0-5]\d)$")


class ScenarioError(Exception):
    """A scenario cannot be used; says file, line, key and what to do.

    Attributes:
        problems: one line each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _seconds(value: object) -> object:
    """Hours, minutes, seconds as ``01:30:00`` or ``+00:10:00``."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError('write a time as "HH:MM:SS", in quotes')
    if not isinstance(value, str):
        return value
    match = _CLOCK.match(value)
    if match is None:
        raise ValueError('write a time as "HH:MM:SS" or "+HH:MM:SS"')
    hours, minutes, seconds = map(int, match.groups())
    return 3_600 * hours + 60 * minutes + seconds


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0)]


class Recurring(Part):
    """How often a kind of incident happens, and how long it lasts."""

    every: Seconds = Field(ge=600, description="One on average in this time.")
    lasts: tuple[Seconds, Seconds] = Field(description="Shortest and longest.")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse what cannot be."""
        if not 300 <= self.lasts[0] <= self.lasts[1] <= 5_400:
            raise ValueError("lasts: from at least 00:05:00 to at most 01:30:00, shorter first")


class Inject(Part):
    """Something that happens once, at its time after the start."""

    at: Seconds = Field(description="Time after the start.")
    kind: IncidentKind
    lasts: Seconds = Field(default=2_400.0, ge=300, le=5_400)
    near: Place | None = Field(default=None, description="Where: the nearest fitting ship.")
    ship: str | None = Field(default=None, description="Name of the ship.")


class Scenario(Part):
    """One exercise."""

    title: str = Field(min_length=1, max_length=120)
    area: tuple[float, float, float, float] | None = Field(
        default=None,
        description="West, south, east, north: incidents happen here only. Absent: anywhere.",
    )
    seed: int = Field(default=1, ge=0, le=2**53)
    start: AwareDatetime | None = Field(
        default=None, description="The exercise's time at the beginning. Absent: now."
    )
    fleet: dict[Afloat, Annotated[int, Field(ge=0, le=20_000)]] = Field(min_length=1)
    stations: tuple[Station, ...] | None = Field(
        default=None, description="Coast stations. Absent: those of the waters."
    )
    infrastructure: Infrastructure = Infrastructure()
    sensors: Sensors = Sensors()
    air: Air | None = None
    incidents: dict[IncidentKind, Recurring] = Field(default={})
    injects: tuple[Inject, ...] = ()

    @property
    def ships(self) -> dict[Group, int]:
        """Ships by group: what has a transponder."""
        return {word: count for word, count in self.fleet.items() if word != "silent_boats"}

    @property
    def boats(self) -> int:
        """How many boats have none."""
        return self.fleet.get("silent_boats", 0)

    @field_validator("area")
    @classmethod
    def _on_earth(cls, area: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if area is not None:
            west, south, east, north = area
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise ValueError("an area is west, south, east, north in degrees, west before east")
        return area


def load_scenario(name: str) -> Scenario:
    """Read a scenario: one that comes with Alliage by name, any other by its path.

    Raises:
        ScenarioError: there is no such file, or it is not as it must be.
    """
    packaged = resources.files(__package__) / "scenarios" / f"{name}.yaml"
    if re.fullmatch(r"[a-z0-9-]+", name) and packaged.is_file():
        return parse_scenario(packaged.read_text(encoding="utf-8"), f"{name}.yaml")
    path = Path(name).expanduser()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known, why = ", ".join(scenario_names()), getattr(error, "strerror", None) or error
        raise ScenarioError(
            [f"{name}: cannot be read ({why}); give the path of a scenario, or one of {known}"]
        ) from error
    return parse_scenario(text, str(path))


def scenario_names() -> list[str]:
    """Names of those that come with Alliage."""
    folder = resources.files(__package__) / "scenarios"
    return sorted(
        f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")
    )


def parse_scenario(text: str, where: str) -> Scenario:
    """Check the text of a scenario.

    Raises:
        ScenarioError: with one line for each mistake: file, line, key and what to do.
    """
    try:
        node = yaml.compose(text, SAFE_LOADER)
        data = read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ScenarioError(
            [f"{where}{line}: no YAML: {getattr(error, 'problem', error)}"]
        ) from error
    if not isinstance(data, dict):
        raise ScenarioError(
            [f"{where}: a scenario is a table of keys; see the scenario's reference"]
        )
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(list(_problems(error, where, node))) from error


def _problems(error: ValidationError, where: str, node: yaml.Node | None) -> Iterator[str]:
    for problem in error.errors():
        steps = [step for step in problem["loc"] if step != "[key]"]
        key = ".".join(str(step) for step in steps)
        value = "" if problem["type"] == "missing" else f" {problem['input']!r}:"
        yield f"{where}:{_line(node, steps)}: {key}:{value[:80]} {in_words(problem)}"


def _line(node: yaml.Node | None, steps: list[str | int]) -> int:
    """The line of a key, or of the innermost table that is there, counted from 1."""
    line = 0
    for step in steps:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = (node.value[step], node.value[step]) if step < len(node.value) else None
        if found is None:
            break
        line, node = found[0].start_mark.line, found[1]
    return line + 1
