"""The exercise's radio traffic: repeatable, decodable, plausible, and marked as an exercise."""

from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pytest
from pyais.stream import IterMessages

from alliage.exercise.motion import distance_m
from alliage.exercise.simulation import Simulation
from alliage.ontology.times import from_text

START_US = from_text("2026-06-01T12:00:00Z")
MINUTES = 7


@cache
def traffic(seed: int = 1, minutes: int = MINUTES) -> tuple[bytes, ...]:
    simulation = Simulation(seed, ships=320, start_us=START_US)
    return tuple(line for _ in range(60 * minutes) for line in simulation.step())


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
    again = Simulation(1, ships=320, start_us=START_US)
    assert (
        tuple(line for _ in range(60) for line in again.step())
        == traffic()[: len(traffic(minutes=1))]
    )


def test_another_seed_gives_other_bytes() -> None:
    assert traffic(seed=2, minutes=1) != traffic(minutes=1)


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
    assert set(kinds) == {1, 4, 5, 18, 21, 24}


def test_everybody_wears_the_marks_of_an_exercise() -> None:
    for message in messages():
        digits = f"{message['mmsi']:09d}" if isinstance(message["mmsi"], int) else message["mmsi"]
        assert digits.removeprefix("00").removeprefix("99")[:3] == "299"
        name = message.get("shipname") or message.get("name") or "EX"
        assert name.startswith("EX")
        assert message.get("callsign", "QX").startswith("QX")
        assert message.get("imo", 0) == 0


def test_most_of_the_fleet_is_heard_and_some_is_out_of_range() -> None:
    ships = {m["mmsi"] for m in messages() if m["msg_type"] in (1, 18)}
    assert 200 <= len(ships) < 320


def test_ranges_overlap_so_that_one_message_comes_in_from_several_stations() -> None:
    receivers = defaultdict(set)
    for line in traffic():
        _, block, sentence = line.split(b"\\")
        receivers[sentence].add(block.split(b",")[0])
    counts = Counter(len(stations) for stations in receivers.values())
    assert counts[1] > counts[2] > 50


def test_some_reports_of_a_ship_in_range_are_lost() -> None:
    reports = Counter(m["mmsi"] for m in messages() if m["msg_type"] == 1 and 1 < m["speed"] <= 14)
    expected = MINUTES * 6
    assert any(expected / 2 < count < expected for count in reports.values())


def test_a_ship_goes_where_its_speed_says() -> None:
    simulation = Simulation(1, ships=320, start_us=START_US)
    for ship in simulation.fleet:
        here, there = ship.voyage.at(1000.0), ship.voyage.at(1010.0)
        gone_m = distance_m((here.lon, here.lat), (there.lon, there.lat))
        mean_mps = (here.speed_mps + there.speed_mps) / 2
        assert gone_m == pytest.approx(10 * mean_mps, rel=0.2, abs=5), ship.name


def test_an_exercise_goes_on_for_ever() -> None:
    fleet = Simulation(3, ships=50, start_us=START_US).fleet
    for ship in fleet:
        late = ship.voyage.at(400 * 86_400.0)
        assert 53 < late.lat < 60
        assert 7 < late.lon < 18


@pytest.mark.parametrize("ships", [1, 37, 1000])
def test_there_are_exactly_as_many_ships_as_asked_for_each_with_its_own_name(ships: int) -> None:
    fleet = Simulation(1, ships=ships, start_us=START_US).fleet
    assert len({ship.name for ship in fleet}) == len({ship.mmsi for ship in fleet}) == ships
    assert all(len(ship.name) <= 20 for ship in fleet)
