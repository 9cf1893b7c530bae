"""Incidents: alerts that are one situation, and what people said of it. Made for one reader.

Two alerts are of one incident if they are about one object and their times touch, with a pause of
:data:`PAUSE_US` allowed; and so are two calls for help within :data:`ONE_CALL_M`, for a ship calls
while its people's beacons do. An incident is named by its first alert, like an object by its first
subject: who sees fewer alerts may know it under another name, and each name finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from alliage.actions.watch_words import Said, State
from alliage.detection import Alert
from alliage.detection.lifecycle import SURER
from alliage.geo.flat import distance_m
from alliage.ontology.claim import RULE_ID
from alliage.watch.board import Saying, Telling

PAUSE_US: Final = 1_800 * 1_000_000

SILENT_US: Final = 7_200 * 1_000_000
"""A detector that was stopped ends nothing: what it told of so long ago goes on no more."""

ONE_CALL_M: Final = 10_000.0

ObjectOf = Callable[[str], str]
"""From a source's identifier to the object that it is for a reader."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Since when, until when, and why the like of an alert is not shown."""

    until_us: int
    reason: str
    by: str


@dataclass(slots=True)
class Standing:
    """How an incident stands by what was said of it, heard in order.

    Attributes:
        state: how far it is.
        owner: whose it is, "" for nobody's.
        done: the steps of the checklist that are done.
        deadline: until when something is due, and what.
        useful: whether people found it so; None: nobody said.
        acknowledged: whether somebody has heard its alarm.
        closed_us: when it was closed; None: it is not.
        reopened_us: when a new alert came after it was closed; None: none did.
    """

    state: State = State.NEW
    owner: str = ""
    done: set[str] = field(default_factory=set)
    deadline: tuple[int, str] | None = None
    useful: bool | None = None
    acknowledged: bool = False
    closed_us: int | None = None
    reopened_us: int | None = None

    def hear(self, one: Saying) -> None:
        """Take in what was said next."""
        word = one.word
        if word.said is Said.ACKNOWLEDGE:
            self.acknowledged = True
        elif word.said is Said.TAKE:
            self.owner = one.by
            self.state = State.TRIAGE if self.state in (State.NEW, State.CLOSED) else self.state
        elif word.said is Said.ASSIGN:
            self.owner = word.owner
        elif word.said is Said.STATE and word.state is not None:
            self.state = word.state
            self.closed_us = one.known_us if word.state is State.CLOSED else None
        elif word.said is Said.CHECK:
            (self.done.add if word.done else self.done.discard)(word.item)
        elif word.said is Said.DEADLINE and word.until_us is not None:
            self.deadline = (word.until_us, word.text)
        elif word.said is Said.JUDGE:
            self.useful = word.useful

    def hear_of_alert(self, known_us: int, *, is_call: bool) -> None:
        """An alert that came after it was closed opens it again; only a call rings again."""
        if self.closed_us is not None and known_us > self.closed_us:
            self.reopened_us, self.closed_us = known_us, None
            self.state, self.acknowledged = State.NEW, not is_call


@dataclass(frozen=True, slots=True)
class Incident:
    """One situation, as one reader sees it.

    Attributes:
        ids: of all its alerts, the first one's first; each names it.
        tellings: of each of its alerts how it was told, the first alert first; what two contexts
            found alike is here once.
        sayings: what people said of it, in the order in which it was known.
        objects: the objects that it is about, the chief alert's first.
        standing: what follows from what was said.
        is_over: whether nothing of it goes on, or nothing was told of it for :data:`SILENT_US`.
        widest_id: of its alerts that which most readers may see: what is said of it reaches them.
        suppression: why it is not shown; None: it is.
    """

    ids: tuple[str, ...]
    tellings: tuple[tuple[Telling, ...], ...]
    sayings: tuple[Saying, ...]
    objects: tuple[str, ...]
    standing: Standing
    is_over: bool
    widest_id: str
    suppression: Suppression | None = None

    @property
    def incident_id(self) -> str:
        """The id of its first alert."""
        return self.ids[0]

    @property
    def alerts(self) -> list[Alert]:
        """Its alerts as they stand."""
        return [told[-1].alert for told in self.tellings]

    @property
    def chief(self) -> Alert:
        """The alert that says what it is: a call for help first, a rule last, then the surest.

        Of what happened to the same things more than once it is the last time.
        """

        def weight(alert: Alert) -> tuple[bool, bool, float]:
            return alert.priority, not alert.detector.startswith(RULE_ID), alert.probability

        def what(alert: Alert) -> tuple[bool, str, tuple[str, ...]]:
            return alert.priority, alert.detector, alert.identifiers

        surest = max(self.alerts, key=weight)
        again = [alert for alert in self.alerts if what(alert) == what(surest)]
        return max(again, key=lambda alert: alert.start_us)

    @property
    def is_priority(self) -> bool:
        """Whether it is to be seen first."""
        return any(alert.priority for alert in self.alerts)

    @property
    def is_closed(self) -> bool:
        """Whether nobody has to look at it: closed by somebody, or over before anybody took it.

        A call for help that nobody has heard is never over by itself: a beacon may have sunk.
        """
        if self.standing.state is State.CLOSED:
            return True
        is_heard = not self.is_priority or self.standing.acknowledged
        return is_heard and self.is_over and self.standing.state is State.NEW

    @property
    def start_us(self) -> int:
        """Since when it has been so."""
        return min(alert.start_us for alert in self.alerts)

    @property
    def changed_us(self) -> int:
        """When anything of it was known last that was new: not merely that it goes on."""
        told = [_news_us(told) for told in self.tellings]
        return max([*told, *(saying.known_us for saying in self.sayings)])

    @property
    def begun_us(self) -> int:
        """When it was known first."""
        return min(told[0].known_us for told in self.tellings)


