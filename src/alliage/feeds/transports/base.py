"""What every transport keeps: states, retries with backoff, and bytes in order.

A transport is iterated over. Each step gives either chunks of bytes or :class:`Ended`, which
says that one peer's bytes stop here. Whoever iterates slowly makes the other side wait
(back-pressure); only datagrams cannot wait, and those lost are counted.
"""

from __future__ import annotations

import asyncio
import errno
import random
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from alliage.feeds.contract import Chunk
from alliage.ontology.claim import Statement
from alliage.ontology.times import Clock

READ_BYTES: Final = 256 * 1024
_CONNECT_FAILED: Final = re.compile(r"\('([^']+)', (\d+)")
_IN_WORDS: Final = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "the other side broke the connection",
    errno.ETIMEDOUT: "no answer",
    errno.EHOSTUNREACH: "host cannot be reached",
    errno.ENETUNREACH: "network cannot be reached",
    errno.EADDRINUSE: "address is in use",
}


class State(StrEnum):
    """Where a transport stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"  # also: listening, or reading
    WAITING = "waiting"  # until the next attempt
    ENDED = "ended"  # all has been read
    FAILED = "failed"  # trying again would not help; the error says what to do


@dataclass(frozen=True, slots=True)
class Status:
    """State with what belongs to it; ``error`` is the trouble in words, never with a secret."""

    state: State
    since_us: int
    error: str | None = None
    next_retry_us: int | None = None
    reconnects: int = 0
    peers: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """One peer's bytes end here.

    ``clean``: the peer ended them itself, so an unterminated last line is whole. ``last``: no
    more will come over this connection, so its decoder's memory can go.
    """

    peer: str
    clean: bool
    last: bool = True


Arrival = list[Chunk] | Ended
OnChange = Callable[[Status], None]


class TransportConfig(BaseModel):
    """What every kind of transport may be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    retry_first_s: float = Field(
        default=1.0, gt=0, description="Pause before the first new attempt; doubles each time."
    )
    retry_cap_s: float = Field(default=60.0, gt=0, description="Longest pause between attempts.")

    def where(self) -> str:
        """Where the bytes come from, for people; never a secret."""
        return self.kind

    def statements(self, now_us: int) -> Sequence[Statement]:
        """What the source says of the world before its first byte; most say nothing."""
        return ()

    @property
    def is_replay(self) -> bool:
        """Whether the bytes are a recording, whose own times are not those of now."""
        return False

    @property
    def is_exercise(self) -> bool:
        """Whether the bytes are made up for an exercise."""
        return False

    @property
    def replay_factor(self) -> float | None:
        """How many times as fast as it was recorded; None where nothing has to be paced."""
        return None


class FatalError(Exception):
    """The transport cannot work as configured. Says what is wrong and what to do."""


def in_words(error: OSError) -> str:
    """What went wrong with a link, in our words, with the system's name of it."""
    name = errno.errorcode.get(error.errno) if error.errno is not None else None
    if name is None:
        return str(error) or type(error).__name__
    words = _IN_WORDS.get(error.errno or 0, error.strerror or "")
    where = _CONNECT_FAILED.search(str(error))
    if where is not None:
        words = _IN_WORDS.get(error.errno or 0, "connection failed")
        words += (
            f" by {where[1]}:{where[2]}" if name == "ECONNREFUSED" else (f": {where[1]}:{where[2]}")
        )
    return f"{words} ({name})"


class Backoff:
    """Exponential pauses with jitter, so that many nodes do not return in the same instant."""

    def __init__(self, first_s: float, cap_s: float) -> None:
        self._first_s = first_s
        self._cap_s = cap_s
        self._attempts = 0

    def next_s(self) -> float:
        """Seconds to wait now: between half of and the whole of the doubling pause."""
        longest = min(self._cap_s, self._first_s * 2.0 ** min(self._attempts, 60))
        self._attempts += 1
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - not for secrecy

    def reset(self) -> None:
        """Start again with the shortest pause."""
        self._attempts = 0


class Transport(ABC):
    """Base of all kinds. A subclass says how one connection is made and read."""

    datagrams: ClassVar[bool] = False

    def __init__(
        self, config: TransportConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        self.clock = clock
        self.retries = True
        self.lost = 0
        self._on_change = on_change
        self._backoff = Backoff(config.retry_first_s, config.retry_cap_s)
        self.status = Status(State.CONNECTING, clock.now_us())

    @abstractmethod
    def connection(self) -> AsyncGenerator[Arrival, None]:
        """Read one connection to its end; call :meth:`connected` once it stands.

        Raises:
            OSError: it broke or could not be made; it is tried again later.
            FatalError: trying again would not help.
        """

    async def __aiter__(self) -> AsyncIterator[Arrival]:
        while True:
            self._report(state=State.CONNECTING, next_retry_us=None)
            error = "the other side ended the connection"
            clean = True
            try:
                async with aclosing(self.connection()) as arrivals:
                    async for arrival in arrivals:
                        if not isinstance(arrival, Ended):
                            self._backoff.reset()  # the link works: its next loss is a new trouble
                        yield arrival
            except FatalError as trouble:
                yield Ended("", clean=False)
                self._report(state=State.FAILED, error=str(trouble), peers=0)
                return
            except OSError as trouble:
                clean, error = False, in_words(trouble)
            yield Ended("", clean=clean)
            if not self.retries:
                self._report(state=State.ENDED, peers=0)
                return
            await self._wait(error)

    def connected(self) -> None:
        """Tell that the connection stands; what was wrong before is over."""
        self._report(state=State.CONNECTED, error=None)

    def show_peers(self, peers: int) -> None:
        """Tell how many peers are connected."""
        self._report(peers=peers)

    def chunk(self, data: bytes, peer: str = "") -> Chunk:
        """Return bytes stamped with the time of now."""
        return Chunk(data, self.clock.now_us(), peer)

    async def _wait(self, error: str) -> None:
        pause_s = self._backoff.next_s()
        self._report(
            state=State.WAITING,
            error=error,
            next_retry_us=self.clock.now_us() + round(pause_s * 1e6),
            reconnects=self.status.reconnects + 1,
            peers=0,
        )
        await asyncio.sleep(pause_s)

    def _report(self, **changes: object) -> None:
        if changes.get("state", self.status.state) is not self.status.state:
            changes["since_us"] = self.clock.now_us()
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]
        if self._on_change is not None:
            self._on_change(self.status)
