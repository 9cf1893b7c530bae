"""The picture's clock: against it ages are counted. The wall, or a replay's own time.

Live, it is the wall. As soon as a reader can see a row of a replayed stream, that reader's clock
is the latest time such rows are about, and it runs on with the replay's pace until the next. What
a reader cannot see does not move its clock (docs/decisions/0041). ``known`` is always real time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from alliage.ontology.audience import Audience

RUN_ON_US: Final = 60_000_000
"""How far a replay's clock runs on past the last time it has seen."""


ClockMode = Literal["live", "replay", "past"]
"""The wall's time; that of a recording which plays; a time that a reader looks back to."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What time it is in one reader's picture; ``pace``: seconds of it in one of the wall."""

    mode: ClockMode
    now_us: int
    pace: float = 1.0


@dataclass(slots=True)
class _Mark:
    """The latest time seen of one stream under one label set, and where the clock counts from."""

    latest_us: int
    from_us: int
    since_wall_us: int

    def at(self, wall_us: int, pace: float) -> int:
        """The replay's time at this moment; never goes back while the wall does not."""
        run = max(0, int((wall_us - self.since_wall_us) * pace))
        return min(self.from_us + run, self.latest_us + RUN_ON_US)


class PictureClock:
    """Times of the replayed streams of one node. Used under the picture's lock.

    Args:
        mode: what it is where nothing is replayed.
    """

    def __init__(self, mode: ClockMode = "live") -> None:
        self._mode: ClockMode = mode
        self._paces: dict[str, float] = {}
        self._marks: dict[tuple[str, int], _Mark] = {}

    def start_replay(self, stream: str, pace: float) -> None:
        """From here on this stream is a replay.

        Args:
            stream: the stream's name.
            pace: seconds of the recording in a second of the wall; 0 for flat out, where the
                clock moves with the rows only.

        Raises:
            ValueError: a negative pace.
        """
        if pace < 0:
            raise ValueError(f"a replay's pace is 0 (flat out) or more, not {pace!r}")
        self._paces[stream] = pace
        for key in [key for key in self._marks if key[0] == stream]:
            del self._marks[key]

    def forget_replay(self, stream: str) -> None:
        """From here on this stream is live."""
        self._paces.pop(stream, None)
        for key in [key for key in self._marks if key[0] == stream]:
            del self._marks[key]

    def set_pace(self, stream: str, pace: float, wall_us: int) -> None:
        """From here on this stream's time runs so fast, on from where it is now.

        Raises:
            ValueError: a negative pace.
        """
        if pace < 0:
            raise ValueError(f"a pace is 0 (it stands) or more, not {pace!r}")
        before = self._paces.get(stream, 0.0)
        for (name, _), mark in self._marks.items():
            if name == stream:
                mark.from_us, mark.since_wall_us = mark.at(wall_us, before), wall_us
        self._paces[stream] = pace

    def end_replay(self, stream: str, wall_us: int) -> None:
        """The recording is at its end: its clock stands where it is now."""
        pace = self._paces[stream]
        for (name, _), mark in self._marks.items():
            if name == stream:
                mark.from_us = mark.at(wall_us, pace)
        self._paces[stream] = 0.0

    def is_replay(self, stream: str) -> bool:
        """Whether this stream is replayed."""
        return stream in self._paces

    def observe(self, stream: str, label_set: int, valid_us: int, wall_us: int) -> None:
        """Rows of a replayed stream reach up to ``valid_us``; known at ``wall_us``."""
        pace = self._paces[stream]
        mark = self._marks.get((stream, label_set))
        if mark is None:
            self._marks[stream, label_set] = _Mark(valid_us, valid_us, wall_us)
            return
        mark.latest_us = max(mark.latest_us, valid_us)
        if valid_us >= mark.at(wall_us, pace):
            mark.from_us, mark.since_wall_us = valid_us, wall_us

    def read(self, audience: Audience, wall_us: int) -> ClockReading:
        """What time it is for these readers."""
        times = [
            (mark.at(wall_us, self._paces[stream]), self._paces[stream])
            for (stream, label_set), mark in self._marks.items()
            if audience.sees(label_set)
        ]
        if not times:
            return ClockReading(self._mode, wall_us)
        now_us, pace = max(times)
        return ClockReading("replay", now_us, pace)
