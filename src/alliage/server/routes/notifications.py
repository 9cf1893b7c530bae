"""Notifications: how what is told outside of the node fares."""

from __future__ import annotations

from typing import Literal, cast

from fastapi import APIRouter

from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text
from alliage.server.models.notifications import NotificationInfo, NotificationPage
from alliage.server.security import TheAudience, TheServices
from alliage.watch.notifier import Notifier

router = APIRouter(prefix="/notifications", tags=["watch"])


@router.get("")
def list_notifications(audience: TheAudience, services: TheServices) -> NotificationPage:
    """Every notification that the configuration names, and how its messages fare.

    Of messages that who asks may not see nothing is counted, and no failure is told.
    """
    return NotificationPage(items=[_info(one, audience) for one in services.notifiers], next=None)


def _info(notifier: Notifier, audience: Audience) -> NotificationInfo:
    fared = notifier.deliveries.seen_by(audience)
    failure = fared.failure
    return NotificationInfo(
        name=notifier.name,
        channel=cast(Literal["webhook", "email", "mqtt"], notifier.channel.kind),
        state="failing" if failure else "waiting" if fared.waiting else "ok",
        sent=fared.sent,
        waiting=fared.waiting,
        refused=fared.refused,
        last_sent=_time(fared.last_sent_us),
        error=None if failure is None else failure.why,
        failing_since=None if failure is None else _time(failure.since_us),
        next_try=None if failure is None else _time(failure.next_us),
    )


def _time(moment_us: int | None) -> str | None:
    return None if moment_us is None else to_text(moment_us)
