"""One transmission heard by several stations becomes one message that keeps every station.

Two messages are duplicates when their payloads are equal bit for bit (the type is among the
bits) and their times lie within a window; the first to arrive is the one that is kept. It is
held back for a short while, so that stations which hear it a little later are still added; what
comes after that is counted as a duplicate and adds nothing. Distress is not held back.

"Within" and "after" are judged by three clocks that never run backwards, read at each message
in the order of arrival: the newest recorded time so far, the newest time of receipt so far, and
the number of messages. So the outcome does not depend on how the stream was cut into calls, a
station whose clock is wrong cannot hold the stream up, and memory is bounded whatever comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.messages import Messages
from alliage.feeds.ais.timemarks import NO_STATION, NO_TIME

MAX_HELD: Final = 8192
MAX_REMEMBERED: Final = 262_144
_PRUNE_FROM: Final = 4096


@dataclass(slots=True)
class Released:
    """Messages to give out, and who heard them: ``station`` of message ``owner`` (an index)."""

    messages: Messages
    owner: NDArray[np.int64]
    station: NDArray[np.int32]
    duplicates: int


@dataclass(slots=True)
class _Clocks:
    """Per message: its own time and the three clocks as it arrived; shape (n,) each."""

    time_us: NDArray[np.int64]
    stream_us: NDArray[np.int64]
    received_us: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64] | slice) -> _Clocks:
        return _Clocks(self.time_us[rows], self.stream_us[rows], self.received_us[rows])

    def followed_by(self, later: _Clocks) -> _Clocks:
        return _Clocks(
            np.concatenate([self.time_us, later.time_us]),
            np.concatenate([self.stream_us, later.stream_us]),
            np.concatenate([self.received_us, later.received_us]),
        )


def _no_clocks() -> _Clocks:
    return _Clocks(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(slots=True)
class Duplicates:
    """What is held back and what is remembered of one connection."""

    window_us: int
    hold_us: int
    held: Messages = field(default_factory=Messages.none)
    _held_clocks: _Clocks = field(default_factory=_no_clocks)
    _owner: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    _station: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    _first: dict[bytes, int] = field(default_factory=dict)  # payload to number of its message
    _known: _Clocks = field(default_factory=_no_clocks)  # of the messages from _known_from on
    _known_from: int = 0
    _prune_at: int = _PRUNE_FROM

    def add(self, messages: Messages, keys: list[bytes], urgent: NDArray[np.bool_]) -> Released:
        """Take new messages, numbered without gaps; give out those whose wait is over."""
        if not len(messages):
            return Released(self.held.take(slice(0)), messages.at, messages.station, 0)
        clocks = self._read_clocks(messages)
        self._known = self._known.followed_by(clocks)
        first = self._first_heard(messages, keys, clocks)
        original = first == messages.number
        merged = original | (self._waits(first, clocks, messages.number) & ~urgent)
        self._owner = np.concatenate([self._owner, first[merged]])
        self._station = np.concatenate([self._station, messages.station[merged]])
        fresh = np.flatnonzero(original)
        held = self.held.followed_by(messages.take(fresh))
        held_clocks = self._held_clocks.followed_by(clocks.take(fresh))
        waiting = self._still_waiting(held, held_clocks, clocks, int(messages.number[-1]))
        waiting[len(waiting) - len(fresh) :] &= ~urgent[fresh]
        self._held_clocks = held_clocks.take(np.flatnonzero(waiting))
        released = self._release(held, waiting, int((~original).sum()))
        self._prune(clocks)
        return released

    def flush(self) -> Released:
        """Give out everything that is held back; what was heard stays remembered."""
        self._held_clocks = _no_clocks()
        return self._release(self.held, np.zeros(len(self.held), np.bool_), 0)

    def _read_clocks(self, messages: Messages) -> _Clocks:
        recorded, received = messages.recorded_us, messages.received_us
        time_us = np.where(recorded == NO_TIME, received, recorded)
        stream_us, received_us = np.maximum.accumulate(time_us), np.maximum.accumulate(received)
        if len(self._known.time_us):
            stream_us = np.maximum(stream_us, self._known.stream_us[-1])
            received_us = np.maximum(received_us, self._known.received_us[-1])
        return _Clocks(time_us, stream_us, received_us)

    def _first_heard(
        self, messages: Messages, keys: list[bytes], clocks: _Clocks
    ) -> NDArray[np.int64]:
        """Number of the message that each one repeats: its own where it repeats none."""
        numbers = messages.number.tolist()
        first = np.array(list(map(self._first.setdefault, keys, numbers)), np.int64)
        repeated = first != messages.number
        sure = self._repeats(first, messages.number, clocks)
        suspects = set(first[repeated & ~sure].tolist())
        if suspects:  # the payload was heard before, but too long ago: walk those in order
            self._walk(np.flatnonzero(np.isin(first, list(suspects))), first, keys, messages)
        return first

    def _walk(
        self,
        rows: NDArray[np.int64],
        first: NDArray[np.int64],
        keys: list[bytes],
        messages: Messages,
    ) -> None:
        """Follow payloads that come again after their window, one message after another."""
        latest: dict[bytes, int] = {}
        for row in rows.tolist():
            key, number = keys[row], int(messages.number[row])
            before = latest.get(key, int(first[row]))
            if before == number or not self._repeats_one(before, number):
                latest[key] = self._first[key] = before = number
            first[row] = before

    def _repeats_one(self, first: int, number: int) -> bool:
        """:meth:`_repeats` for one pair of messages."""
        if first < self._known_from or number - first > MAX_REMEMBERED:
            return False
        then, now, known = first - self._known_from, number - self._known_from, self._known
        return bool(
            abs(int(known.time_us[now]) - int(known.time_us[then])) <= self.window_us
            and known.stream_us[now] - known.stream_us[then] <= 2 * self.window_us
            and known.received_us[now] - known.received_us[then] <= 2 * self.window_us
        )

    def _at(self, numbers: NDArray[np.int64]) -> _Clocks:
        return self._known.take(np.maximum(numbers - self._known_from, 0))

    def _repeats(
        self, first: NDArray[np.int64], number: NDArray[np.int64], now: _Clocks
    ) -> NDArray[np.bool_]:
        """Whether a message is near enough to an equal one to be the same transmission."""
        then = self._at(first)
        near: NDArray[np.bool_] = (
            (np.abs(now.time_us - then.time_us) <= self.window_us)
            & (now.stream_us - then.stream_us <= 2 * self.window_us)
            & (now.received_us - then.received_us <= 2 * self.window_us)
            & (number - first <= MAX_REMEMBERED)
            & (first >= self._known_from)
        )
        return near

    def _waits(
        self, first: NDArray[np.int64], now: _Clocks, number: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        then = self._at(first)
        waits: NDArray[np.bool_] = (
            (now.stream_us - then.stream_us <= self.hold_us)
            & (now.received_us - then.received_us <= self.hold_us)
            & (number - first <= MAX_HELD)
        )
        return waits

    def _still_waiting(
        self, held: Messages, then: _Clocks, clocks: _Clocks, newest: int
    ) -> NDArray[np.bool_]:
        waiting: NDArray[np.bool_] = (
            (clocks.stream_us[-1] - then.stream_us <= self.hold_us)
            & (clocks.received_us[-1] - then.received_us <= self.hold_us)
            & (newest - held.number <= MAX_HELD)
        )
        return waiting

    def _release(self, held: Messages, waiting: NDArray[np.bool_], duplicates: int) -> Released:
        ready = held.take(np.flatnonzero(~waiting))
        keep = np.flatnonzero(waiting)
        self.held = held.take(keep).copied() if len(keep) else Messages.none()
        index = np.searchsorted(ready.number, self._owner)
        clipped = np.minimum(index, max(len(ready) - 1, 0))
        mine = (
            ready.number[clipped] == self._owner
            if len(ready)
            else np.zeros(len(self._owner), np.bool_)
        )
        owner, station = clipped[mine], self._station[mine]
        self._owner, self._station = self._owner[~mine], self._station[~mine]
        named = station != NO_STATION
        return Released(ready, owner[named], station[named], duplicates)

    def _prune(self, clocks: _Clocks) -> None:
        """Forget what can no longer be repeated, now and then, so that it costs little."""
        if len(self._known.time_us) < self._prune_at:
            return
        alive = (
            (clocks.stream_us[-1] - self._known.stream_us <= 2 * self.window_us)
            & (clocks.received_us[-1] - self._known.received_us <= 2 * self.window_us)
            & (np.arange(len(self._known.time_us))[::-1] <= MAX_REMEMBERED)
        )
        oldest = int(np.argmax(alive))  # the clocks never run backwards: all later ones live
        self._known = self._known.take(slice(oldest, None))
        self._known_from += oldest
        self._first = {k: n for k, n in self._first.items() if n >= self._known_from}
        self._prune_at = max(_PRUNE_FROM, 2 * len(self._known.time_us))
