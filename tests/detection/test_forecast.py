"""Where things will be: the place, and how honest the area is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.detection import Engine
from alliage.detection.forecast import Forecast, Forecaster, States, arrival
from alliage.detection.forecast.states import SEA
from alliage.geo.flat import distance_m, moved, offset_m
from tests.detection.recordings import ONTOLOGY, batch, report

MINUTE = 60.0
HOUR = 3_600.0


def one(lat: float = 57.0, lon: float = 18.0, speed: float = 7.0, course: float = 90.0) -> States:
    place, motion = (np.array([lat]), np.array([lon])), (np.array([speed]), np.array([course]))
    return States(*place, *motion, np.array([SEA]))


def after(ships: int, turns: bool, noise_m: float = 20.0) -> Forecaster:
    """What is learned of ships that go east through one water; half an hour on they go north."""
    engine = Engine(ONTOLOGY, list, "test")
    random = np.random.default_rng(3)
    rows = []
    for ship in range(ships):
        for second in range(0, 4_800, 300):
            east_m = 7.0 * min(second, 1_800 if turns else 4_800)
            north_m = 7.0 * max(0, second - 1_800) if turns else 0.0
            east_m, north_m = random.normal((east_m, north_m), noise_m)
            lat, lon = moved(57.0, 18.0, east_m, north_m)
            course = 0.0 if turns and second >= 1_800 else 90.0
            rows.append(
                report(
                    5_000.0 * ship + second, f"mmsi:{219_000_000 + ship}",
                    lat=float(lat), lon=float(lon), speed_mps=7.0, course_deg=course,
                )
            )  # fmt: skip
    engine.take("ais", batch(rows))
    engine.finish()
    return engine.forecaster


@given(st.floats(0.6, 15), st.floats(0, 359.9), st.floats(1, 21_600))
def test_what_nothing_is_known_of_goes_straight_on(
    speed: float, course: float, ahead_s: float
) -> None:
    made = Forecaster().forecast(one(speed=speed, course=course), ahead_s)
    assert float(distance_m(57.0, 18.0, made.lat[0], made.lon[0])) == pytest.approx(
        speed * ahead_s, rel=0.02, abs=1.0
    )
    assert made.known[0] == 0
    assert made.most.along_m[0] > made.half.along_m[0] > 0


def test_what_lies_still_is_forecast_to_lie_still() -> None:
    made = Forecaster().forecast(one(speed=0.1), HOUR)
    assert (made.lat[0], made.lon[0]) == (57.0, 18.0)


def test_a_turn_that_all_make_is_forecast() -> None:
    made = after(12, turns=True).forecast(one(), HOUR)
    east, north = offset_m(57.0, 18.0, made.lat[0], made.lon[0])
    assert float(north) > 8_000
    assert float(east) < 17_000
    assert made.known[0] >= 10


def test_areas_shrink_to_what_forecasts_miss_by() -> None:
    before, now = Forecaster(), after(40, turns=False)
    assert now.learned > 300
    assert before.forecast(one(), 300.0).compared[0] == 0
    assert now.forecast(one(), 300.0).compared[0] > 50
    wide, narrow = (of.forecast(one(), 15 * MINUTE).most for of in (before, now))
    assert narrow.along_m[0] < 0.3 * wide.along_m[0]


def test_a_longer_forecast_has_a_larger_area() -> None:
    of = after(12, turns=False)
    sizes = [of.forecast(one(), ahead_s).most.along_m[0] for ahead_s in (300, 900, 3_600, 21_600)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("ahead_s", [-1.0, 30_000.0])
def test_a_time_out_of_bounds_is_refused(ahead_s: float) -> None:
    with pytest.raises(ValueError, match="0 to 21600 s"):
        Forecaster().forecast(one(), ahead_s)


def test_learned_ways_that_do_not_help_are_not_followed() -> None:
    of, random = Forecaster(), np.random.default_rng(5)
    for _ in range(20):
        # Each goes another way than the ones before it: none says anything of the next.
        parts = np.stack((random.uniform(0.2, 1.8, 10), random.uniform(-1, 1, 10)), axis=1)
        states = States(*(np.repeat(column, 10) for column in (57.0, 18.0, 7.0, 90.0, SEA)))
        *learned, known = of.flow.parts(states, 3)
        if known[0]:
            of.trust.learn(states, 3, parts, np.stack(learned, axis=1))
        of.flow.learn(states, 3, parts[:, 0], parts[:, 1])
    made = of.forecast(one(), HOUR)
    assert made.known[0] == 0
    assert float(distance_m(57.0, 18.0, made.lat[0], made.lon[0])) == pytest.approx(
        7 * HOUR, rel=0.01
    )


def test_areas_of_hours_say_from_where_they_are_drawn_on() -> None:
    of = after(12, turns=False)  # an hour and twenty minutes of each
    assert np.isnan(of.forecast(one(), HOUR).drawn_on_s[0])
    made = of.forecast(one(), 6 * HOUR)
    assert made.drawn_on_s[0] == HOUR
    assert made.compared[0] >= 10
    assert np.isnan(Forecaster().forecast(one(), 6 * HOUR).drawn_on_s[0])


def test_an_exact_hour_does_not_promise_six_exact_ones() -> None:
    of = after(40, turns=False)
    hour, six = of.forecast(one(), HOUR), of.forecast(one(), 6 * HOUR)
    way_m = 7.0 * 6 * HOUR
    assert hour.half.along_m[0] < 0.05 * 7.0 * HOUR
    assert six.half.along_m[0] > 0.1 * way_m  # some of what is guessed where nothing is known


@given(st.floats(5, 300), st.floats(2, 12))
def test_a_place_on_its_way_is_reached_when_speed_says(minutes: float, speed: float) -> None:
    lat, lon = moved(57.0, 18.0, speed * minutes * MINUTE, 0.0)
    found = arrival(Forecaster(), one(speed=speed), float(lat), float(lon))
    assert found is not None
    assert found.likely_s is not None
    assert found.likely_s == pytest.approx(minutes * MINUTE, rel=0.03)
    assert found.earliest_s < found.likely_s
    assert found.latest_s is None or found.latest_s > found.likely_s


def test_an_interval_is_told_as_long_as_any_area_holds_the_place() -> None:
    of, told, likely = after(40, turns=False), [], 0
    ahead_s = np.linspace(MINUTE, HOUR, 60).tolist()
    areas = [of.forecast(one(), ahead) for ahead in ahead_s]
    for aside_m in range(0, 4_000, 400):
        lat, lon = map(float, moved(57.0, 18.0, 6_300.0, float(aside_m)))
        found = arrival(of, one(), lat, lon)
        told.append(found is not None)
        assert told[-1] or not any(_holds(area, lat, lon) for area in areas)
        if found is not None and found.latest_s is not None and found.likely_s is not None:
            assert found.earliest_s <= found.latest_s
            likely += found.earliest_s <= found.likely_s <= found.latest_s
    assert told[0]
    assert not told[-1]
    assert likely >= 1


def _holds(area: Forecast, lat: float, lon: float) -> bool:
    turn = np.radians(area.axis_deg[0])
    east, north = offset_m(area.lat[0], area.lon[0], lat, lon)
    along = east * np.sin(turn) + north * np.cos(turn)
    across = east * np.cos(turn) - north * np.sin(turn)
    return bool(np.hypot(along / area.most.along_m[0], across / area.most.across_m[0]) <= 1.0)


def test_a_place_behind_is_not_reached_and_one_beyond_six_hours_not_yet() -> None:
    of = after(40, turns=False)
    behind, far = moved(57.0, 18.0, -40_000.0, 0.0), moved(57.0, 18.0, 900_000.0, 0.0)
    assert arrival(of, one(), *map(float, behind)) is None
    assert arrival(of, one(), *map(float, far)) is None
    near = arrival(of, one(), *map(float, moved(57.0, 18.0, 6_300.0, 0.0)))
    assert near is not None
    assert near.latest_s is not None
    assert near.latest_s - near.earliest_s < 10 * MINUTE
