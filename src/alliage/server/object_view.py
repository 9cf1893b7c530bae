"""One object for one reader: the picture's state, and what everybody visible claims of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliage.actions.writer import RELEASE_STREAM
from alliage.history.claims import ClaimReader, StoredClaim
from alliage.log.bodies import OBSERVATIONS
from alliage.log.reader import LogReader
from alliage.log.selection import Selection
from alliage.ontology.affiliation import nation_of
from alliage.ontology.audience import Audience
from alliage.ontology.claim import (
    ANNOTATION,
    APPROVAL,
    REDACTION,
    REFUSAL,
    RELEASE,
    REPORT,
    RETRACTION,
    SAME_AS,
    Value,
    is_about_things,
)
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_text
from alliage.picture.state import SourceTrackState, TrackState
from alliage.server import present
from alliage.server.as_of import AsOf
from alliage.server.delay import delay_of, delay_of_claim
from alliage.server.models.common import Marking
from alliage.server.models.objects import ClaimInfo, ObjectInfo
from alliage.server.models.proposals import SameAsInfo
from alliage.server.services import Services

CLAIMS_AT_MOST: Final = 500
_ELSEWHERE: Final = frozenset({RETRACTION, REPORT, RELEASE, REDACTION, APPROVAL, REFUSAL})
"""What is said of claims, or shown as a place, and not among what is claimed of a thing."""
ENTRIES_LOOKED_AT: Final = 8
"""Entries opened to find who heard a report; those that cover one moment are few."""


def object_info(
    services: Services, audience: Audience, as_of: AsOf, object_id: str
) -> ObjectInfo | None:
    """Return the object as this audience sees it; None where it sees none by that id."""
    state = as_of.view.track(object_id)
    if state is None:
        return None
    latest, told = _claims_of(services, as_of, state)
    current = [item for item in latest if holds(item, as_of.now_us)]
    best = best_values(current)
    log = services.log.reader(audience)
    return ObjectInfo(
        object_id=state.object_id,
        aliases=list(state.aliases),
        schema=state.schema,
        sidc=state.sidc,
        identifier=state.identifier,
        nation=nation_of(state.identifier, best),
        affiliation_by_rule=services.ontology.affiliation(state.schema, state.identifier, best),
        names=names_of(current),
        state=present.kinematics(state),
        source_tracks=[
            present.source_track(
                source,
                receivers_of(log, source, as_of.known_up_to),
                delay_of(services, source.stream, source.valid_us, source.had_us),
            )
            for source in state.source_tracks
        ],
        properties=best,
        claims=claim_infos(services, as_of.claims, told),
        not_kept=as_of.not_kept,
        marking=present.marking_of(state),
    )


def told_of(services: Services, as_of: AsOf, state: TrackState) -> list[StoredClaim]:
    """The claims that are told of an object: the latest, and those that were taken back."""
    return _claims_of(services, as_of, state)[1]


def _claims_of(
    services: Services, as_of: AsOf, state: TrackState
) -> tuple[list[StoredClaim], list[StoredClaim]]:
    """The latest claims of each source, and with them those that were taken back."""
    reader = as_of.claims
    stored = as_of.timely(reader.of_subjects([state.object_id, *state.aliases]))
    standing = reader.standing(stored)
    latest = latest_of_each_source(standing, services.ontology.many)
    return latest, latest_and_retracted(latest, stored, standing)[:CLAIMS_AT_MOST]


def latest_of_each_source(
    stored: Sequence[StoredClaim], many: Collection[str] = frozenset()
) -> list[StoredClaim]:
    """Of each property the latest claim of each source, the latest valid first.

    Of the properties in ``many`` several values may hold: there it is the latest of each value.

    Remarks stand beside each other; retractions and reports by hand are left out: the first stand
    with what they take back, the second are positions. So are proposals and decisions: they have
    a list of their own.
    """
    latest: dict[tuple[str, str, str], StoredClaim] = {}
    for item in sorted(stored, key=_recency):
        claim = item.claim
        name = claim.claim_id if claim.property == ANNOTATION else claim.property
        if name in many:
            name = f"{name}={claim.value}"
        if name not in _ELSEWHERE:
            latest[item.stream, claim.subject, name] = item
    return sorted(latest.values(), key=_recency, reverse=True)


def latest_and_retracted(
    latest: Sequence[StoredClaim], stored: Sequence[StoredClaim], standing: Sequence[StoredClaim]
) -> list[StoredClaim]:
    """The latest claims and those that were taken back, the latest valid first."""
    stand = {item.claim.claim_id for item in standing}
    retracted = [
        item
        for item in stored
        if item.claim.claim_id not in stand and item.claim.property not in _ELSEWHERE
    ]
    return sorted([*latest, *retracted], key=_recency, reverse=True)


def holds(item: StoredClaim, now_us: int) -> bool:
    """Whether a claim still holds; the end of a flapping is only the last that was seen of it."""
    claim = item.claim
    return claim.valid_to_us is None or claim.valid_to_us > now_us or bool(claim.values)


def best_values(current: Sequence[StoredClaim]) -> dict[str, Value]:
    """Of each property the value that was claimed last; the claims say who disagrees."""
    best: dict[str, Value] = {}
    for item in current:
        if item.claim.value is not None and is_about_things(item.claim.property):
            best.setdefault(item.claim.property, item.claim.value)
    return dict(sorted(best.items()))


def names_of(current: Sequence[StoredClaim]) -> list[str]:
    """Every name that somebody claims now, the latest first."""
    claimed = [item.claim.value for item in current if item.claim.property == "name"]
    return list(dict.fromkeys(str(name) for name in claimed if name is not None))


def claim_infos(
    services: Services, reader: ClaimReader, stored: Sequence[StoredClaim]
) -> list[ClaimInfo]:
    """Return claims as the API says them, with the retractions that this reader finds."""
    ids = [item.claim.claim_id for item in stored]
    retractions = reader.retractions(ids)
    label_sets = services.log.label_sets
    return [
        present.claim(
            item,
            label_sets,
            retractions.get(item.claim.claim_id),
            delay_of_claim(services, item),
            _seen_evidence(reader, item),
        )
        for item in stored
    ]


def _seen_evidence(reader: ClaimReader, item: StoredClaim) -> list[str]:
    """What a claim rests on, as far as this reader sees it.

    What is released names the claim that was said first, which stays hidden from those to whom it
    was released: its id is no business of theirs either.
    """
    evidence = item.claim.evidence
    if not item.stream.startswith(RELEASE_STREAM):
        return list(evidence)
    return [name for name in evidence if reader.find(name) is not None]


def same_as_info(services: Services, item: StoredClaim) -> SameAsInfo:
    """Return somebody's judgement of two identifiers as the API says it."""
    claim = item.claim
    return SameAsInfo(
        claim_id=claim.claim_id,
        same=claim.property == SAME_AS,
        identifier=claim.identifier,
        other_identifier=str(claim.value),
        source=item.stream,
        reason=claim.reason,
        known=to_text(item.known_us),
        marking=Marking.of(services.log.label_sets.labels_of(item.label_set)),
    )


