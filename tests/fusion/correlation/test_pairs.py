"""What a correlator says of ships that two streams report."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion.correlation import CorrelationSettings, PairCorrelator, Verdict
from tests.fusion.correlation.sea import ROUND_S, Ship, Stream, open_sea, pairs, watch

ALIGNED = CorrelationSettings(bias_std_m=5.0, time_offset_std_s=0.5)
DENMARK, SWEDEN = Stream("dk", seed=1), Stream("se", seed=2)


def test_each_ship_of_an_open_sea_is_found_in_the_other_stream() -> None:
    ships = open_sea(40)
    said = watch(PairCorrelator(), (DENMARK, ships), (SWEDEN, ships), 10)
    assert pairs(said) == {(name, name) for name in ships}
    assert all(item.score >= 0.95 for item in said)
    first = said[0].evidence
    assert first.positions >= 3
    assert first.span_s >= 20.0
    assert first.mean_distance_m is not None
    assert first.mean_distance_m < 60.0


def test_what_one_stream_does_not_have_is_nobody_of_the_other() -> None:
    ships = open_sea(40)
    mine = {name: ship for name, ship in ships.items() if int(name) < 25}
    yours = {name: ship for name, ship in ships.items() if int(name) >= 15}
    said = watch(PairCorrelator(), (DENMARK, mine), (SWEDEN, yours), 10)
    assert pairs(said) == {(str(n), str(n)) for n in range(15, 25)}


def test_ships_that_pass_each_other_are_two() -> None:
    mine = {"up": Ship(0.0, -1_000.0, 8.0, 0.0)}
    yours = {"down": Ship(60.0, 1_000.0, 8.0, 180.0)}
    assert watch(PairCorrelator(), (DENMARK, mine), (SWEDEN, yours), 30) == []


def test_ships_side_by_side_for_long_are_two() -> None:
    mine = {"a": Ship(0.0, 0.0, 6.0, 90.0)}
    yours = {"b": Ship(0.0, 400.0, 6.0, 90.0)}
    assert watch(PairCorrelator(ALIGNED), (DENMARK, mine), (SWEDEN, yours), 60) == []


def test_a_common_shift_and_a_clock_are_estimated_and_taken_out() -> None:
    ships = open_sea(40, seed=3)
    off = Stream("se", east_m=-200.0, north_m=250.0, clock_s=4.0, seed=2)
    correlator = PairCorrelator()
    said = watch(correlator, (DENMARK, ships), (off, ships), 20)
    assert pairs(said) == {(name, name) for name in ships}
    found = correlator.systematic
    assert found.east_m == pytest.approx(200.0, abs=10.0)
    assert found.north_m == pytest.approx(-250.0, abs=10.0)
    assert found.time_offset_s == pytest.approx(4.0, abs=1.5)
    assert found.pairs == 40
    assert said[-1].evidence.mean_distance_m is not None


def test_a_radar_that_is_turned_is_told_from_one_that_is_late() -> None:
    """0.3 degrees are 300 m at 60 km; without the sensor's place a clock is blamed for them."""
    ships = open_sea(60, seed=5)
    radar = Stream("se", turned_deg=0.3, sensor_m=(30_000.0, 0.0), noise_m=30.0, seed=2)
    correlator = PairCorrelator()
    said = watch(correlator, (DENMARK, ships), (radar, ships), 20)
    assert pairs(said) == {(name, name) for name in ships}
    found = correlator.systematic
    assert found.turns_deg == pytest.approx((0.0, 0.3), abs=0.03)
    assert found.time_offset_s == pytest.approx(0.0, abs=2.0)
    assert (found.east_m, found.north_m) == pytest.approx((0.0, 0.0), abs=20.0)


def test_of_two_radars_the_turned_one_is_found() -> None:
    ships = open_sea(60, seed=6)
    right = Stream("dk", sensor_m=(0.0, 0.0), noise_m=30.0)
    turned = Stream("se", turned_deg=-0.4, sensor_m=(60_000.0, 60_000.0), noise_m=30.0, seed=2)
    correlator = PairCorrelator()
    watch(correlator, (right, ships), (turned, ships), 20)
    mine, its = correlator.systematic.turns_deg
    assert (mine, its) == pytest.approx((0.0, -0.4), abs=0.1)