def _news_us(told: Sequence[Telling]) -> int:
    """When an alert was last told otherwise than before: surer, as a call for help, or as over."""
    news_us, stood = told[0].known_us, told[0].alert
    for one in told[1:]:
        now = one.alert
        is_new = (now.end_us is None) != (stood.end_us is None)
        is_new |= now.priority != stood.priority
        surer = round(abs(now.probability - stood.probability), 6)  # 0.7 is 0.1 more than 0.6
        if is_new or surer >= SURER:
            news_us, stood = one.known_us, now
    return news_us


def incidents_of(
    tellings: Sequence[Sequence[Telling]],
    sayings: Mapping[str, Sequence[Saying]],
    object_of: ObjectOf,
    now_us: int,
) -> list[Incident]:
    """Group alerts into incidents, in the order of their beginnings.

    Args:
        tellings: of each alert how it was told, as a board gives them.
        sayings: by alert what was said of it.
        object_of: finds the object that an identifier is.
        now_us: for what ends by itself.
    """
    groups = _groups(map(tuple, tellings), object_of)
    made = [_incident(group, sayings, object_of, now_us) for group in groups]
    suppressions = [one for group in sayings.values() for one in group if _suppresses(one, now_us)]
    by_alert = {told[-1].alert.alert_id: told[-1].alert for told in tellings}
    likes = [(_like(by_alert[one.alert_id], object_of), one) for one in suppressions
             if one.alert_id in by_alert]  # fmt: skip
    made = [_suppressed(incident, likes, object_of) for incident in made]
    return sorted(made, key=lambda one: (one.begun_us, one.incident_id))


def holds_until_us(
    tellings: Iterable[Sequence[Telling]], sayings: Mapping[str, Sequence[Saying]], now_us: int
) -> int:
    """Until when :func:`incidents_of` gives the same as now, unless something new is known."""
    times = [t[-1].known_us + SILENT_US for t in tellings if t[-1].alert.end_us is None]
    times += [
        (one.word.until_us or 0) - 1
        for said in sayings.values()
        for one in said
        if one.word.said is Said.SUPPRESS
    ]
    return min((one for one in times if one >= now_us), default=2**62)


def _seen_once(
    group: Sequence[tuple[Telling, ...]], object_of: ObjectOf
) -> Iterator[tuple[Telling, ...]]:
    """One detector's alert about the same things in two contexts is one.

    Where it is about an area, a route or such as well, the same object is the same thing, by
    whichever of its tracks each context tells of it.

    The surer stands; of two that are as sure, that which more people may see. What one context
    told twice happened twice, however soon: each of them stands for one of another context's.
    """
    alike: dict[tuple[str, tuple[str, ...], str], list[tuple[Telling, ...]]] = {}
    for told in group:
        alert = told[-1].alert
        named = zip(alert.streams, alert.identifiers, strict=True)
        things = sorted(object_of(i) if alert.area else f"{s}|{i}" for s, i in named)
        alike.setdefault((alert.detector, tuple(things), alert.area), []).append(told)
    for some in alike.values():
        some.sort(key=lambda told: (-round(told[-1].alert.probability, 1), told[-1].labels))
        kept: list[tuple[tuple[Telling, ...], set[int]]] = []
        for told in some:
            start_us, context = told[-1].alert.start_us, told[-1].label_set
            apart = [
                (abs(one[-1].alert.start_us - start_us), contexts)
                for one, contexts in kept
                if context not in contexts
            ]
            least_us, contexts = min(apart, key=lambda one: one[0], default=(PAUSE_US, set()))
            if least_us < PAUSE_US:
                contexts.add(context)
            else:
                kept.append((told, {context}))
        yield from (told for told, _ in kept)


