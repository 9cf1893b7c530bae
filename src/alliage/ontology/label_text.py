"""Reads the line that :attr:`Label.marking` writes; the command line and configurations take it.

A line says everything, so that no policy is needed to read it: a tag without a note is
restrictive, ``(any of)`` permissive, ``(note)`` informative. Words with signs that part a line
stand in quotation marks, as in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from alliage.ontology.label import (
    KIND_WORDS,
    NOBODY,
    RELEASABLE_TO,
    UNLABELLED,
    Category,
    CategoryKind,
    Label,
    check_word,
    combined,
)

LINE_CHARACTERS: Final = 8192

_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_WORD: Final = re.compile(rf'{_QUOTED}|[^"/:,()]+')
_HEAD: Final = re.compile(rf'({_QUOTED}|[^\s"]+)\s+(\S.*)', re.DOTALL)
_PART: Final = re.compile(rf"(?:{_QUOTED}|[^\"/])+")
_NATIONS: Final = re.compile(r"REL TO (\S.*)", re.DOTALL)
_CATEGORY: Final = re.compile(
    rf'({_QUOTED}|[^"/:,()]+?)(\s*\((?:any of|note)\))?\s*:(.*)', re.DOTALL
)
_KINDS: Final = {words: CategoryKind(kind) for kind, words in KIND_WORDS.items()}


class LabelTextError(ValueError):
    """A line that is no label; says what could not be read and what a line looks like."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"{text[:80]!r} is no label: {why}; write e.g. "
            "NATO RESTRICTED / REL TO DNK, FRA / Compartment: A"
        )


def parse_label(text: str) -> Label:
    """Read a marking line.

    Raises:
        LabelTextError: says what could not be read.
    """
    if len(text) > LINE_CHARACTERS:
        raise LabelTextError(text, f"longer than {LINE_CHARACTERS} characters")
    if text.strip() == UNLABELLED.marking:
        return UNLABELLED
    parts = [part.strip() for part in _PART.findall(text)]
    if "/".join(_PART.findall(text)) != text:
        raise LabelTextError(text, "a quotation mark is not closed, or a part between / is empty")
    head = _HEAD.fullmatch(parts[0])
    if head is None:
        raise LabelTextError(text, "it begins with a policy and a classification")
    try:
        policy, classification = _word(head[1]), _word(head[2])
        categories = combined(_category(part) for part in parts[1:])
        return Label(policy, classification, categories)
    except ValueError as error:
        raise LabelTextError(text, str(error)) from error


def _category(text: str) -> Category:
    nations = _NATIONS.fullmatch(text)
    if nations is not None:
        values = () if nations[1].strip() == NOBODY else tuple(_values(nations[1]))
        return Category(RELEASABLE_TO, CategoryKind.PERMISSIVE, values)
    found = _CATEGORY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is neither REL TO nor a category with a colon")
    note = f" {found[2].strip()}" if found[2] else ""
    kind = _KINDS.get(note, CategoryKind.RESTRICTIVE)
    return Category(_word(found[1]), kind, tuple(_values(found[3])))


def _values(text: str) -> Iterator[str]:
    rest = text.strip()
    while rest:
        found = _WORD.match(rest)
        if found is None:
            raise ValueError(f"{rest[:40]!r} is no value")
        yield _word(found[0])
        rest = rest[found.end() :].strip()
        if rest and not rest.startswith(","):
            raise ValueError(f"a comma is missing before {rest[:40]!r}")
        rest = rest.removeprefix(",").strip()


def _word(text: str) -> str:
    word = text.strip()
    if word.startswith('"'):
        word = str(json.loads(word))
    return check_word("the word", word)