def test_one_thing_in_a_wrong_place_does_not_bend_the_estimate() -> None:
    ships = open_sea(30, seed=4)
    strange = ships | {"5": Ship(ships["5"].east_m + 300.0, *_rest(ships["5"]))}
    correlator = PairCorrelator()
    watch(correlator, (DENMARK, ships), (SWEDEN, strange), 15)
    assert abs(correlator.systematic.east_m) < 12.0


def _rest(ship: Ship) -> tuple[float, float, float]:
    return ship.north_m, ship.speed_mps, ship.course_deg


def berths(words: list[dict[str, object]]) -> dict[str, Ship]:
    """Ships moored fifteen metres from each other."""
    return {str(n): Ship(15.0 * n, 0.0, words=said) for n, said in enumerate(words)}


NAMES = ["nordlys", "stena danica", "havfruen", "albatros", "svitzer bob", "frederikke", "oresund"]


def test_in_a_harbour_names_decide_and_without_them_nothing_is_said() -> None:
    named = berths([{"name": name} for name in NAMES])
    nameless = berths([{} for _ in NAMES])
    assert watch(PairCorrelator(), (DENMARK, nameless), (SWEDEN, nameless), 30) == []
    said = watch(PairCorrelator(), (DENMARK, named), (SWEDEN, named), 30)
    assert pairs(said) == {(str(n), str(n)) for n in range(len(NAMES))}
    assert all(item.evidence.agreed == ("name",) for item in said)


def test_names_with_a_wrong_letter_still_agree() -> None:
    typed = [
        "nordlis",
        "stena danca",
        "havfruenn",
        "albatross",
        "switzer bob",
        "frederike",
        "oresnd",
    ]
    mine, yours = ({**berths([{"name": n} for n in names])} for names in (NAMES, typed))
    said = watch(PairCorrelator(), (DENMARK, mine), (SWEDEN, yours), 30)
    assert pairs(said) == {(str(n), str(n)) for n in range(len(NAMES))}


def test_a_row_of_numbered_boats_is_told_apart_by_the_numbers() -> None:
    boats = berths([{"name": f"pilot boat {n}"} for n in range(10, 17)])
    said = watch(PairCorrelator(), (DENMARK, boats), (SWEDEN, boats), 30)
    assert pairs(said) == {(str(n), str(n)) for n in range(7)}


@pytest.mark.parametrize(
    ("mine", "yours", "named"),
    [
        ({"name": "nordlys", "call_sign": "oxab2"}, {"name": "tern", "call_sign": "sxyz9"}, "name"),
        ({"schema": "Vessel"}, {"schema": "Aircraft"}, "schema"),
    ],
)
def test_what_speaks_against_a_pair_parts_it(
    mine: dict[str, str], yours: dict[str, str], named: str
) -> None:
    here, there = {"a": Ship(0.0, 0.0)}, {"b": Ship(5.0, 0.0)}
    assert pairs(watch(PairCorrelator(), (DENMARK, here), (SWEDEN, there), 10)) == {("a", "b")}
    harbour = berths([{}] * 6)  # where others are about, they are not one
    here = harbour | {"a": Ship(7.0, 0.0, words=mine)}
    there = harbour | {"b": Ship(7.0, 0.0, words=yours)}
    said = watch(PairCorrelator(), (DENMARK, here), (SWEDEN, there), 20)
    assert ("a", "b") not in pairs(said) | pairs(said, Verdict.RIVAL)
    assert named


def test_what_is_not_known_says_nothing() -> None:
    ships = open_sea(10)
    for ship in list(ships.values())[:5]:
        ship.words = {"name": "nordlys", "length_m": 90.0, "kind": "cargo", "call_sign": "oxab2"}
    silent = open_sea(10)
    said = watch(PairCorrelator(), (DENMARK, ships), (SWEDEN, silent), 10)
    assert pairs(said) == {(name, name) for name in ships}
    assert all(item.evidence.agreed == item.evidence.differed == () for item in said)


def test_one_bad_position_changes_no_mind_and_parting_does() -> None:
    ship = {"a": Ship(0.0, 0.0, 5.0, 90.0)}
    correlator = PairCorrelator()
    assert pairs(watch(correlator, (DENMARK, ship), (SWEDEN, ship), 10)) == {("a", "a")}
    astray = {"a": Ship(0.0, 3_000.0, 5.0, 90.0)}
    assert watch(correlator, (DENMARK, ship), (SWEDEN, astray), 1, begin_s=100.0) == []
    assert watch(correlator, (DENMARK, ship), (SWEDEN, ship), 5, begin_s=110.0) == []
    said = watch(correlator, (DENMARK, ship), (SWEDEN, astray), 4, begin_s=160.0)
    assert pairs(said, Verdict.DIFFERENT) == {("a", "a")}
    assert len(said) == 1
    again = watch(correlator, (DENMARK, ship), (SWEDEN, ship), 6, begin_s=200.0)
    assert pairs(again) == {("a", "a")}


