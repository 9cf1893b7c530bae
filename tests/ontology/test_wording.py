"""What is wrong is said in our own words, and never with the value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, AwareDatetime, Field, SecretStr, TypeAdapter, ValidationError

import alliage
from alliage.ontology.wording import allowed_by, in_words


def _refuse(_value: str) -> str:
    raise ValueError("Use a better one")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (int, "many", "a whole number is needed"),
        (int, 1.5, "a whole number is needed"),
        (float, "many", "a number is needed"),
        (bool, "perhaps", "true or false is needed"),
        (str, 7, "text is needed"),
        (list[int], 7, "a list is needed"),
        (dict[str, int], 7, "an object is needed"),
        (AwareDatetime, "noon", "a time after RFC 3339 is needed"),
        (Literal["a", "b"], "c", "use 'a' or 'b'"),
        (Annotated[int, Field(ge=1)], 0, "has to be at least 1"),
        (Annotated[int, Field(gt=1)], 0, "has to be more than 1"),
        (Annotated[float, Field(le=0.5)], 1, "has to be at most 0.5"),
        (Annotated[int, Field(lt=70000)], 70000, "has to be less than 70000"),
        (Annotated[str, Field(min_length=1)], "", "at least 1 character is needed"),
        (Annotated[str, Field(max_length=2)], "abc", "at most 2 characters are allowed"),
        (Annotated[SecretStr, Field(min_length=12)], "abc", "at least 12 characters are needed"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "at most 1 entry is allowed"),
        (Annotated[str, Field(pattern="^[A-Z]{3}$")], "dk", "allowed are three capital letters"),
        (Annotated[str, Field(pattern="^q$")], "r", "has to match ^q$"),
        (Annotated[str, AfterValidator(_refuse)], "r", "use a better one"),
    ],
)
def test_what_is_wrong_is_said_in_our_own_words(kind: Any, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    assert in_words(caught.value.errors()[0]).startswith(words)


def test_every_pattern_that_people_meet_has_words() -> None:
    source = Path(alliage.__file__).parent
    files = [source / "config.py", *(source / "server").rglob("*.py")]
    patterns = {
        pattern
        for file in files
        for pattern in re.findall(r'pattern=r"([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(patterns) > 5
    assert [p for p in sorted(patterns) if not allowed_by(p).startswith("allowed are ")] == []
