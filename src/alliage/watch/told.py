"""What was told outside of the node is remembered by the audit: who was told what, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from alliage.access.audit import AUDIT_LABEL, Act, Audit, AuditEvent
from alliage.history.audit import AuditStore, AuditWanted, StoredRecord
from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet
from alliage.ontology.times import Clock
from alliage.watch.board import KEPT_US
from alliage.watch.news import Told
from alliage.watch.notification import Notification

_REMEMBERED_US: Final = 2 * KEPT_US
_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class TellingMemory:
    """Of one notification what was told.

    Attributes:
        name: of the notification.
        audit: writes events.
        store: has those of before.
        everything: reads all of it.
        clock: the node's.
    """

    name: str
    audit: Audit
    store: AuditStore
    everything: Audience
    clock: Clock

    def begin(self, settings: dict[str, Any]) -> int:
        """Since when these settings are in force, in microseconds; from now on where they are new.

        Args:
            settings: who is told, and of what.
        """
        digest = hashlib.sha256(orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)).hexdigest()
        last = next(self._records(Act.NOTIFICATION_BEGUN), None)
        if last is not None and last.data["details"].get("settings_sha256") == digest:
            return last.known_us
        begun = {"settings_sha256": digest, "settings": settings}
        now_us = self.clock.now_us()
        self.audit(AuditEvent(Act.NOTIFICATION_BEGUN, user=self._who, details=begun))
        return now_us

    def read(self) -> dict[str, Told]:
        """By the id of an alert what was told of its incident last."""
        found: dict[str, Told] = {}
        for record in self._records(Act.INCIDENT_NOTIFIED, self.clock.now_us() - _REMEMBERED_US):
            told = record.data["details"]
            one = Told(frozenset(told["detectors"]), told["priority"], told["closed"])
            for alert_id in told["alerts"]:
                found.setdefault(alert_id, one)  # the latest come first
        return found

    def remember(self, message: Notification, labels: LabelSet, is_sent: bool = True) -> None:
        """Write down that an incident was told, or that its message was refused for good."""
        told = Told.of(message.incident)
        details = {
            "news": message.news,
            "message_id": message.message_id,
            "alerts": message.incident.ids,
            "detectors": sorted(told.detectors),
            "priority": told.priority,
            "closed": told.closed,
        }
        event = AuditEvent(
            Act.INCIDENT_NOTIFIED,
            user=self._who,
            on=(message.incident.incident_id,),
            labels=labels - {AUDIT_LABEL},
            done=is_sent,
            details=details,
        )
        self.audit(event)

    @property
    def _who(self) -> str:
        return f"notification:{self.name}"

    def _records(self, act: Act, from_us: int | None = None) -> Iterator[StoredRecord]:
        wanted = AuditWanted(user=self._who, act=act, from_us=from_us)
        cursor: str | None = None
        while True:
            some, cursor = self.store.page(self.everything, wanted, cursor, _AT_ONCE)
            yield from some
            if cursor is None:
                return
