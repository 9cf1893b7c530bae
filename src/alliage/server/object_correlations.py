"""Why tracks of an object are one thing, or may be: what correlators say, and people over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from alliage.geo.flat import distance_m
from alliage.history.claims import StoredClaim
from alliage.ontology.audience import Audience
from alliage.ontology.claim import (
    CONFLICT,
    CORRELATOR,
    DIFFERENT,
    POSSIBLE,
    RESOLVER,
    RIVAL,
    SAME_AS,
    judged_streams,
)
from alliage.ontology.times import to_text
from alliage.picture.view import PictureView
from alliage.server.models.common import Marking
from alliage.server.models.correlations import CorrelationEvidence, CorrelationInfo, Weight
from alliage.server.object_view import same_as_info
from alliage.server.services import Services

_WEIGHT: Final = "weight"
_WORDS: Final = frozenset({"agrees", "differs", _WEIGHT})
_PROPERTY: Final = {"kind": "ship_type"}
"""What correlators call otherwise than the schemata."""
VERDICTS = {
    SAME_AS: "same",
    DIFFERENT: "different",
    RIVAL: "rival",
    CONFLICT: "conflict",
    POSSIBLE: "possible",
}


def standing_judgements(
    services: Services, audience: Audience, object_id: str, either: bool = False
) -> list[StoredClaim] | None:
    """What is said of an object's identifiers, latest known first; None for no such object.

    With ``either`` also what joins them with identifiers of other objects.

    Of a correlator's words about a pair its last; of people's all that nobody has taken back.
    """
    state = services.picture.view(audience).track(object_id)
    if state is None:
        return None
    names = list(dict.fromkeys(source.identifier for source in state.source_tracks))
    reader = services.claims.reader(audience)
    return newest_of_machines(reader.standing(reader.judgements(names, either)))


def joined_by(
    services: Services, audience: Audience, object_id: str, pair: tuple[str, str]
) -> list[str]:
    """The identifiers through which two of them are one object still; none where they are two."""
    state = services.picture.view(audience).track(object_id)
    names = dict.fromkeys(source.identifier for source in state.source_tracks) if state else {}
    if pair[0] == pair[1] or not all(name in names for name in pair):
        return []
    return [name for name in names if name not in pair]


def newest_of_machines(stored: Sequence[StoredClaim]) -> list[StoredClaim]:
    """All that people judged, and each machine's last word on a pair; latest known first."""
    kept, spoken = [], set()
    for item in stored:
        said = (item.stream, item.label_set, pair_of(item))
        if not is_machines(item) or said not in spoken:
            kept.append(item)
        spoken.add(said)
    return kept


def object_correlations(
    services: Services, audience: Audience, object_id: str
) -> list[CorrelationInfo] | None:
    """Return the correlators' judgements, each with the word of people that stands over it."""
    stored = standing_judgements(services, audience, object_id, either=True)
    if stored is None:
        return None
    people = [item for item in stored if not is_machines(item)]
    view = services.picture.view(audience)
    return [correlation_info(services, item, people, view) for item in stored if is_machines(item)]


def ends_of(view: PictureView, item: StoredClaim) -> list[str | None]:
    """Ids of the two objects that a judgement is about, as these readers see them.

    A machine speaks of its two streams, so that of two ships with one identifier each is found.
    """
    names = item.claim.identifier, str(item.claim.value)
    return list(map(view.object_named, names, judged_streams(item.stream)))


def is_machines(item: StoredClaim) -> bool:
    """Whether a judgement is a machine's, and no person's."""
    return item.stream.startswith((CORRELATOR, RESOLVER))


def pair_of(item: StoredClaim) -> frozenset[str]:
    """The two identifiers that a judgement is about."""
    return frozenset((item.claim.identifier, str(item.claim.value)))


def score_of(item: StoredClaim) -> float:
    """How probable it is, as a machine says, that the two are one thing."""
    apart = item.claim.property in (DIFFERENT, CONFLICT)
    return 1.0 - item.claim.confidence if apart else item.claim.confidence


def correlation_info(
    services: Services,
    item: StoredClaim,
    people: Sequence[StoredClaim],
    view: PictureView,
) -> CorrelationInfo:
    """Return a machine's judgement as the API says it, with the newest word of these people."""
    claim, ends = item.claim, ends_of(view, item)
    said = [one for one in people if pair_of(one) == pair_of(item)]
    newest = max(said, key=lambda one: (one.claim.valid_from_us, one.claim.claim_id), default=None)
    by_words = item.stream.startswith(RESOLVER)
    return CorrelationInfo(
        claim_id=claim.claim_id,
        verdict=VERDICTS[claim.property],
        identifier=claim.identifier,
        other_identifier=str(claim.value),
        score=round(score_of(item), 4),
        source=item.stream,
        evidence=_evidence(() if by_words else claim.evidence),
        weights=(_weights if by_words else _kinematic_weights)(claim.evidence),
        valid_from=to_text(claim.valid_from_us),
        known=to_text(item.known_us),
        object_id=ends[0],
        other_object_id=ends[1],
        apart_m=_apart_m(view, ends),
        people=None if newest is None else same_as_info(services, newest),
        marking=Marking.of(services.log.label_sets.labels_of(item.label_set)),
    )


def _apart_m(view: PictureView, ends: Sequence[str | None]) -> float | None:
    """How far apart two objects are by their last positions."""
    states = [view.track(end) for end in dict.fromkeys(ends) if end is not None]
    places = [
        (one.latitude_deg, one.longitude_deg)
        for one in states
        if one is not None and one.latitude_deg is not None and one.longitude_deg is not None
    ]
    if len(places) < 2:
        return None
    return round(float(distance_m(*places[0], *places[1])), 1)


def _evidence(texts: Sequence[str]) -> CorrelationEvidence:
    said = [text.partition("=")[::2] for text in texts]
    figures = {
        key: float(value) for key, value in said if key not in ("agrees", "differs", _WEIGHT)
    }
    density = figures.get("density")
    return CorrelationEvidence(
        positions=int(figures.get("positions", 0)),
        span_s=figures.get("span_s", 0.0),
        mean_distance_m=figures.get("mean_distance_m"),
        speed_difference_mps=figures.get("speed_difference_mps"),
        expected_m=figures.get("expected_m"),
        others_per_km2=None if density is None else density * 1e6,
        agreed=[value for key, value in said if key == "agrees"],
        differed=[value for key, value in said if key == "differs"],
    )


def _kinematic_weights(texts: Sequence[str]) -> list[Weight]:
    """Of texts as a correlator writes them: ``weight=place:+5.20``, ``agrees=name``."""
    said = [text.partition("=")[::2] for text in texts]
    levels = {value: "alike" for key, value in said if key == "agrees"}
    levels |= {value: "differs" for key, value in said if key == "differs"}
    weights = [value.partition(":")[::2] for key, value in said if key == _WEIGHT]
    return [
        Weight(property=_PROPERTY.get(name, name), level=levels.get(name, ""), bits=float(bits))
        for name, bits in weights
    ]


def _weights(texts: Sequence[str]) -> list[Weight]:
    """Of texts as a resolver writes them: ``name=same:+10.64``."""
    said = []
    for text in texts:
        name, _, rest = text.partition("=")
        level, _, bits = rest.partition(":")
        said.append(Weight(property=name, level=level, bits=float(bits)))
    return said
