"""Search results as the API says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, cast

import numpy as np

from alliage.ontology.schema import Ontology
from alliage.ontology.tasks import TASK
from alliage.ontology.times import to_text
from alliage.picture.view import PictureView
from alliage.search.query import Query, query_of
from alliage.search.search import Found, Hit, ResolvedPlace, Why
from alliage.server import present
from alliage.server.as_of import AsOf
from alliage.server.models.common import Marking
from alliage.server.models.search import (
    Facets,
    FacetValue,
    FieldName,
    NearPlace,
    SearchHit,
    SearchResult,
    Suggestion,
    WhyFound,
)
from alliage.server.services import Services

TEXT_CHARACTERS: Final = 240
BEFORE_CHARACTERS: Final = 60
"""Of a long text so much is shown before the first word that matches."""


def asked(
    typed: Query, filters: Mapping[str, Sequence[str] | None], ontology: Ontology, now_us: int
) -> Query:
    """What was typed, with the filters that have parameters of their own.

    Raises:
        QueryError: a filter's value means nothing.
    """
    given = {name: list(values) for name, values in filters.items() if values}
    more = query_of((), given, ontology, now_us)
    return replace(
        typed,
        kinds=typed.kinds + more.kinds,
        sources=typed.sources + more.sources,
        nations=typed.nations + more.nations,
        affiliations=typed.affiliations + more.affiliations,
        states=typed.states + more.states,
        near=more.near or typed.near,
        since_us=typed.since_us if more.since_us is None else more.since_us,
        until_us=typed.until_us if more.until_us is None else more.until_us,
    )


def search_result(as_of: AsOf, query: Query, found: Found) -> SearchResult:
    """Return what was found."""
    return SearchResult(
        items=[_hit(hit) for hit in found.hits],
        next=found.next,
        total=found.total,
        facets=Facets(
            **{
                name: [FacetValue(value=value, count=count) for value, count in values.items()]
                for name, values in found.facets.items()
            }
        ),
        near=_near(found.near),
        no_filters=list(query.no_filters),
        valid=to_text(as_of.now_us) if as_of.is_past else None,
        not_kept=as_of.not_kept,
        marking=_joined(as_of.view, found.hits),
    )


def _near(place: ResolvedPlace | None) -> NearPlace | None:
    if place is None:
        return None
    return NearPlace(
        name=place.name,
        lon=place.longitude_deg,
        lat=place.latitude_deg,
        distance_m=place.distance_m,
    )


def suggestion(services: Services, kind: str, text: str) -> Suggestion:
    """Return a suggestion, a place with where it is."""
    place = services.search.gazetteer.find(text) if kind == "place" else None
    return Suggestion(
        kind=cast(Literal["name", "place"], kind),
        text=text,
        lon=None if place is None else place.longitude_deg,
        lat=None if place is None else place.latitude_deg,
    )


def _joined(view: PictureView, hits: Sequence[Hit]) -> Marking | None:
    with view.lock:
        rows = [view.row_of(hit.state.object_id) for hit in hits]
        label = view.marking(np.array([row for row in rows if row is not None], np.intp))
    if label is None:
        return None
    return Marking(text=label.marking, classification=label.classification)


def _hit(hit: Hit) -> SearchHit:
    state = hit.state
    # A task is known, and nowhere: the picture's tracks leave it out, too.
    is_track = state.state != "ended" and state.schema != TASK
    return SearchHit(
        kind="track" if is_track else "object",
        id=state.object_id,
        schema=state.schema,
        sidc=state.sidc,
        title=state.name or state.identifier,
        subtitle=" · ".join([state.identifier, *state.sources]),
        lon=state.longitude_deg,
        lat=state.latitude_deg,
        distance_m=None if hit.distance_m is None else round(hit.distance_m),
        bearing_deg=None if hit.bearing_deg is None else round(hit.bearing_deg, 1),
        why=[_why(why) for why in hit.why],
        marking=present.marking_of(state),
    )


def _why(why: Why) -> WhyFound:
    text, marks = _cut(why.reason.text, list(why.spans))
    return WhyFound(
        field=cast(FieldName, why.reason.field.name.lower()),
        property=why.reason.property,
        text=text,
        marks=marks,
        source=why.reason.stream,
        said=to_text(why.reason.valid_from_us),
        earlier=why.reason.is_earlier,
        similar=why.is_similar,
    )


def _cut(text: str, marks: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """A long text round the first word that matches, and the marks in it."""
    if len(text) <= TEXT_CHARACTERS:
        return text, marks
    first = marks[0][0] if marks else 0
    begin = max(0, first - BEFORE_CHARACTERS)
    end = begin + TEXT_CHARACTERS
    head, tail = "…" if begin else "", "…" if end < len(text) else ""
    shift = begin - len(head)
    kept = [(a - shift, b - shift) for a, b in marks if b <= end]
    return f"{head}{text[begin:end]}{tail}", kept