def _groups(
    tellings: Iterable[tuple[Telling, ...]], object_of: ObjectOf
) -> list[list[tuple[Telling, ...]]]:
    """Alerts that touch each other, transitively, each group in the order of their beginnings."""
    ordered = sorted(tellings, key=lambda told: (told[-1].alert.start_us, told[0].number))
    parent = list(range(len(ordered)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    latest: dict[str, int] = {}  # by object the alert of it that lasts longest
    calls: list[int] = []
    for number, told in enumerate(ordered):
        alert = told[-1].alert
        near = [one for one in calls if _is_one_call(ordered[one][-1].alert, alert)]
        objects = {object_of(identifier) for identifier in alert.identifiers}
        for other in (*near, *(latest[one] for one in objects if one in latest)):
            if _until_us(ordered[other][-1].alert) + PAUSE_US >= alert.start_us:
                parent[root(number)] = root(other)
        for one in objects:
            before = latest.get(one)
            if before is None or _until_us(ordered[before][-1].alert) <= _until_us(alert):
                latest[one] = number
        if alert.priority:
            calls.append(number)
    groups: dict[int, list[tuple[Telling, ...]]] = {}
    for number, told in enumerate(ordered):
        groups.setdefault(root(number), []).append(told)
    return [sorted(group, key=lambda told: told[0].number) for group in groups.values()]


def _until_us(alert: Alert) -> int:
    """Until when it goes on, as far as is known: what has no end is told of again soon."""
    return alert.told_us + PAUSE_US if alert.end_us is None else alert.end_us


def _is_one_call(one: Alert, other: Alert) -> bool:
    is_near = distance_m(one.lat, one.lon, other.lat, other.lon) <= ONE_CALL_M  # NaN is not
    return other.priority and bool(is_near)


def _incident(
    group: list[tuple[Telling, ...]],
    sayings: Mapping[str, Sequence[Saying]],
    object_of: ObjectOf,
    now_us: int,
) -> Incident:
    said = [one for told in group for one in sayings.get(told[0].alert.alert_id, ())]
    said.sort(key=lambda one: (one.number, one.claim_id))
    standing = Standing()
    heard: list[Saying | Telling] = [*said, *(told[0] for told in group)]
    for one in sorted(heard, key=lambda one: (one.known_us, one.number)):
        if isinstance(one, Saying):
            standing.hear(one)
        else:
            standing.hear_of_alert(one.known_us, is_call=one.alert.priority)
    once = sorted(_seen_once(group, object_of), key=lambda told: told[0].number)
    ids = tuple(told[0].alert.alert_id for told in group)
    is_over = all(
        told[-1].alert.end_us is not None or told[-1].known_us < now_us - SILENT_US
        for told in group
    )
    widest = min(group, key=lambda told: (told[-1].labels, told[0].number))[0].alert.alert_id
    made = Incident(ids, tuple(once), tuple(said), (), standing, is_over, widest)
    names = [*made.chief.identifiers, *(n for alert in made.alerts for n in alert.identifiers)]
    return replace(made, objects=tuple(dict.fromkeys(map(object_of, names))))


# --- suppression

_Like = tuple[str, str, str]
"""Detector, object, feature."""


def _suppresses(one: Saying, now_us: int) -> bool:
    return one.word.said is Said.SUPPRESS and (one.word.until_us or 0) > now_us


def _like(alert: Alert, object_of: ObjectOf) -> _Like:
    return alert.detector, object_of(alert.identifiers[0]), alert.area


def _suppressed(
    incident: Incident, likes: Sequence[tuple[_Like, Saying]], object_of: ObjectOf
) -> Incident:
    """The same, and not to be shown if each of its alerts is like one that somebody suppressed."""
    if incident.is_priority or not likes:
        return incident
    found = []
    for alert in incident.alerts:
        mine = _like(alert, object_of)
        fits = [one for like, one in likes if like == mine]
        if not fits:
            return incident
        found.append(fits[-1])
    last = max(found, key=lambda one: one.number)
    suppression = Suppression(last.word.until_us or 0, last.reason, last.by)
    return replace(incident, suppression=suppression)
