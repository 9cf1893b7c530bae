"""The notifier: tells one audience of incidents through one channel, in their order, each once.

There is no queue that could run full or be lost. What waits follows from the board and from what
was told before; so after an hour without a connection an incident is told once, as it stands then.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from alliage.ontology.label import LabelSet
from alliage.ontology.times import Clock
from alliage.watch.board import Board
from alliage.watch.channels.contract import Channel, ChannelError, RefusedError
from alliage.watch.delivery import Deliveries
from alliage.watch.incidents import Incident
from alliage.watch.news import News, Told, Wanted, news_of
from alliage.watch.notification import Notification
from alliage.watch.seen import Watched
from alliage.watch.told import TellingMemory

DELAYS_S: Final = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
"""Between attempts, the last one for ever."""

OLD_US: Final = 86_400 * 1_000_000
"""What has not changed for so long is no news, however long nothing could be sent."""

_EVERY_S: Final = 1.0
_RESTS: Final = 9.0  # for so many times as long as it looked: a long board costs a tenth of a core
_AGAIN_S: Final = 60.0  # time alone closes and unfolds incidents

_log = structlog.get_logger(__name__)


@dataclass
class Notifier:
    """Tells one audience.

    Attributes:
        name: of the notification.
        wanted: of which incidents.
        settings: who is told and of what, as plain data; where it is new, the past is not told.
        channel: delivers.
        board: changes when there may be something new.
        watched: the incidents as the audience sees them now.
        message: writes an incident's message.
        labels_of: the labels of a message.
        memory: of what was told.
        clock: the node's.
        delays_s: between attempts.
        every_s: how often it looks whether the board has changed.
    """

    name: str
    wanted: Wanted
    settings: dict[str, object]
    channel: Channel
    board: Board
    watched: Callable[[], Watched]
    message: Callable[[Watched, Incident, News], Notification]
    labels_of: Callable[[Notification], LabelSet]
    memory: TellingMemory
    clock: Clock
    delays_s: Sequence[float] = DELAYS_S
    every_s: float = _EVERY_S
    deliveries: Deliveries = field(default_factory=Deliveries)
    _told: dict[str, Told] = field(default_factory=dict)
    _since_us: int = 0
    _failures: int = 0
    _rest_s: float = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        """Tell until that is set; what is on its way is then finished. Nothing that fails ends it.

        Args:
            stopping: set when no further message is to be sent.
        """
        await asyncio.to_thread(self._begin)
        while not stopping.is_set():
            version = self.board.version
            try:
                await self.tell(stopping)
            except Exception:
                _log.exception("notifications: failed, and are tried again", name=self.name)
                self._failures += 1
            await self._pause(version, stopping)

    async def tell(self, stopping: asyncio.Event) -> None:
        """Send what there is to tell now, until there is nothing left or something fails."""
        begun_s = time.perf_counter()
        due = await asyncio.to_thread(self.due)
        self._rest_s = _RESTS * (time.perf_counter() - begun_s)
        self.deliveries.wait(message.label_sets for message in due)
        for message in due:
            if stopping.is_set() or not await self._send(message):
                return
        self._failures = 0

    def due(self) -> list[Notification]:
        """The messages that wait: calls for help first, then in the order of their beginnings."""
        seen = self.watched()
        oldest_us = self.clock.now_us() - OLD_US
        found = [
            (one, news)
            for one in seen.incidents
            if one.changed_us >= oldest_us
            and (news := news_of(one, self._told, self._since_us)) is not None
            and (self._was_told(one) or self.wanted.fits(one, one.incident_id in seen.folded))
        ]
        found.sort(key=lambda pair: not pair[0].is_priority)
        return [self.message(seen, one, news) for one, news in found]

    def _begin(self) -> None:
        self._since_us = self.memory.begin(self.settings)
        self._told = self.memory.read()

    def _was_told(self, incident: Incident) -> bool:
        return any(alert_id in self._told for alert_id in incident.ids)

    async def _send(self, message: Notification) -> bool:
        """Whether the next one may follow."""
        is_sent = True
        try:
            await self.channel.send(message)
            self.deliveries.sent(message.label_sets, self.clock.now_us())
        except RefusedError as error:
            is_sent = False
            _log.warning("notifications: a message was refused", name=self.name, why=str(error))
            self.deliveries.refused(message.label_sets)
        except ChannelError as error:
            self._has_failed(message, str(error))
            return False
        told = Told.of(message.incident)
        self._told.update(dict.fromkeys(message.incident.ids, told))  # also if that fails:
        await asyncio.to_thread(self.memory.remember, message, self.labels_of(message), is_sent)
        self._failures = 0
        return True

    def _has_failed(self, message: Notification, why: str) -> None:
        self._failures += 1
        if self._failures == 1:
            _log.warning("notifications: cannot be sent now", name=self.name, why=why)
        now_us = self.clock.now_us()
        next_us = now_us + round(self._delay_s() * 1e6)
        self.deliveries.failed(message.label_sets, why, now_us, next_us)

    def _delay_s(self) -> float:
        return self.delays_s[min(self._failures, len(self.delays_s)) - 1]

    async def _pause(self, version: int, stopping: asyncio.Event) -> None:
        """Until it is time to try again, or there may be something new."""
        if self._failures:
            await _wait(stopping, self._delay_s())
            return
        await _wait(stopping, self._rest_s)
        waited_s = 0.0
        while self.board.version == version and waited_s < _AGAIN_S and not stopping.is_set():
            await _wait(stopping, self.every_s)
            waited_s += self.every_s


async def _wait(stopping: asyncio.Event, at_most_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), at_most_s)
