"""The pairs that machines leave to people: those that may be one thing and that nobody decided."""

from __future__ import annotations

from alliage.history.claims import ClaimReader, StoredClaim
from alliage.ontology.audience import Audience
from alliage.ontology.claim import DIFFERENT, POSSIBLE, RIVAL, SAME_AS
from alliage.picture.view import PictureView
from alliage.server.models.common import Marking
from alliage.server.models.correlations import ReviewItem, ReviewPage, ReviewSide
from alliage.server.object_correlations import (
    correlation_info,
    is_machines,
    newest_of_machines,
    pair_of,
)
from alliage.server.object_view import best_values
from alliage.server.services import Services

IDENTIFIERS_AT_ONCE = 500


def review_page(services: Services, audience: Audience, limit: int) -> ReviewPage:
    """Return the pairs that wait for these readers, the likeliest first."""
    reader = services.claims.reader(audience)
    view = services.picture.view(audience)
    waiting = []
    for item in _undecided(reader):
        ends = [view.object_named(name) for name in (item.claim.identifier, str(item.claim.value))]
        if None not in ends and ends[0] != ends[1]:
            waiting.append(item)
    waiting.sort(key=lambda item: (-item.claim.confidence, sorted(pair_of(item)), item.stream))
    items = [_item(services, reader, view, item) for item in waiting[:limit]]
    return ReviewPage(items=items, next=None, waiting=len(waiting))


def _undecided(reader: ClaimReader) -> list[StoredClaim]:
    """What machines said last of each pair, where they leave it open and no person spoke."""
    found = reader.open_pairs()
    names = sorted({name for item in found for name in pair_of(item)})
    judged: dict[str, StoredClaim] = {}
    for begin in range(0, len(names), IDENTIFIERS_AT_ONCE):
        some = names[begin : begin + IDENTIFIERS_AT_ONCE]
        for one in reader.standing(reader.judgements(some, either=True)):
            judged[one.claim.claim_id] = one
    said = sorted(judged.values(), key=lambda one: one.claim.claim_id, reverse=True)
    said = newest_of_machines(sorted(said, key=lambda one: one.number, reverse=True))
    decided = {
        pair_of(one)
        for one in said
        if not is_machines(one) and one.claim.property in (SAME_AS, DIFFERENT)
    }
    open_ones: dict[frozenset[str], StoredClaim] = {}
    for one in said:
        if one.claim.property not in (POSSIBLE, RIVAL) or pair_of(one) in decided:
            continue
        before = open_ones.get(pair_of(one))
        if before is None or before.claim.confidence < one.claim.confidence:
            open_ones[pair_of(one)] = one
    return list(open_ones.values())


def _item(
    services: Services, reader: ClaimReader, view: PictureView, item: StoredClaim
) -> ReviewItem:
    return ReviewItem(
        judgement=correlation_info(services, item, (), view.object_named),
        one=_side(services, reader, view, item.claim.identifier),
        other=_side(services, reader, view, str(item.claim.value)),
    )


def _side(
    services: Services, reader: ClaimReader, view: PictureView, identifier: str
) -> ReviewSide:
    """What this reader finds of an identifier; the latest value of each property stands."""
    said = reader.standing(reader.of_identifier(identifier))
    said.sort(key=lambda item: (item.claim.valid_from_us, item.number), reverse=True)
    state = view.track(view.object_named(identifier) or "")
    values = best_values(said)
    labels_of = services.log.label_sets.labels_of
    labels = frozenset().union(*(labels_of(item.label_set) for item in said))
    if state is not None:
        mine = [one for one in state.source_tracks if one.identifier == identifier]
        labels = labels.union(*(labels_of(one.label_set) for one in mine))
    name = values.get("name")
    return ReviewSide(
        object_id=state.object_id if state else identifier,
        identifier=identifier,
        name=None if name is None else str(name),
        schema=state.schema if state else "Thing",
        sources=sorted({item.stream for item in said if not is_machines(item)}),
        values=values,
        marking=Marking.of(labels),
    )
