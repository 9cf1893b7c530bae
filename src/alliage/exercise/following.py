"""The picture's clock follows the instructors of the exercises among a node's sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from alliage.exercise.control import Change, ExerciseControl, ExerciseState
from alliage.exercise.sensor_transport import SensorTransport
from alliage.exercise.transport import SimulationTransport
from alliage.feeds.intake import SourceRunner
from alliage.picture.picture import Picture


@dataclass(frozen=True, slots=True)
class Follower:
    """A source that plays an exercise, or a part of it; ``streams``: its own and those derived."""

    runner: SourceRunner
    streams: Sequence[str]


def follow_exercises(
    followers: Iterable[Follower],
    picture: Picture,
    drain: Callable[[], None],
    last_valid_us: Callable[[str], int | None],
) -> dict[str, ExerciseControl]:
    """Bring sensors to their exercises, and let the picture show all of them as they run.

    Args:
        followers: all sources; those that are of no exercise are passed over.
        picture: the node's.
        drain: waits until the picture has everything that was handed on so far.
        last_valid_us: up to when the log has a stream.

    Returns:
        The exercises by the names of their sources.
    """
    all_of_them = list(followers)
    found = {
        one.runner.source.name: one.runner.transport.control
        for one in all_of_them
        if isinstance(one.runner.transport, SimulationTransport)
    }
    for one in all_of_them:
        transport, name = one.runner.transport, one.runner.source.name
        if isinstance(transport, SimulationTransport):
            control, progress = transport.control, transport.control.radio
        elif isinstance(transport, SensorTransport) and transport.exercise in found:
            control = found[transport.exercise]
            progress = transport.follow(control)
        else:
            continue
        one.runner.after_end = let_follow(picture, one.streams, control, drain)
        played_us = last_valid_us(name)
        if played_us is not None:
            control.go_on_after(progress, played_us)
    return found


def let_follow(
    picture: Picture, streams: Sequence[str], control: ExerciseControl, drain: Callable[[], None]
) -> Callable[[], None]:
    """Let a picture show streams as their exercise runs: live, at a pace, elsewhere.

    Args:
        picture: the node's.
        streams: those that one source of the exercise plays.
        control: the instructor's hand on it.
        drain: waits until the picture has everything that was handed on so far.

    Returns:
        What to call once everything that the source played before a seek has been handed on. Only
        then does the picture forget it: what came later would stand as the latest, and hold the
        clock.
    """

    def follow(change: Change, state: ExerciseState) -> None:
        if change == "pace" and not state.live:
            for stream in streams:
                picture.set_pace(stream, state.pace)

    def begin_run() -> None:
        drain()
        state = control.state
        for stream in streams:
            if state.live:
                picture.go_live(stream)
            else:
                picture.start_replay(stream, state.pace)

    control.listen(follow)
    return begin_run
