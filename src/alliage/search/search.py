"""The search of a node: a query and an audience in; hits, counts and suggestions out.

Matches come from the index, everything else that a hit is found by (kind, place, state, nation,
source) from the picture of the same audience. Every filter is a mask over its objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.audience import Audience
from alliage.ontology.folding import fold
from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import AFFILIATION_DIGITS
from alliage.picture.columns import NO_TIME
from alliage.picture.objects import Rows
from alliage.picture.picture import Picture
from alliage.picture.staleness import ENDED, STATES
from alliage.picture.state import TrackState
from alliage.picture.view import PictureView
from alliage.search.distance import bearing_deg, distances_m
from alliage.search.gazetteer import Gazetteer
from alliage.search.index import Field, Reason, Term, TextIndex, Then
from alliage.search.marks import Span, marked
from alliage.search.matching import Matcher, Matches, Variant
from alliage.search.query import Near, Query, QueryError
from alliage.search.ranking import Candidates, Ranking
from alliage.search.things import ThingCodes

REASONS_AT_MOST: Final = 3
FACET_VALUES_AT_MOST: Final = 50
AGES_S: Final = {"hour": 3600, "day": 86_400, "week": 604_800}
OLDER, NEVER = "older", "never"

Mask = NDArray[np.bool_]


class SearchCursorError(ValueError):
    """A cursor that this search did not give out to this audience."""


@dataclass(frozen=True, slots=True)
class Why:
    """A text for which a thing was found, with the places in it that match.

    ``is_similar``: its word is another one, spelt or sounding alike.
    """

    reason: Reason
    spans: tuple[Span, ...]
    is_similar: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; distance and bearing are from the place that the query names."""

    state: TrackState
    why: tuple[Why, ...]
    distance_m: float | None
    bearing_deg: float | None


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """What "near" was taken to mean."""

    name: str
    latitude_deg: float
    longitude_deg: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. ``facets``: by filter, how many each of its values would give.

    A facet heeds all filters but its own, so that one sees what choosing otherwise would bring.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    near: ResolvedPlace | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """Another time: its picture, and the number of the last entry known then; None for all."""

    view: PictureView
    known_up_to: int | None


class Search:
    """Searches one node's index and picture."""

    def __init__(
        self,
        index: TextIndex,
        picture: Picture,
        ontology: Ontology,
        gazetteer: Gazetteer | None = None,
    ) -> None:
        self.index = index
        self.ontology = ontology
        self.gazetteer = gazetteer or Gazetteer.packaged()
        self._picture = picture
        self._codes = ThingCodes()

    def search(
        self,
        audience: Audience,
        query: Query,
        limit: int = 20,
        cursor: str | None = None,
        past: Past | None = None,
    ) -> Found:
        """The best hits for these readers.

        Args:
            audience: whose.
            query: what is asked.
            limit: at most so many.
            cursor: ``next`` of the page before.
            past: another time than the present; its picture is that of the same audience.

        Raises:
            QueryError: the place of "near" is not known.
            SearchCursorError: the cursor is none.
        """
        view = self._picture.view(audience) if past is None else past.view
        matcher = Matcher(self.index, view, _then(view, past), self._codes)
        matches = matcher.match(query.terms) if query.terms else None
        near = None if query.near is None else self._resolve(view, query.near, matcher)
        with view.lock:  # short: nothing is read from a file in it
            at_most = None if matches is None else _by_row(view, matcher, matches)
            away_m = _distances(view, near)
            masks = _masks(view, query, at_most, near, away_m)
            candidates = _candidates(view, masks, at_most, away_m)
            facets = _facets(view, masks)
            after = None if cursor is None else view.row_of(cursor)
        ranking = Ranking(candidates, lambda rows: _scores(matcher, matches, rows))
        try:
            page, more = ranking.page(-1 if cursor is not None and after is None else after, limit)
        except KeyError:
            what = f"{cursor!r} is no cursor of this search: start without one"
            raise SearchCursorError(what) from None
        hits = _hits(matcher, matches, view.states_of(page.tolist()), near)
        following = hits[-1].state.object_id if more and hits else None
        return Found(hits, len(candidates.rows), facets, near, following)

    def suggest(
        self, audience: Audience, text: str, limit: int = 8, past: Past | None = None
    ) -> list[tuple[str, str]]:
        """What the text may be going to be: pairs of (``name`` or ``place``, text)."""
        prefix = fold(text)
        if not prefix:
            return []
        view = self._picture.view(audience) if past is None else past.view
        names = self.index.names(audience, prefix, limit, _then(view, past))
        places = [
            next(name for name in place.names if fold(name).startswith(prefix))
            for place in self.gazetteer.beginning(prefix, limit)
        ]
        found = [*(("name", name) for name in names), *(("place", name) for name in places)]
        return found[:limit]

    def _resolve(self, view: PictureView, near: Near, matcher: Matcher) -> ResolvedPlace:
        """A position, a place of the gazetteer, or the object of that name, visible and located."""
        if near.position is not None:
            return ResolvedPlace(near.name, *near.position, near.distance_m)
        place = self.gazetteer.find(near.name)
        if place is not None:
            return ResolvedPlace(
                near.name, place.latitude_deg, place.longitude_deg, near.distance_m
            )
        terms = [Term(word) for word in fold(near.name).split()]
        matches = matcher.match(terms)
        with view.lock:
            at_most = _by_row(view, matcher, matches)
            at_most[np.isnan(view.objects.lon[: len(at_most)])] = 0.0
            rows = np.flatnonzero(at_most)
            equal = np.zeros(len(rows))
            candidates = Candidates(rows, at_most[rows], equal > 0, equal)
        found = Ranking(candidates, lambda rows: _scores(matcher, matches, rows)).first(1)
        if not len(found):
            what = f"near: no place or object {near.name[:60]!r} with a position is known"
            raise QueryError(what)
        with view.lock:
            best = int(found[0])
            lat, lon = float(view.objects.lat[best]), float(view.objects.lon[best])
            return ResolvedPlace(view.words(best).name or near.name, lat, lon, near.distance_m)


