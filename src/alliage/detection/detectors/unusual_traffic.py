"""Unusual traffic: an area has far more or far fewer ships under way than its hour of the day.

What is to be expected, and within which band, is learned hour by hour
(:mod:`alliage.detection.hours`). Told is what would happen by chance in less than one of a million
hours: a thousand areas have 24,000 hours a day. Fewer count only if the areas around have theirs,
for otherwise it is reception that has become worse; a single area whose ships stay away is closed,
or avoided, or jammed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.contract import Finding, Reason
from alliage.detection.features import Feature
from alliage.detection.grid import around, middle_of
from alliage.detection.hours import Hour
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import days, number, place

AREA: Final = "Area"

MOST_AT_ONCE: Final = 10
"""Where more areas are unusual at once, it is what is heard that has changed: a new source, say."""


class UnusualTrafficSettings(DetectorSettings):
    """When traffic is unusual."""

    least_days: float = Field(default=5.0, ge=2, description="Before it is too little learned.")
    chance: float = Field(
        default=1e-6, gt=0, le=0.01, description="It would happen by chance less often than that."
    )
    least_more: float = Field(default=10.0, ge=1, description="There are so many more, or fewer.")
    times: float = Field(
        default=2.0, ge=1.1, description="There are so many times as many, or as few."
    )
    least_known: float = Field(
        default=24.0, ge=0, description="Many count only where so many ships are known of already."
    )
    around_share: float = Field(
        default=0.6, ge=0, le=1, description="Fewer count if the areas around have such a part."
    )


class UnusualTraffic:
    """Areas that have more or fewer ships than they should."""

    name: ClassVar[str] = "unusual_traffic"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Unusual traffic", "Trafic inhabituel")
    linger_s: ClassVar[float] = 3_600.0
    settings_type: ClassVar[type[DetectorSettings]] = UnusualTrafficSettings

    def __init__(self, settings: UnusualTrafficSettings) -> None:
        self.settings = settings
        self._judged: Hour | None = None
        self._few: list[tuple[Hour, int]] = []

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Areas that have too many in this hour, or had too few in the last."""
        hours = scene.traffic.hours
        if hours.days < self.settings.least_days:
            return
        if hours.closed is not self._judged:
            self._judged = hours.closed
            self._few = [] if hours.closed is None else list(self._too_few(hours.closed))
        now = hours.open(self.settings.least_more)
        for found in (list(self._too_many(now)), self._few):
            if len(found) <= MOST_AT_ONCE:
                yield from (self._finding(scene, hour, row) for hour, row in found)

    def _too_many(self, hour: Hour) -> Iterator[tuple[Hour, int]]:
        mean = hour.band.mean
        many = hour.count >= np.maximum(self.settings.times * mean, mean + self.settings.least_more)
        rows = np.flatnonzero(many & (hour.known >= self.settings.least_known))
        chance = hour.band.take(rows).more(hour.count[rows])
        yield from ((hour, int(row)) for row in rows[chance < self.settings.chance])

    def _too_few(self, hour: Hour) -> Iterator[tuple[Hour, int]]:
        mean = hour.band.mean
        few = hour.count <= np.minimum(mean / self.settings.times, mean - self.settings.least_more)
        rows = np.flatnonzero(few)
        chance = hour.band.take(rows).fewer(hour.count[rows])
        for row in rows[chance < self.settings.chance].tolist():
            about = np.isin(hour.areas, around(int(hour.areas[row]), 1))
            about[row] = False
            share = hour.count[about].sum() / max(mean[about].sum(), 1.0)
            if mean[about].sum() >= self.settings.least_more and share > self.settings.around_share:
                yield hour, row

    def _finding(self, scene: Scene, hour: Hour, row: int) -> Finding:
        count, mean = float(hour.count[row]), float(hour.band.mean[row])
        low, high = (float(side[0]) for side in hour.band.take(np.array([row])).usual())
        lat, lon = middle_of(int(hour.areas[row]))
        stream = max(scene.rows_of_stream, key=lambda code: (scene.rows_of_stream[code], -code))
        hour_of_day = datetime.fromtimestamp(hour.start_us / 1e6, UTC).hour
        where, learned = place(lat, lon), days(scene.traffic.hours.days)
        many, least, most = number(count), number(low), number(high)
        be = ("ship was", "navire a") if count == 1 else ("ships were", "navires ont")
        return Finding(
            things=(),
            since_us=hour.start_us,
            probability=0.6,
            reason=Reason(
                f"Around {where[0]} {many[0]} {be[0]} under way from {hour_of_day:02d}:00, where "
                f"at this hour (UTC) {least[0]} to {most[0]} are usual, by {learned[0]}",
                f"Autour de {where[1]}, {many[1]} {be[1]} fait route à partir de {hour_of_day} h "
                f"UTC, contre {least[1]} à {most[1]} d'ordinaire à cette heure, sur {learned[1]}",
            ),
            lat=lat,
            lon=lon,
            figures={
                "under_way": round(count),
                "expected": round(mean, 1),
                "usual_least": low,
                "usual_most": high,
            },
            feature=Feature(f"cell:{int(hour.areas[row]):x}", AREA, scene.things.streams[stream]),
        )
