"""What of an incident has to be told to those who were told of it before, or were not.

Nothing here remembers: what was told is given, and what there is to tell follows from how the
incident stands now. So what could not be sent for an hour is told as it has become, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alliage.watch.incidents import Incident


class News(StrEnum):
    """Why an incident is told."""

    OPENED = "opened"
    ESCALATED = "escalated"  # another detector found something, it is a call now, it opened again
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of an incident.

    Attributes:
        detectors: names of those whose alerts it had.
        priority: whether a call for help was among them.
        closed: whether it was told to be closed.
    """

    detectors: frozenset[str]
    priority: bool
    closed: bool

    @classmethod
    def of(cls, incident: Incident) -> Told:
        """What somebody knows who is told of an incident as it stands."""
        detectors = frozenset(alert.detector for alert in incident.alerts)
        return cls(detectors, incident.is_priority, incident.is_closed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which incidents somebody wants to be told.

    Attributes:
        kinds: names of detectors; none: all of them.
        priority: whether of calls for help only.
        least_probability: how probable it is at the least.
        beyond_budget: whether also of those that are folded.
    """

    kinds: frozenset[str] = frozenset()
    priority: bool = False
    least_probability: float = 0.0
    beyond_budget: bool = False

    def fits(self, incident: Incident, is_folded: bool) -> bool:
        """Whether an incident of which nothing was told yet is to be told."""
        return (
            incident.suppression is None
            and (not self.kinds or any(one.detector in self.kinds for one in incident.alerts))
            and (incident.is_priority or not self.priority)
            and (incident.is_priority or incident.chief.probability >= self.least_probability)
            and (self.beyond_budget or not is_folded)
        )


def news_of(incident: Incident, told: Mapping[str, Told], since_us: int) -> News | None:
    """What there is to tell of an incident; None: nothing.

    Args:
        incident: as the readers see it.
        told: by the id of an alert what was told of its incident last.
        since_us: what was known before is not told, though its escalation is.
    """
    before = [told[alert_id] for alert_id in incident.ids if alert_id in told]
    if incident.is_closed:
        was_open = any(not one.closed for one in before)
        is_short = not before and incident.begun_us >= since_us  # it is over already
        return News.CLOSED if was_open or is_short else None
    if not before:
        if incident.begun_us >= since_us:
            return News.OPENED
        before = [_known_before(incident, since_us)]
    return News.ESCALATED if _is_more(Told.of(incident), before) else None


def _is_more(now: Told, before: Iterable[Told]) -> bool:
    some = list(before)
    detectors = frozenset().union(*(one.detectors for one in some))
    return (
        all(one.closed for one in some)
        or not now.detectors <= detectors
        or now.priority > any(one.priority for one in some)
    )


def _known_before(incident: Incident, since_us: int) -> Told:
    """What anybody could know of an incident before a moment."""
    alerts = [told[-1].alert for told in incident.tellings if told[0].known_us < since_us]
    return Told(
        frozenset(alert.detector for alert in alerts),
        any(alert.priority for alert in alerts),
        (incident.standing.reopened_us or 0) >= since_us,
    )
