"""What a security policy says: its classifications and their order, its categories, its markings.

The parts of an Open XML SPIF (xmlspif.org, schema 2.1; ADatP-4774.1 chapter 3) that matter for
labels. :mod:`alliage.ontology.spif` reads the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from alliage.ontology.label import Category, CategoryKind, Label

ANY_LANGUAGE: Final = ""
FALLBACK_LANGUAGE: Final = "en"


class Place(StrEnum):
    """Where a marking stands: at the head and foot of a page, or before a paragraph."""

    PAGE = "page"
    PORTION = "portion"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by place and language; the language is ISO 639-1, or empty for every language."""

    by_place: Mapping[tuple[Place, str], str]

    def find(self, place: Place, language: str) -> str | None:
        """The phrase for this place in this language; the page's where a portion has none."""
        places = (place,) if place is Place.PAGE else (place, Place.PAGE)
        for where in places:
            for spoken in (language, ANY_LANGUAGE, FALLBACK_LANGUAGE):
                if (where, spoken) in self.by_place:
                    return self.by_place[where, spoken]
        return None


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """What stands before, between and after phrases, by place and language."""

    prefix: Phrases
    separator: Phrases
    suffix: Phrases


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What a classification or a value is in another policy.

    ``sent``: a label of this policy may be written as the other's (SPIF ``encrypt``);
    ``received``: a label of the other may be read as this policy's (``decrypt``).
    """

    policy: str
    lacv: str
    sent: bool
    received: bool
    tag_set_id: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """Names one value of a tag, or with ``lacv`` None all of them."""

    tag: str
    kind: CategoryKind | None
    lacv: str | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Categories that must stand in a label; ``operation`` is onlyOne, oneOrMore or all."""

    operation: str
    groups: tuple[CategoryRef, ...]


@dataclass(frozen=True, slots=True)
class PolicyClassification:
    """One classification; a greater ``hierarchy`` is higher."""

    name: str
    lacv: str
    hierarchy: int
    colour: str | None
    obsolete: bool
    phrases: Phrases
    replaces_policy: Phrases
    """Phrases that stand in the place of the policy's name (COSMIC)."""
    equivalents: tuple[Equivalent, ...]
    required: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """One value of a tag, with what it may not or must stand beside."""

    name: str
    lacv: str
    obsolete: bool
    phrases: Phrases
    equivalents: tuple[Equivalent, ...]
    required_class: str | None
    excluded_classes: frozenset[str]
    required: tuple[Requirement, ...]
    excluded: tuple[CategoryRef, ...]


@dataclass(frozen=True, slots=True)
class PolicyTag:
    """One kind of category. A tag that lists no values takes any: nations, for example."""

    name: str
    tag_set_id: str
    kind: CategoryKind
    values: Mapping[str, PolicyValue]
    at_least: int
    at_most: int | None
    qualifiers: Qualifiers


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """A whole policy; names are what labels say (ADatP-4774.1 table 10)."""

    name: str
    policy_id: str
    source: Path
    digest: str
    """SHA-256 of the file, in hexadecimal digits."""
    classifications: Mapping[str, PolicyClassification]
    tags: Mapping[tuple[str, CategoryKind], PolicyTag]
    equivalent_policies: Mapping[str, str]
    """Identifiers (OID) of the policies that equivalences speak of, by name."""
    phrases: Phrases
    qualifiers: Qualifiers

    @property
    def uri(self) -> str:
        """The identifier as labels carry it (ADatP-4774.1 section 3.10.2)."""
        return f"urn:oid:{self.policy_id}"

    def ordered(self) -> list[PolicyClassification]:
        """Classifications from lowest to highest."""
        return sorted(self.classifications.values(), key=lambda each: each.hierarchy)

    def problems(self, label: Label) -> list[str]:
        """Why a label is none of this policy's; empty for one that is.

        An informative category that the policy does not know is no problem: it narrows nobody.
        """
        classification = self.classifications.get(label.classification)
        if classification is None:
            known = ", ".join(each.name for each in self.ordered())
            return [f"{self.name} has no classification {label.classification!r}; it has {known}"]
        problems = [text for category in label.categories for text in self._wrong(category)]
        if not problems:
            rules = self._rules(label, classification)
            problems = [text for text, holds in rules if not holds]
        return problems

    def _wrong(self, category: Category) -> Iterator[str]:
        tag = self.tags.get((category.tag, category.kind))
        if tag is None:
            others = [kind for name, kind in self.tags if name == category.tag]
            if others:
                yield f"{category.tag} is {others[0].value} in {self.name}, not {category.kind}"
            elif category.kind is not CategoryKind.INFORMATIVE:
                yield f"{self.name} has no category {category.tag!r}"
            return
        for value in category.values:
            if tag.values and value not in tag.values:
                yield f"{category.tag} of {self.name} has no value {value!r}"
        if tag.at_most is not None and len(category.values) > tag.at_most:
            yield f"{category.tag} of {self.name} takes at most {tag.at_most} of its values"
        if len(category.values) < tag.at_least and not category.is_release:
            yield f"{category.tag} of {self.name} takes at least {tag.at_least} of its values"

    def _rules(
        self, label: Label, classification: PolicyClassification
    ) -> Iterator[tuple[str, bool]]:
        for rule in classification.required:
            yield f"{classification.name} needs {_named(rule)}", self._has(label, rule)
        for tag, value in self._values(label):
            what = f"{tag.name} {value.name}"
            needed = value.required_class
            yield f"{what} needs {needed}", needed in (None, classification.name)
            excluded = classification.name in value.excluded_classes
            yield f"{what} may not stand under {classification.name}", not excluded
            for rule in value.required:
                yield f"{what} needs {_named(rule)}", self._has(label, rule)
            for ref in value.excluded:
                clash = any(self._is(ref, *other) for other in self._values(label))
                yield f"{what} may not stand beside {ref.tag}", not clash

    def _values(self, label: Label) -> Iterator[tuple[PolicyTag, PolicyValue]]:
        for category in label.categories:
            tag = self.tags.get((category.tag, category.kind))
            if tag is not None:
                yield from ((tag, tag.values[v]) for v in category.values if v in tag.values)

    def _has(self, label: Label, rule: Requirement) -> bool:
        held = [any(self._is(ref, *each) for each in self._values(label)) for ref in rule.groups]
        if rule.operation == "all":
            return all(held)
        return held.count(True) == 1 if rule.operation == "onlyOne" else any(held)

    def _is(self, ref: CategoryRef, tag: PolicyTag, value: PolicyValue) -> bool:
        return (
            ref.tag == tag.name and ref.kind in (None, tag.kind) and ref.lacv in (None, value.lacv)
        )


def _named(rule: Requirement) -> str:
    return f"{rule.operation} of {', '.join(sorted({ref.tag for ref in rule.groups}))}"