def _then(view: PictureView, past: Past | None) -> Then:
    now_us = view.reading.now_us
    return Then(now_us) if past is None else Then(now_us, now_us, past.known_up_to)


def _hits(
    matcher: Matcher,
    matches: Matches | None,
    states: Sequence[TrackState],
    near: ResolvedPlace | None,
) -> tuple[Hit, ...]:
    identifiers = [state.identifier for state in states]
    reasons = {} if matches is None else matcher.reasons(matches, identifiers)
    return tuple(
        Hit(state, _whys_of(state, matcher, matches, reasons), *_bearing(state, near))
        for state in states
    )


def _whys_of(
    state: TrackState,
    matcher: Matcher,
    matches: Matches | None,
    reasons: Mapping[str, list[tuple[Reason, Variant]]],
) -> tuple[Why, ...]:
    """The texts; of several things with one identifier each has what its own sources say.

    What is found by its identifier alone, of which nobody claimed anything, has that.
    """
    said = reasons.get(state.identifier, [])
    if matcher.is_shared(state.identifier):
        said = [one for one in said if one[0].stream in state.sources]
    scheme, _, name = state.identifier.partition(":")
    terms = [] if matches is None else [variant.term for variant in matches.by_variant]
    if said or not any(name.startswith(term.text) for term in terms):
        return _whys(said)
    since_us = state.valid_us or state.heard_us or 0
    source = state.sources[0] if state.sources else ""
    own = Reason(state.identifier, Field.IDENTIFIER, scheme, name, source, "", since_us, False, 1.0)
    return (Why(own, marked(name, terms), is_similar=False),)


def _by_row(view: PictureView, matcher: Matcher, matches: Matches) -> NDArray[np.float64]:
    """Bounds of the scores of all objects, 0 where one does not match."""
    found = np.zeros(view.objects.count)
    here = np.flatnonzero(matches.at_most)
    np.maximum.at(found, matcher.rows[here], matches.at_most[here])
    codes, rows = matcher.others
    np.maximum.at(found, rows, matches.at_most[codes])
    return found


def _scores(matcher: Matcher, matches: Matches | None, rows: Rows) -> NDArray[np.float64]:
    """The scores of these objects: of each the best of what is one object, by its identifiers."""
    scores = np.zeros(len(rows))
    if matches is None:
        return scores
    others, also = matcher.others
    codes = np.flatnonzero(matches.at_most)
    of = np.concatenate([matcher.rows[codes], also[matches.at_most[others] > 0]])
    codes = np.concatenate([codes, others[matches.at_most[others] > 0]])
    place = np.full(int(max(of.max(initial=-1), rows.max(initial=-1))) + 1, -1)
    place[rows] = np.arange(len(rows))
    codes, of = codes[place[of] >= 0], place[of][place[of] >= 0]
    np.maximum.at(scores, of, matcher.scores(matches, codes))
    return scores


def _whys(reasons: list[tuple[Reason, Variant]]) -> tuple[Why, ...]:
    """The best texts, each once, with everything in it marked that any variant finds there."""
    texts: dict[tuple[str, str, bool], list[tuple[Reason, Variant]]] = {}
    for reason, variant in reasons:
        key = (reason.property, reason.text, reason.is_earlier)
        texts.setdefault(key, []).append((reason, variant))
    # Stable: of equal ones the index's order stands, which is that of time and claim.
    best = sorted(texts.values(), key=_worth, reverse=True)
    return tuple(
        Why(
            found[0][0],
            marked(found[0][0].text, [variant.term for _, variant in found]),
            all(variant.is_similar for _, variant in found),
        )
        for found in best[:REASONS_AT_MOST]
    )


def _worth(found: Sequence[tuple[Reason, Variant]]) -> tuple[int, float]:
    """How many of the asked words a text holds, and how well. What several say counts once."""
    once = {variant: reason for reason, variant in reversed(found)}
    asked = sum(not variant.is_similar for variant in once)
    return asked, sum(reason.score * variant.factor for variant, reason in once.items())


