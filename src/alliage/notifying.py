"""Notifications of a node: an audience each, what it sees of the board, and a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from alliage.access.policy import Access
from alliage.config import Config
from alliage.config_notifications import NotificationConfig
from alliage.ontology.audience import LabelSets
from alliage.ontology.label import LabelSet
from alliage.ontology.marking import join_marking
from alliage.ontology.times import Clock
from alliage.picture.picture import Picture
from alliage.watch.board import Board
from alliage.watch.channels.choice import channel_of
from alliage.watch.incidents import Incident
from alliage.watch.news import News
from alliage.watch.notification import Notification
from alliage.watch.notifier import Notifier
from alliage.watch.seen import Watched, watched_by
from alliage.watch.told import TellingMemory


@dataclass(frozen=True)
class Notifying:
    """The notifiers of a node; one that fails holds no other up.

    Attributes:
        config: the node's.
        access: by whose policy audiences see.
        label_sets: the log's.
        board: what there is to tell.
        picture: which identifiers are one object, for each audience.
        memory: by a notification's name what remembers what was told.
        kinds: of things, as watch rules name them.
        exercises: names of the streams that are invented.
        clock: the node's.
    """

    config: Config
    access: Access
    label_sets: LabelSets
    board: Board
    picture: Picture
    memory: Callable[[str], TellingMemory]
    kinds: frozenset[str]
    exercises: Collection[str]
    clock: Clock
    notifiers: list[Notifier] = field(default_factory=list)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.notifiers.extend(self._notifier(one) for one in self.config.notifications)

    async def run(self) -> None:
        """Tell until :meth:`stop`."""
        await asyncio.gather(*(one.run(self._stopping) for one in self.notifiers))

    def stop(self) -> None:
        """Let :meth:`run` end once the messages on their way are told or have failed."""
        self._stopping.set()

    def _notifier(self, config: NotificationConfig) -> Notifier:
        return Notifier(
            name=config.name,
            wanted=config.incidents.to_wanted(),
            settings=config.to_settings(),
            channel=channel_of(config.channel, config.language, self.clock),
            board=self.board,
            watched=self._watched(config),
            message=self._message(config),
            labels_of=lambda message: self._labels(message.label_sets),
            memory=self.memory(config.name),
            clock=self.clock,
        )

    def _watched(self, config: NotificationConfig) -> Callable[[], Watched]:
        reader = config.audience.to_principal(config.name)

        def watched() -> Watched:
            audience = self.access.audience(reader)  # anew: the policy may be another
            return watched_by(
                audience,
                self.board,
                self.picture.view(audience),
                self.kinds,
                self.clock.now_us(),
                self.config.detection.incidents_per_hour,
            )

        return watched

    def _message(
        self, config: NotificationConfig
    ) -> Callable[[Watched, Incident, News], Notification]:
        node, address = self.config.node, self.config.server.address

        def message(seen: Watched, incident: Incident, news: News) -> Notification:
            said = (one.label_set for one in incident.sayings)
            named = [seen.rules[d].label_set for d in [incident.chief.detector] if d in seen.rules]
            found = (told[-1].label_set for told in incident.tellings)
            label_sets = frozenset([*found, *said, *named])
            marking = join_marking(self._labels(label_sets))
            assert marking is not None  # an incident has an alert, and an alert has labels
            streams = {stream for alert in incident.alerts for stream in alert.streams}
            return Notification(
                name=config.name,
                node=node.name,
                news=news,
                incident=incident,
                title=seen.title_of(incident.chief.detector),
                marking=marking,
                label_sets=label_sets,
                is_exercise=bool(node.banner) or not streams.isdisjoint(self.exercises),
                link=f"{address}/incidents/{incident.incident_id}",
            )

        return message

    def _labels(self, label_sets: frozenset[int]) -> LabelSet:
        return frozenset().union(*map(self.label_sets.labels_of, label_sets))
