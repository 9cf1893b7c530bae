"""Ships keep to the water, and what is drawn by hand fits together."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from alliage.exercise.motion import Path, Shuttle, distance_m
from alliage.exercise.waters import load_waters
from tests.exercise.land import TOPOLOGY, load_rings, on_land


@cache
def rings() -> list[NDArray[np.float64]]:
    return load_rings(6, 53, 19, 60)


@pytest.mark.skipif(not TOPOLOGY.exists(), reason="the web packages are not installed: make setup")
def test_no_lane_crosses_land() -> None:
    waters = load_waters()
    for name, place in {**waters.lanes, **waters.grounds}.items():
        path = Path(place.waypoints)
        widest_m = min(400.0, path.length_m / 50)
        shuttle = Shuttle(path, ("port", "port"), 10.0, 0.0, 0.0, widest_m)
        motions = [shuttle.at(second) for second in np.arange(0, shuttle.round_s, 70.0)]
        places = np.array([(motion.lon, motion.lat) for motion in motions])
        assert not on_land(places, rings()).any(), f"{name} crosses land"


@pytest.mark.skipif(not TOPOLOGY.exists(), reason="the web packages are not installed: make setup")
def test_the_land_of_the_test_is_the_land_we_know() -> None:
    copenhagen, kattegat = (12.50, 55.68), (11.60, 56.95)
    places = np.array([copenhagen, kattegat])
    assert on_land(places, rings()).tolist() == [True, False]


def test_a_ship_runs_the_whole_lane_and_comes_back_to_where_it_was() -> None:
    path = Path([(11.0, 55.0), (11.2, 55.1), (11.3, 55.3)])
    shuttle = Shuttle(path, ("port", "port"), 8.0, stay_s=600.0, phase_s=0.0, offset_m=0.0)
    leg_s = (path.length_m + 3000) / 8.0
    start, end = shuttle.at(0.0), shuttle.at(leg_s + 1)
    assert distance_m((end.lon, end.lat), (11.3, 55.3)) < 1
    assert end.at_rest
    back = shuttle.at(2 * (leg_s + 600.0))
    assert distance_m((back.lon, back.lat), (start.lon, start.lat)) < 1


def test_distance_gone_is_the_integral_of_speed() -> None:
    path = Path([(11.0, 55.0), (11.0, 55.2)])
    shuttle = Shuttle(path, ("port", "sea"), 10.0, stay_s=60.0, phase_s=0.0, offset_m=0.0)
    leg_s = (path.length_m + 3000) / 10.0
    speeds_mps = [shuttle.at(second).speed_mps for second in range(int(leg_s))]
    assert sum(speeds_mps) == pytest.approx(path.length_m, rel=0.01)


def test_a_ship_that_left_to_sea_is_not_present() -> None:
    path = Path([(11.0, 55.0), (11.0, 55.2)])
    shuttle = Shuttle(path, ("port", "sea"), 10.0, stay_s=60.0, phase_s=0.0, offset_m=0.0)
    leg_s = (path.length_m + 3000) / 10.0
    assert not shuttle.at(leg_s + 30).present
    assert shuttle.at(2 * leg_s + 90).present


def test_ships_keep_to_starboard() -> None:
    path = Path([(11.0, 55.0), (11.0, 55.5)])
    shuttle = Shuttle(path, ("port", "port"), 10.0, stay_s=0.0, phase_s=0.0, offset_m=200.0)
    leg_s = (path.length_m + 3000) / 10.0
    assert shuttle.at(leg_s / 2).lon > 11.0
    assert shuttle.at(leg_s * 1.5).lon < 11.0
