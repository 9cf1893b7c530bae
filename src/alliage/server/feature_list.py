"""Everything with a geometry that a reader may see, one feature an object."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import orjson

from alliage.actions.geometry import GeometryError, box_of, checked_geometry
from alliage.history.claims import StoredClaim
from alliage.ontology.box import Box
from alliage.ontology.claim import GEOMETRY
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.picture.state import TrackState
from alliage.server import present
from alliage.server.as_of import AsOf
from alliage.server.models.common import Marking
from alliage.server.models.features import Feature, FeatureCollection, FeatureProperties
from alliage.server.object_view import best_values, holds, latest_of_each_source
from alliage.server.services import Services

FEATURES_AT_MOST: Final = 2_000
GEOMETRIES_KEPT: Final = 4_096
SUBJECTS_AT_ONCE: Final = 200


def feature_collection(
    services: Services,
    as_of: AsOf,
    box: Box | None,
    schemata: Collection[str] | None,
) -> FeatureCollection:
    """Return the features within a box, of these schemata and those that extend them."""
    # In the present a replay's clock stands in another year than people's words.
    claims = as_of.claims.geometries(until_us=as_of.now_us if as_of.is_past else None)
    current = [item for item in claims if holds(item, as_of.now_us)]
    chosen = [
        item
        for item in _one_an_object(current)
        if _is_wanted(services, item, schemata) and _lies_in(item, box)
    ]
    complete = len(chosen) <= FEATURES_AT_MOST
    features = _features(services, as_of, chosen[:FEATURES_AT_MOST])
    joined: LabelSet = frozenset().union(*(labels for _, labels in features))
    return FeatureCollection(
        features=[feature for feature, _ in features],
        complete=complete,
        marking=Marking.of(joined) if joined else None,
    )


def _one_an_object(claims: Sequence[StoredClaim]) -> list[StoredClaim]:
    """Of each thing the geometry claimed last, whoever claims it; in the order of identifiers."""
    best: dict[str, StoredClaim] = {}
    for item in sorted(claims, key=lambda item: (item.claim.valid_from_us, item.number)):
        best[item.claim.identifier] = item
    return [best[identifier] for identifier in sorted(best)]


def _is_wanted(services: Services, item: StoredClaim, schemata: Collection[str] | None) -> bool:
    if item.claim.value is None:
        return False
    if schemata is None:
        return True
    known = item.claim.schema in services.ontology.schemata
    lineage = services.ontology.lineage(item.claim.schema) if known else [item.claim.schema]
    return not set(schemata).isdisjoint(lineage)


def _lies_in(item: StoredClaim, box: Box | None) -> bool:
    parsed = _parsed(str(item.claim.value))
    return parsed is not None and (box is None or parsed[1].overlaps(box))


@lru_cache(GEOMETRIES_KEPT)
def _parsed(text: str) -> tuple[dict[str, Any], Box] | None:
    """A claimed geometry and the box round it; None where a source's own is none that a map takes.

    The object panel shows that as it is.
    """
    try:
        geometry = orjson.loads(checked_geometry(text))
    except GeometryError:
        return None
    return geometry, Box.of(*box_of(geometry))


def _features(
    services: Services, as_of: AsOf, chosen: Sequence[StoredClaim]
) -> list[tuple[Feature, LabelSet]]:
    states = {item.claim.identifier: as_of.view.track(item.claim.subject) for item in chosen}
    claims = _claims_about(as_of, [s for s in states.values() if s is not None])
    found = []
    for item in chosen:
        state = states[item.claim.identifier]
        if state is not None:
            about = claims.get(item.claim.identifier, [])
            current = [c for c in about if holds(c, as_of.now_us)]
            found.append(_feature(services, item, state, current))
    return found


def _claims_about(as_of: AsOf, states: Sequence[TrackState]) -> Mapping[str, list[StoredClaim]]:
    """The standing claims about these objects, by identifier."""
    subjects = [subject for state in states for subject in (state.object_id, *state.aliases)]
    reader = as_of.claims
    by_identifier: dict[str, list[StoredClaim]] = {}
    for begin in range(0, len(subjects), SUBJECTS_AT_ONCE):
        stored = as_of.timely(reader.of_subjects(subjects[begin : begin + SUBJECTS_AT_ONCE]))
        for item in latest_of_each_source(reader.standing(stored)):
            by_identifier.setdefault(item.claim.identifier, []).append(item)
    return by_identifier


def _feature(
    services: Services, item: StoredClaim, state: TrackState, current: Sequence[StoredClaim]
) -> tuple[Feature, LabelSet]:
    sets = {item.label_set, *(claim.label_set for claim in current)}
    labels: LabelSet = frozenset().union(*map(services.log.label_sets.labels_of, sets))
    values = best_values(current)
    values.pop(GEOMETRY, None)
    claim = item.claim
    properties = FeatureProperties(
        object_id=state.object_id,
        identifier=claim.identifier,
        schema=claim.schema,
        name=state.name,
        sidc=state.sidc,
        source=item.stream,
        claim_id=claim.claim_id,
        valid_from=to_text(claim.valid_from_us),
        valid_to=present.time_or_none(claim.valid_to_us),
        known=to_text(item.known_us),
        values=values,
        marking=Marking.of(labels),
    )
    parsed = _parsed(str(claim.value))
    assert parsed is not None, "the chosen ones were parsed before"
    return Feature(id=state.object_id, geometry=parsed[0], properties=properties), labels
