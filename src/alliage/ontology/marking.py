"""Joined markings: what is said of labels that are shown together. For display and export only.

The join keeps one label for each policy: the highest classification, the union of restrictive and
informative values, the intersection of permissive ones. It is associative, commutative and
idempotent, and never below its parts. Labels of one policy whose order is not known stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from alliage.ontology.label import (
    CLASSIFICATIONS,
    UNLABELLED,
    Category,
    CategoryKind,
    Label,
)
from alliage.ontology.policies import Policies, known_policies
from alliage.ontology.security_policy import Place, Qualifiers, SecurityPolicy

LANGUAGES: Final = ("en", "fr")
REMEMBERED: Final = 4096
"""Joins that are kept: rows of one stream ask for the same one again and again."""

_NO_NATION: Final = {"en": "RELEASABLE TO NO NATION", "fr": "COMMUNICABLE À AUCUNE NATION"}
_NO_VALUE: Final = {"en": "NOBODY", "fr": "PERSONNE"}
_UNLABELLED: Final = {
    "en": "UNLABELLED - NOT SHAREABLE",
    "fr": "SANS ÉTIQUETTE - NON COMMUNICABLE",
}
_BETWEEN: Final = " // "


@dataclass(frozen=True, slots=True)
class JoinedMarking:
    """The marking of labels shown together.

    ``labels`` says everything; ``shown`` leaves out a label that one of another policy covers, as
    a SPIF states. ``classification`` is the highest, in the words of clearances where it has one:
    screens colour by it. ``marking`` is the line that says everything, in any language the same.
    """

    labels: tuple[Label, ...]
    shown: tuple[Label, ...]
    classification: str
    marking: str

    def in_words(
        self,
        language: str,
        place: Place = Place.PAGE,
        policies: Policies | None = None,
    ) -> str:
        """What the policies want to be written at this place in this language."""
        known = policies or known_policies()
        return _BETWEEN.join(in_words(label, language, place, known) for label in self.shown)


_ALL_UNLABELLED: Final = JoinedMarking(
    (UNLABELLED,), (UNLABELLED,), UNLABELLED.classification, UNLABELLED.marking
)


def join_marking(labels: Iterable[Label], policies: Policies | None = None) -> JoinedMarking | None:
    """Join labels; None for none. One that is unlabelled makes the whole unlabelled.

    Args:
        labels: what is shown together.
        policies: the order of classifications; by default what this process knows.
    """
    members = frozenset(labels)
    if not members:
        return None
    if any(label.is_unlabelled for label in members):
        return _ALL_UNLABELLED
    return _joined(members, policies or known_policies())


@lru_cache(REMEMBERED)
def _joined(members: frozenset[Label], known: Policies) -> JoinedMarking:
    groups: dict[tuple[str, str], list[Label]] = {}
    for label in members:
        groups.setdefault(_group(label, known), []).append(label)
    joined = tuple(sorted(_join_group(group, known) for group in groups.values()))
    shown = tuple(_without_covered(joined, known))
    text = _BETWEEN.join(label.marking for label in shown)
    return JoinedMarking(joined, shown, _highest(shown, known), text)


def in_words(
    label: Label, language: str, place: Place = Place.PAGE, policies: Policies | None = None
) -> str:
    """One label as its policy writes it; its plain marking where the policy is not known.

    Args:
        label: what to write.
        language: ISO 639-1, ``en`` or ``fr``.
        place: a page's head and foot, or before a paragraph.
        policies: by default what this process knows.
    """
    if label.is_unlabelled:
        return _UNLABELLED.get(language, _UNLABELLED["en"])
    policy = (policies or known_policies()).get(label.policy)
    if policy is None:
        return label.marking
    order = {key: number for number, key in enumerate(policy.tags)}
    last = len(order)
    in_order = sorted(label.categories, key=lambda c: (order.get((c.tag, c.kind), last), c))
    words = [
        _head(label, policy, language, place),
        *(_category(category, policy, language, place) for category in in_order),
    ]
    return _between(policy.qualifiers, [word for word in words if word], language, place, " ")


def _group(label: Label, policies: Policies) -> tuple[str, str]:
    """Labels of one group can be joined into one; unordered classifications make groups apart."""
    policy = policies.get(label.policy)
    ordered = policy is not None and label.classification in policy.classifications
    return label.policy, "" if ordered else label.classification


def _join_group(group: list[Label], policies: Policies) -> Label:
    policy = policies.get(group[0].policy)

    def height(label: Label) -> tuple[int, str]:
        known = policy and policy.classifications.get(label.classification)
        return (known.hierarchy if known else 0), label.classification

    highest = max(group, key=height)
    return Label(highest.policy, highest.classification, _join_categories(group))


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


def _without_covered(labels: tuple[Label, ...], policies: Policies) -> list[Label]:
    """Labels that none of another policy, that is itself kept, covers.

    Of two that cover each other the first is kept.
    """

    def covered(label: Label, others: Iterable[Label]) -> bool:
        return any(o.policy != label.policy and policies.covers(o, label) for o in others)

    kept = [label for label in labels if not covered(label, labels)]
    for label in labels:
        if label not in kept and not covered(label, kept):
            kept.append(label)
    return sorted(kept)


def _highest(labels: tuple[Label, ...], policies: Policies) -> str:
    levels = [policies.level(label) for label in labels]
    ranked = [level for level in levels if level in CLASSIFICATIONS]
    if ranked:
        return max(ranked, key=CLASSIFICATIONS.index)
    return max(label.classification for label in labels)


def _head(label: Label, policy: SecurityPolicy, language: str, place: Place) -> str:
    classification = policy.classifications.get(label.classification)
    name = policy.phrases.find(place, language)
    words = label.classification
    if classification is not None:
        replacing = classification.replaces_policy.find(place, language)
        name = replacing if replacing is not None else name
        phrase = classification.phrases.find(place, language)
        words = phrase if phrase is not None else words
    return " ".join(word for word in (policy.name if name is None else name, words) if word)


def _category(category: Category, policy: SecurityPolicy, language: str, place: Place) -> str:
    if not category.values and category.is_release:
        return _NO_NATION.get(language, _NO_NATION["en"])
    tag = policy.tags.get((category.tag, category.kind))
    if tag is None:
        return category.marking
    phrases = []
    for value in category.values:
        known = tag.values.get(value)
        phrase = None if known is None else known.phrases.find(place, language)
        phrases.append(value if phrase is None else phrase)
    if not phrases:
        phrases = [f"{tag.name}: {_NO_VALUE.get(language, _NO_VALUE['en'])}"]
    return _between(tag.qualifiers, phrases, language, place, ", ")


def _between(
    qualifiers: Qualifiers, words: list[str], language: str, place: Place, separator: str
) -> str:
    prefix = qualifiers.prefix.find(place, language) or ""
    suffix = qualifiers.suffix.find(place, language) or ""
    found = qualifiers.separator.find(place, language)
    return prefix + (separator if found is None else found).join(words) + suffix
