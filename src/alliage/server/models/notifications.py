"""Notifications on the wire: how what is told outside of the node fares."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Page, Time


class NotificationInfo(ApiModel):
    """One notification. Only messages that who asks may see are counted, since the node started."""

    name: str
    channel: Literal["webhook", "email", "mqtt"]
    state: Literal["ok", "waiting", "failing"]
    sent: int
    waiting: int
    refused: int = Field(description="that the other side will never take, and that are given up")
    last_sent: Time | None
    error: str | None = Field(description="why messages wait, in English; null: they do not")
    failing_since: Time | None
    next_try: Time | None


class NotificationPage(Page[NotificationInfo]):
    """Every notification of the node."""
