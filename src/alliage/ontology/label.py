"""Confidentiality labels after STANAG 4774, and their joined marking for display.

A label says under which policy a statement stands, how high it is classified and which
categories narrow its readers. Whether a reader may see it is decided in :mod:`alliage.access`;
here is only the algebra. STANAG 4774 has three kinds of category: RESTRICTIVE (the reader needs
all values), PERMISSIVE (any one value suffices; "Releasable To") and INFORMATIVE (shown only).
"""

from __future__ import annotations

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
"""From lowest to highest; the values STANAG 4774 registers for the NATO policy."""

RELEASABLE_TO: Final = "Releasable To"
UNLABELLED_POLICY: Final = "UNLABELLED"


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


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """One confidentiality label. Equal labels compare and hash equal."""

    policy: str
    classification: str
    categories: tuple[Category, ...] = ()

    def __post_init__(self) -> None:
        if self.classification not in CLASSIFICATIONS:
            known = ", ".join(CLASSIFICATIONS)
            raise ValueError(f"classification {self.classification!r} is not one of {known}")

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
    def rank(self) -> int:
        """Position of the classification in :data:`CLASSIFICATIONS`."""
        return CLASSIFICATIONS.index(self.classification)

    @property
    def is_unlabelled(self) -> bool:
        """Whether nobody has labelled this yet; such rows are never shareable."""
        return self.policy == UNLABELLED_POLICY

    @property
    def releasable_to(self) -> frozenset[str] | None:
        """Nations in the permissive "Releasable To" category; None where there is none."""
        for category in self.categories:
            if category.tag == RELEASABLE_TO:
                return frozenset(category.values)
        return None

    @property
    def marking(self) -> str:
        """The one-line text that stands on a screen or a page."""
        if self.is_unlabelled:
            return "UNLABELLED - NOT SHAREABLE"
        words = [self.policy, self.classification]
        for category in self.categories:
            if category.tag == RELEASABLE_TO:
                words.append("REL TO " + (", ".join(category.values) or "NOBODY"))
            else:
                words.append(f"{category.tag}: {', '.join(category.values)}")
        return " ".join(words[:2]) + "".join(f" / {word}" for word in words[2:])

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


def join_marking(labels: Iterable[Label]) -> Label | None:
    """The marking of labels shown together: for display and export, never for access.

    Highest classification, union of restrictive values, intersection of permissive ones.
    Associative, commutative and idempotent. None for no labels.
    """
    members = sorted(set(labels))
    if not members:
        return None
    if any(label.is_unlabelled for label in members):
        return UNLABELLED
    highest = max(members, key=lambda label: label.rank)
    policies = sorted({label.policy for label in members})
    return Label("+".join(policies), highest.classification, _join_categories(members))


def _join_categories(members: list[Label]) -> tuple[Category, ...]:
    joined: dict[tuple[str, CategoryKind], set[str]] = {}
    for label in members:
        for category in label.categories:
            slot = joined.get((category.tag, category.kind))
            if slot is None:
                joined[category.tag, category.kind] = set(category.values)
            elif category.kind is CategoryKind.PERMISSIVE:
                slot.intersection_update(category.values)
            else:
                slot.update(category.values)
    return tuple(sorted(Category(tag, kind, tuple(sorted(v))) for (tag, kind), v in joined.items()))
