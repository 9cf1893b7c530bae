"""The exercise's radio traffic: repeatable, decodable, plausible, and marked as an exercise."""

from collections import Counter, defaultdict
from functools import cache
from typing import Any

import numpy as np
import pytest
from pyais.stream import IterMessages

from alliage.exercise.plane import distance_m
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.exercise.truth import Truth
from alliage.ontology.times import from_text

START_US = from_text("2026-06-01T12:00:00Z")
MINUTES = 7
SHIPS = 320


def simulation(seed: int = 1, ships: int = SHIPS, start_us: int = START_US) -> Simulation:
    return Simulation(load_scenario("baltic"), start_us, seed, ships)


def played(one: Simulation, seconds: int) -> tuple[bytes, ...]:
    return tuple(line for _ in range(seconds) for line in one.step())


@cache
def traffic(seed: int = 1, minutes: int = MINUTES) -> tuple[bytes, ...]:
    return played(simulation(seed), 60 * minutes)


@cache
def messages() -> tuple[dict[str, Any], ...]:
    sentences = [line.split(b"\\")[2].strip() for line in traffic()]
    return tuple(message.decode().asdict() for message in IterMessages(sentences))


def checksum(text: bytes) -> int:
    value = 0
    for byte in text:
        value ^= byte
    return value


def test_the_same_seed_and_start_give_the_same_bytes() -> None:
    assert played(simulation(), 60) == traffic()[: len(traffic(minutes=1))]


def test_another_seed_gives_other_bytes() -> None:
    assert traffic(seed=2, minutes=1) != traffic(minutes=1)


def test_seeking_gives_the_same_bytes_as_playing_up_to_there() -> None:
    one, other = simulation(), simulation()
    played(one, 3_605)
    other.seek(START_US + 3_605 * SECOND_US)
    assert played(one, 30) == played(other, 30)
    one.seek(START_US)
    assert played(one, 60) == traffic(minutes=1)


def test_it_does_not_repeat_itself() -> None:
    days = [
        np.array([Truth(simulation()).motions(START_US + day * 86_400 * SECOND_US).lon])
        for day in range(4)
    ]
    for later in days[1:]:
        assert (np.abs(later - days[0]) > 0.01).mean() > 0.4


def test_every_line_is_a_tag_block_and_a_sentence_with_right_checksums() -> None:
    for line in traffic():
        empty, block, sentence = line.split(b"\\")
        assert empty == b""
        assert line.endswith(b"\r\n")
        assert int(block[-2:], 16) == checksum(block[:-3])
        assert int(sentence.strip()[-2:], 16) == checksum(sentence.strip()[1:-3])


def test_tag_blocks_tell_station_and_time_in_order() -> None:
    times = [int(line.split(b",c:")[1].split(b"*")[0]) for line in traffic()]
    assert times == sorted(times)
    assert times[0] == START_US // 1_000_000
    assert times[-1] == START_US // 1_000_000 + 60 * MINUTES - 1
    assert all(line.startswith(b"\\s:EX") for line in traffic())


def test_every_kind_of_message_that_it_promises_is_there() -> None:
    kinds = Counter(message["msg_type"] for message in messages())
    assert {1, 4, 5, 18, 21, 24} <= set(kinds) <= {1, 4, 5, 14, 18, 21, 24}


def test_everybody_wears_the_marks_of_an_exercise() -> None:
    for message in messages():
        digits = f"{message['mmsi']:09d}" if isinstance(message["mmsi"], int) else message["mmsi"]
        assert digits.removeprefix("00").removeprefix("99").removeprefix("972")[:3] == "299"
        name = message.get("shipname") or message.get("name") or "EX"
        assert name.startswith("EX")
        assert message.get("callsign", "QX").startswith("QX")
        assert message.get("destination", "EX").startswith("EX")
        assert message.get("text", "EXERCISE").startswith("EXERCISE")
        assert message.get("imo", 0) == 0


def test_what_is_sent_is_what_is_true_but_for_the_noise_of_a_fix() -> None:
    one = simulation()
    truth = Truth(one)
    liars = {mmsi for incident in truth.incidents(START_US) for mmsi in incident.mmsis}
    compared = 0
    for message in messages()[:1_000]:
        if message["msg_type"] not in (1, 18) or message["mmsi"] in liars:
            continue
        minute = range(START_US, START_US + 60 * SECOND_US, SECOND_US)
        now_us = next(us for us in minute if us // SECOND_US % 60 == message["second"])
        state = truth.ship(message["mmsi"], now_us)
        assert distance_m((message["lon"], message["lat"]), (state.lon, state.lat)) < 40
        assert message["speed"] == pytest.approx(state.speed_mps / 0.51444, abs=0.06)
        compared += 1
        if compared == 40:
            return
    raise AssertionError("too few reports")


def test_most_of_the_fleet_is_heard_and_some_is_out_of_range() -> None:
    ships = {m["mmsi"] for m in messages() if m["msg_type"] in (1, 18)}
    assert 0.7 * SHIPS <= len(ships) < SHIPS


def test_ranges_overlap_so_that_one_message_comes_in_from_several_stations() -> None:
    receivers = defaultdict(set)
    for line in traffic():
        _, block, sentence = line.split(b"\\")
        receivers[sentence].add(block.split(b",")[0])
    counts = Counter(len(stations) for stations in receivers.values())
    assert counts[1] > 50
    assert counts[2] > 50


def test_some_reports_of_a_ship_in_range_are_lost() -> None:
    reports = Counter(m["mmsi"] for m in messages() if m["msg_type"] == 1 and 1 < m["speed"] <= 13)
    expected = MINUTES * 6
    assert any(expected / 2 < count < expected for count in reports.values())


def test_a_ship_goes_where_its_speed_says() -> None:
    truth = Truth(simulation())
    here, there = truth.motions(START_US), truth.motions(START_US + 10 * SECOND_US)
    for number in np.flatnonzero(here.present & there.present).tolist():
        gone_m = distance_m(
            (here.lon[number], here.lat[number]), (there.lon[number], there.lat[number])
        )
        mean_mps = (here.speed_mps[number] + there.speed_mps[number]) / 2
        assert gone_m == pytest.approx(10 * mean_mps, rel=0.2, abs=5)


def test_an_exercise_goes_on_for_ever() -> None:
    late = Truth(simulation(3, 50)).motions(START_US + 4_000 * 86_400 * SECOND_US)
    assert ((late.lat > 53) & (late.lat < 66)).all()
    assert ((late.lon > 3) & (late.lon < 31)).all()


@pytest.mark.parametrize("ships", [1, 37, 2_000])
def test_there_are_exactly_as_many_ships_as_asked_for_each_with_its_own_name(ships: int) -> None:
    fleet = simulation(1, ships).fleet
    assert len({ship.name for ship in fleet}) == len({ship.mmsi for ship in fleet}) == ships
    assert all(len(ship.name) <= 20 for ship in fleet)
