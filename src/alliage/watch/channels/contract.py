"""What every channel keeps."""

from __future__ import annotations

from typing import Final, Protocol

from alliage.watch.notification import Notification

TIMEOUT_S: Final = 10.0
"""How long one message may take."""


class ChannelError(Exception):
    """A message could not be delivered and is tried again. Says why, without address or secret."""


class RefusedError(ChannelError):
    """The other side will never take this message; others may go through."""


class Channel(Protocol):
    """Delivers messages one at a time."""

    @property
    def kind(self) -> str:
        """As in the configuration."""
        ...

    async def send(self, message: Notification) -> None:
        """Deliver a message.

        Raises:
            ChannelError: the other side does not have it.
        """
        ...
