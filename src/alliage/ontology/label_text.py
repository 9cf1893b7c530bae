"""Reads the line that :attr:`Label.marking` writes; the command line and configurations take it.

A line says everything, so that no policy is needed to read it: a tag without a note is
restrictive, ``(any of)`` permissive, ``(note)`` informative. Words with signs that part a line
stand in quotation marks, as in JSON.
"""

from __future__ import annotations

import json
import re
from typing import Final

from alliage.ontology.label import (
    KIND_WORDS,
    NOBODY,
    RELEASABLE_TO,
    RESERVED,
    UNLABELLED,
    Category,
    CategoryKind,
    Label,
    check_word,
    combined,
)

LINE_CHARACTERS: Final = 8192

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^"]')
_HEAD: Final = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s"]+)\s+(.+)')
_RELEASE: Final = "REL TO "
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
    try:
        head, *further = _split(text, "/")
        found = _HEAD.fullmatch(head)
        if found is None:
            raise ValueError("it begins with a policy and a classification")
        categories = combined(_category(part) for part in further)
        return Label(_word(found[1]), _word(found[2]), categories)
    except ValueError as error:
        raise LabelTextError(text, str(error)) from error


def parse_marking(text: str) -> tuple[Label, ...]:
    """Read the line of a joined marking: one label, or several with ``//`` between.

    Raises:
        LabelTextError: says what could not be read.
    """
    try:
        parts = _split(text, "/")
    except ValueError as error:
        raise LabelTextError(text, str(error)) from error
    lines: list[list[str]] = [[]]
    for part in parts:
        if part:
            lines[-1].append(part)
        else:
            lines.append([])
    return tuple(parse_label(" / ".join(line)) for line in lines)


def _category(text: str) -> Category:
    if text.startswith(_RELEASE):
        nations = text.removeprefix(_RELEASE).strip()
        values = () if nations == NOBODY else _values(nations)
        return Category(RELEASABLE_TO, CategoryKind.PERMISSIVE, values)
    tag, *rest = _split(text, ":")
    if len(rest) != 1:
        raise ValueError(f"{text[:40]!r} is neither REL TO nor a category with one colon")
    for words, kind in _KINDS.items():
        if tag.endswith(words):
            return Category(_word(tag.removesuffix(words)), kind, _values(rest[0]))
    return Category(_word(tag), CategoryKind.RESTRICTIVE, _values(rest[0]))


def _values(text: str) -> tuple[str, ...]:
    return tuple(_word(value) for value in _split(text, ",")) if text else ()


def _split(text: str, sign: str) -> list[str]:
    """The parts of a text between signs that stand outside quotation marks."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        raise ValueError("a quotation mark is not closed")
    parts = [""]
    for token in tokens:
        if token == sign:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]


def _word(text: str) -> str:
    """One word of a line, out of its quotation marks."""
    if text.startswith('"'):
        word = json.loads(text)
    elif RESERVED.search(text):
        raise ValueError(f"{text[:40]!r} has to stand in quotation marks")
    else:
        word = " ".join(text.split())
    return check_word("word", word)
