"""What every channel keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

TIMEOUT_S: Final = 10.0
"""How long the other side may be silent."""


class ChannelError(Exception):
    """A message could not be delivered and is tried again. Says why, without address or secret."""


class RefusedError(ChannelError):
    """The other side will never take this message; others may go through."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said when it took a message.

    Attributes:
        text: in words.
        is_whole: False where it took it for some of the addresses only.
    """

    text: str
    is_whole: bool = True


class Message(Protocol):
    """What a channel delivers."""

    @property
    def message_id(self) -> str:
        """32 hexadecimal digits: the same for what is sent again."""
        ...

    @property
    def origin(self) -> str:
        """Who tells, as a part of a domain name."""
        ...

    @property
    def is_priority(self) -> bool:
        """Whether it is a call for help."""
        ...

    def to_json(self) -> bytes:
        """For programs."""
        ...

    def subject(self, language: str) -> str:
        """One line."""
        ...

    def text(self, language: str) -> str:
        """For people."""
        ...


class Channel(Protocol):
    """Delivers messages one at a time."""

    @property
    def kind(self) -> str:
        """As in the configuration."""
        ...

    async def send(self, message: Message) -> Answer:
        """Deliver a message, and return what the other side answered.

        Raises:
            ChannelError: the other side does not have it.
        """
        ...
