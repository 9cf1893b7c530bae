"""The picture's clock, live and in a replay, for each audience."""

from __future__ import annotations

import pytest

from tests.picture.support import DANISH, MINUTE_US, NOON_US, OPEN, SECOND_US, World, report

YEARS_AGO_US = NOON_US - 100_000_000 * SECOND_US


@pytest.fixture
def world() -> World:
    return World()


def test_a_live_picture_goes_by_the_wall(world: World) -> None:
    world.hear(report())
    reading = world.view().reading
    assert (reading.mode, reading.now_us) == ("live", NOON_US)


def test_a_replay_drives_the_clock_and_ages_count_against_it(world: World) -> None:
    world.picture.start_replay("denmark", 0)
    world.hear(report(at_us=YEARS_AGO_US), report("mmsi:2", at_us=YEARS_AGO_US + MINUTE_US))
    view = world.view()
    assert (view.reading.mode, view.reading.now_us) == ("replay", YEARS_AGO_US + MINUTE_US)
    (first, second) = view.tracks_in()
    assert (first.age_s, first.state, second.age_s) == (60.0, "live", 0.0)
    assert first.known_us == NOON_US


def test_a_replay_runs_on_at_its_pace_between_rows(world: World) -> None:
    world.picture.start_replay("denmark", 10.0)
    world.hear(report(at_us=YEARS_AGO_US))
    world.hand.time_us += 2 * SECOND_US
    assert world.view().reading.now_us == YEARS_AGO_US + 20 * SECOND_US


def test_a_replay_that_falls_silent_runs_on_for_a_minute_of_its_time(world: World) -> None:
    world.picture.start_replay("denmark", 1.0)
    world.hear(report(at_us=YEARS_AGO_US))
    world.hand.time_us += 3600 * SECOND_US
    assert world.view().reading.now_us == YEARS_AGO_US + MINUTE_US


def test_a_replays_clock_never_goes_back(world: World) -> None:
    world.picture.start_replay("denmark", 1.0)
    world.hear(report(at_us=YEARS_AGO_US))
    world.hand.time_us += 10 * SECOND_US
    world.hear(report(at_us=YEARS_AGO_US + 8 * SECOND_US))
    assert world.view().reading.now_us == YEARS_AGO_US + 10 * SECOND_US
    world.hear(report(at_us=YEARS_AGO_US + 15 * SECOND_US))
    assert world.view().reading.now_us == YEARS_AGO_US + 15 * SECOND_US
    world.picture.end_replay("denmark")
    world.hand.time_us += 3600 * SECOND_US
    assert world.view().reading.now_us == YEARS_AGO_US + 15 * SECOND_US


def test_a_replay_that_starts_again_starts_its_time_again(world: World) -> None:
    world.picture.start_replay("denmark", 1.0)
    world.hear(report(at_us=YEARS_AGO_US + MINUTE_US))
    world.picture.start_replay("denmark", 1.0)
    assert world.view().reading.mode == "live"
    world.hear(report(at_us=YEARS_AGO_US))
    assert world.view().reading.now_us == YEARS_AGO_US


def test_what_a_reader_cannot_see_does_not_move_its_clock(world: World) -> None:
    world.picture.start_replay("denmark", 0)
    world.hear(report(at_us=YEARS_AGO_US))
    world.hear(report("mmsi:2", at_us=YEARS_AGO_US + MINUTE_US), label=DANISH)
    assert world.view(world.only(OPEN)).reading.now_us == YEARS_AGO_US
    assert world.view(world.only(DANISH)).reading.now_us == YEARS_AGO_US + MINUTE_US
    assert world.view(world.only()).reading.mode == "live"


def test_a_negative_pace_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="pace"):
        world.picture.start_replay("denmark", -1.0)


def test_a_change_of_pace_goes_on_from_where_the_clock_is(world: World) -> None:
    world.picture.set_pace("denmark", 1.0)
    world.hear(report(at_us=YEARS_AGO_US))
    world.hand.time_us += 2 * SECOND_US
    assert world.view().reading.now_us == YEARS_AGO_US + 2 * SECOND_US
    world.picture.set_pace("denmark", 10.0)
    world.hand.time_us += SECOND_US
    assert world.view().reading.now_us == YEARS_AGO_US + 12 * SECOND_US
    world.picture.set_pace("denmark", 0.0)
    world.hand.time_us += 60 * SECOND_US
    assert world.view().reading.now_us == YEARS_AGO_US + 12 * SECOND_US
    assert len(world.view().tracks_in()) == 1
    with pytest.raises(ValueError, match="stands"):
        world.picture.set_pace("denmark", -1.0)
