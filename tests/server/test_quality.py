"""The quality of the picture is told to each reader from what this reader may see."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx
import numpy as np
import pytest

from alliage.fusion.correlation import PairCorrelator, Systematic
from alliage.picture.stream_rows import StreamKey
from tests.fusion.correlation.sea import Ship as Sailing
from tests.fusion.correlation.sea import Stream, open_sea, watch
from tests.server.small_node import HIDDEN_STREAM, NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode


def systematic(offset: list[float], variances: list[float], pairs: int) -> Systematic:
    """Without sensors that could be wrong, unless what is wrong with them is given too."""
    rest = 9 - len(offset)
    return Systematic(np.array(offset + [0.0] * rest), np.diag(variances + [1e-18] * rest), pairs)


OFF = systematic([-180.0, 20.0, 0.1], [100.0, 100.0, 0.04], 12)
NEAR = systematic([8.0, 3.0, 0.1], [100.0, 100.0, 0.04], 9)
FEW = systematic([900.0, 0.0, 0.0], [1.0, 1.0, 1.0], 2)


@pytest.fixture
def offsets(node: SmallNode) -> None:
    """Three radars of which one is turned, and one of which only Danes know."""
    shared = node.log.label_sets.intern(frozenset([SHARED]))
    hidden = node.log.label_sets.intern(frozenset([NATIONAL]))
    east, north, west, net = (
        StreamKey("east", shared),
        StreamKey("north", shared),
        StreamKey("west", shared),
        StreamKey(HIDDEN_STREAM, hidden),
    )
    told = [(east, north, NEAR), (east, west, OFF), (north, west, OFF), (net, east, FEW)]
    told.append((net, west, OFF))
    node.services = dataclasses.replace(node.services, offsets=lambda: told)
    node.app.state.services = node.services


@pytest.mark.usefixtures("offsets")
def test_a_source_that_lies_off_all_others_is_suspect(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    node.report("west", SHARED, [Ship(231_000_001, 10.0, 57.0)])
    node.report("east", SHARED, [Ship(231_000_002, 10.5, 57.0)])
    mine, theirs = anna.get("quality").json(), fleur.get("quality").json()
    told = {(one["source"], one["other"]): one for one in theirs["offsets"]}
    assert set(told) == {("east", "north"), ("east", "west"), ("north", "west")}
    assert told["east", "west"]["noticed"]
    assert told["east", "west"]["because"] == ["place"]
    assert not told["east", "north"]["noticed"]
    assert told["east", "north"]["because"] == []
    assert told["east", "west"]["east_m"] == -180.0
    assert told["east", "west"]["east_std_m"] == 10.0
    assert len(mine["offsets"]) == 4  # what rests on two things is not told
    suspects = {one["source"]: one["suspect"] for one in theirs["sources"]}
    assert (suspects["west"], suspects["east"]) == (True, False)


def test_two_sensors_that_are_wrong_do_not_hide_each_other(
    node: SmallNode, anna: httpx.Client
) -> None:
    shared = node.log.label_sets.intern(frozenset([SHARED]))
    ais, coast, late, turned = (
        StreamKey(name, shared) for name in ("ais", "coast", "late", "turned")
    )
    told = [(ais, coast, NEAR), (late, turned, OFF)]
    told += [(right, wrong, OFF) for right in (ais, coast) for wrong in (late, turned)]
    node.services = dataclasses.replace(node.services, offsets=lambda: told)
    node.app.state.services = node.services
    for place, name in enumerate(("ais", "coast", "late", "turned")):
        node.report(name, SHARED, [Ship(231_000_001 + place, 10.0 + place, 57.0)])
    suspects = {one["source"] for one in anna.get("quality").json()["sources"] if one["suspect"]}
    assert suspects == {"late", "turned"}
    # With one that is right nobody can say which of three it is.
    node.services = dataclasses.replace(
        node.services, offsets=lambda: [pair for pair in told if coast not in pair[:2]]
    )
    node.app.state.services = node.services
    assert not any(one["suspect"] for one in anna.get("quality").json()["sources"])


def test_a_clock_that_is_wrong_is_noticed_though_the_place_is_right(
    node: SmallNode, anna: httpx.Client
) -> None:
    shared = node.log.label_sets.intern(frozenset([SHARED]))
    late = systematic([3.0, 4.0, 2.8], [100.0, 100.0, 0.49], 12)
    pair = (StreamKey("coast", shared), StreamKey("stevns", shared), late)
    node.services = dataclasses.replace(node.services, offsets=lambda: [pair])
    node.app.state.services = node.services
    (told,) = anna.get("quality").json()["offsets"]
    assert told["noticed"]
    assert told["because"] == ["clock"]


def test_a_sensor_that_is_turned_is_noticed_and_one_without_a_place_has_no_turn(
    node: SmallNode, anna: httpx.Client
) -> None:
    shared = node.log.label_sets.intern(frozenset([SHARED]))
    variances = [100.0, 100.0, 0.5, 1e-18, np.radians(0.05) ** 2]
    turned = systematic([3.0, 4.0, 0.1, 0.0, np.radians(0.3)], variances, 12)
    pair = (StreamKey("coast", shared), StreamKey("arkona", shared), turned)
    node.services = dataclasses.replace(node.services, offsets=lambda: [pair])
    node.app.state.services = node.services
    (told,) = anna.get("quality").json()["offsets"]
    assert told["turn"] is None
    assert told["other_turn"] == pytest.approx({"deg": 0.3, "std_deg": 0.05})
    assert told["noticed"]


def told_of(node: SmallNode, anna: httpx.Client, ships: dict[str, Sailing], radar: Stream) -> Any:
    """What the page says of a radar beside AIS, which see these ships for some minutes."""
    shared = node.log.label_sets.intern(frozenset([SHARED]))
    correlator = PairCorrelator()
    watch(correlator, (Stream("dk"), ships), (radar, ships), 20)
    pair = (StreamKey("ais", shared), StreamKey("radar", shared), correlator.systematic)
    node.services = dataclasses.replace(node.services, offsets=lambda: [pair])
    node.app.state.services = node.services
    (told,) = anna.get("quality").json()["offsets"]
    return told


def test_ranges_that_are_too_long_are_told_of_their_sensor(
    node: SmallNode, anna: httpx.Client
) -> None:
    radar = Stream("se", range_m=180.0, sensor_m=(30_000.0, 30_000.0), noise_m=30.0, seed=2)
    told = told_of(node, anna, open_sea(60, seed=5), radar)
    assert told["range"] is None
    assert told["other_range"]["m"] == pytest.approx(180.0, abs=30.0)
    assert told["other_range"]["stretch"] == pytest.approx(0.0, abs=0.002)
    assert told["noticed"]


@pytest.mark.parametrize("seed", range(6))
def test_of_a_radar_that_is_right_nothing_is_noticed(
    node: SmallNode, anna: httpx.Client, seed: int
) -> None:
    radar = Stream("se", sensor_m=(30_000.0, 30_000.0), noise_m=30.0, seed=seed)
    assert not told_of(node, anna, open_sea(40, seed=seed), radar)["noticed"]


def test_long_ranges_are_noticed_also_where_they_may_be_a_shift(
    node: SmallNode, anna: httpx.Client
) -> None:
    """All ships lie 40 km north of the radar."""
    ships = {
        name: Sailing(one.east_m, 40_000.0 + one.north_m, one.speed_mps, one.course_deg)
        for name, one in open_sea(30, seed=7, size_m=6_000.0).items()
    }
    radar = Stream("se", range_m=150.0, sensor_m=(3_000.0, 0.0), seed=2)
    told = told_of(node, anna, ships, radar)
    assert told["other_range"]["std_m"] > 40.0
    assert told["noticed"]
    assert told["because"] == ["together"]
    assert told["together_m"] == pytest.approx(150.0, abs=15.0)


def test_what_is_hidden_is_in_no_figure(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [Ship(231_000_003, 10.0, 57.0)])
    before = {one["source"]: one for one in fleur.get("quality").json()["sources"]}
    node.report(HIDDEN_STREAM, NATIONAL, [Ship(231_000_003, 10.0, 57.0), Ship(231_000_004, 9, 57)])
    after = {one["source"]: one for one in fleur.get("quality").json()["sources"]}
    assert set(before) == set(after)
    assert HIDDEN_STREAM not in after
    assert before[OPEN_STREAM]["compared"] == after[OPEN_STREAM]["compared"]
    mine = {one["source"]: one for one in anna.get("quality").json()["sources"]}
    assert mine[HIDDEN_STREAM]["compared"] >= 1
    assert "SECRET" in mine[HIDDEN_STREAM]["marking"]["text"]
