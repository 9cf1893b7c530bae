"""How well things match the words of a query: a score a thing, from visible texts alone.

The rank uses no statistics at all. Each term takes the best text of a thing that holds it: how
much of that text it is, what kind of text it is, and whether it still stands; a thing needs every
term, whichever of its texts holds it, and its score is their sum (docs/decisions/0147).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alliage.picture.view import PictureView
from alliage.search.index import SIMILAR, Reason, Term, TextIndex, Then

FEW: Final = 5
"""Where fewer things than this have the words themselves, words spelt alike count, too."""
SPELLINGS_AT_MOST: Final = 8
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
        found = {Variant(term): self._score(Variant(term)) for term in terms}
        by_term = [[found[Variant(term)]] for term in terms]
        scores = _all_of([strict for (strict,) in by_term])
        if len(scores) < FEW:
            for term, some in zip(terms, by_term, strict=True):
                if len(some[0]) < FEW:
                    alike = {variant: self._score(variant) for variant in self._alike(term)}
                    some += alike.values()
                    found |= alike
            scores = _best_of([scores, _all_of([_best_of(some) for some in by_term])])
            if not scores:
                joined = {variant: self._score(variant) for variant in self._joined(terms)}
                scores = _best_of([*joined.values()])
                found |= joined
        return Matches(scores, found)

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

    def _score(self, variant: Variant) -> Scores:
        """The score of what holds one variant."""
        found = self._index.find(self._view.audience, variant.term, self._then)
        if not variant.is_similar:
            self._add_identifiers(variant.term, found)
        return {name: round(score * variant.factor, 9) for name, score in found.items()}

    def _add_identifiers(self, term: Term, scores: Scores) -> None:
        """Identifiers are in the picture, also of what nobody has claimed anything of."""
        if not any(c.isdigit() for c in term.text) or " " in term.text:
            return
        with self._view.lock:
            beginning = self._view.attributes.identifiers_beginning(term.text)
        for identifier, value in beginning:
            part = len(term.text) / len(value)
            score = IDENTIFIER_WHOLE if part == 1 else IDENTIFIER_BEGINS + 0.2 * part
            scores[identifier] = max(scores.get(identifier, 0.0), score)


def _all_of(scores: Sequence[Scores]) -> Scores:
    """The sum, of what is in every one."""
    fewest = min(scores, key=len)
    return {
        name: sum(some[name] for some in scores)
        for name in fewest
        if all(name in some for some in scores)
    }


def _best_of(scores: Sequence[Scores]) -> Scores:
    best: Scores = {}
    for some in scores:
        for name, score in some.items():
            if score > best.get(name, 0.0):
                best[name] = score
    return best
