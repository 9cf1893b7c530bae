"""What an object is linked with, for one reader: links are claims, and are read like all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from alliage.history.claims import MAX_SUBJECTS, ClaimReader, StoredClaim
from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.picture.finder import PictureFinder
from alliage.picture.state import TrackState
from alliage.picture.view import PictureView
from alliage.server import present
from alliage.server.models.common import Marking, Texts
from alliage.server.models.objects import LinkedObject, LinkInfo, ObjectLinks
from alliage.server.object_view import holds, latest_of_each_source
from alliage.server.services import Services

LINKS_AT_MOST: Final = 500

_Find = Callable[[str], TrackState | None]


def object_links(services: Services, audience: Audience, object_id: str) -> ObjectLinks | None:
    """Return an object's links, both ways; None where this audience sees no such object."""
    view = services.picture.view(audience)
    state = view.track(object_id)
    if state is None:
        return None
    reader = services.claims.reader(audience)

    find = partial(named, view, reader)
    subjects = [state.object_id, *state.aliases]
    now_us = view.reading.now_us
    own = standing_links(services, reader, reader.of_subjects(subjects), now_us)
    incoming = claims_that_name(services, reader, [*subjects, state.identifier], now_us)
    told_out, told_in = own[:LINKS_AT_MOST], incoming[:LINKS_AT_MOST]
    out = [_link(services, item, find(str(item.claim.value)), True) for item in told_out]
    back = [_link(services, item, view.track(item.claim.subject), False) for item in told_in]
    return ObjectLinks(
        object_id=state.object_id,
        outgoing=out,
        incoming=back,
        complete=len(told_out) == len(own) and len(told_in) == len(incoming),
        marking=_marking(services, audience, [*told_out, *told_in], [*out, *back]),
    )


def named(view: PictureView, reader: ClaimReader, name: str) -> TrackState | None:
    """What an id or an identifier names, for a reader."""
    if ":" not in name:
        return view.track(name)
    if (object_id := view.object_named(name)) is not None:
        return view.track(object_id)
    # A thing of which nothing but words are known. Judgements and alerts bear the same identifier,
    # and are about subjects of their own.
    subjects = {item.claim.subject: None for item in reader.page(identifier=name).claims}
    return next(filter(None, map(view.track, subjects)), None)


def standing_links(
    services: Services, reader: ClaimReader, stored: Sequence[StoredClaim], now_us: int
) -> list[StoredClaim]:
    """Of each source the links that it claims now, the latest valid first."""
    ontology = services.ontology
    about = [item for item in stored if item.claim.property in ontology.links]
    latest = latest_of_each_source(reader.standing(about), ontology.many)
    return [item for item in latest if holds(item, now_us) and item.claim.value is not None]


def claims_that_name(
    services: Services, reader: ClaimReader, names: Sequence[str], now_us: int
) -> list[StoredClaim]:
    """Links that lead to one of these names now; a source may have changed its mind since."""
    naming = reader.naming(names[:MAX_SUBJECTS], services.ontology.links)
    subjects = list(dict.fromkeys(item.claim.subject for item in naming))[:MAX_SUBJECTS]
    everything = reader.of_subjects(subjects) if subjects else []
    current = standing_links(services, reader, everything, now_us)
    return [item for item in current if str(item.claim.value) in set(names)]


def _link(
    services: Services, item: StoredClaim, other: TrackState | None, outgoing: bool
) -> LinkInfo:
    claim = item.claim
    return LinkInfo(
        property=claim.property,
        title=_title(services, item, outgoing),
        value=str(claim.value),
        other=None if other is None else linked_object(other),
        claim_id=claim.claim_id,
        source=item.stream,
        valid_from=to_text(claim.valid_from_us),
        valid_to=present.time_or_none(claim.valid_to_us),
        known=to_text(item.known_us),
        confidence=claim.confidence,
        marking=Marking.of(services.log.label_sets.labels_of(item.label_set)),
    )


def _title(services: Services, item: StoredClaim, outgoing: bool) -> Texts:
    """What the link says; its bare name where a newer schema no longer has it."""
    schema = services.ontology.schemata.get(item.claim.schema)
    prop = schema.properties.get(item.claim.property) if schema else None
    title = prop and (prop.title if outgoing else prop.inverse)
    return title or dict.fromkeys(("en", "fr"), item.claim.property)


def linked_object(state: TrackState) -> LinkedObject:
    """Return an object in short, as what leads to it shows it."""
    return LinkedObject(
        object_id=state.object_id,
        schema=state.schema,
        identifier=state.identifier,
        name=state.name,
        sidc=state.sidc,
        marking=present.marking_of(state),
    )


def _marking(
    services: Services, audience: Audience, told: Sequence[StoredClaim], links: Sequence[LinkInfo]
) -> Marking | None:
    """Of everything that is told: the claims, and the names at their other ends."""
    finder = PictureFinder(services.picture, services.log.label_sets)
    others = {link.other.object_id for link in links if link.other is not None}
    seen = [finder.find(audience, other) for other in sorted(others)]
    labels: LabelSet = frozenset().union(
        *(services.log.label_sets.labels_of(item.label_set) for item in told),
        *(one.labels for one in seen if one is not None),
    )
    return Marking.of(labels) if labels else None
