"""What traffic is usual at a place, as one reader is told: from what that reader may see alone."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from alliage.detection.detectors.unusual_traffic import UnusualTraffic, UnusualTrafficSettings
from alliage.detection.grid import AREA, cells_of, outline_of
from alliage.detection.hours import HOUR_US, AreaHours, Band
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text
from alliage.server.models.common import Marking
from alliage.server.models.tracks import Position
from alliage.server.models.traffic import CountedHour, UsualHour, UsualTraffic
from alliage.server.services import Services


def usual_traffic(
    services: Services, audience: Audience, place: tuple[float, float]
) -> UsualTraffic:
    """Return what is known of the area round a place, (latitude, longitude)."""
    lat, lon = (np.array([degrees]) for degrees in place)
    area = int(cells_of(lat, lon, AREA)[0])
    set_here = services.detector_settings.get(UnusualTraffic.name, {})
    seen = services.present.scene(audience)
    hours = None if seen is None else seen[0].traffic.hours
    found = None if hours is None else hours.of(area)
    usual = [] if found is None or not found.days.any() else _by_hour(found)
    return UsualTraffic(
        outline=[Position(lat=lat, lon=lon) for lon, lat in outline_of(area)],
        learned_days=0.0 if hours is None else round(hours.days, 2),
        least_days=UnusualTrafficSettings(**set_here).least_days,
        known=found is not None,
        now=None if found is None else _now(found, usual),
        before=None if found is None else _before(found, usual),
        hours=usual,
        marking=None if seen is None else Marking.of(services.log.label_sets.labels_of(seen[1])),
    )


def _by_hour(found: AreaHours) -> list[UsualHour]:
    return [_usual(hour, found.usual, hour, found.days) for hour in range(len(found.days))]


def _usual(hour: int, band: Band, row: int, days: NDArray[np.float64]) -> UsualHour:
    one = band.take(np.array([row]))
    least, most = one.usual()
    return UsualHour(
        hour=hour,
        expected=round(float(one.mean[0]), 2),
        least=int(least[0]),
        most=int(most[0]),
        days=round(float(days[hour]), 2),
    )


def _now(found: AreaHours, usual: list[UsualHour]) -> CountedHour | None:
    if not found.start_us:
        return None
    return CountedHour(
        start=to_text(found.start_us),
        count=found.count,
        heard_s=round(found.heard_s, 1),
        usual=usual[_hour_of(found.start_us)] if usual else None,
    )


def _before(found: AreaHours, usual: list[UsualHour]) -> CountedHour | None:
    """The hour before with the band by which it was judged: it had not been learned by then."""
    if found.before is None:
        return None
    hour = _hour_of(found.before.start_us)
    return CountedHour(
        start=to_text(found.before.start_us),
        count=int(found.before.count[0]),
        heard_s=HOUR_US / 1e6,
        usual=_usual(hour, found.before.band, 0, found.days) if usual else None,
    )


def _hour_of(start_us: int) -> int:
    return datetime.fromtimestamp(start_us / 1e6, UTC).hour
