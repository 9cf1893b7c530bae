"""What several sources say of one thing, as one state for each reader."""

from __future__ import annotations

from typing import Any

import pytest

from tests.picture.support import DANISH, MINUTE_US, NOON_US, OPEN, SECOND_US, World, report

METRE_DEG = 1 / 111_300.0  # of latitude, near enough for a few hundred metres


def heard(world: World, stream: str, north_m: float, after_s: float = 0.0, **said: Any) -> None:
    label = said.pop("label", OPEN)
    row = report(lat=55.0 + north_m * METRE_DEG, at_us=NOON_US + round(after_s * SECOND_US), **said)
    world.hear(row, stream=stream, label=label)


def north_m(state: Any) -> float:
    return (state.latitude_deg - 55.0) / METRE_DEG


def the_one(world: World, *labels: Any) -> Any:
    (state,) = world.view(world.only(*labels) if labels else None).tracks_in()
    return state


def test_two_sources_that_agree_are_one_place_nearer_to_the_surer() -> None:
    world = World()
    heard(world, "coast", 0.0, position_std_m=10.0, speed_mps=0.0)
    heard(world, "radar", 60.0, position_std_m=50.0, speed_mps=0.0)
    state = the_one(world)
    assert 0.0 < north_m(state) < 20.0
    assert state.position_std_m < 50.0
    assert sorted(round(one.share, 2) for one in state.source_tracks) == [0.04, 0.96]


def test_a_source_that_contradicts_the_latest_bends_nothing_and_says_so() -> None:
    world = World()
    heard(world, "coast", 5_000.0, position_std_m=10.0)
    heard(world, "radar", 0.0, after_s=1.0, position_std_m=10.0)
    state = the_one(world)
    assert north_m(state) == pytest.approx(0.0, abs=0.01)
    assert [one.share for one in state.source_tracks] == [None, None]
    assert [one.agrees for one in state.source_tracks] == [False, True]


def test_two_that_agree_are_not_overruled_by_one_late_report() -> None:
    world = World()
    heard(world, "coast", 0.0, position_std_m=10.0, speed_mps=0.0)
    heard(world, "radar", 20.0, after_s=1.0, position_std_m=10.0, speed_mps=0.0)
    heard(world, "liar", 22_000.0, after_s=2.0, position_std_m=10.0, speed_mps=0.0)
    state = the_one(world)
    assert north_m(state) == pytest.approx(10.0, abs=5.0)
    assert {one.stream: one.agrees for one in state.source_tracks} == {
        "coast": True,
        "radar": True,
        "liar": False,
    }
    assert sum(one.share is not None for one in state.source_tracks) == 2


def test_of_two_pairs_that_contradict_each_other_the_later_stands() -> None:
    world = World()
    for nth, (stream, where_m) in enumerate(
        [("a", 0.0), ("b", 10.0), ("c", 9_000.0), ("d", 9_010.0)]
    ):
        heard(world, stream, where_m, after_s=nth, position_std_m=10.0, speed_mps=0.0)
    assert north_m(the_one(world)) == pytest.approx(9_005.0, abs=10.0)