def test_ships_that_come_together_and_sail_apart_are_joined_no_longer() -> None:
    tow, tug = {"tow": Ship(0.0, 0.0, 4.0, 90.0)}, {"tug": Ship(0.0, 20.0, 4.0, 90.0)}
    correlator = PairCorrelator()
    assert pairs(watch(correlator, (DENMARK, tow), (SWEDEN, tug), 10)) == {("tow", "tug")}
    leaving = {"tug": Ship(0.0, 20.0 - 4.0 * 100.0, 8.0, 45.0)}
    said = watch(correlator, (DENMARK, tow), (SWEDEN, leaving), 60, begin_s=100.0)
    assert pairs(said, Verdict.DIFFERENT) == {("tow", "tug")}
    (parted,) = [item for item in said if item.verdict is Verdict.DIFFERENT]
    assert parted.evidence.expected_m == pytest.approx(25.0, abs=15.0)


def test_a_pair_is_told_when_several_rounds_in_a_row_were_for_it() -> None:
    ships = open_sea(20)
    correlator = PairCorrelator(CorrelationSettings(steady=5))
    assert watch(correlator, (DENMARK, ships), (SWEDEN, ships), 4) == []
    assert watch(correlator, (DENMARK, ships), (SWEDEN, ships), 8, begin_s=4 * ROUND_S)


def test_reports_that_are_not_new_are_not_counted_again() -> None:
    ships = open_sea(5)
    correlator = PairCorrelator()
    rows = DENMARK.rows(ships, 0.0), SWEDEN.rows(ships, 0.0)
    assert [item for nth in range(10) for item in correlator.update(nth * ROUND_S, *rows)] == []


def test_two_identifiers_for_one_ship_are_rivals_that_stay_visible() -> None:
    mine = {"radar": Ship(0.0, 0.0, 7.0, 45.0)}
    yours = {"219000001": mine["radar"], "219000002": mine["radar"]}
    correlator = PairCorrelator(ALIGNED)
    assert watch(correlator, (DENMARK, mine), (SWEDEN, yours), 18) == []  # perhaps it is decided
    said = watch(correlator, (DENMARK, mine), (SWEDEN, yours), 12, begin_s=18 * ROUND_S)
    assert pairs(said) == set()
    assert pairs(said, Verdict.RIVAL) == {("radar", "219000001"), ("radar", "219000002")}
    assert all(0.2 < item.score < 0.95 for item in said)


def test_a_rival_that_leaves_makes_the_other_the_one() -> None:
    mine = {"radar": Ship(0.0, 0.0, 7.0, 45.0)}
    both = {"a": mine["radar"], "b": mine["radar"]}
    correlator = PairCorrelator(ALIGNED)
    watch(correlator, (DENMARK, mine), (SWEDEN, both), 30)
    left = both | {"b": Ship(2_000.0, -3_000.0, 7.0, 170.0)}
    said = watch(correlator, (DENMARK, mine), (SWEDEN, left), 12, begin_s=300.0)
    assert pairs(said) == {("radar", "a")}
    assert pairs(said, Verdict.DIFFERENT) == {("radar", "b")}


def test_one_identifier_in_two_places_is_a_conflict_until_it_is_in_one() -> None:
    here, there = {"219000001": Ship(0.0, 0.0)}, {"219000001": Ship(90_000.0, 0.0)}
    mmsi, also = Stream("mmsi", seed=1), Stream("mmsi", seed=2)
    correlator = PairCorrelator()
    said = watch(correlator, (mmsi, here), (also, there), 5)
    assert [(item.one, item.other, item.verdict) for item in said] == [
        ("mmsi:219000001", "mmsi:219000001", Verdict.CONFLICT)
    ]
    evidence = said[0].evidence
    assert evidence.mean_distance_m == pytest.approx(90_000.0, rel=0.01)
    assert evidence.expected_m == pytest.approx(14.0, abs=3.0)  # two reports, each within 10 m
    healed = watch(correlator, (mmsi, here), (also, here), 5, begin_s=60.0)
    assert [item.verdict for item in healed] == [Verdict.SAME]


