"""The picture's clock follows the instructor of an exercise."""

from __future__ import annotations

from alliage.exercise.control import Change, ExerciseControl, ExerciseState
from alliage.picture.picture import Picture


def let_follow(picture: Picture, name: str, control: ExerciseControl) -> None:
    """Let a picture show the stream ``name`` as this exercise runs: live, at a pace, elsewhere."""

    def follow(change: Change, state: ExerciseState) -> None:
        if change == "seek" and state.live:
            picture.go_live(name)
        elif change == "seek":
            picture.start_replay(name, state.pace)
        elif not state.live:
            picture.set_pace(name, state.pace)

    control.listen(follow)
