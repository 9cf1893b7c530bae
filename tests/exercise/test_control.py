"""The instructor's hand: pause, speed, seek and inject, from any thread."""

import threading
from collections.abc import Iterator

import pytest

from alliage.exercise.control import ExerciseControl
from alliage.exercise.scenario import load_scenario
from alliage.exercise.schedule import InjectError
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.ontology.times import from_text

START_US = from_text("2026-06-01T12:00:00Z")


class Wall:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def make(start_us: int) -> Simulation:
    return Simulation(load_scenario("baltic"), start_us, ships=60)


def control(wall: Wall, **settings: int | float) -> ExerciseControl:
    return ExerciseControl(make, START_US, live=True, clock_s=wall, **settings)  # type: ignore[arg-type]


def bursts(one: ExerciseControl) -> Iterator[bytes]:
    while lines := one.take(at_most_s=30):
        yield from lines


def expected(from_us: int, seconds: int) -> list[bytes]:
    simulation = make(from_us)
    return [line for _ in range(seconds) for line in simulation.step()]


def test_seconds_are_played_once_they_are_over() -> None:
    wall = Wall()
    one = control(wall)
    assert one.take(100) == []
    wall.now_s += 20.5
    assert list(bursts(one)) == expected(START_US, 20)
    assert one.rest_s(one.radio) == pytest.approx(0.25)
    assert one.state.live


def test_the_lead_in_is_played_at_once() -> None:
    assert list(bursts(control(Wall(), lead_in_s=60))) == expected(START_US - 60 * SECOND_US, 60)


def test_while_paused_time_stands() -> None:
    wall = Wall()
    one = control(wall)
    one.pause()
    wall.now_s += 100
    assert one.take(100) == []
    state = one.state
    assert (state.now_us, state.pace, state.paused, state.live) == (START_US, 0.0, True, False)
    one.resume()
    wall.now_s += 10
    assert list(bursts(one)) == expected(START_US, 10)
    assert one.state.pace == 1.0


def test_a_hurried_exercise_plays_more() -> None:
    wall = Wall()
    one = control(wall)
    wall.now_s += 10
    one.speed(6.0)
    wall.now_s += 10
    assert one.state.now_us == START_US + 70 * SECOND_US
    assert list(bursts(one)) == expected(START_US, 70)
    assert not one.state.live


def test_after_a_restart_only_what_the_log_has_not_is_played() -> None:
    one = control(Wall(), lead_in_s=60)
    one.go_on_after(one.radio, START_US - 20 * SECOND_US)
    assert list(bursts(one)) == expected(START_US - 60 * SECOND_US, 60)[-len_of(19) :]
    other = control(Wall(), lead_in_s=60)
    other.go_on_after(other.radio, START_US - 3_600 * SECOND_US)
    assert list(bursts(other)) == expected(START_US - 60 * SECOND_US, 60)


def len_of(seconds: int) -> int:
    """How many sentences the last seconds of the lead-in have."""
    lead_in = expected(START_US - 60 * SECOND_US, 60)
    return len(lead_in) - len(expected(START_US - 60 * SECOND_US, 60 - seconds))


def test_an_exercise_goes_back_to_the_walls_time() -> None:
    wall = Wall()
    one = control(wall)
    changes: list[str] = []
    one.listen(lambda change, state: changes.append(f"{change} {state.live}"))
    one.speed(6.0)
    one.pause()
    assert one.state.may_join_wall
    wall.now_s += 10
    one.join_wall(START_US + 500 * SECOND_US)
    state = one.state
    assert (state.now_us, state.pace, state.live) == (START_US + 500 * SECOND_US, 1.0, True)
    assert not state.may_join_wall
    assert changes == ["pace False", "pace False", "seek True"]


@pytest.mark.parametrize("days", [-7, 30])
def test_seeking_plays_from_there_with_its_lead_in(days: int) -> None:
    wall = Wall()
    one = control(wall, lead_in_s=30)
    there_us = START_US + days * 86_400 * SECOND_US
    one.seek(there_us)
    wall.now_s += 10
    assert list(bursts(one)) == expected(there_us - 30 * SECOND_US, 40)


@pytest.mark.parametrize("days", [-7.001, 30.001])
def test_a_seek_too_far_away_is_refused(days: float) -> None:
    one = control(Wall())
    with pytest.raises(ValueError, match="at most a week before"):
        one.seek(START_US + int(days * 86_400 * SECOND_US))
    assert one.state.live


@pytest.mark.parametrize("speed", [0.0, -1.0, 1_001.0, float("nan")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="at most 1000"):
        control(Wall()).speed(speed)


def test_an_inject_is_true_from_then_on_and_comes_again_after_a_seek_back() -> None:
    wall = Wall()
    one = ExerciseControl(
        lambda us: Simulation(load_scenario("baltic"), us), START_US, live=True, clock_s=wall
    )
    wall.now_s += 100
    told = one.inject("goes_dark", lasts_s=900)
    assert told.start_us == START_US + 100 * SECOND_US
    assert told in one.truth.incidents(told.start_us)
    one.seek(START_US)
    assert told not in one.truth.incidents(START_US)
    assert told in one.truth.incidents(told.end_us - SECOND_US)


def test_listeners_hear_of_every_change() -> None:
    one = control(Wall())
    heard: list[tuple[str, float]] = []
    one.listen(lambda change, state: heard.append((change, state.pace)))
    one.pause()
    one.resume()
    one.speed(2.0)
    one.seek(START_US)
    with pytest.raises(InjectError):
        one.inject("goes_dark", ship="EX NOBODY")
    assert heard == [("pace", 0.0), ("pace", 1.0), ("pace", 2.0), ("seek", 2.0)]


def test_hands_in_several_threads_do_not_disturb_what_is_played() -> None:
    wall = Wall()
    one = control(wall)
    wall.now_s += 200

    def look() -> None:
        for hour in range(20):
            one.truth.incidents(START_US + hour * 3_600 * SECOND_US)
            one.truth.motions(START_US + hour * 3_600 * SECOND_US)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    played = list(bursts(one))
    for thread in threads:
        thread.join()
    assert played == expected(START_US, 200)