def _bearing(state: TrackState, near: ResolvedPlace | None) -> tuple[float | None, float | None]:
    lat, lon = state.latitude_deg, state.longitude_deg
    if near is None or lat is None or lon is None:
        return None, None
    away_m = distances_m(near.latitude_deg, near.longitude_deg, np.array([lat]), np.array([lon]))
    return float(away_m[0]), bearing_deg(near.latitude_deg, near.longitude_deg, lat, lon)


def _distances(view: PictureView, near: ResolvedPlace | None) -> NDArray[np.float64] | None:
    n = view.objects.count
    if near is None:
        return None
    return distances_m(
        near.latitude_deg, near.longitude_deg, view.objects.lat[:n], view.objects.lon[:n]
    )


def _masks(
    view: PictureView,
    query: Query,
    at_most: NDArray[np.float64] | None,
    near: ResolvedPlace | None,
    away_m: NDArray[np.float64] | None,
) -> dict[str, Mask]:
    """A mask for each filter that is set; those of facets bear the facet's name."""
    objects, n = view.objects, view.objects.count
    masks: dict[str, Mask] = {"all": ~objects.void[:n]}
    if at_most is not None:
        masks["terms"] = at_most > 0
    if near is not None and away_m is not None:
        masks["near"] = np.nan_to_num(away_m, nan=np.inf) <= near.distance_m
    if query.kinds:
        masks["kind"] = view.kinds(query.kinds, objects.schema[:n])
    if query.sources:
        masks["source"] = view.attributes.of_sources(query.sources)
    if query.nations:
        codes, nations = view.attributes.nations()
        wanted = [code for code, nation in enumerate(nations) if nation in query.nations]
        masks["nation"] = np.isin(codes, wanted)
    if query.affiliations:
        digits = [int(AFFILIATION_DIGITS[name]) for name in query.affiliations]
        masks["affiliation"] = np.isin(view.attributes.standard_identities(), digits)
    if query.states:
        masks["state"] = np.isin(objects.state[:n], [STATES.index(s) for s in query.states])
    heard_us = objects.last_us[:n]
    if query.since_us is not None:
        masks["since"] = heard_us >= query.since_us
    if query.until_us is not None:
        masks["until"] = (heard_us <= query.until_us) & (heard_us != NO_TIME)
    return masks


def _candidates(
    view: PictureView,
    masks: Mapping[str, Mask],
    at_most: NDArray[np.float64] | None,
    away_m: NDArray[np.float64] | None,
) -> Candidates:
    """What fulfils every filter."""
    rows = np.flatnonzero(np.logical_and.reduce(list(masks.values())))
    equal = np.zeros(len(rows))
    return Candidates(
        rows,
        equal if at_most is None else at_most[rows],
        view.objects.state[rows] == ENDED,
        equal if away_m is None else away_m[rows],
    )


def _facets(view: PictureView, masks: Mapping[str, Mask]) -> dict[str, dict[str, int]]:
    def others(facet: str) -> Mask:
        kept = [mask for name, mask in masks.items() if name != facet]
        chosen: Mask = np.logical_and.reduce(kept)
        return chosen

    objects, n = view.objects, view.objects.count
    identities = view.attributes.standard_identities()
    titles = {int(digit): name for name, digit in AFFILIATION_DIGITS.items()}
    codes, nations = view.attributes.nations()
    return {
        "kind": _counts(objects.schema[:n][others("kind")], view.schema_name),
        "source": _sorted(view.attributes.source_counts(others("source"))),
        "nation": _counts(_known(codes[others("nation")]), lambda code: nations[code]),
        "affiliation": _counts(identities[others("affiliation")], lambda digit: titles[digit]),
        "state": _counts(objects.state[:n][others("state")], lambda code: STATES[code]),
        "age": _ages(objects.last_us[:n][others("since") & others("until")], view.reading.now_us),
    }


def _known(codes: NDArray[np.int32]) -> NDArray[np.int32]:
    return codes[codes >= 0]


def _counts(codes: NDArray[Any], name_of: Callable[[int], str]) -> dict[str, int]:
    values, counts = np.unique(codes, return_counts=True)
    return _sorted({name_of(int(v)): int(c) for v, c in zip(values, counts, strict=True)})


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:FACET_VALUES_AT_MOST])


def _ages(heard_us: NDArray[np.int64], now_us: int) -> dict[str, int]:
    """How many were last heard within each time; each is counted once."""
    known = heard_us[heard_us != NO_TIME]
    counts, before = {}, 0
    for name, age_s in AGES_S.items():
        within = int(np.count_nonzero(known >= now_us - age_s * 1_000_000))
        counts[name], before = within - before, within
    counts[OLDER] = len(known) - before
    counts[NEVER] = len(heard_us) - len(known)
    return {name: count for name, count in counts.items() if count}
