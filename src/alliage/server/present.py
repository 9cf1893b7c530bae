"""From the rooms' own types to what the API says. Only names and units change here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from alliage.access.principal import Role
from alliage.access.users import User
from alliage.history.claims import StoredClaim
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISION, Destroy, Supersede
from alliage.ontology.audience import LabelSets
from alliage.ontology.schema import PACKAGED, Ontology
from alliage.ontology.times import to_text
from alliage.ontology.units import UNITS
from alliage.picture.clock import ClockReading
from alliage.picture.state import SourceTrackState, TrackState, TrailPoint
from alliage.server.models import tracks as models
from alliage.server.models.common import Marking
from alliage.server.models.log import EntryHeader, GoneInfo, ObservationRow, SupersededInfo
from alliage.server.models.objects import ClaimInfo, RetractionInfo, SourceTrack
from alliage.server.models.ontology import ConversionInfo, PropertyInfo, SchemaInfo
from alliage.server.models.session import ClockInfo, Language
from alliage.server.models.users import UserInfo


def entry_header(entry: Entry, log: LogReader) -> EntryHeader:
    """Return an entry without its body and without its private number."""
    return EntryHeader(
        entry_id=entry.entry_id,
        stream=entry.stream,
        kind=entry.kind,
        marking=Marking.of(entry.labels),
        known=to_text(entry.known_us),
        valid_from=time_or_none(entry.valid_min_us),
        valid_to=time_or_none(entry.valid_max_us),
        rows=entry.rows,
        gone=None if entry.gone is None else _gone(log.entry(entry.gone)),
        superseded=None if entry.superseded is None else _superseded(log, entry.superseded),
    )


def _gone(decision: Entry | None) -> GoneInfo:
    """Why a body is gone, as far as the reader may see the decision."""
    said = None if decision is None else decision.revision()
    if decision is None or not isinstance(said, Destroy):
        when = None if decision is None else to_text(decision.known_us)
        return GoneInfo(why="not kept", when=when, by=[], reason="")
    by, reason = list(said.by), said.reason
    return GoneInfo(why="redacted", when=to_text(decision.known_us), by=by, reason=reason)


def _superseded(log: LogReader, number: int) -> SupersededInfo:
    """By what an entry was superseded, as far as the reader may see the decision."""
    found = log.read(number - 1, limit=1, kinds=[REVISION], up_to=number)
    said = found[0].revision() if found else None
    if not isinstance(said, Supersede):
        return SupersededInfo(when=None, decoder="", reason="")
    when = to_text(found[0].known_us)
    return SupersededInfo(when=when, decoder=said.decoder, reason=said.reason)


def clock(reading: ClockReading) -> ClockInfo:
    """Return what time it is in a reader's picture."""
    return ClockInfo(mode=reading.mode, now_us=reading.now_us, pace=reading.pace)


def observation(item: Mapping[str, Any]) -> ObservationRow:
    """Return one observation; what says where it is from stands apart from what it says."""
    about = {name: item[name] for name in ("stream", "kind", "known", "marking")}
    values = {name: value for name, value in item.items() if name not in about}
    # NaN is not known, and no JSON.
    return ObservationRow(**about, values={k: v for k, v in values.items() if v == v})


def schema_info(ontology: Ontology, name: str) -> SchemaInfo:
    """Return a schema with what it inherits."""
    schema = ontology.schemata[name]
    return SchemaInfo(
        name=name,
        title=schema.title,
        description=schema.description,
        extends=schema.extends,
        packaged=schema.source.parent == PACKAGED,
        file=schema.source.name,
        sidc=ontology.sidc(name, {}),
        lineage=ontology.lineage(name),
        properties={key: _property_info(ontology, name, key) for key in schema.properties},
        fade_s=schema.staleness.fade_s,
        end_s=schema.staleness.end_s,
    )


def _property_info(ontology: Ontology, schema: str, name: str) -> PropertyInfo:
    prop = ontology.schemata[schema].properties[name]
    having = [
        each for each in ontology.lineage(schema) if name in ontology.schemata[each].properties
    ]
    converted = UNITS.get(prop.unit or "", ())
    return PropertyInfo(
        name=name,
        title=prop.title,
        type=prop.type,
        unit=prop.unit,
        conversions=[ConversionInfo(**conversion._asdict()) for conversion in converted],
        minimum=prop.minimum,
        maximum=prop.maximum,
        code=prop.code,
        many=prop.many,
        to=prop.to,
        inverse=prop.inverse,
        origin=having[-1],
        choices=prop.choices,
    )


def kinematics(track: TrackState) -> models.Kinematics:
    """Return where a track is and how it moves."""
    return models.Kinematics(**_kinematics(track))


