"""The instructor's hand on a running exercise: pause, speed, seek, inject. From any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeVar

from alliage.exercise.incidents import IncidentKind
from alliage.exercise.plane import LonLat
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.exercise.truth import TrueIncident, Truth

MAX_SPEED: Final = 1_000.0
SEEK_BACK_US: Final = 7 * 86_400 * SECOND_US
"""A seek goes at most so far back from where the exercise began."""
SEEK_AHEAD_US: Final = 30 * 86_400 * SECOND_US
"""And so far ahead of where it stands."""
_PAUSED_S: Final = 0.25
"""How soon the transport looks again for a change."""

Change = Literal["pace", "seek", "inject"]

Played = TypeVar("Played")


@dataclass(slots=True)
class Progress:
    """How far one source has played its exercise.

    ``run``: how often the exercise was sent elsewhere before; what is played of one run belongs
    together.
    """

    played_us: int
    run: int = 0


@dataclass(frozen=True, slots=True)
class ExerciseState:
    """How an exercise runs.

    ``factor``: seconds of exercise in a second of the wall while it runs; ``pace``: the same, 0
    while it is paused. ``live``: the exercise's time is the wall's. ``may_join_wall``: it is not,
    and could be again.
    """

    title: str
    now_us: int
    paused: bool
    factor: float
    pace: float
    live: bool
    may_join_wall: bool


class ExerciseControl:
    """Time and injects of one exercise. The transport plays what this says is due."""

    def __init__(
        self,
        make: Callable[[int], Simulation],
        now_us: int,
        *,
        live: bool,
        lead_in_s: int = 0,
        factor: float = 1.0,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is computed before :meth:`take`.

        Args:
            make: makes the simulation that starts at a time.
            now_us: the exercise's time at the beginning.
            live: whether that is the wall's time.
            lead_in_s: seconds before it that are played first, at once; also after a seek.
            factor: seconds of exercise in a second of the wall.
            clock_s: the wall's clock, monotonic.

        Raises:
            ValueError: the factor is not above 0 and at most 1000.
        """
        self._make = make
        self._clock_s = clock_s
        self._lock = threading.RLock()
        self._simulation: Simulation | None = None
        self._start_us = now_us
        self._lead_in_s = lead_in_s
        self._factor = _checked(factor)
        self._paused = False
        self._may_be_live = live
        self._live = live and factor == 1.0
        self._run = 0
        """How often it was sent elsewhere."""
        self._enter(now_us)
        self.radio = self.progress()
        """How far the radio traffic is played."""
        self._listeners: list[Callable[[Change, ExerciseState], None]] = []

    # --- what an instructor does

    def pause(self) -> None:
        """Let the exercise's time stand."""
        self._set_pace(paused=True)

    def resume(self) -> None:
        """Let it go on from where it stands."""
        self._set_pace(paused=False)

    def speed(self, factor: float) -> None:
        """Let it run so many times as fast as the wall's time.

        Raises:
            ValueError: not above 0 and at most 1000.
        """
        self._set_pace(factor=_checked(factor))

    def seek(self, time_us: int) -> None:
        """Go on from another time, earlier or later; the ships are where they are then.

        Raises:
            ValueError: more than a week before it began, or a month after where it stands.
        """
        with self._lock:
            earliest_us = self._start_us - SEEK_BACK_US
            if not earliest_us <= time_us <= self._now_us() + SEEK_AHEAD_US:
                raise ValueError(
                    "go to at most a week before it began, and a month after where it stands"
                )
            self._enter(time_us)
            self._run += 1
            self._live = False
        self._tell("seek")

    def join_wall(self, wall_us: int) -> None:
        """Go on with the wall's time, as if it had never been left.

        Raises:
            ValueError: the scenario begins at a time of its own.
        """
        with self._lock:
            if not self._may_be_live:
                raise ValueError("this scenario has a time of its own: go to a time instead")
            self._factor, self._paused = 1.0, False
            self._enter(wall_us)
            self._run += 1
            self._live = True
        self._tell("seek")

    def inject(
        self,
        kind: IncidentKind | str,
        lasts_s: float = 2_400.0,
        near: LonLat | None = None,
        ship: str | None = None,
    ) -> TrueIncident:
        """Let something happen now.

        Args:
            kind: what.
            lasts_s: how long.
            near: to the fitting ship that is nearest to this place.
            ship: to the ship of this name.

        Raises:
            InjectError: nobody fits; says why.
        """
        with self._lock:
            incident = self.simulation.inject(kind, lasts_s, near, ship, self._now_us())
            told = self.truth.told(incident)
        self._tell("inject")
        return told

    def listen(self, listener: Callable[[Change, ExerciseState], None]) -> None:
        """Be told of every change, in the thread that makes it."""
        self._listeners.append(listener)

    @property
    def state(self) -> ExerciseState:
        """How it runs just now."""
        with self._lock:
            pace = 0.0 if self._paused else self._factor
            title = self.simulation.scenario.title
            return ExerciseState(
                title,
                self._now_us(),
                self._paused,
                self._factor,
                pace,
                self._live,
                self._may_be_live and not self._live,
            )

    @property
    def factor(self) -> float:
        """Seconds of exercise in a second of the wall, while it runs."""
        return self._factor

    @property
    def castable(self) -> list[str]:
        """Names of the ships to whom injects can happen."""
        return self.simulation.schedule.reserve_names()

    @cached_property
    def truth(self) -> Truth:
        """What really is, at any time."""
        return Truth(self.simulation)

    @property
    def simulation(self) -> Simulation:
        """The simulation; made when it is first asked for."""
        with self._lock:
            if self._simulation is None:
                self._simulation = self._make(self._start_us)
            return self._simulation

    # --- what the node and the transport do

    def progress(self) -> Progress:
        """Of a source that has played nothing yet."""
        with self._lock:
            return Progress(self._begin_us, self._run)

    def go_on_after(self, progress: Progress, time_us: int) -> None:
        """An earlier run played up to this time, and the log has it: do not play it again."""
        with self._lock:
            if self._live:
                after_us = (time_us // SECOND_US + 1) * SECOND_US
                progress.played_us = max(progress.played_us, min(after_us, self._start_us))

    def take(self, at_most_s: int) -> list[bytes]:
        """The radio traffic of the seconds that are over and have not been played."""
        return self.play(self.radio, at_most_s, _radio_traffic)

    def play(
        self,
        progress: Progress,
        at_most_s: int,
        what: Callable[[Simulation, int, int], list[Played]],
    ) -> list[Played]:
        """Play seconds that are over and that one source has not played, so many at most.

        They are all of one run: where ``progress.run`` is another than before, the exercise was
        sent elsewhere.

        Args:
            progress: how far the source is; moved on.
            at_most_s: seconds.
            what: what the source plays of a simulation, between two whole seconds.
        """
        with self._lock:
            if progress.run != self._run:
                progress.run, progress.played_us = self._run, self._begin_us
            due_s = (self._now_us() - progress.played_us) // SECOND_US
            count = min(int(due_s), at_most_s)
            if count <= 0:
                return []
            from_us, progress.played_us = (
                progress.played_us,
                progress.played_us + count * SECOND_US,
            )
            return what(self.simulation, from_us, progress.played_us)

    def rest_s(self, progress: Progress) -> float:
        """Seconds of the wall until the next second is over; a moment more while it is paused."""
        with self._lock:
            if self._paused:
                return _PAUSED_S
            left_us = progress.played_us + SECOND_US - self._now_us()
            return min(_PAUSED_S, max(0.0, left_us / SECOND_US / self._factor))

    # --- inside; with the lock held

    def _now_us(self) -> int:
        if self._paused:
            return self._anchor_us
        run_s = (self._clock_s() - self._anchor_s) * self._factor
        return self._anchor_us + round(run_s * SECOND_US)

    def _anchor(self, time_us: int) -> None:
        self._anchor_us, self._anchor_s = time_us, self._clock_s()

    def _enter(self, time_us: int) -> None:
        """Be at a time; what was just before it is played first, at once."""
        self._anchor(time_us)
        self._begin_us = (time_us // SECOND_US - self._lead_in_s) * SECOND_US

    def _set_pace(self, *, paused: bool | None = None, factor: float | None = None) -> None:
        with self._lock:
            self._anchor(self._now_us())
            if paused is not None:
                self._live = self._live and not paused
                self._paused = paused
            if factor is not None:
                self._live = self._live and factor == self._factor
                self._factor = factor
        self._tell("pace")

    def _tell(self, change: Change) -> None:
        state = self.state
        for listener in self._listeners:
            listener(change, state)


def _radio_traffic(simulation: Simulation, from_us: int, until_us: int) -> list[bytes]:
    simulation.seek(from_us)
    seconds = range((until_us - from_us) // SECOND_US)
    return [line for _ in seconds for line in simulation.step()]


def _checked(factor: float) -> float:
    if not 0 < factor <= MAX_SPEED:
        raise ValueError(f"an exercise runs at more than 0 and at most 1000, not at {factor!r}")
    return factor
