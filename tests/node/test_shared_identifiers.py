"""Two ships that use one identifier within a feed are both on the map, each on her own way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alliage.geo.flat import distance_m, moved
from alliage.log import Draft
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import CONFLICT, SAME_AS, Claim, new_claim_id
from alliage.ontology.label import Label
from alliage.picture.state import TrackState, TrailPoint
from tests.detection.recordings import NOON_US, SECOND_US, batch, report
from tests.node.conftest import make_home, opened
from tests.picture.support import DANISH, OPEN

NAME = "mmsi:219000001"
APART_DEG = 0.2
BEFORE_S, EVERY_S = 600, 10


def place_of(ship: int, second: int) -> tuple[float, float]:
    """One goes north at 6 m/s, the other east from 22 km north of her."""
    way = 6.0 * second
    lat, lon = moved(55.0 + APART_DEG * ship, 18.0, way * ship, way * (1 - ship))
    return float(lat), float(lon)


def reports(begin_s: int, end_s: int) -> list[dict[str, Any]]:
    """Both ships report in turn."""
    rows = []
    for second in range(begin_s, end_s, EVERY_S):
        for ship in (0, 1):
            at = second + 4 * ship
            lat, lon = place_of(ship, at)
            course = 90.0 * ship
            rows.append(report(at, NAME, lat=lat, lon=lon, speed_mps=6.0, course_deg=course))
    return rows


def play(node: Node, begin_s: int, end_s: int, label: Label = OPEN) -> None:
    for minute in range(begin_s, end_s, 60):
        before = node.log.last_number
        draft = Draft("ais", frozenset([label]), batch(reports(minute, minute + 60)))
        node.writer.submit([draft]).result()
        node.machines.detecting.take(node._machine_reader().read(after=before))
        node.machines.correlating.round()


def shown(node: Node, at_s: int) -> list[TrackState]:
    everybody = machine_audience(node.log.label_sets)
    view = node.picture.view(everybody, NOON_US + at_s * SECOND_US)
    return list(view.page(states=["live", "fading", "ended"]).items)


def off_m(place: TrackState | TrailPoint, ship: int) -> float:
    """How far a place is from where one of the ships was then."""
    assert place.valid_us is not None
    assert place.latitude_deg is not None
    assert place.longitude_deg is not None
    second = (place.valid_us - NOON_US) // SECOND_US
    there = place_of(ship, second)
    return float(distance_m(place.latitude_deg, place.longitude_deg, *there))


def test_both_ships_are_on_the_map_and_a_restart_keeps_them_apart(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    with opened(home) as node:
        play(node, 0, BEFORE_S)
        both = shown(node, BEFORE_S)
        assert [one.identifier for one in both] == [NAME, f"{NAME}/2"]
        ships = [min((0, 1), key=lambda ship: off_m(one, ship)) for one in both]
        assert sorted(ships) == [0, 1]
        assert max(off_m(one, ship) for one, ship in zip(both, ships, strict=True)) < 30.0
        play(node, BEFORE_S, 2 * BEFORE_S)
        after = shown(node, 2 * BEFORE_S)
        assert [one.object_id for one in after] == [one.object_id for one in both]
        view = node.picture.view(machine_audience(node.log.label_sets))
        for one, ship in zip(after, ships, strict=True):
            since = NOON_US + BEFORE_S * SECOND_US
            trail = [point for point in view.trail(one.track_id) if point.valid_us >= since]
            assert len(trail) > 10
            assert max(off_m(place, ship) for place in trail) < 30.0
            assert off_m(one, ship) < 30.0
    with opened(home) as node:
        assert len(shown(node, 2 * BEFORE_S)) == 2


def test_it_is_told_once_under_the_label_of_the_feed_alone(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        play(node, 0, 2 * BEFORE_S, DANISH)
        reader = node.claims.reader(machine_audience(node.log.label_sets))
        (said,) = list(reader.said_since((CONFLICT,), 0))
        assert (said.stream, said.claim.identifier) == ("correlator:ais@1", NAME)
        assert said.claim.value == f"{NAME}/2"
        assert node.log.label_sets.labels_of(said.label_set) == {DANISH}
        assert any(text.startswith("expected_m=") for text in said.claim.evidence)
        assert [item.claim.claim_id for item in reader.open_pairs()] == [said.claim.claim_id]


def test_a_person_may_say_that_it_is_one_ship_whose_position_jumps(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        play(node, 0, BEFORE_S)
        subject = node.subject_of("person:anna", NAME)
        one = Claim(new_claim_id(), subject, NAME, "Vessel", SAME_AS, f"{NAME}/2", NOON_US)
        node.writer.submit([Draft("person:anna", frozenset([OPEN]), (one,))]).result()
        (only,) = shown(node, BEFORE_S)
        assert len(only.source_tracks) == 2
        assert only.identifier == NAME