def test_a_radar_does_not_set_an_anchored_ship_moving() -> None:
    """Three minutes after its last report she lies where she said, whatever the radar's noise."""
    world = World()
    world.hand.time_us = NOON_US + 1_800 * SECOND_US
    for minute in range(0, 30, 3):
        heard(world, "coast", 0.0, after_s=60.0 * minute, position_std_m=10.0, speed_mps=0.1,
              course_deg=200.0)  # fmt: skip
    for nth in range(170 // 2):
        offset_m = 60.0 if nth % 2 else 30.0
        heard(world, "tracker:radar@1", offset_m, after_s=1_620.0 + 2.0 * nth, position_std_m=40.0,
              speed_mps=0.9, course_deg=10.0, velocity_std_mps=0.6)  # fmt: skip
    state = the_one(world)
    assert abs(north_m(state)) < 15.0
    assert state.speed_mps < 0.3
    assert not state.moving


def test_what_a_radar_surely_sees_moving_moves() -> None:
    world = World()
    heard(world, "tracker:radar@1", 0.0, position_std_m=40.0, speed_mps=5.0, course_deg=10.0,
          velocity_std_mps=0.6)  # fmt: skip
    assert the_one(world).moving


@pytest.mark.parametrize(("speed_mps", "moves"), [(2.0, True), (0.1, False)])
def test_what_a_radar_sees_somewhere_else_after_some_minutes_moves(
    speed_mps: float, moves: bool
) -> None:
    """Its speed is too rough to be sure of: how far it has come says so, or does not."""
    world = World()
    for nth in range(40):
        noise_m = 30.0 if nth % 2 else -30.0
        heard(world, "tracker:radar@1", 5.0 * nth * speed_mps + noise_m, after_s=5.0 * nth,
              position_std_m=40.0, speed_mps=2.0, course_deg=0.0, velocity_std_mps=0.6)  # fmt: skip
    assert the_one(world).moving == moves


def test_a_hidden_source_never_bends_what_others_see() -> None:
    world, alone = World(), World()
    for one in (world, alone):
        heard(one, "coast", 0.0, position_std_m=20.0, speed_mps=3.0, course_deg=0.0)
    heard(world, "secret", 40.0, after_s=2.0, position_std_m=1.0, label=DANISH)
    seen, told = the_one(world, OPEN), the_one(alone, OPEN)
    assert (seen.latitude_deg, seen.position_std_m) == (told.latitude_deg, told.position_std_m)
    assert north_m(the_one(world, OPEN, DANISH)) > 20.0


def test_an_older_report_is_brought_to_the_time_of_the_latest() -> None:
    world = World()
    heard(world, "coast", 0.0, position_std_m=10.0, speed_mps=10.0, course_deg=0.0)
    heard(world, "radar", 200.0, 20.0, position_std_m=10.0, speed_mps=10.0, course_deg=0.0)
    state = the_one(world)
    assert north_m(state) == pytest.approx(200.0, abs=5.0)
    assert state.valid_us == NOON_US + 20 * SECOND_US


def test_what_was_heard_long_ago_has_no_share() -> None:
    world = World()
    heard(world, "coast", 50.0, position_std_m=10.0, speed_mps=0.0)
    world.hand.time_us += 8 * MINUTE_US
    heard(world, "radar", 0.0, after_s=480.0, position_std_m=10.0, speed_mps=0.0)
    assert north_m(the_one(world)) == pytest.approx(0.0, abs=0.01)


def test_what_the_thing_is_and_does_is_kept_when_a_radar_sees_it_later() -> None:
    world = World()
    heard(world, "coast", 0.0, heading_deg=90.0, navigation_status="moored")
    heard(world, "radar", 1.0, after_s=5.0, schema="Platform")
    state = the_one(world)
    assert (state.schema, state.heading_deg, state.navigation_status) == ("Vessel", 90.0, "moored")


def test_reports_of_one_source_make_it_surer_of_course_and_speed() -> None:
    world = World()
    for n in range(30):
        heard(world, "coast", 50.0 * n, after_s=10.0 * n, position_std_m=15.0)
    world.hand.time_us += 300 * SECOND_US
    heard(world, "radar", 1_452.0, after_s=290.4, position_std_m=15.0)
    state = the_one(world)
    assert state.speed_mps == pytest.approx(5.0, abs=0.3)
    assert state.position_std_m < 15.0


def test_one_stream_under_two_labels_is_one_witness() -> None:
    both, low = World(), World()
    for world in (both, low):
        heard(world, "coast", 0.0, position_std_m=10.0, speed_mps=0.0)
    heard(both, "coast", 30.0, 1.0, position_std_m=10.0, speed_mps=0.0, label=DANISH)
    state = the_one(both)
    assert north_m(state) == pytest.approx(30.0, abs=0.5)
    assert [one.share for one in state.source_tracks] == [None, None]
    assert north_m(the_one(both, OPEN)) == pytest.approx(north_m(the_one(low)))
    heard(both, "radar", 40.0, 2.0, position_std_m=10.0, speed_mps=0.0)
    assert sum(one.share is not None for one in the_one(both).source_tracks) == 2