def receivers_of(log: LogReader, source: SourceTrackState, up_to: int | None = None) -> list[str]:
    """Stations that heard the latest position report of a source track; empty: not said.

    Up to the entry of this number: of what was read again since, the version of then.
    """
    if source.valid_us is None:
        return []
    wanted = Selection(
        up_to=up_to,
        kinds=[f"{OBSERVATIONS}{Kind.POSITION}"],
        streams=[source.stream],
        valid_from_us=source.valid_us,
        valid_to_us=source.valid_us + 1,
    )
    for entry in reversed(log.page(None, ENTRIES_LOOKED_AT, wanted).entries):
        rows = entry.observations().rows
        if entry.known_us == source.known_us and "receivers" in rows.schema.names:
            return _receivers_in(rows, source)
    return []


def _receivers_in(rows: pa.RecordBatch, source: SourceTrackState) -> list[str]:
    same = pc.equal(rows.column("identifier").cast(pa.utf8()), source.identifier)
    then = pc.equal(rows.column("valid").cast(pa.int64()), source.valid_us)
    found = np.flatnonzero(pc.and_(same, then).to_numpy(zero_copy_only=False))
    heard = rows.column("receivers")[int(found[-1])].as_py() if len(found) else None
    return sorted(set(heard or []))


def _recency(item: StoredClaim) -> tuple[int, int]:
    return item.claim.valid_from_us, item.known_us
