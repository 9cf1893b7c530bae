"""Properties: what may be said of a kind of thing, of which type, in which unit, within what."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alliage.ontology.codes import Code
from alliage.ontology.observation import TIME
from alliage.ontology.units import UNITS

LANGUAGES: Final = ("en", "fr")
LINK_VALUE: Final = re.compile(r"^([0-9a-f]{32}|[a-z][a-z0-9_-]{0,31}:[^\s:][^\s]{0,99})$")
"""What a link may hold: the id of an object, or an identifier (scheme, colon, value)."""


class PropertyType(StrEnum):
    """What a property's value is."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "time"
    DURATION = "duration"  # a number of seconds
    GEOMETRY = "geometry"  # GeoJSON geometry as text, WGS 84
    CHOICE = "choice"  # one of the codes listed, as text
    URL = "url"  # http or https
    LINK = "link"  # another object: its id, or its identifier


ARROW_TYPES: Final = {
    PropertyType.TEXT: pa.utf8(),
    PropertyType.NUMBER: pa.float64(),
    PropertyType.INTEGER: pa.int64(),
    PropertyType.BOOLEAN: pa.bool_(),
    PropertyType.TIME: TIME,
    PropertyType.DURATION: pa.float64(),
    PropertyType.GEOMETRY: pa.utf8(),
    PropertyType.CHOICE: pa.utf8(),
    PropertyType.URL: pa.utf8(),
    PropertyType.LINK: pa.utf8(),
}
_QUANTITIES: Final = (PropertyType.NUMBER, PropertyType.INTEGER, PropertyType.DURATION)

Title = dict[str, str]


def check_title(title: Title) -> Title:
    """A text in every language.

    Raises:
        ValueError: a language is missing, empty, or one too many.
    """
    missing = [language for language in LANGUAGES if not title.get(language, "").strip()]
    if missing or len(title) != len(LANGUAGES):
        raise ValueError(f"a title has the languages {', '.join(LANGUAGES)}, this has {title!r}")
    return title


class Model(BaseModel):
    """Base of what is read from schema files: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Property(Model):
    """One property of a kind of thing; ``name`` is the key it stands under in the file."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Title
    type: PropertyType
    unit: str | None = Field(default=None, description="as kept; one of the units there are")
    minimum: float | None = None
    maximum: float | None = None
    code: Code | None = Field(default=None, description="an identification that can be checked")
    many: bool = Field(default=False, description="several values may hold at once")
    choices: dict[str, Title] = {}
    to: str | None = Field(default=None, description="of a link: the kind of thing it leads to")
    inverse: Title | None = Field(default=None, description="of a link: what it says, seen there")

    _titled = field_validator("title")(check_title)

    @field_validator("inverse")
    @classmethod
    def _check_inverse(cls, inverse: Title | None) -> Title | None:
        return None if inverse is None else check_title(inverse)

    @field_validator("choices")
    @classmethod
    def _check_choices(cls, choices: dict[str, Title]) -> dict[str, Title]:
        for title in choices.values():
            check_title(title)
        return choices

    @field_validator("unit")
    @classmethod
    def _is_known_unit(cls, unit: str | None) -> str | None:
        if unit is not None and unit not in UNITS:
            raise ValueError(f"no such unit; use one of {', '.join(UNITS)}")
        return unit

    @model_validator(mode="after")
    def _fits_its_type(self) -> Property:
        kind = self.type
        if (kind is PropertyType.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a property of type choice, and only there")
        if (kind is PropertyType.LINK) != (self.to is not None and self.inverse is not None):
            raise ValueError("`to` and `inverse` belong to a property of type link, and only there")
        has_bounds = self.minimum is not None or self.maximum is not None
        if (has_bounds or self.unit is not None) and kind not in _QUANTITIES:
            raise ValueError("minimum, maximum and unit belong to numbers")
        if has_bounds and not _below(self.minimum, self.maximum):
            raise ValueError(f"minimum {self.minimum} is not below maximum {self.maximum}")
        if kind is PropertyType.DURATION and self.unit not in (None, "s"):
            raise ValueError("a duration is kept in s")
        if self.code is not None and kind not in (PropertyType.TEXT, PropertyType.INTEGER):
            raise ValueError("a code is of type text or integer")
        return self


def _below(low: float | None, high: float | None) -> bool:
    return low is None or high is None or low < high
