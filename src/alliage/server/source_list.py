"""The node's sources as one audience sees them."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Callable, Sequence

from alliage.feeds.health import Delay, SourceHealth
from alliage.feeds.intake import Source, SourceRunner
from alliage.feeds.quarantine import QuarantinedItem, QuarantineStore
from alliage.feeds.reasons import reason_text
from alliage.feeds.transports.base import State
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import LabelSet
from alliage.ontology.times import Clock, to_text
from alliage.server.models import sources as models
from alliage.server.models.common import Marking


class SourceList:
    """All sources of a node; only to be asked with an audience."""

    def __init__(
        self,
        runners: Sequence[SourceRunner],
        label_sets: LabelSets,
        quarantine: QuarantineStore,
        clock: Clock,
        trouble: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Take the running sources.

        Args:
            runners: every source of the node.
            label_sets: the log's interned label sets.
            quarantine: what they could not use.
            clock: real time, for ages.
            trouble: why the node can write nothing now, whatever a source sends.
        """
        self._trouble = trouble
        self._runners = {runner.source.name: runner for runner in runners}
        self._label_sets = label_sets
        self._quarantine = quarantine
        self._clock = clock
        self._id_key = secrets.token_bytes(32)

    def visible(
        self, audience: Audience, late_after_s: float = math.inf
    ) -> list[models.SourceInfo]:
        """The sources whose label set the audience sees, by name.

        One is late if half of its reports came longer than ``late_after_s`` after it was so.
        """
        return [
            self._info(runner, late_after_s)
            for _name, runner in sorted(self._runners.items())
            if audience.sees(runner.source.label_set)
        ]

    def find(
        self, name: str, audience: Audience, late_after_s: float = math.inf
    ) -> models.SourceInfo | None:
        """One source; None if there is none, or none for this audience."""
        runner = self._visible_runner(name, audience)
        return None if runner is None else self._info(runner, late_after_s)

    def labels_of(self, name: str) -> LabelSet:
        """Labels of a source, for what is written about it; empty where there is none."""
        runner = self._runners.get(name)
        return (
            frozenset() if runner is None else self._label_sets.labels_of(runner.source.label_set)
        )

    def plays_recording(self, name: str) -> bool:
        """Whether a source's own times drive the picture's clock."""
        runner = self._runners.get(name)
        return runner is not None and runner.source.transport.is_replay

    def quarantine(
        self, name: str, audience: Audience, cursor: int | None, limit: int
    ) -> tuple[list[models.QuarantinedItem], int | None] | None:
        """One page of what was refused of a source, newest first, and where to go on.

        None if there is no such source, or none for this audience.
        """
        runner = self._visible_runner(name, audience)
        if runner is None:
            return None
        page = self._quarantine.page(audience, name, cursor, limit)
        return [self._item(runner.source, item) for item in page.items], page.next

    def _visible_runner(self, name: str, audience: Audience) -> SourceRunner | None:
        runner = self._runners.get(name)
        visible = runner is not None and audience.sees(runner.source.label_set)
        return runner if visible else None

    def _info(self, runner: SourceRunner, late_after_s: float) -> models.SourceInfo:
        source, health, trouble = runner.source, runner.health, self._trouble()
        is_on = health.state is State.CONNECTED
        # The times of a recording are those of then: it is not late, it is old.
        delay = None if source.transport.is_replay else health.delay
        labels = self._label_sets.labels_of(source.label_set)
        return models.SourceInfo(
            name=source.name,
            format=source.feed.manifest.name,
            title=source.feed.manifest.title,
            transport=source.transport.kind,
            marking=Marking.of(labels),
            shareable=not any(label.is_unlabelled for label in labels),
            replay=source.transport.is_replay,
            simulation=source.transport.is_exercise,
            state=(State.WAITING if trouble and is_on else health.state).value,
            since=to_text(health.since_us),
            rates=models.SourceRates(
                bytes_per_s=health.bytes_per_s, reports_per_s=health.reports_per_s
            ),
            accepted=health.accepted,
            duplicates=health.duplicates,
            lost=health.lost,
            ignored=dict(health.ignored),
            quarantined=sum(health.quarantined.values()),
            quarantined_by_reason=dict(health.quarantined),
            last_received=_text(health.last_received_us),
            age_s=self._age_s(health),
            delay=_delay(delay),
            late=delay is not None and delay.median_s > late_after_s,
            error=trouble or health.error,
            last_error=health.last_error,
            next_retry=_text(health.next_retry_us),
            reconnects=health.reconnects,
            peers=health.peers,
        )

    def _age_s(self, health: SourceHealth) -> float | None:
        if health.last_received_us is None:
            return None
        return max(0.0, (self._clock.now_us() - health.last_received_us) / 1e6)

    def _item(self, source: Source, item: QuarantinedItem) -> models.QuarantinedItem:
        # The store's own numbers count what hidden sources sent, too.
        number = item.id.to_bytes(8, "big")
        return models.QuarantinedItem(
            id=hashlib.blake2b(number, key=self._id_key, digest_size=12).hexdigest(),
            received=to_text(item.received_us),
            reason=item.reason,
            reason_text=reason_text(source.feed.manifest, item.reason),
            detail=item.detail,
            size=item.size,
            bytes_hex=item.data.hex(),
            text="".join(chr(byte) if 32 <= byte < 127 else "." for byte in item.data),
        )


def _delay(delay: Delay | None) -> models.SourceDelay | None:
    if delay is None:
        return None
    return models.SourceDelay(median_s=delay.median_s, most_s=delay.most_s)


def _text(moment_us: int | None) -> str | None:
    return None if moment_us is None else to_text(moment_us)
