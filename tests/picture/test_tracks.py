"""What reports and claims do to the state of a track."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.ontology.observation import Kind
from tests.picture.support import (
    DANISH,
    MINUTE_US,
    NOON_US,
    OPEN,
    SECOND_US,
    World,
    batch,
    report,
    subject_of,
)

SHIP = "mmsi:219000001"


@pytest.fixture
def world() -> World:
    return World()


def the_track(world: World, stream: str = "denmark", identifier: str = SHIP):
    state = world.view().track(subject_of(stream, identifier))
    assert state is not None
    return state


def test_a_report_becomes_a_track(world: World) -> None:
    world.hear(
        report(
            speed_mps=5.0,
            course_deg=90.0,
            heading_deg=91.0,
            position_std_m=10.0,
            navigation_status="moored",
        )
    )
    state = the_track(world)
    assert (state.longitude_deg, state.latitude_deg) == (11.0, 55.0)
    assert (state.speed_mps, state.course_deg, state.heading_deg) == (5.0, 90.0, 91.0)
    assert (state.state, state.moving, state.navigation_status) == ("live", True, "moored")
    assert (state.valid_us, state.age_s, state.sources) == (NOON_US, 0.0, ("denmark",))
    assert state.marking == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
    assert state.sidc.startswith("10013")  # no affiliation claimed: unknown, at sea
    assert state.altitude_m is None


def test_a_late_report_does_not_move_a_track_back(world: World) -> None:
    world.hear(report(lon=11.5))
    world.hear(report(lon=11.0, at_us=NOON_US - MINUTE_US))
    assert the_track(world).longitude_deg == 11.5


def test_the_latest_of_a_batch_stands_wherever_it_is_in_it(world: World) -> None:
    world.hear(
        report(lon=11.1, at_us=NOON_US - 2 * SECOND_US),
        report(lon=11.3),
        report(lon=11.2, at_us=NOON_US - SECOND_US),
    )
    assert the_track(world).longitude_deg == 11.3


def test_what_the_latest_report_does_not_say_is_not_known(world: World) -> None:
    world.hear(report(heading_deg=91.0, at_us=NOON_US - SECOND_US))
    world.hear(report(speed_mps=4.0))
    assert the_track(world).heading_deg is None
    assert the_track(world).speed_mps == 4.0


def test_a_report_without_a_position_leaves_the_track_where_it_is(world: World) -> None:
    world.hear(report(lon=11.5, at_us=NOON_US - SECOND_US))
    world.hear(report(lon=None, lat=None))
    state = the_track(world)
    assert (state.longitude_deg, state.valid_us) == (11.5, NOON_US - SECOND_US)
    assert state.heard_us == NOON_US


@pytest.mark.parametrize(("lon", "lat"), [(181.0, 91.0), (float("nan"), 55.0), (11.0, -90.5)])
def test_an_impossible_position_is_none(world: World, lon: float, lat: float) -> None:
    world.hear(report(lon=lon, lat=lat))
    assert the_track(world).longitude_deg is None


def test_weather_gives_a_station_a_place_but_never_moves_a_ship(world: World) -> None:
    station = "mmsi:002190067"
    world.hear(report(identifier=station, lon=9.0), kind=Kind.ENVIRONMENT)
    world.hear(report(lon=11.0, speed_mps=5.0, at_us=NOON_US - SECOND_US))
    world.hear(report(lon=12.0), kind=Kind.ENVIRONMENT)
    assert the_track(world, identifier=station).longitude_deg == 9.0
    assert the_track(world).longitude_deg == 11.0


def test_a_ship_that_only_named_itself_counts_and_has_no_place(world: World) -> None:
    world.hear(report(lon=None, lat=None), kind=Kind.STATIC)
    world.claim(SHIP, name="FRIO", call_sign="OXAB")
    view = world.view()
    assert (view.totals().tracks, view.totals().located) == (1, 0)
    (state,) = view.page().items
    assert (state.name, state.longitude_deg, state.state) == ("FRIO", None, "live")
    assert state.properties["call_sign"] == "OXAB"


def test_the_latest_claim_names_a_track_whatever_comes_late(world: World) -> None:
    world.claim(SHIP, name="NEW NAME", affiliation="friend")
    world.claim(SHIP, name="OLD NAME", at_us=NOON_US - MINUTE_US)
    state = the_track(world)
    assert state.name == "NEW NAME"
    assert state.sidc[3] == "3"


def test_what_has_no_name_is_called_by_its_call_sign(world: World) -> None:
    world.claim(SHIP, schema="Aircraft", call_sign="QXA123")
    assert the_track(world).name == "QXA123"
    world.claim(SHIP, schema="Aircraft", name="GULL")
    assert the_track(world).name == "GULL"


def test_a_withdrawn_value_is_not_known(world: World) -> None:
    world.claim(SHIP, name="FRIO", at_us=NOON_US - MINUTE_US)
    world.claim(SHIP, name=None)
    assert the_track(world).name is None


def test_a_report_from_the_future_is_counted_and_left_out(world: World) -> None:
    world.hear(report(lon=11.0), report(lon=12.0, at_us=NOON_US + 3600 * SECOND_US))
    assert the_track(world).longitude_deg == 11.0
    assert world.picture.rows_from_future == {"denmark": 1}


def test_an_error_ellipse_is_kept_and_a_circle_takes_its_place(world: World) -> None:
    ellipse = {"position_minor_std_m": 4.0, "position_axis_deg": 30.0}
    world.hear(report(position_std_m=9.0, **ellipse))
    state = the_track(world)
    assert (state.position_std_m, state.position_minor_std_m, state.position_axis_deg) == (9, 4, 30)
    world.hear(report(position_std_m=9.0, at_us=NOON_US + SECOND_US))
    state = the_track(world)
    assert (state.position_minor_std_m, state.position_axis_deg) == (None, None)


def test_a_stream_whose_time_is_made_here_may_run_ahead_of_the_wall(world: World) -> None:
    world.picture.let_run_ahead("denmark")
    world.picture.set_pace("denmark", 120.0)
    later_us = NOON_US + 5 * 3600 * SECOND_US
    world.hear(report(lon=12.0, at_us=later_us))
    state = the_track(world)
    assert (state.longitude_deg, state.state) == (12.0, "live")
    assert world.view().reading.now_us == later_us
    assert world.picture.rows_from_future == {}


def test_what_has_a_geometry_stays_when_reports_are_forgotten(world: World) -> None:
    world.hear(report())
    world.claim("exercise:cable", schema="Cable", name="EX CABLE", geometry="{}")
    world.picture.start_replay("denmark", 1.0)
    assert [state.name for state in world.view().tracks_in()] == ["EX CABLE"]


def test_two_streams_give_one_object_and_the_latest_moves_it(world: World) -> None:
    world.hear(report(lon=11.0, at_us=NOON_US - SECOND_US), stream="denmark")
    world.hear(report(lon=11.2), stream="france", label=DANISH)
    state = the_track(world)
    assert state.longitude_deg == 11.2
    assert state.track_id == subject_of("denmark", SHIP)
    assert state.aliases == (subject_of("france", SHIP),)
    assert the_track(world, stream="france") == state
    assert [part.longitude_deg for part in state.source_tracks] == [11.0, 11.2]
    assert state.marking == "ALLIAGE RESTRICTED / REL TO DNK"
    assert world.view().totals().tracks == 1


def test_the_order_in_which_a_log_is_read_again_does_not_rename_an_object(world: World) -> None:
    first = world.entry("observations:position", batch([report()]), "sweden", OPEN)
    second = world.entry("observations:position", batch([report()]), "denmark", OPEN)
    world.picture.apply([second, first])
    assert the_track(world).track_id == subject_of("sweden", SHIP)


def test_a_stream_whose_label_changes_begins_another_source_track(world: World) -> None:
    world.hear(report(lon=11.0, at_us=NOON_US - SECOND_US))
    world.hear(report(lon=11.2), label=DANISH)
    french = world.view(world.only(OPEN)).track(subject_of("denmark", SHIP))
    assert french is not None
    assert french.longitude_deg == 11.0
    assert the_track(world).longitude_deg == 11.2


def test_a_trail_keeps_a_point_each_half_minute_in_order(world: World) -> None:
    for second in range(0, 180, 10):
        world.hear(report(lon=11.0 + second / 1000, at_us=NOON_US + second * SECOND_US))
    trail = world.view().trail(subject_of("denmark", SHIP))
    assert [(point.valid_us - NOON_US) // SECOND_US for point in trail] == [0, 30, 60, 90, 120, 150]
    assert trail[1].longitude_deg == pytest.approx(11.03, abs=1e-5)


def test_a_trail_is_as_long_as_its_ring_and_holds_the_newest(world: World) -> None:
    rows = [report(at_us=NOON_US + minute * MINUTE_US) for minute in range(100)]
    world.hand.time_us = NOON_US + 100 * MINUTE_US
    world.hear(*rows)
    trail = world.view().trail(subject_of("denmark", SHIP))
    assert len(trail) == 32  # 64 steps of half a minute, a report each minute
    assert trail[-1].valid_us == NOON_US + 99 * MINUTE_US


def test_two_streams_share_one_trail(world: World) -> None:
    world.hear(report(at_us=NOON_US), report(at_us=NOON_US + 2 * MINUTE_US), stream="denmark")
    world.hear(report(at_us=NOON_US + MINUTE_US), stream="france")
    trail = world.view().trail(subject_of("denmark", SHIP))
    assert [(point.valid_us - NOON_US) // MINUTE_US for point in trail] == [0, 1, 2]


def test_a_replay_that_starts_again_forgets_where_things_were_but_not_their_names(
    world: World,
) -> None:
    world.claim(SHIP, name="FRIO")
    world.hear(report())
    world.picture.start_replay("denmark", 1.0)
    state = the_track(world)
    assert (state.longitude_deg, state.name, state.state) == (None, "FRIO", "ended")
    world.hear(report(lon=10.0, at_us=NOON_US - 60 * MINUTE_US))
    assert the_track(world).longitude_deg == 10.0


def test_a_ship_is_moving_until_it_has_not_made_way_for_six_minutes(world: World) -> None:
    world.hear(report(speed_mps=0.2), report("mmsi:2", speed_mps=5.0))
    world.hear(report("mmsi:2", speed_mps=0.0, at_us=NOON_US + MINUTE_US))
    assert not the_track(world).moving
    world.hand.time_us += 6 * MINUTE_US
    assert the_track(world, identifier="mmsi:2").moving
    assert world.view().totals().moving == 1
    world.hand.time_us += SECOND_US
    assert not the_track(world, identifier="mmsi:2").moving


SCHEDULE = st.lists(
    st.tuples(
        st.integers(0, 2),  # ship
        st.integers(0, 40),  # time, in steps of 10 s
        st.one_of(st.none(), st.integers(-10, 10)),  # longitude
        st.sampled_from([Kind.POSITION, Kind.ENVIRONMENT]),
    ),
    min_size=1,
    max_size=30,
)


def state_after(entries) -> tuple:
    world = World()
    world.label_sets.intern(frozenset([OPEN]))
    world.picture.apply(entries)
    states = {}
    for ship in range(3):
        track = world.view().track(subject_of("denmark", f"mmsi:{ship}"))
        if track is not None:
            trail = world.view().trail(track.track_id)
            words = (track.longitude_deg, track.speed_mps, track.valid_us, track.heard_us)
            states[ship] = (*words, track.state, track.moving, [point.valid_us for point in trail])
    return states


@settings(max_examples=150, deadline=None)
@given(SCHEDULE, st.randoms(use_true_random=False))
def test_the_state_does_not_depend_on_the_order_of_a_streams_entries(schedule, random) -> None:
    made = World()
    made.hand.time_us = NOON_US + 60 * MINUTE_US
    entries = []
    for chunk in np.array_split(np.arange(len(schedule)), max(1, len(schedule) // 3)):
        by_kind: dict[Kind, list] = {}
        for index in chunk:
            ship, step, lon, kind = schedule[index]
            row = report(
                identifier=f"mmsi:{ship}",
                lon=None if lon is None else float(lon),
                at_us=NOON_US + step * 10 * SECOND_US,
                speed_mps=float(index),
            )
            by_kind.setdefault(kind, []).append(row)
        for kind, rows in by_kind.items():
            body = batch(rows, kind)
            entries.append(made.entry(f"observations:{kind}", body, "denmark", OPEN))
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert state_after(shuffled) == state_after(entries)
