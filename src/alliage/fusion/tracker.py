"""A tracker: scans in, estimates out, also when a scan comes late."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.lasting import widened
from alliage.fusion.matrices import Ints
from alliage.fusion.numbers import Numbers, Renaming, continuing
from alliage.fusion.scan import Scan
from alliage.fusion.settings import Settings
from alliage.fusion.step import Estimates, State, step
from alliage.fusion.tracks import Tracks


class TooLateError(ValueError):
    """A scan is older than what the tracker can go back to; nothing was changed."""


class _Past(NamedTuple):
    """A scan that was worked on, and what was before it."""

    before: State
    scan: Scan
    number: Ints  # (2 k,), of what began with each of its plots, then of crossings there; or 0


class Tracker:
    """Follows what one stream of scans sees.

    A scan that comes late, by no more than ``settings.late_s``, is worked on in its place: the
    tracker goes back to the state before it and works on the scans after it again. So the tracks
    are those that scans in order would have given, under the numbers that they had before. Scans
    of the same moment are taken by the name of their sensor.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = Settings() if settings is None else settings
        modes = self.settings.modes
        none = Tracks.none(len(modes), modes.dimensions, len(self.settings.hidden))
        self._state = State(widened(none, self.settings.lasting))
        self._past: list[_Past] = []
        self._numbers = Numbers()

    @property
    def tracks(self) -> Tracks:
        """All tracks after the latest scan, also those not yet confirmed."""
        return self._state.tracks

    @property
    def alive(self) -> set[int]:
        """The numbers of all tracks and lines after the latest scan, also of unconfirmed ones."""
        return {n for one in _tables(self._state).values() for n in one.number.tolist()}

    def process(self, scan: Scan) -> list[Estimates]:
        """Work on a scan.

        Returns:
            the estimates after it and, if it came late, after each scan that follows it: these
            replace what was said before about those times.

        Raises:
            TooLateError: the scan is older than ``late_s`` before the latest.
        """
        place = bisect_right(self._past, _key(scan), key=lambda past: _key(past.scan))
        latest_s = self._state.time_s
        if latest_s is not None and scan.time_s < latest_s - self.settings.late_s:
            raise TooLateError(
                f"scan of {scan.sensor.name!r} at {scan.time_s} s is {latest_s - scan.time_s:.3f} "
                f"s late; late_s allows {self.settings.late_s} s"
            )
        late = place < len(self._past)
        estimates = self._go_back(place, scan) if late else [self._advance(scan)]
        self._forget()
        return estimates

    def _go_back(self, place: int, scan: Scan) -> list[Estimates]:
        """Work on a late scan and on those after it, which stand from ``place`` on."""
        said, again = _tables(self._state), self._past[place:]
        self._state = again[0].before
        older = _tables(self._state)
        del self._past[place:]
        estimates = [self._advance(scan)]
        estimates += [self._advance(one.scan, one.number) for one in again]
        renaming = Renaming.of_all(
            continuing(said[name], now, older[name].number if name in older else _NO_NUMBERS)
            for name, now in _tables(self._state).items()
            if name in said
        )
        if renaming:
            self._past = [
                _Past(
                    _renamed(one.before, renaming) if nth > place else one.before,
                    one.scan,
                    renaming(one.number),
                )
                for nth, one in enumerate(self._past)
            ]
            self._state = _renamed(self._state, renaming)
            estimates = [_said_again(one, renaming) for one in estimates]
        return estimates

    def _advance(self, scan: Scan, number: Ints | None = None) -> Estimates:
        number = np.zeros(2 * len(scan), np.int64) if number is None else number
        self._past.append(_Past(self._state, scan, number))
        after, estimates = step(self._state, scan, self.settings)
        self._state = self._named(after, scan.sensor.name, number)
        return estimates

    def _named(self, state: State, sensor: str, number: Ints) -> State:
        """The same with numbers for what has just begun."""
        lines = dict(state.lines)
        if sensor in lines:
            its = self._numbers.name(lines[sensor].tracks, number)
            lines[sensor] = replace(lines[sensor], tracks=its)
        return replace(state, tracks=self._numbers.name(state.tracks, number), lines=lines)

    def _forget(self) -> None:
        """Drop what no scan can go back to any more."""
        horizon_s = self._past[-1].scan.time_s - self.settings.late_s
        keep = next(i for i, past in enumerate(self._past) if past.scan.time_s >= horizon_s)
        del self._past[:keep]


_NO_NUMBERS: Final = np.empty(0, np.int64)


def _tables(state: State) -> dict[str, Tracks]:
    """Everything that bears numbers: the tracks, and each sensor's lines."""
    return {"": state.tracks} | {f"lines of {s}": one.tracks for s, one in state.lines.items()}


def _renamed(state: State, renaming: Renaming) -> State:
    lines = {
        sensor: replace(one, tracks=replace(one.tracks, number=renaming(one.tracks.number)))
        for sensor, one in state.lines.items()
    }
    tracks = replace(state.tracks, number=renaming(state.tracks.number))
    return replace(state, tracks=tracks, lines=lines)


def _said_again(said: Estimates, renaming: Renaming) -> Estimates:
    lines = replace(said.lines, number=renaming(said.lines.number))
    return replace(said, number=renaming(said.number), lines=lines)


def _key(scan: Scan) -> tuple[float, str]:
    return scan.time_s, scan.sensor.name


def track_scans(scans: Iterable[Scan], settings: Settings | None = None) -> Iterator[Estimates]:
    """Estimates after each of some scans, which are first put into order."""
    tracker = Tracker(settings)
    for scan in sorted(scans, key=_key):
        yield from tracker.process(scan)