def track(state: TrackState) -> models.Track:
    """Return one track of the picture."""
    return models.Track(
        track_id=state.track_id,
        object_id=state.object_id,
        identifier=state.identifier,
        name=state.name,
        schema=state.schema,
        sidc=state.sidc,
        sources=list(state.sources),
        marking=marking_of(state),
        **_kinematics(state),
    )


def source_track(
    state: SourceTrackState, receivers: list[str], delay: tuple[float | None, bool]
) -> SourceTrack:
    """Return one thing as one stream follows it; the delay is of its latest position."""
    return SourceTrack(
        stream=state.stream,
        identifier=state.identifier,
        subject=state.subject,
        state=cast(models.TrackStateName, state.state),
        position=_position(state.longitude_deg, state.latitude_deg),
        std_m=state.position_std_m,
        std_minor_m=state.position_minor_std_m,
        std_axis_deg=state.position_axis_deg,
        valid=time_or_none(state.valid_us),
        recorded=time_or_none(state.recorded_us),
        known=time_or_none(state.known_us),
        delay_s=delay[0],
        late=delay[1],
        heard=time_or_none(state.heard_us),
        receivers=receivers,
        share=state.share,
        agrees=state.agrees,
        nis=state.nis,
        jumps=state.jumps,
        marking=marking_of(state),
    )


def trail_point(point: TrailPoint) -> models.TrailPoint:
    """Return one point of a trail."""
    return models.TrailPoint(
        lon=point.longitude_deg, lat=point.latitude_deg, valid=to_text(point.valid_us)
    )


def user_info(user: User) -> UserInfo:
    """Return an account without its secrets."""
    principal = user.principal
    return UserInfo(
        user_id=principal.user_id,
        user=principal.name,
        nation=principal.nation,
        clearance=principal.clearance,
        roles=[role.value for role in Role if role in principal.roles],
        communities=sorted(principal.communities),
        purpose=principal.purpose,
        language=cast(Language, user.language),
        has_password=user.has_password,
        created=to_text(user.created_us),
    )


def claim(
    stored: StoredClaim,
    label_sets: LabelSets,
    retraction: StoredClaim | None,
    delay: tuple[float, bool],
    evidence: Sequence[str],
) -> ClaimInfo:
    """Return one claim, what took it back, and after how many seconds it was known: if late.

    ``evidence`` is what it rests on, as far as the reader may see that.
    """
    said = stored.claim
    return ClaimInfo(
        claim_id=said.claim_id,
        subject=said.subject,
        identifier=said.identifier,
        schema=said.schema,
        property=said.property,
        value=said.value,
        valid_from=to_text(said.valid_from_us),
        valid_to=time_or_none(said.valid_to_us),
        known=to_text(stored.known_us),
        delay_s=delay[0],
        late=delay[1],
        confidence=said.confidence,
        count=said.count,
        values=list(said.values),
        source=stored.stream,
        marking=Marking.of(label_sets.labels_of(stored.label_set)),
        evidence=list(evidence),
        reason=said.reason,
        retraction=None if retraction is None else _retraction(retraction, label_sets),
    )


def marking_of(state: TrackState | SourceTrackState) -> Marking:
    """Return the marking of a state."""
    return Marking(text=state.marking, classification=state.classification)


def time_or_none(moment_us: int | None) -> str | None:
    """Return RFC 3339 text, or None for no time."""
    return None if moment_us is None else to_text(moment_us)


def _retraction(stored: StoredClaim, label_sets: LabelSets) -> RetractionInfo:
    return RetractionInfo(
        claim_id=stored.claim.claim_id,
        source=stored.stream,
        known=to_text(stored.known_us),
        reason=stored.claim.reason,
        marking=Marking.of(label_sets.labels_of(stored.label_set)),
    )


def _kinematics(state: TrackState) -> dict[str, Any]:
    return {
        "state": state.state,
        "moving": state.moving,
        "position": _position(state.longitude_deg, state.latitude_deg),
        "std_m": state.position_std_m,
        "std_minor_m": state.position_minor_std_m,
        "std_axis_deg": state.position_axis_deg,
        "altitude_m": state.altitude_m,
        "speed_mps": state.speed_mps,
        "course_deg": state.course_deg,
        "heading_deg": state.heading_deg,
        "turn_rate_degps": state.turn_rate_degps,
        "navigation_status": state.navigation_status,
        "valid": time_or_none(state.valid_us),
        "recorded": time_or_none(state.recorded_us),
        "known": time_or_none(state.known_us),
        "heard": time_or_none(state.heard_us),
        "combined": state.combined,
        "age_s": state.age_s,
    }


def _position(lon: float | None, lat: float | None) -> models.Position | None:
    return None if lon is None or lat is None else models.Position(lon=lon, lat=lat)
