"""How well things match the words of a query: a score a thing, from visible texts alone.

The rank uses no statistics at all. Each term takes the best text of a thing that holds it: how
much of that text it is, what kind of text it is, and whether it still stands; a thing needs every
term, whichever of its texts holds it, and its score is their sum (docs/decisions/0147).

Whether a text still stands is the costly part, and a page needs it of few things. So everything
that matches has a bound first, the score that it has if all of its texts stand; scores are made of
what can reach the page (docs/decisions/0165).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.picture.view import PictureView
from alliage.search.index import SIMILAR, Reason, Term, TextIndex, Then
from alliage.search.things import ThingCodes

FEW: Final = 5
"""Where fewer things than this have the words themselves, words spelt alike count, too."""
SPELLINGS_AT_MOST: Final = 8
MANY: Final = 500
"""Of what more things have it does not matter how many more."""
LOOKED_AT_ONE_BY_ONE: Final = 50
"""Among no more things than these, a term is looked for in what is said of each."""
IDENTIFIER_WHOLE: Final = 1.2
IDENTIFIER_BEGINS: Final = 0.6

Scores = NDArray[np.float64]
"""By code of an identifier; 0 where it does not match."""
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Variant:
    """A term as it was found: itself, or a word spelt like it, which counts ``factor``."""

    term: Term
    factor: float = 1.0

    @property
    def is_similar(self) -> bool:
        """Whether it is another word than the one that was asked for."""
        return self.factor < 1.0


Asked = tuple[tuple[Variant, ...], ...]
"""Terms that are all needed, each as any of its variants."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What matches, with bounds of its score, and what has each of what was looked for.

    ``asked``: a thing matches if it has what any of these asks.
    """

    asked: tuple[Asked, ...]
    at_most: Scores
    by_variant: Mapping[Variant, Scores]


class Matcher:
    """Matches terms for one audience, against the index and the identifiers of its picture."""

    def __init__(
        self, index: TextIndex, view: PictureView, then: Then, codes: ThingCodes | None = None
    ) -> None:
        self._index = index
        self._view = view
        self._then = then
        self._codes = codes or ThingCodes()
        self._beginning: dict[Term, list[tuple[int, str]]] = {}
        with view.lock:
            self.rows = view.attributes.rows_by_identifier()
            self.others = view.attributes.others_by_identifier()
            self._words = view.attributes.identifiers

    def match(self, terms: Sequence[Term]) -> Matches:
        """What has every term.

        Where this is little, a term that hardly anything has stands for words spelt like it, too;
        and where there is still nothing, the words may have been one.
        """
        matches = self._together(tuple((Variant(term),) for term in terms))
        if np.count_nonzero(matches.at_most) < FEW:
            rare = [self._has_few(term) for term in terms]
            if any(rare):
                widened = tuple(
                    (Variant(term), *(self._alike(term) if few else []))
                    for term, few in zip(terms, rare, strict=True)
                )
                matches = _either(matches, self._together(widened))
            if not matches.at_most.any():
                joined = [self._together(((variant,),)) for variant in self._joined(terms)]
                matches = _either(matches, *joined)
        return matches

    def scores(self, matches: Matches, codes: Codes) -> Scores:
        """The scores of some of what matches, shape (codes,)."""
        kept = {
            variant: self._score(variant, codes)
            for variant, found in matches.by_variant.items()
            if found[codes].any()
        }
        nothing = np.zeros(len(codes))
        best = [
            _all_of([np.maximum.reduce([kept.get(v, nothing) for v in term]) for term in asked])
            for asked in matches.asked
        ]
        found: Scores = np.maximum.reduce(best)
        return found

    def is_shared(self, identifier: str) -> bool:
        """Whether several things bear it, as these readers see it."""
        return self._words.known(identifier) in self.others[0]

    def reasons(
        self, matches: Matches, identifiers: Sequence[str]
    ) -> dict[str, list[tuple[Reason, Variant]]]:
        """Of each thing the texts for which it matched, variant after variant."""
        found: dict[str, list[tuple[Reason, Variant]]] = {name: [] for name in identifiers}
        codes = [self._words.known(name) for name in identifiers]
        for variant, scores in matches.by_variant.items():
            here = [
                name
                for name, code in zip(identifiers, codes, strict=True)
                if code is not None and code < len(scores) and scores[code] > 0
            ]
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

    def _together(self, asked: Asked) -> Matches:
        """Things that have every term as one of its variants; the score is the sum of the best.

        The rarest term comes first, and of the others only what is left is looked at: a plan, by
        which nothing else is found.
        """
        found: list[Scores] = [np.zeros(len(self.rows)) for _ in asked]
        by_variant: dict[Variant, Scores] = {}
        left: Codes | None = None
        order: Sequence[int] = range(len(asked))
        if len(asked) > 1:
            order = sorted(order, key=lambda at: self._how_many(asked[at][0].term, MANY))
        for at in order:
            bounds = {variant: self._bound(variant, left) for variant in asked[at]}
            by_variant |= bounds
            found[at] = np.maximum.reduce([*bounds.values()])
            left = np.flatnonzero(found[at])
        return Matches((asked,), _all_of(found), by_variant)

    def _has_few(self, term: Term) -> bool:
        return self._how_many(term, FEW) < FEW

    def _how_many(self, term: Term, limit: int) -> int:
        """How many things have a term, as far as it matters."""
        beginning = {self._words.word(code) for code, _ in self._identifiers(term)}
        if len(beginning) >= limit:
            return len(beginning)
        return len(beginning | self._index.some(self._view.audience, term, self._then, limit))

    def _bound(self, variant: Variant, among: Codes | None) -> Scores:
        """The most that what holds one variant can score; of what ``among`` leaves out, nothing."""
        found = np.zeros(len(self.rows))
        if among is not None and len(among) <= LOOKED_AT_ONE_BY_ONE:
            found[among] = self._score(variant, among)
            return found
        bounds = self._index.bounds(self._view.audience, variant.term, self._then)
        with self._view.lock:
            codes = self._codes.of(self._words, bounds.identifiers, bounds.things)
        shown = np.flatnonzero((codes >= 0) & (codes < len(found)))
        shown = shown[self.rows[codes[shown]] >= 0]
        at_most = np.round(bounds.at_most[shown] * variant.factor, 9)
        np.maximum.at(found, codes[shown], at_most)
        for code, score in self._by_identifier(variant):
            found[code] = max(found[code], round(score, 9))
        if among is not None:
            others = np.ones(len(found), np.bool_)
            others[among] = False
            found[others] = 0.0
        return found

    def _score(self, variant: Variant, codes: Codes) -> Scores:
        """The scores of what holds one variant, shape (codes,)."""
        names = [self._words.word(code) for code in codes.tolist()]
        said = self._index.find(self._view.audience, variant.term, self._then, names)
        by_identifier = dict(self._by_identifier(variant))
        found = [
            max(said.get(name, 0.0), by_identifier.get(code, 0.0))
            for name, code in zip(names, codes.tolist(), strict=True)
        ]
        return np.round(np.array(found, np.float64) * variant.factor, 9)

    def _by_identifier(self, variant: Variant) -> list[tuple[int, float]]:
        """Codes of what is called so, with scores."""
        if variant.is_similar:
            return []
        found = []
        for code, value in self._identifiers(variant.term):
            part = len(variant.term.text) / len(value)
            whole = part == 1
            found.append((code, IDENTIFIER_WHOLE if whole else IDENTIFIER_BEGINS + 0.2 * part))
        return found

    def _identifiers(self, term: Term) -> list[tuple[int, str]]:
        """Identifiers are in the picture, also of what nobody has claimed anything of."""
        if not any(c.isdigit() for c in term.text) or " " in term.text:
            return []
        if term not in self._beginning:
            with self._view.lock:
                found = self._view.attributes.identifiers_beginning(term.text)
            codes = ((self._words.known(identifier), begins) for identifier, begins in found)
            self._beginning[term] = [
                (code, begins)
                for code, begins in codes
                if code is not None and code < len(self.rows)
            ]
        return self._beginning[term]


def _all_of(scores: Sequence[Scores]) -> Scores:
    """The sum, of what is in every one."""
    has_all = np.logical_and.reduce([some > 0 for some in scores])
    # One after the other: however many things there are, bounds and scores round alike.
    total: Scores = np.where(has_all, reduce(np.add, scores), 0.0)
    return total


def _either(*matches: Matches) -> Matches:
    """What any of them found, with the best bound; a variant has what all of them found for it."""
    by_variant: dict[Variant, Scores] = {}
    for one in matches:
        for variant, scores in one.by_variant.items():
            kept = by_variant.get(variant)
            by_variant[variant] = scores if kept is None else np.maximum(kept, scores)
    asked = tuple(asked for one in matches for asked in one.asked)
    return Matches(asked, np.maximum.reduce([one.at_most for one in matches]), by_variant)
