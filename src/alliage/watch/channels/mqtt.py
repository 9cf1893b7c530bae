"""MQTT 3.1.1 (OASIS): a message to a topic, delivered at least once (QoS 1), never retained."""

from __future__ import annotations

import asyncio

import aiomqtt

from alliage.watch.channels.contract import TIMEOUT_S, Answer, ChannelError, Message
from alliage.watch.channels.settings import MqttSettings
from alliage.watch.channels.trust import trust


class Mqtt:
    """Publishes to one topic. Incidents are rare: each message has a connection of its own."""

    kind = "mqtt"

    def __init__(self, settings: MqttSettings) -> None:
        """With the broker and the topic."""
        self._settings = settings

    async def send(self, message: Message) -> Answer:
        """Publish a message, and wait until the broker has it."""
        settings = self._settings
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                aiomqtt.Client(
                    settings.host,
                    settings.port,
                    username=settings.user,
                    password=None if settings.password is None else settings.password.read(),
                    tls_context=trust(settings.ca_file) if settings.tls else None,
                    timeout=TIMEOUT_S,
                ) as client,
            ):
                await client.publish(settings.topic, message.to_json(), qos=1)
        except TimeoutError:
            raise ChannelError("the broker did not answer in time") from None
        except aiomqtt.MqttError as error:
            raise ChannelError(f"the broker cannot be used: {error}") from None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ChannelError(f"the broker cannot be reached: {why}") from None
        return Answer("the broker acknowledged the message (QoS 1)")
