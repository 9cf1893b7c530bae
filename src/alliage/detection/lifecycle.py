"""Alerts from findings: what begins, is told of again, and is over.

One alert is one situation of one detector about the same things and feature. It goes on while
findings of it come, and for the detector's ``linger_s`` after; then it is over, and its end is the
time of the last finding. So it is with what stood before a restart and is not found again. A
finding may also be the last words of an alert, which end it at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from alliage.detection.alert import MOST_EVIDENCE, Alert
from alliage.detection.contract import Evidence, Finding, Looker, Prompt
from alliage.detection.scene import Scene

AGAIN_US: Final = 300_000_000
"""What has merely gone on is told of again after so long, what has become surer at once."""

SURER: Final = 0.1

REWORDED_US: Final = 60_000_000
"""Words whose facts have clearly changed are told anew no more often than this."""

CLEARLY: Final = 0.5
"""A figure in words has clearly changed by this share of the larger one, and by 1 or more."""

OTHER_TIME_S: Final = 300
"""So far apart two times of day in words are clearly not the same."""

LINGERS_S: Final = 300.0

SOURCE: Final = "Sensor"
"""The schema of what an alert about a stream as a whole is about: ``stream:NAME``."""

Key = tuple[str, tuple[str, ...], str]
"""Detector, "stream|identifier" of the things in order, feature."""


UNHEARD_US: Final = 360_000_000
"""A thing that was not heard for so long may have ceased to do what it did; at anchor the slowest
reports are half as far apart."""


class Held(NamedTuple):
    """When an alert that goes on held last, and up to when was looked; the reports' own time.

    Most things report seldom, and between its reports a thing is taken to go on: nobody has looked
    later than its latest one, unless that is long ago.
    """

    last_us: int
    looked_us: int


@dataclass(slots=True)
class _Open:
    alert: Alert
    told: Alert
    linger_us: int


class Lifecycle:
    """The alerts of one context that go on."""

    def __init__(self, context: str) -> None:
        """``context`` names it: alerts of two contexts have different ids."""
        self._context = context
        self._open: dict[Key, _Open] = {}
        self._stood: dict[Key, Alert] = {}
        self._unended: dict[Key, int] = {}
        self._began_us: int | None = None

    def restore(self, alerts: Iterable[Alert], linger_s: Mapping[str, float]) -> None:
        """Know what was told before a restart, in the order in which it was told.

        Args:
            alerts: what was told.
            linger_s: by a detector's name how long what it finds goes on; else, as for rules that
                people wrote, :data:`LINGERS_S`.
        """
        for alert in alerts:
            self._stood[_key_of(alert)] = alert
        self._unended = {
            key: round(linger_s.get(alert.detector, LINGERS_S) * 1e6)
            for key, alert in self._stood.items()
            if alert.end_us is None
        }

    def update(self, scene: Scene, found: Iterable[tuple[Looker, Finding]]) -> Iterator[Alert]:
        """Take in what holds now.

        Yields:
            Alerts that began, have changed enough to be told of again, or are over.
        """
        for detector, finding in found:
            alert = self._alert(scene, detector, finding)
            if finding.is_over:
                yield from self._end(alert)
            else:
                yield from self._take(alert, detector, scene.now_us)
        for key, one in sorted(self._open.items()):
            if scene.now_us - one.alert.told_us > one.linger_us:
                del self._open[key]
                if one.told.end_us is None or one.told.end_us < one.alert.told_us:
                    yield replace(one.alert, end_us=one.alert.told_us)
        yield from self._end_what_stood(scene.now_us)

    def begin(
        self, scene: Scene, looker: Looker | Prompt, us: int, finding: Finding
    ) -> list[Alert]:
        """Take in what was found before the look is over, at ``us``; what is to be told of it."""
        alert = replace(self._alert(scene, looker, finding), told_us=us)
        return list(self._take(alert, looker, us))

    def end_all(self) -> list[Alert]:
        """End what goes on: time has gone back, and everything is looked at anew."""
        ended = [replace(alert, end_us=alert.told_us) for alert in self.open_alerts()]
        self._open.clear()
        return ended

    def open_alerts(self) -> list[Alert]:
        """Alerts that go on, as they are now."""
        return [one.alert for _, one in sorted(self._open.items())]

    def held(self, scene: Scene) -> dict[str, Held]:
        """By alert that goes on when it held last. Any thread asks."""
        now = [one.alert for one in list(self._open.values())]
        return {alert.alert_id: Held(alert.told_us, _looked_us(scene, alert)) for alert in now}

    def _take(self, alert: Alert, detector: Looker | Prompt, now_us: int) -> Iterator[Alert]:
        key = _key_of(alert)
        known = self._open.get(key)
        if known is None:
            linger_us = round(detector.linger_s * 1e6)
            before = self._stood.pop(key, None)
            stands = self._unended.pop(key, None) is not None
            if (
                before is not None
                and alert.start_us <= (before.end_us or before.told_us) + linger_us
            ):
                self._open[key] = _Open(_gone_on(before, alert), before, linger_us)
                return
            if before is not None and stands:
                yield replace(before, end_us=before.told_us)
            self._open[key] = _Open(alert, alert, linger_us)
            yield alert
            return
        known.alert = _gone_on(known.alert, alert)
        is_surer = known.alert.probability >= known.told.probability + SURER
        age_us = now_us - known.told.told_us
        is_other = age_us >= REWORDED_US and says_otherwise(
            known.told.reason_en, known.alert.reason_en
        )
        if is_surer or is_other or age_us >= AGAIN_US:
            known.told = known.alert
            yield known.alert

    def _end(self, alert: Alert) -> Iterator[Alert]:
        """The last words of an alert that goes on; of any other there is nothing to be said."""
        known = self._open.pop(_key_of(alert), None)
        if known is not None:
            yield replace(_gone_on(known.alert, alert), end_us=alert.told_us)

    def _end_what_stood(self, now_us: int) -> Iterator[Alert]:
        """End what stood before a restart and was not found again for as long as it goes on."""
        if self._began_us is None or now_us < self._began_us:
            self._began_us = now_us
        for key, linger_us in sorted(self._unended.items()):
            before = self._stood[key]
            if now_us - max(before.told_us, self._began_us) > linger_us:
                del self._unended[key]
                self._stood[key] = replace(before, end_us=before.told_us)
                yield self._stood[key]

    def _alert(self, scene: Scene, detector: Looker | Prompt, finding: Finding) -> Alert:
        things = scene.things
        names = tuple(things.identifiers[row] for row in finding.things)
        streams = tuple(things.streams[things.stream[row]] for row in finding.things)
        schema, lat, lon = SOURCE, finding.lat, finding.lon
        if finding.things:
            chief = finding.things[0]
            schema = things.schemata[things.schema[chief]]
            if lat != lat:  # NaN
                lat, lon = float(things.lat[chief]), float(things.lon[chief])
        elif finding.feature is not None:
            feature = finding.feature
            schema, names, streams = feature.schema, (feature.identifier,), (feature.stream,)
        else:
            names, streams = (f"stream:{finding.stream}",), (finding.stream,)
        return Alert(
            alert_id=self._id(detector.name, streams, names, finding),
            detector=detector.name,
            version=detector.version,
            identifiers=names,
            streams=streams,
            schema=schema,
            start_us=finding.since_us,
            end_us=None,
            told_us=scene.now_us,
            probability=finding.probability,
            lat=lat,
            lon=lon,
            reason_en=finding.reason.en,
            reason_fr=finding.reason.fr,
            figures=dict(finding.figures),
            evidence=tuple(
                (things.streams[things.stream[row]], things.identifiers[row], valid_us)
                for row, valid_us in _bounded(finding.evidence)
            ),
            claims=finding.claims,
            area=finding.area,
            priority=finding.priority,
            called=tuple(dict.fromkeys(_called(scene, finding, names))),
        )

    def _id(
        self, detector: str, streams: tuple[str, ...], names: tuple[str, ...], finding: Finding
    ) -> str:
        told = repr((self._context, detector, streams, names, finding.area, finding.since_us))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def _called(scene: Scene, finding: Finding, names: tuple[str, ...]) -> Iterator[str]:
    """Identifiers of other tracks of the things, by whose names people call them."""
    for row in finding.things:
        other = scene.things.identifiers[scene.things.named_by(row)[1]]
        if other not in names:
            yield other


_FIGURE: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TIME: Final = re.compile(r"(\d\d):(\d\d)(?::(\d\d))? UTC")


def says_otherwise(before: str, now: str) -> bool:
    """Whether the facts in words have clearly changed: other words, or figures far from before.

    >>> says_otherwise("It drifts at 1.2 kn", "It drifts at 1.4 kn")
    False
    >>> says_otherwise("It drifts at 1.2 kn", "It drifts at 3.0 kn")
    True
    >>> says_otherwise("It drifts since 12:59:58 UTC", "It drifts since 13:00:02 UTC")
    False
    """
    if any(map(_is_other_time, _TIME.findall(before), _TIME.findall(now))):
        return True
    before, now = _TIME.sub("UTC", before), _TIME.sub("UTC", now)
    if _FIGURE.sub("#", before) != _FIGURE.sub("#", now):
        return True
    figures = zip(_FIGURE.findall(before), _FIGURE.findall(now), strict=True)
    return any(_is_far(_value(one), _value(other)) for one, other in figures)


def _value(figure: str) -> float:
    return float(figure.replace(",", ""))


def _is_far(one: float, other: float) -> bool:
    return abs(one - other) >= max(1.0, CLEARLY * max(one, other))


def _is_other_time(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    first, second = (
        3_600 * int(hour) + 60 * int(minute) + int(second or 0)
        for hour, minute, second in (one, other)
    )
    apart_s = abs(first - second)
    return min(apart_s, 86_400 - apart_s) >= OTHER_TIME_S


def _looked_us(scene: Scene, alert: Alert) -> int:
    """Up to when was looked at what an alert is about."""
    if scene.now_us - alert.told_us > UNHEARD_US:
        return scene.now_us
    named = zip(alert.streams, alert.identifiers, strict=True)
    rows = [row for one in named if (row := scene.things.row_of(*one)) is not None]
    heard_us = min((int(scene.things.valid_us[row]) for row in rows), default=alert.told_us)
    return max(alert.told_us, heard_us)


def _gone_on(before: Alert, now: Alert) -> Alert:
    """The same alert, as it is now: it began when it began, and its id stays."""
    return replace(
        now,
        alert_id=before.alert_id,
        start_us=min(before.start_us, now.start_us),
        priority=before.priority or now.priority,
    )


def _key_of(alert: Alert) -> Key:
    things = sorted(f"{s}|{i}" for s, i in zip(alert.streams, alert.identifiers, strict=True))
    return alert.detector, tuple(things), alert.area


def _bounded(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    if len(evidence) <= MOST_EVIDENCE:
        return evidence
    half = MOST_EVIDENCE // 2
    return evidence[:half] + evidence[-half:]
