"""What a person says, held against the words that the ontology has for it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from alliage.actions.geometry import GeometryError, drawn_geometry
from alliage.actions.kinds import REASON_CHARACTERS, TEXT_CHARACTERS, ActionError
from alliage.ontology.claim import Value
from alliage.ontology.codes import checked_code
from alliage.ontology.property import LINK_VALUE, Property, PropertyType
from alliage.ontology.schema import Ontology, Schema
from alliage.ontology.times import from_text, to_text

IDENTIFIER: Final = re.compile(r"^[a-z][a-z0-9_-]{0,31}:[^\s:][^\s]{0,99}$")
FUTURE_US: Final = 60_000_000
"""A report may be from a clock that is a minute ahead, and not more."""
_URL: Final = re.compile(r"^https?://[^\s/?#]+\S*$")
_NUMBERS: Final = (PropertyType.INTEGER, PropertyType.NUMBER, PropertyType.DURATION)
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the order of what follows on a screen."""


def schema_of(ontology: Ontology, name: str) -> Schema:
    """The schema of this name.

    Raises:
        ActionError: there is none.
    """
    schema = ontology.schemata.get(name)
    if schema is None:
        raise ActionError("schema", f"there is no schema {name[:100]!r}; GET /schemata lists them")
    return schema


def checked_property(
    schema: Schema, name: str, value: Any, unit: str | None = None, field: str = "value"
) -> Value:
    """A value as it is kept: of the property's type, in its unit.

    Raises:
        ActionError: the schema has no such property, or the value is not of its type.
    """
    prop = schema.properties.get(name)
    if prop is None:
        raise ActionError("property", f"a {schema.name} has no property {name[:100]!r}")
    if unit is not None and unit != prop.unit:
        wanted = repr(prop.unit) if prop.unit else "no unit"
        raise ActionError("unit", f"{name} has {wanted}, not {unit[:40]!r}: convert the value")
    try:
        return _checked_value(prop, value)
    except GeometryError as error:
        raise ActionError(field, f"{name}: {error}", error.code) from None
    except ValueError as error:
        raise ActionError(field, f"{name}: {error}") from None


def checked_properties(schema: Schema, properties: Mapping[str, Any]) -> dict[str, Value]:
    """Several properties of one thing; see :func:`checked_property`."""
    return {
        name: checked_property(schema, name, value, field=f"properties.{name}")
        for name, value in properties.items()
    }


def checked_pairs(schema: Schema, properties: Mapping[str, Any]) -> list[tuple[str, Value]]:
    """The same, where a list holds several values of a property that may have them.

    Raises:
        ActionError: as :func:`checked_property`; or only one value can hold of a property.
    """
    pairs = []
    for name, value in properties.items():
        values = value if isinstance(value, list) else [value]
        prop = schema.properties.get(name)
        if isinstance(value, list) and prop is not None and not prop.many:
            raise ActionError(f"properties.{name}", f"{name}: one value holds, not a list of them")
        if not values:
            why = "an empty list says nothing: give a value, or leave the property out"
            raise ActionError(f"properties.{name}", f"{name}: {why}")
        for one in values:
            kept = checked_property(schema, name, one, field=f"properties.{name}")
            pairs.append((name, kept))
    return list(dict.fromkeys(pairs))


def checked_text(text: str, field: str, longest: int = TEXT_CHARACTERS) -> str:
    """Words as they are kept.

    Raises:
        ActionError: empty, too long, or with control characters.
    """
    kept = text.strip()
    if not 1 <= len(kept) <= longest or _NO_TEXT.search(kept):
        raise ActionError(field, f"1 to {longest} characters of text are needed")
    return kept


def checked_reason(reason: str) -> str:
    """A reason as it is kept; it may be empty."""
    return checked_text(reason, "reason", REASON_CHARACTERS) if reason.strip() else ""


def checked_identifier(identifier: str) -> str:
    """An identifier: scheme, colon, value.

    Raises:
        ActionError: it is none.
    """
    if not IDENTIFIER.match(identifier):
        raise ActionError("identifier", "write scheme:value without spaces, e.g. mmsi:219012345")
    return identifier


def checked_number(value: float | None, field: str, low: float, high: float) -> float | None:
    """A number within bounds, or None.

    Raises:
        ActionError: it is out of bounds, or none.
    """
    if value is not None and not low <= value <= high:
        raise ActionError(field, f"{value!r} is not from {low:g} to {high:g}")
    return value


def checked_times(from_us: int, to_us: int | None) -> None:
    """Refuse an end that is not after its beginning.

    Raises:
        ActionError: it is not.
    """
    if to_us is not None and to_us <= from_us:
        raise ActionError("valid_to", "the end has to be after the beginning")


def _checked_value(prop: Property, value: Any) -> Value:
    if prop.type is PropertyType.GEOMETRY:
        return drawn_geometry(value)
    if prop.type is PropertyType.BOOLEAN:
        return bool(_required(value, isinstance(value, bool), "true or false"))
    if isinstance(value, bool):
        raise ValueError(f"{value!r}, where {prop.type.value} is wanted")
    kept = _checked_quantity(prop, value) if prop.type in _NUMBERS else _checked_words(prop, value)
    if prop.code is None or isinstance(kept, float):
        return kept
    return checked_code(prop.code, kept)


def _checked_quantity(prop: Property, value: Any) -> int | float:
    if prop.type is PropertyType.INTEGER:
        good = isinstance(value, int) and abs(value) < 2**63
        kept: int | float = int(_required(value, good, "a whole number"))
    else:
        good = isinstance(value, int | float) and math.isfinite(value)
        kept = float(_required(value, good, "a number"))
    low, high = prop.minimum, prop.maximum
    unit = f" {prop.unit}" if prop.unit else ""
    if low is not None and kept < low:
        raise ValueError(f"{kept!r} is below the least there can be, {low:g}{unit}")
    if high is not None and kept > high:
        raise ValueError(f"{kept!r} is above the most there can be, {high:g}{unit}")
    return kept


def _checked_words(prop: Property, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r}, where text is wanted")
    if prop.type is PropertyType.CHOICE and value not in prop.choices:
        raise ValueError(f"{value[:40]!r} is none of {', '.join(prop.choices)}")
    if prop.type is PropertyType.LINK and not LINK_VALUE.match(value):
        raise ValueError(f"{value[:40]!r} is no object's id, nor an identifier (scheme:value)")
    if prop.type is PropertyType.URL and not _URL.match(value):
        raise ValueError(f"{value[:40]!r} is no address: http:// or https://, without spaces")
    if prop.type is PropertyType.TIME:
        return to_text(from_text(value))
    return checked_text(value, prop.name)


def _required(value: Any, good: bool, wanted: str) -> Any:
    if not good:
        raise ValueError(f"{str(value)[:40]!r}, where {wanted} is wanted")
    return value
