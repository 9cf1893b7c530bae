"""Source replay: a stream gives its own earlier reports again, with new times.

What moves does not come back to the very same digits of latitude and longitude. Of the reports of
moving things a part, chosen by their digits, is remembered; where several things are at remembered
places again, all after the same time, the stream repeats itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import duration

Hashes = NDArray[np.uint64]

ONE_IN: Final = 16
"""About every sixteenth report is remembered: of a repeated one that is the same choice."""

CHUNK_US: Final = 600_000_000
ALIKE_US: Final = 15_000_000
WINDOW_US: Final = 600_000_000


class SourceReplaySettings(DetectorSettings):
    """When a stream counts as repeating itself."""

    least_speed_mps: float = Field(default=2.0, gt=0, description="Slower things may come back.")
    least_ago_s: float = Field(
        default=300.0, ge=30, description="A repetition comes so much later."
    )
    most_ago_s: float = Field(default=7_200.0, ge=600, description="Places are kept so long.")
    reports: int = Field(default=8, ge=2, description="So many reports are at earlier places.")
    things: int = Field(
        default=3, ge=1, description="So many things have reports at earlier places."
    )


class SourceReplay:
    """Streams that repeat their own past."""

    name: ClassVar[str] = "source_replay"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("A source repeats itself", "Une source se répète")
    linger_s: ClassVar[float] = 300.0
    settings_type: ClassVar[type[DetectorSettings]] = SourceReplaySettings

    def __init__(self, settings: SourceReplaySettings) -> None:
        self.settings = settings
        self._kept: deque[tuple[int, Hashes, NDArray[np.int64]]] = deque()
        self._new: list[tuple[Hashes, NDArray[np.int64]]] = []
        self._new_us = 0
        self._repeated: dict[int, deque[tuple[int, int, int]]] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Streams in which many things are again where they were, after one and the same time."""
        rows = np.flatnonzero(reports.speed_mps >= self.settings.least_speed_mps)
        hashes = _hashes(reports.thing[rows], reports.lat[rows], reports.lon[rows])
        chosen = hashes % np.uint64(ONE_IN) == 0
        rows, hashes = rows[chosen], hashes[chosen]
        for row, before_us in self._found(hashes, reports.valid_us[rows]):
            thing, valid_us = int(reports.thing[rows[row]]), int(reports.valid_us[rows[row]])
            stream = int(scene.things.stream[thing])
            self._repeated.setdefault(stream, deque()).append((valid_us, thing, before_us))
        self._remember(scene.now_us, hashes, reports.valid_us[rows])
        for stream, repeated in sorted(self._repeated.items()):
            while repeated and repeated[0][0] < scene.now_us - WINDOW_US:
                repeated.popleft()
            yield from self._judge(scene, stream, list(repeated))

    def _found(self, hashes: Hashes, valid_us: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
        """Rows that are at a remembered place, and when that was."""
        for _, known, when_us in self._kept:
            if not len(known):
                continue
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            ago_us = valid_us - when_us[at]
            again = (known[at] == hashes) & (ago_us >= self.settings.least_ago_s * 1e6)
            for row in np.flatnonzero(again).tolist():
                yield row, int(when_us[at[row]])

    def _remember(self, now_us: int, hashes: Hashes, valid_us: NDArray[np.int64]) -> None:
        self._new.append((hashes, valid_us))
        self._new_us = self._new_us or now_us
        if now_us - self._new_us < min(CHUNK_US, self.settings.least_ago_s * 1e6):
            return
        known = np.concatenate([some for some, _ in self._new])
        when_us = np.concatenate([when for _, when in self._new])
        order = np.argsort(known, kind="stable")
        self._kept.append((now_us, known[order], when_us[order]))
        self._new, self._new_us = [], 0
        while self._kept[0][0] < now_us - self.settings.most_ago_s * 1e6:
            self._kept.popleft()

    def _judge(
        self, scene: Scene, stream: int, repeated: list[tuple[int, int, int]]
    ) -> Iterable[Finding]:
        if len(repeated) < self.settings.reports:
            return
        shifts_us = np.array([valid_us - before_us for valid_us, _, before_us in repeated])
        shift_us = int(np.median(shifts_us))
        alike = [r for r in repeated if abs(r[0] - r[2] - shift_us) <= ALIKE_US]
        things = {thing for _, thing, _ in alike}
        if len(alike) < self.settings.reports or len(things) < self.settings.things:
            return
        name, ago = scene.things.streams[stream], duration(shift_us / 1e6)
        yield Finding(
            things=(),
            stream=name,
            since_us=alike[0][0],
            probability=0.95,
            reason=Reason(
                f"{name} repeats its reports of {ago[0]} before: {len(things)} things that move "
                "are at exactly the same places again",
                f"{name} répète ses messages de {ago[1]} plus tôt : {len(things)} mobiles se "
                "retrouvent exactement aux mêmes endroits",
            ),
            figures={"shift_s": round(shift_us / 1e6, 1), "reports": len(alike)},
            evidence=tuple(Evidence(thing, valid_us) for valid_us, thing, _ in alike),
        )


def _hashes(thing: NDArray[np.int32], lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Hashes:
    """A number for a thing at the very digits of a place, (n,); the same in every run."""
    mixed = thing.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for degrees in (lat, lon):
        digits = np.round(degrees * 1e7).astype(np.int64).view(np.uint64)
        mixed = (mixed ^ digits) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return np.asarray(mixed * np.uint64(0x94D049BB133111EB) >> np.uint64(8), np.uint64)
