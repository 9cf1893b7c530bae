"""What pydantic finds wrong, in our own words: one wording for files, the API and sockets.

The offending value is never repeated here: it may be a password.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

_NAME: Final = "letters, digits and `_`, beginning with a letter"
_SPOKEN: Final = "letters, digits, spaces and . @ ' - _, beginning with a letter or digit"
_ALLOWED: Final = {
    r"^[A-Z]{3}$": "three capital letters (ISO 3166-1 alpha-3), like DNK",
    r"^[a-z0-9][a-z0-9-]{0,39}$": "at most 40 lower case letters, digits and `-`",
    r"^[a-z0-9][a-z0-9_-]{0,39}$": "at most 40 lower case letters, digits, `-` and `_`",
    r"^[a-z][a-z0-9_]*$": "lower case letters, digits and `_`, beginning with a letter",
    r"^[A-Z][A-Za-z0-9]*$": "letters and digits, beginning with a capital",
    r"^[A-Za-z][A-Za-z0-9]*$": "letters and digits, beginning with a letter",
    r"^[A-Za-z][A-Za-z0-9_]*$": _NAME,
    r"^[a-z][a-z0-9_]*:\S+$": "a kind in lower case, a colon and a value, like mmsi:219012345",
    r"^https?://[^/]+$": "http:// or https:// and an address, with nothing after it",
    r"^\w[\w.@' -]{0,63}$": _SPOKEN,
    r"^\w[\w.@' -]*$": _SPOKEN,
    r"^[a-z-]+(\.[a-z-]+)?$": "lower case letters and `-`, with one dot, like session.signed-in",
    r"^EX [A-Z0-9 ]{1,40}$": "EX, a space, and at most 40 capital letters, digits and spaces",
    r"^EX[A-Z0-9]{1,13}$": "EX, then at most 13 capital letters and digits",
    r"^\S+$": "no spaces",
    r"^[!-~]+$": "printable ASCII without spaces",
    r"^[0-9]{20}$": "20 digits",
    r"^-?[0-9.]+(,-?[0-9.]+){3}$": "four numbers with commas between: west,south,east,north",
}
"""Every pattern that people's words are held to, and what it allows."""

TELLS_ALL: Final = "tells_all"
"""Type of a problem of our own whose message names file and value: nothing is put before it."""

_PLAIN: Final = {
    "missing": "is missing; add it",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_parsing_size": "this whole number is too large",
    "int_from_float": "a whole number is needed",
    "float_type": "a number is needed",
    "float_parsing": "a number is needed",
    "finite_number": "a finite number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "string_type": "text is needed",
    "string_unicode": "text in Unicode is needed",
    "list_type": "a list is needed",
    "tuple_type": "a list is needed",
    "dict_type": "an object is needed: names with values",
    "mapping_type": "an object is needed: names with values",
    "model_type": "an object is needed: names with values",
    "model_attributes_type": "an object is needed: names with values",
    "extra_forbidden": "is not known here; leave it out",
    "datetime_type": "a time after RFC 3339 is needed, like 2026-11-01T12:00:00Z",
    "datetime_parsing": "a time after RFC 3339 is needed, like 2026-11-01T12:00:00Z",
    "datetime_from_date_parsing": "a time after RFC 3339 is needed, like 2026-11-01T12:00:00Z",
    "timezone_aware": "a time with its offset from UTC is needed, like 2026-11-01T12:00:00Z",
    "json_invalid": "is not JSON",
    "json_type": "is not JSON",
    "union_tag_not_found": "say its type",
}

_WITH_CONTEXT: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "greater_than_equal": lambda c: f"has to be at least {c['ge']:g}",
    "greater_than": lambda c: f"has to be more than {c['gt']:g}",
    "less_than_equal": lambda c: f"has to be at most {c['le']:g}",
    "less_than": lambda c: f"has to be less than {c['lt']:g}",
    "string_too_short": lambda c: f"at least {_count(c['min_length'], 'character')} needed",
    "string_too_long": lambda c: f"at most {_count(c['max_length'], 'character')} allowed",
    "too_short": lambda c: f"at least {_count(c['min_length'], _thing(c))} needed",
    "too_long": lambda c: f"at most {_count(c['max_length'], _thing(c))} allowed",
    "literal_error": lambda c: f"use {c['expected']}",
    "enum": lambda c: f"use {c['expected']}",
    "union_tag_invalid": lambda c: f"its type is one of {c['expected_tags']}",
    "string_pattern_mismatch": lambda c: allowed_by(c["pattern"]),
}


def in_words(problem: Mapping[str, Any]) -> str:
    """Say what pydantic found, beginning in lower case and without the value.

    Args:
        problem: one of ``ValidationError.errors()``.
    """
    kind = problem["type"]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _WITH_CONTEXT:
        return _WITH_CONTEXT[kind](problem["ctx"])
    message = re.sub(r"^(Value error|Assertion failed), ", "", problem["msg"])
    return message[:1].lower() + message[1:]


def allowed_by(pattern: str) -> str:
    """What a pattern allows, in words where it is one of ours."""
    words = _ALLOWED.get(pattern)
    return f"allowed are {words}" if words else f"has to match {pattern}"


def _thing(context: Mapping[str, Any]) -> str:
    """What is counted: a hidden text has its characters counted as a list has its entries."""
    return "character" if context.get("field_type") == "Value" else "entry"


def _count(number: int, thing: str) -> str:
    plural = "entries" if thing == "entry" else f"{thing}s"
    return f"{number} {thing} is" if number == 1 else f"{number} {plural} are"
