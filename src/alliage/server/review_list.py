"""What machines leave to people: pairs that may be one thing, and identifiers that contradict what
is seen, as long as nobody decided.
"""

from __future__ import annotations

from alliage.history.claims import ClaimReader, StoredClaim
from alliage.ontology.audience import Audience
from alliage.ontology.claim import (
    CONFLICT,
    DIFFERENT,
    POSSIBLE,
    RIVAL,
    SAME_AS,
    judged_streams,
)
from alliage.picture.view import PictureView
from alliage.server.models.common import Marking
from alliage.server.models.correlations import ReviewItem, ReviewPage, ReviewSide
from alliage.server.object_correlations import (
    correlation_info,
    ends_of,
    is_machines,
    newest_of_machines,
    pair_of,
    score_of,
)
from alliage.server.object_view import best_values
from alliage.server.services import Services

IDENTIFIERS_AT_ONCE = 500


def review_page(services: Services, audience: Audience, limit: int) -> ReviewPage:
    """Return what waits for these readers: contradictions first, then the likeliest pairs."""
    reader = services.claims.reader(audience)
    view = services.picture.view(audience)
    waiting = []
    for item in _undecided(reader):
        ends = ends_of(view, item)
        if None not in ends and ends[0] != ends[1]:
            waiting.append(item)
    waiting.sort(key=_order)
    items = [_item(services, reader, view, item) for item in waiting[:limit]]
    return ReviewPage(items=items, next=None, waiting=len(waiting))


def _order(item: StoredClaim) -> tuple[bool, float, list[str], str]:
    is_pair = item.claim.property != CONFLICT
    return is_pair, -score_of(item), sorted(pair_of(item)), item.stream


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
        if one.claim.property not in (POSSIBLE, RIVAL, CONFLICT) or pair_of(one) in decided:
            continue
        before = open_ones.get(pair_of(one))
        if before is None or score_of(before) < score_of(one):
            open_ones[pair_of(one)] = one
    return list(open_ones.values())


def _item(
    services: Services, reader: ClaimReader, view: PictureView, item: StoredClaim
) -> ReviewItem:
    names = item.claim.identifier, str(item.claim.value)
    streams = judged_streams(item.stream) if names[0] == names[1] else ("", "")
    return ReviewItem(
        judgement=correlation_info(services, item, (), view),
        one=_side(services, reader, view, names[0], streams[0]),
        other=_side(services, reader, view, names[1], streams[1]),
    )


def _side(
    services: Services, reader: ClaimReader, view: PictureView, identifier: str, stream: str
) -> ReviewSide:
    """What this reader finds of an identifier; the latest value of each property stands.

    Where two things bear it: of the one that this stream tells of.
    """
    said = reader.standing(reader.of_identifier(identifier))
    if stream:
        said = [item for item in said if item.stream == stream]
    said.sort(key=lambda item: (item.claim.valid_from_us, item.number), reverse=True)
    state = view.track(view.object_named(identifier, stream) or "")
    values = best_values(said)
    labels_of = services.log.label_sets.labels_of
    labels = frozenset().union(*(labels_of(item.label_set) for item in said))
    sources = {item.stream for item in said if not is_machines(item)}
    if state is not None:
        mine = [one for one in state.source_tracks if one.identifier == identifier]
        labels = labels.union(*(labels_of(one.label_set) for one in mine))
        sources |= {one.stream for one in mine}
    name = values.get("name")
    return ReviewSide(
        object_id=state.object_id if state else identifier,
        identifier=identifier,
        name=None if name is None else str(name),
        schema=state.schema if state else "Thing",
        sources=sorted(sources),
        values=values,
        marking=Marking.of(labels),
    )