def test_what_bears_one_identifier_is_one_already_and_is_given_no_other() -> None:
    ship = Ship(0.0, 0.0, 5.0, 10.0)
    mmsi = Stream("mmsi", seed=1)
    said = watch(PairCorrelator(), (mmsi, {"1": ship}), (mmsi, {"1": ship, "2": ship}), 10)
    assert said == []


def test_after_a_restart_what_was_told_stands_and_is_not_told_again() -> None:
    ship = {"a": Ship(0.0, 0.0, 5.0, 90.0)}
    correlator = PairCorrelator()
    correlator.restore([("dk:a", "se:a", Verdict.SAME), ("dk:x", "se:y", Verdict.SAME)])
    assert watch(correlator, (DENMARK, ship), (SWEDEN, ship), 10) == []
    apart = {"a": Ship(0.0, 9_000.0, 5.0, 90.0)}
    said = watch(correlator, (DENMARK, ship), (SWEDEN, apart), 5, begin_s=100.0)
    assert pairs(said, Verdict.DIFFERENT) == {("a", "a")}


def test_a_track_that_is_long_silent_is_compared_with_nothing() -> None:
    ships = open_sea(5)
    correlator = PairCorrelator()
    old = DENMARK.rows(ships, 0.0)
    for nth in range(5):
        now_s = 1_000.0 + nth * ROUND_S
        assert correlator.update(now_s, old, SWEDEN.rows(ships, now_s)) == []


def test_streams_without_speeds_are_compared_by_place_alone() -> None:
    ships = open_sea(12)
    for ship in ships.values():
        ship.speed_mps = 0.0
    correlator, said = PairCorrelator(), []
    for nth in range(8):
        both = []
        for stream in (DENMARK, SWEDEN):
            rows = stream.rows(ships, nth * ROUND_S)
            rows.speed_mps[:] = np.nan
            rows.course_deg[:] = np.nan
            both.append(rows)
        said += correlator.update(nth * ROUND_S, *both)
    assert pairs(said) == {(name, name) for name in ships}
    assert said[0].evidence.speed_difference_mps is None


def test_what_each_part_weighs_is_told_and_their_sum_is_the_score() -> None:
    mine = {"radar": Ship(0.0, 0.0, 7.0, 45.0, {"name": "nordlys"})}
    yours = {"a": mine["radar"], "b": Ship(10.0, 5.0, 7.0, 45.0, {"name": "tern"})}
    said = watch(PairCorrelator(ALIGNED), (DENMARK, mine), (SWEDEN, yours), 15)
    told = next(item for item in said if item.other == "se:a")
    weights = dict(told.evidence.weights)
    assert {"place", "way", "name"} <= weights.keys()
    assert sum(weights.values()) == pytest.approx(np.log(told.score / (1.0 - told.score)), abs=0.05)
    assert weights["name"] > 0.0
    assert told.evidence.expected_m == pytest.approx(25.0, abs=15.0)
    assert told.evidence.density is not None
    assert 0.0 < told.evidence.density < 1e-6


def test_velocities_that_a_young_track_hardly_knows_do_not_keep_it_from_its_ship() -> None:
    others = [(600.0, 0.0), (-600.0, 100.0), (0.0, 700.0), (100.0, -650.0), (700.0, 700.0)]
    ships = {str(n): Ship(*place) for n, place in enumerate(others)}
    ships["ferry"] = Ship(0.0, 0.0, 3.0, 200.0)
    wild = [(12.0, 20.0, 8.0), (7.0, 350.0, 5.0), (3.0, 230.0, 3.0), (3.0, 205.0, 1.5)]
    for is_told in (True, False):
        correlator, said = PairCorrelator(ALIGNED), []
        for nth in range(6):
            now_s = nth * ROUND_S
            radar = SWEDEN.rows({"ferry": ships["ferry"]}, now_s)
            speed, course, std = wild[min(nth, 3)]
            radar.speed_mps[:], radar.course_deg[:] = speed, course
            radar.speed_std_mps[:] = std if is_told else np.nan
            said += correlator.update(now_s, DENMARK.rows(ships, now_s), radar)
        assert pairs(said) == ({("ferry", "ferry")} if is_told else set())
