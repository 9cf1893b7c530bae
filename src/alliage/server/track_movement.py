"""How one track moved, for one reader's charts."""

from __future__ import annotations

from alliage.history.movement import movement, movement_of
from alliage.history.selection import Where
from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.server.kept import not_kept_in_history
from alliage.server.models.common import Marking
from alliage.server.models.tracks import Movement
from alliage.server.services import Services


def track_movement(
    services: Services, audience: Audience, track_id: str, from_us: int, to_us: int, points: int
) -> Movement | None:
    """Return its reports of this time; None where the reader sees no such track.

    Raises:
        ValueError: the end is not after the beginning.
    """
    state = services.picture.view(audience).track(track_id)
    if state is None:
        return None
    told = {(source.stream, source.identifier) for source in state.source_tracks}
    history = services.history.reader(audience)
    log = services.log.reader(audience)
    if services.history.is_settled(0.0):
        found = movement_of(history, told, from_us, to_us, points)
    else:
        found = movement(log, told, from_us, to_us, points)
    label_sets = {point.label_set for point in found.points}
    labels: LabelSet = frozenset().union(*map(services.log.label_sets.labels_of, label_sets))
    return Movement(
        track_id=state.track_id,
        first=to_text(found.from_us),
        last=to_text(to_us),
        complete=found.from_us <= from_us,
        valid=[to_text(point.valid_us) for point in found.points],
        latitude_deg=[point.latitude_deg for point in found.points],
        longitude_deg=[point.longitude_deg for point in found.points],
        speed_mps=[point.speed_mps for point in found.points],
        course_deg=[point.course_deg for point in found.points],
        altitude_m=[point.altitude_m for point in found.points],
        not_kept=not_kept_in_history(history, log, Where(from_us, to_us, things=told)),
        marking=Marking.of(labels) if labels else None,
    )
