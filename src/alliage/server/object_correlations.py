"""Why tracks of an object are one thing, or may be: what correlators say, and people over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
)
from alliage.ontology.times import to_text
from alliage.server.models.common import Marking
from alliage.server.models.correlations import CorrelationEvidence, CorrelationInfo, Weight
from alliage.server.object_view import same_as_info
from alliage.server.services import Services

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
    named = services.picture.view(audience).object_named
    return [correlation_info(services, item, people, named) for item in stored if is_machines(item)]


def is_machines(item: StoredClaim) -> bool:
    """Whether a judgement is a machine's, and no person's."""
    return item.stream.startswith((CORRELATOR, RESOLVER))


def pair_of(item: StoredClaim) -> frozenset[str]:
    """The two identifiers that a judgement is about."""
    return frozenset((item.claim.identifier, str(item.claim.value)))


def correlation_info(
    services: Services,
    item: StoredClaim,
    people: Sequence[StoredClaim],
    named: Callable[[str], str | None],
) -> CorrelationInfo:
    """Return a machine's judgement as the API says it, with the newest word of these people."""
    claim = item.claim
    said = [one for one in people if pair_of(one) == pair_of(item)]
    newest = max(said, key=lambda one: (one.claim.valid_from_us, one.claim.claim_id), default=None)
    apart = claim.property in (DIFFERENT, CONFLICT)
    by_words = item.stream.startswith(RESOLVER)
    score = 1.0 - claim.confidence if apart else claim.confidence
    return CorrelationInfo(
        claim_id=claim.claim_id,
        verdict=VERDICTS[claim.property],
        identifier=claim.identifier,
        other_identifier=str(claim.value),
        score=round(score, 4),
        source=item.stream,
        evidence=_evidence(() if by_words else claim.evidence),
        weights=_weights(claim.evidence if by_words else ()),
        valid_from=to_text(claim.valid_from_us),
        known=to_text(item.known_us),
        object_id=named(claim.identifier),
        other_object_id=named(str(claim.value)),
        people=None if newest is None else same_as_info(services, newest),
        marking=Marking.of(services.log.label_sets.labels_of(item.label_set)),
    )


def _evidence(texts: Sequence[str]) -> CorrelationEvidence:
    said = [text.partition("=")[::2] for text in texts]
    figures = {key: float(value) for key, value in said if key not in ("agrees", "differs")}
    return CorrelationEvidence(
        positions=int(figures.get("positions", 0)),
        span_s=figures.get("span_s", 0.0),
        mean_distance_m=figures.get("mean_distance_m"),
        speed_difference_mps=figures.get("speed_difference_mps"),
        agreed=[value for key, value in said if key == "agrees"],
        differed=[value for key, value in said if key == "differs"],
    )


def _weights(texts: Sequence[str]) -> list[Weight]:
    """Of texts as a resolver writes them: ``name=same:+10.64``."""
    said = []
    for text in texts:
        name, _, rest = text.partition("=")
        level, _, bits = rest.partition(":")
        said.append(Weight(property=name, level=level, bits=float(bits)))
    return said
