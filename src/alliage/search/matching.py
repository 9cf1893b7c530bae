"""How well things match the words of a query: a score a thing, from visible texts alone.

The rank uses no statistics at all. Each term takes the best text of a thing that holds it: how
much of that text it is, what kind of text it is, and whether it still stands; a thing needs every
term, whichever of its texts holds it, and its score is their sum (docs/decisions/0147).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alliage.picture.view import PictureView
from alliage.search.index import SIMILAR, Reason, Term, TextIndex, Then

FEW: Final = 5
"""Where fewer things than this have the words themselves, words spelt alike count, too."""
SPELLINGS_AT_MOST: Final = 8
MANY: Final = 500
"""Of what more things have it does not matter how many more."""
IDENTIFIER_WHOLE: Final = 1.2
IDENTIFIER_BEGINS: Final = 0.6

Scores = dict[str, float]
"""By identifier; what does not match is not in it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A term as it was found: itself, or a word spelt like it, which counts ``factor``."""

    term: Term
    factor: float = 1.0

    @property
    def is_similar(self) -> bool:
        """Whether it is another word than the one that was asked for."""
        return self.factor < 1.0


@dataclass(frozen=True, slots=True)
class Matches:
    """What matches how well: all together, and each of what was looked for."""

    scores: Scores
    by_variant: Mapping[Variant, Scores]


class Matcher:
    """Matches terms for one audience, against the index and the identifiers of its picture."""

    def __init__(self, index: TextIndex, view: PictureView, then: Then) -> None:
        self._index = index
        self._view = view
        self._then = then

    def match(self, terms: Sequence[Term]) -> Matches:
        """Scores for things that have every term.

        Where these are few, a term that hardly anything has stands for words spelt like it, too;
        and where there is still nothing, the words may have been one.
        """
        matches = self._together([[Variant(term)] for term in terms])
        if len(matches.scores) < FEW:
            rare = [self._has_few(term) for term in terms]
            widened = [
                [Variant(term), *(self._alike(term) if few else [])]
                for term, few in zip(terms, rare, strict=True)
            ]
            if any(rare):
                matches = _either(matches, self._together(widened))
            if not matches.scores:
                matches = _either(matches, *(self._together([[v]]) for v in self._joined(terms)))
        return matches

    def reasons(
        self, matches: Matches, identifiers: Sequence[str]
    ) -> dict[str, list[tuple[Reason, Variant]]]:
        """Of each thing the texts for which it matched, variant after variant."""
        found: dict[str, list[tuple[Reason, Variant]]] = {name: [] for name in identifiers}
        for variant, scores in matches.by_variant.items():
            here = [name for name in identifiers if name in scores]
            if here:
                for reason in self._index.reasons(
                    self._view.audience, variant.term, here, self._then
                ):
                    found[reason.identifier].append((reason, variant))
        return found

    def _alike(self, term: Term) -> list[Variant]:
        if not term.is_prefix or " " in term.text:
            return []
        found = self._index.similar(self._view.audience, term.text, SPELLINGS_AT_MOST, self._then)
        return [Variant(Term(s.word, is_prefix=False), SIMILAR * s.likeness) for s in found]

    def _joined(self, terms: Sequence[Term]) -> list[Variant]:
        """The words without the blanks between them, and what is spelt like that."""
        if len(terms) < 2 or not all(term.is_prefix for term in terms):
            return []
        squeezed = Term("".join(term.text for term in terms))
        return [Variant(squeezed, SIMILAR), *self._alike(squeezed)]

    def _together(self, terms: Sequence[Sequence[Variant]]) -> Matches:
        """Things that have every term as one of its variants; the score is the sum of the best.

        The rarest term comes first, and of the others only what is left is looked at: a plan, by
        which nothing else is found.
        """
        found: list[Scores] = [{} for _ in terms]
        by_variant: dict[Variant, Scores] = {}
        left: Scores | None = None
        order: Sequence[int] = range(len(terms))
        if len(terms) > 1:
            order = sorted(order, key=lambda at: len(self._some(terms[at][0].term, MANY)))
        for at in order:
            scores = {variant: self._score(variant, left) for variant in terms[at]}
            by_variant |= scores
            found[at] = left = _best_of([*scores.values()])
        return Matches(_all_of(found), by_variant)

    def _has_few(self, term: Term) -> bool:
        return len(self._some(term, FEW)) < FEW

    def _some(self, term: Term, limit: int) -> set[str]:
        found = self._index.some(self._view.audience, term, self._then, limit)
        return found | {name for name, _ in self._identifiers(term)}

    def _score(self, variant: Variant, among: Collection[str] | None = None) -> Scores:
        """The score of what holds one variant."""
        found = self._index.find(self._view.audience, variant.term, self._then, among)
        if not variant.is_similar:
            for identifier, value in self._identifiers(variant.term):
                if among is None or identifier in among:
                    part = len(variant.term.text) / len(value)
                    score = IDENTIFIER_WHOLE if part == 1 else IDENTIFIER_BEGINS + 0.2 * part
                    found[identifier] = max(found.get(identifier, 0.0), score)
        return {name: round(score * variant.factor, 9) for name, score in found.items()}

    def _identifiers(self, term: Term) -> list[tuple[str, str]]:
        """Identifiers are in the picture, also of what nobody has claimed anything of."""
        if not any(c.isdigit() for c in term.text) or " " in term.text:
            return []
        with self._view.lock:
            return list(self._view.attributes.identifiers_beginning(term.text))


def _all_of(scores: Sequence[Scores]) -> Scores:
    """The sum, of what is in every one."""
    fewest = min(scores, key=len)
    return {
        name: sum(some[name] for some in scores)
        for name in fewest
        if all(name in some for some in scores)
    }


def _either(*matches: Matches) -> Matches:
    """What any of them found, with the best score; a variant has what all of them found for it."""
    by_variant: dict[Variant, Scores] = {}
    for one in matches:
        for variant, scores in one.by_variant.items():
            by_variant[variant] = _best_of([by_variant.get(variant, {}), scores])
    return Matches(_best_of([one.scores for one in matches]), by_variant)


def _best_of(scores: Sequence[Scores]) -> Scores:
    best: Scores = {}
    for some in scores:
        for name, score in some.items():
            if score > best.get(name, 0.0):
                best[name] = score
    return best
