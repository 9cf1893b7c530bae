"""Source rate: a stream gives far fewer reports than it did over the last hour.

A receiver that fails, a filter that somebody set, a line that drops: it is told of the stream and
not of the many things that seem to be gone. A stream that says little is not judged, as its rate
goes up and down by chance; nor is anything said while no stream gives anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import Field

from alliage.detection.contract import Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import number, since

LOOK_US: Final = 10_000_000
SLOWER: Final = 6.0
"""While it gives less a stream's usual rate changes so much slower: less does not become usual."""

BREAK_US: Final = 60_000_000


class SourceRateSettings(DetectorSettings):
    """When a stream's rate counts as dropped."""

    share: float = Field(
        default=0.35, gt=0, lt=1, description="Less than this part of the usual rate is a drop."
    )
    lasts_s: float = Field(default=180.0, ge=20, description="For how long it is so.")
    recent_s: float = Field(default=120.0, ge=20, description="Over which the rate is averaged.")
    usual_s: float = Field(
        default=3_600.0, ge=600, description="Over which the usual rate is averaged."
    )
    learn_s: float = Field(
        default=1_800.0, ge=60, description="Nothing is said before it was heard so long."
    )
    least_rows: float = Field(
        default=60.0, ge=1, description="So many reports it usually gives in `recent_s`."
    )


@dataclass(slots=True)
class _Rate:
    began_us: int
    usual: float
    recent: float
    low_us: int = 0


class SourceRate:
    """Streams whose rate has dropped."""

    name: ClassVar[str] = "source_rate"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("A source says less", "Une source se tarit")
    linger_s: ClassVar[float] = 120.0
    settings_type: ClassVar[type[DetectorSettings]] = SourceRateSettings

    def __init__(self, settings: SourceRateSettings) -> None:
        self.settings = settings
        self._rates: dict[int, _Rate] = {}
        self._before_us = 0

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Streams that have given far less than usual for long enough."""
        own, looks = self.settings, (scene.now_us - self._before_us) / LOOK_US
        was_away = scene.now_us - self._before_us > BREAK_US
        self._before_us = scene.now_us
        for code in sorted(set(self._rates) | set(scene.rows_of_stream)):
            rows = float(scene.rows_of_stream.get(code, 0))
            rate = self._rates.setdefault(code, _Rate(scene.now_us, rows, rows))
            if was_away:  # nobody gave anything: that says nothing of this stream
                rate.recent, rate.low_us = max(rate.recent, rate.usual), 0
                continue
            learned_s = (scene.now_us - rate.began_us) / 1e6
            usual_s = max(min(own.usual_s, learned_s), own.recent_s)
            slower = SLOWER if rate.low_us else 1.0
            rate.usual += (rows / looks - rate.usual) * _share(looks, usual_s * slower)
            rate.recent += (rows / looks - rate.recent) * _share(looks, own.recent_s)
            is_low = rate.recent < own.share * rate.usual and learned_s >= own.learn_s
            is_low &= rate.usual * own.recent_s / 10.0 >= own.least_rows
            rate.low_us = (rate.low_us or scene.now_us) if is_low else 0
            if is_low and scene.now_us - rate.low_us >= own.lasts_s * 1e6:
                yield self._finding(scene, code, rate)

    def _finding(self, scene: Scene, code: int, rate: _Rate) -> Finding:
        name, begun = scene.things.streams[code], since(rate.low_us, scene.now_us)
        now, usual = number(rate.recent * 6.0), number(rate.usual * 6.0)
        return Finding(
            things=(),
            stream=name,
            since_us=rate.low_us,
            probability=0.9,
            reason=Reason(
                f"{name} has given {now[0]} reports a minute {begun[0]}; usually it is {usual[0]}",
                f"{name} donne {now[1]} messages par minute {begun[1]} ; d'habitude c'est "
                f"{usual[1]}",
            ),
            figures={
                "rows_per_min": round(rate.recent * 6.0, 1),
                "usual_rows_per_min": round(rate.usual * 6.0, 1),
            },
        )


def _share(looks: float, over_s: float) -> float:
    return 1.0 - math.exp(-looks * LOOK_US / 1e6 / over_s)
