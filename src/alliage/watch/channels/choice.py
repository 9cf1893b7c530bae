"""The channel that settings ask for."""

from __future__ import annotations

from alliage.ontology.times import Clock
from alliage.watch.channels.contract import Channel
from alliage.watch.channels.mail import Mail
from alliage.watch.channels.mqtt import Mqtt
from alliage.watch.channels.settings import AnyChannel, EmailSettings, WebhookSettings
from alliage.watch.channels.webhook import Webhook


def channel_of(settings: AnyChannel, language: str, clock: Clock) -> Channel:
    """The channel of these settings.

    Args:
        settings: of the configuration.
        language: that people at its end read.
        clock: dates what is sent.
    """
    if isinstance(settings, WebhookSettings):
        return Webhook(settings, clock)
    if isinstance(settings, EmailSettings):
        return Mail(settings, language, clock)
    return Mqtt(settings)
