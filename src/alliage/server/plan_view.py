"""How things stand to the planned routes that they are to follow, as one reader is told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from alliage.detection.features import geometry_of
from alliage.detection.plans import FOLLOWED_BY, Plan, plan_of, standing
from alliage.history.claims import ClaimReader, StoredClaim
from alliage.ontology.audience import Audience
from alliage.ontology.claim import GEOMETRY
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.picture.state import TrackState
from alliage.server.models.common import Marking
from alliage.server.models.plans import ObjectPlans, PlanStanding
from alliage.server.object_links import (
    LINKS_AT_MOST,
    claims_that_name,
    linked_object,
    named,
    standing_links,
)
from alliage.server.object_view import best_values, holds, latest_of_each_source
from alliage.server.services import Services


class _Pair(NamedTuple):
    plan: TrackState
    follower: TrackState
    said: StoredClaim


def object_plans(services: Services, audience: Audience, object_id: str) -> ObjectPlans | None:
    """Return what an object follows, and what follows it; None where there is no such object."""
    view = services.picture.view(audience)
    state = view.track(object_id)
    if state is None:
        return None
    reader, now_us = services.claims.reader(audience), view.reading.now_us
    find = partial(named, view, reader)
    subjects = [state.object_id, *state.aliases]
    led = standing_links(services, reader, reader.of_subjects(subjects), now_us)
    naming = claims_that_name(services, reader, [*subjects, state.identifier], now_us)
    pairs = [
        _Pair(state, follower, item)
        for item in _followed(led)
        if (follower := find(str(item.claim.value))) is not None
    ]
    pairs += [
        _Pair(plan, state, item)
        for item in _followed(naming)
        if (plan := view.track(item.claim.subject)) is not None
    ]
    told = [made for pair in pairs if (made := _standing(services, reader, pair, now_us))]
    labels: LabelSet = frozenset().union(*(labels for _, labels in told))
    return ObjectPlans(
        object_id=state.object_id,
        items=[item for item, _ in told],
        marking=Marking.of(labels) if labels else None,
    )


def _followed(items: Sequence[StoredClaim]) -> list[StoredClaim]:
    return [item for item in items if item.claim.property == FOLLOWED_BY][:LINKS_AT_MOST]


def _standing(
    services: Services, reader: ClaimReader, pair: _Pair, now_us: int
) -> tuple[PlanStanding, LabelSet] | None:
    """One line of the answer with the labels of all that it rests on; None: it is no line."""
    stored = reader.standing(reader.of_subjects([pair.plan.object_id, *pair.plan.aliases]))
    said = [item for item in latest_of_each_source(stored) if holds(item, now_us)]
    values = best_values(said)
    plan = plan_of(values, geometry_of(values.get(GEOMETRY)))
    if plan is None:
        return None
    labels_of = services.log.label_sets.labels_of
    sets = {pair.said.label_set, *(item.label_set for item in said)}
    sets.update(source.label_set for source in pair.follower.source_tracks)
    labels: LabelSet = frozenset().union(*map(labels_of, sets))
    return _told(pair, plan, Marking.of(labels)), labels


def _told(pair: _Pair, plan: Plan, marking: Marking) -> PlanStanding:
    told = PlanStanding(
        plan=linked_object(pair.plan),
        follower=linked_object(pair.follower),
        corridor_m=plan.corridor_m,
        begins=_time(plan.begins_us),
        ends=_time(plan.ends_us),
        since=None,
        outside_m=None,
        late_s=None,
        has_arrived=False,
        marking=marking,
    )
    lat, lon = pair.follower.latitude_deg, pair.follower.longitude_deg
    at_us = pair.follower.valid_us
    if lat is None or lon is None or at_us is None:
        return told
    now = standing(plan, lat, lon, at_us)
    is_out = now.outside_m > 0.0
    how = {
        "since": to_text(at_us),
        "outside_m": round(now.outside_m, 1),
        # Off the route no place on it is where it is, and so none of the times says anything.
        "late_s": None if is_out or math.isnan(now.late_s) else round(now.late_s, 1),
        "has_arrived": now.has_arrived,
    }
    return told.model_copy(update=how)


def _time(at_us: float | None) -> str | None:
    return None if at_us is None else to_text(round(at_us))
