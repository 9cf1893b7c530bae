"""Confidentiality labels after STANAG 4774: what one says, and the line that shows it.

A label says under which policy a statement stands, how high it is classified and which
categories narrow its readers. What the names mean, and which classification is higher, only the
policy knows (:mod:`alliage.ontology.policies`); whether a reader may see it is decided in
:mod:`alliage.access`. STANAG 4774 has three kinds of category: RESTRICTIVE (the reader needs all
values), PERMISSIVE (any one value suffices; "Releasable To") and INFORMATIVE (shown only).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

CLASSIFICATIONS: Final = (
    "UNMARKED",
    "UNCLASSIFIED",
    "RESTRICTED",
    "CONFIDENTIAL",
    "SECRET",
    "TOP SECRET",
)
"""From lowest to highest; the values STANAG 4774 registers for the NATO policy.

Clearances are given in these words. Labels of other policies have words of their own.
"""

RELEASABLE_TO: Final = "Releasable To"
UNLABELLED_POLICY: Final = "UNLABELLED"
WORD_CHARACTERS: Final = 256
"""Longest name of a policy, a classification, a tag or a value (Open XML SPIF 2.1)."""

NOBODY: Final = "NOBODY"
KIND_WORDS: Final = {"permissive": " (any of)", "informative": " (note)"}
"""What follows a tag in a marking where a reader need not hold every value."""

RESERVED: Final = re.compile(r'["/:,()]|^REL TO\b')
"""What parts a marking; a word that holds it stands in quotation marks, as in JSON."""


def check_word(what: str, word: str) -> str:
    """Return a name of a label, if it can be one.

    Raises:
        ValueError: it is empty, too long, unprintable or has more spaces than one between words.
    """
    if (
        not 1 <= len(word) <= WORD_CHARACTERS
        or not word.isprintable()
        or word != " ".join(word.split())
    ):
        raise ValueError(
            f"{what} {word[:40]!r}: a label's words have 1 to {WORD_CHARACTERS} printable "
            "characters, and single spaces between them"
        )
    return word


class CategoryKind(StrEnum):
    """How a category's values bind a reader."""

    RESTRICTIVE = "restrictive"
    PERMISSIVE = "permissive"
    INFORMATIVE = "informative"


@dataclass(frozen=True, slots=True, order=True)
class Category:
    """One category of a label: its tag, its kind and its sorted values."""

    tag: str
    kind: CategoryKind
    values: tuple[str, ...]

    @property
    def is_release(self) -> bool:
        """Whether its values are the nations that may have it."""
        return self.tag == RELEASABLE_TO and self.kind is CategoryKind.PERMISSIVE

    @property
    def marking(self) -> str:
        """How it stands in a label's marking."""
        if self.is_release:
            nations = ", ".join(_quoted(value, NOBODY) for value in self.values)
            return f"REL TO {nations or NOBODY}"
        values = ", ".join(_quoted(value) for value in self.values)
        return f"{_quoted(self.tag)}{KIND_WORDS.get(self.kind, '')}: {values}"


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """One confidentiality label. Equal labels compare and hash equal."""

    policy: str
    classification: str
    categories: tuple[Category, ...] = ()

    def __post_init__(self) -> None:
        check_word("policy", self.policy)
        check_word("classification", self.classification)

    @classmethod
    def make(
        cls,
        policy: str,
        classification: str,
        releasable_to: Iterable[str] | None = None,
        restrictive: dict[str, Iterable[str]] | None = None,
    ) -> Label:
        """Build a label with canonical categories; ``releasable_to=None``: no such category."""
        categories = [
            Category(tag, CategoryKind.RESTRICTIVE, tuple(sorted(set(values))))
            for tag, values in (restrictive or {}).items()
        ]
        if releasable_to is not None:
            nations = tuple(sorted(set(releasable_to)))
            categories.append(Category(RELEASABLE_TO, CategoryKind.PERMISSIVE, nations))
        return cls(policy, classification, tuple(sorted(categories)))

    @property
    def is_unlabelled(self) -> bool:
        """Whether nobody has labelled this yet; such rows are never shareable."""
        return self.policy == UNLABELLED_POLICY

    @property
    def releasable_to(self) -> frozenset[str] | None:
        """Nations in the permissive "Releasable To" category; None where there is none."""
        for category in self.categories:
            if category.is_release:
                return frozenset(category.values)
        return None

    @property
    def marking(self) -> str:
        """The one-line text that says everything of a label, in any language the same.

        :func:`alliage.ontology.label_text.parse_label` reads it again. What a policy wants to
        stand on a page, in English or French, is :func:`alliage.ontology.marking.in_words`.
        """
        if self.is_unlabelled:
            return "UNLABELLED - NOT SHAREABLE"
        policy = _quoted(self.policy, *([self.policy] if " " in self.policy else []))
        head = f"{policy} {_quoted(self.classification)}"
        return " / ".join([head, *(category.marking for category in self.categories)])

    def to_json(self) -> dict[str, Any]:
        """Return plain data in canonical order, as signed and as sent."""
        return {
            "policy": self.policy,
            "classification": self.classification,
            "categories": [
                {"tag": c.tag, "kind": c.kind.value, "values": list(c.values)}
                for c in self.categories
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Label:
        """Inverse of :meth:`to_json`."""
        categories = tuple(
            Category(c["tag"], CategoryKind(c["kind"]), tuple(c["values"]))
            for c in data["categories"]
        )
        return cls(data["policy"], data["classification"], categories)


UNLABELLED: Final = Label(UNLABELLED_POLICY, "TOP SECRET")
"""What a source without a label in the configuration gets: kept, and never shared."""

LabelSet = frozenset[Label]
"""The labels of everything a row was made from; a reader needs to be allowed every one."""


def combined(categories: Iterable[Category]) -> tuple[Category, ...]:
    """Categories of one tag and kind made one, in canonical order; values are united."""
    found: dict[tuple[str, CategoryKind], set[str]] = {}
    for category in categories:
        found.setdefault((category.tag, category.kind), set()).update(category.values)
    return tuple(sorted(Category(tag, kind, tuple(sorted(v))) for (tag, kind), v in found.items()))


def _quoted(word: str, *reserved: str) -> str:
    if RESERVED.search(word) or word in reserved:
        return json.dumps(word, ensure_ascii=False)
    return word
