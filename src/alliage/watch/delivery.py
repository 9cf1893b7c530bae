"""How a notification's messages fare: sent, waiting, refused; what failed, and since when.

A reader is told of the messages whose labels they may see and of no other: how many there are of
the rest, and that one of them cannot be sent, would say that something is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alliage.ontology.audience import Audience

Labelled = frozenset[int]
"""Numbers of the label sets that a message follows from."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why messages wait.

    Attributes:
        why: in words.
        since_us: when the first of these attempts failed.
        next_us: when it is tried again.
        labelled: of the message that failed.
    """

    why: str
    since_us: int
    next_us: int
    labelled: Labelled


@dataclass(frozen=True, slots=True)
class Fared:
    """How messages fared, as one reader is told, since the node started."""

    sent: int
    waiting: int
    refused: int
    last_sent_us: int | None
    failure: Failure | None


class Deliveries:
    """Counts of one notification. Its notifier writes, any thread reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[Labelled, tuple[int, int]] = {}
        self._refused: dict[Labelled, int] = {}
        self._waiting: tuple[Labelled, ...] = ()
        self._failure: Failure | None = None

    def wait(self, waiting: Iterable[Labelled]) -> None:
        """These wait now."""
        with self._lock:
            self._waiting = tuple(waiting)

    def sent(self, labelled: Labelled, now_us: int) -> None:
        """One was sent: the way is free."""
        with self._lock:
            count, _ = self._sent.get(labelled, (0, 0))
            self._sent[labelled] = (count + 1, now_us)
            self._done(labelled)

    def refused(self, labelled: Labelled) -> None:
        """One will never be taken, and is given up."""
        with self._lock:
            self._refused[labelled] = self._refused.get(labelled, 0) + 1
            self._done(labelled)

    def failed(self, labelled: Labelled, why: str, now_us: int, next_us: int) -> None:
        """One could not be sent, and is tried again."""
        with self._lock:
            before = self._failure
            since_us = now_us if before is None else before.since_us
            self._failure = Failure(why, since_us, next_us, labelled)

    def seen_by(self, audience: Audience) -> Fared:
        """What these readers are told."""
        with self._lock:
            sees = _seen(audience)
            sent = [told for labelled, told in self._sent.items() if sees(labelled)]
            failure = self._failure
            return Fared(
                sent=sum(count for count, _ in sent),
                waiting=sum(map(sees, self._waiting)),
                refused=sum(count for of, count in self._refused.items() if sees(of)),
                last_sent_us=max((at_us for _, at_us in sent), default=None),
                failure=None if failure is None or not sees(failure.labelled) else failure,
            )

    def _done(self, labelled: Labelled) -> None:
        self._failure = None
        waiting = list(self._waiting)
        if labelled in waiting:
            waiting.remove(labelled)
        self._waiting = tuple(waiting)


def _seen(audience: Audience) -> Callable[[Labelled], bool]:
    return lambda labelled: all(map(audience.sees, labelled))
