"""The picture's clock follows the instructor of an exercise."""

from __future__ import annotations

from collections.abc import Callable

from alliage.exercise.control import Change, ExerciseControl, ExerciseState
from alliage.picture.picture import Picture


def let_follow(
    picture: Picture, name: str, control: ExerciseControl, drain: Callable[[], None]
) -> Callable[[], None]:
    """Let a picture show the stream ``name`` as this exercise runs: live, at a pace, elsewhere.

    Args:
        picture: the node's.
        name: the stream that the exercise plays.
        control: the instructor's hand on it.
        drain: waits until the picture has everything that was handed on so far.

    Returns:
        What to call once everything that was played before a seek has been handed on. Only then
        does the picture forget it: what came later would stand as the latest, and hold the clock.
    """

    def follow(change: Change, state: ExerciseState) -> None:
        if change == "run" and state.live:
            picture.go_live(name)
        elif change == "run":
            picture.start_replay(name, state.pace)
        elif change == "pace" and not state.live:
            picture.set_pace(name, state.pace)

    def begin_run() -> None:
        drain()
        control.begin_run()

    control.listen(follow)
    return begin_run
