"""What a reader is not shown, and why: for those who see it themselves.

Everything here reads through the audience of the one who asks. The other audience is only asked
whether it sees the same, so nobody learns of more than they may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast

from alliage.history.claims_by_label import count_by_label_set, subjects_under
from alliage.ontology.claim import Value
from alliage.picture.state import TrackState
from alliage.server import present
from alliage.server.comparison import Comparison
from alliage.server.models.access import Explanation, Told, Withheld, WithheldInfo
from alliage.server.models.common import Marking
from alliage.server.models.objects import ObjectInfo
from alliage.server.models.tracks import Kinematics
from alliage.server.object_view import object_info, told_of
from alliage.server.services import Services


def withheld(services: Services, both: Comparison) -> WithheldInfo:
    """Count what the one sees and the other does not, by the reason."""
    own, claims = both.own.view, both.own.claims
    until_us = both.own.now_us if both.own.is_past else None
    by_source_track = own.source_tracks_by_label_set()
    by_claim = count_by_label_set(claims, until_us)
    hidden = {number for number in (*by_source_track, *by_claim) if not both.shows(number)}
    subjects = subjects_under(claims, hidden & by_claim.keys(), until_us)
    return WithheldInfo(
        tracks=own.totals().tracks,
        tracks_seen=both.seen.view.totals().tracks,
        tracks_touched=own.touched(hidden, subjects),
        source_tracks=_counted(services, both, by_source_track),
        claims=_counted(services, both, by_claim),
    )


def explanation(services: Services, both: Comparison, object_id: str) -> Explanation | None:
    """Say of everything that is known of one object whether the other reader sees it, and why not.

    None where the one who asks sees no object by that id.
    """
    state = both.own.view.track(object_id)
    if state is None:
        return None
    told = [
        *_source_tracks(services, both, state),
        *_claims(services, both, state),
    ]
    return Explanation(
        object_id=state.object_id, items=[*_fields(services, both, state, told), *told]
    )


def _source_tracks(services: Services, both: Comparison, state: TrackState) -> Iterator[Told]:
    for source in state.source_tracks:
        yield Told(
            kind="source_track",
            name=source.identifier,
            value=source.state,
            source=source.stream,
            marking=present.marking_of(source),
            **_visible(services, both, source.label_set),
        )


def _claims(services: Services, both: Comparison, state: TrackState) -> Iterator[Told]:
    found = told_of(services, both.own, state)
    taken_back = both.own.claims.retractions([item.claim.claim_id for item in found])
    for item in found:
        yield Told(
            kind="claim",
            name=item.claim.property,
            value=item.claim.value,
            source=item.stream,
            marking=Marking.of(services.log.label_sets.labels_of(item.label_set)),
            taken_back=item.claim.claim_id in taken_back,
            **_visible(services, both, item.label_set),
        )


def _fields(
    services: Services, both: Comparison, state: TrackState, told: list[Told]
) -> Iterator[Told]:
    """What the picture says of the object as a whole: it may say something else to the other."""
    whole = object_info(services, both.own.view.audience, both.own, state.object_id)
    if whole is None:
        return
    seen = _seen(services, both, state)
    hidden = [item for item in told if not item.visible]
    tracks = [item for item in hidden if item.kind == "source_track"]
    for name, value in whole.state.model_dump(mode="json", exclude={"age_s"}).items():
        yield from _field(whole, name, value, None if seen is None else seen.state, tracks)
    for name, value in whole.properties.items():
        claims = [item for item in hidden if item.kind == "claim" and item.name == name]
        other = None if seen is None else seen.properties.get(name)
        yield from _compared(whole, name, value, other, claims)


def _field(
    whole: ObjectInfo, name: str, value: Any, seen: Kinematics | None, hidden: list[Told]
) -> Iterator[Told]:
    other = None if seen is None else seen.model_dump(mode="json")[name]
    if value is not None:
        yield from _compared(whole, name, _plain(value), _plain(other), hidden)


def _compared(
    whole: ObjectInfo, name: str, value: Value, other: Value, hidden: list[Told]
) -> Iterator[Told]:
    same = value == other
    reasons = [] if same else sorted({reason for item in hidden for reason in item.reasons})
    yield Told(
        kind="field",
        name=name,
        value=value,
        source=None,
        marking=whole.marking,
        visible=same,
        seen_value=other,
        reasons=reasons,
    )


def _plain(value: Any) -> Value:
    """A position as one word; everything else is a plain value already."""
    if isinstance(value, Mapping):
        return f"{value['lat']:.5f}, {value['lon']:.5f}"
    return cast(Value, value)


def _seen(services: Services, both: Comparison, state: TrackState) -> ObjectInfo | None:
    """The object as the other sees it, to whom it may have another name."""
    for subject in (state.object_id, *state.aliases):
        found = object_info(services, both.seen.view.audience, both.seen, subject)
        if found is not None:
            return found
    return None


def _visible(services: Services, both: Comparison, label_set: int) -> dict[str, Any]:
    visible = both.shows(label_set)
    return {"visible": visible, "reasons": [] if visible else _reasons(services, both, label_set)}


def _reasons(services: Services, both: Comparison, label_set: int) -> list[str]:
    """Names of the rules that hide a label set from the other reader."""
    labels = services.log.label_sets.labels_of(label_set)
    decisions = [services.access.decide(both.reader, label) for label in labels]
    denied = [decision for decision in decisions if not decision.allowed]
    return sorted({reason for decision in denied for reason in decision.reasons})


def _counted(services: Services, both: Comparison, counts: Mapping[int, int]) -> Withheld:
    hidden = {number: count for number, count in counts.items() if not both.shows(number)}
    by_reason: Counter[str] = Counter()
    for number, count in hidden.items():
        by_reason.update(dict.fromkeys(_reasons(services, both, number), count))
    return Withheld(
        total=sum(counts.values()),
        withheld=sum(hidden.values()),
        by_reason=dict(sorted(by_reason.items())),
    )
