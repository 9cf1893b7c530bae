"""Two ships with one identifier are two on the map, and one ship with two is told as such."""

from __future__ import annotations

import pytest

from alliage.ontology.claim import CONFLICT, DIFFERENT, SAME_AS, Claim, new_claim_id
from alliage.ontology.label import Label
from alliage.picture.state import TrackState
from tests.node.test_correlating import ONE, ROUNDS, Sea, Ships, play
from tests.picture.support import DANISH, FRENCH, NOON_US, OPEN

FAR = (0.0, 60_000.0)


def by_streams(shown: list[TrackState]) -> dict[str, list[str]]:
    """By the streams of each object, with plus signs, the identifiers of its source tracks."""
    return {
        "+".join(sorted(one.stream for one in state.source_tracks)): sorted(
            {one.identifier for one in state.source_tracks}
        )
        for state in shown
    }


def person_says(sea: Sea, prop: str, one: str, other: str) -> None:
    claim = Claim(new_claim_id(), "s", one, "Vessel", prop, other, NOON_US)
    sea.world.picture.apply([sea.world.entry("claims", (claim,), "person:anna", OPEN)])


def test_one_identifier_in_two_places_is_two_objects_each_where_it_is() -> None:
    sea = Sea()
    feeds: dict[str, tuple[Label, Ships]] = {
        "denmark": (OPEN, {"mmsi:1": ONE}),
        "france": (OPEN, {"mmsi:1": FAR}),
    }
    play(sea, feeds)
    here, there = sea.shown()
    assert by_streams([here, there]) == {"denmark": ["mmsi:1"], "france": ["mmsi:1"]}
    assert here.object_id != there.object_id
    assert (here.latitude_deg, there.latitude_deg) == pytest.approx((55.0, 55.54), abs=0.01)
    (said,) = sea.claims
    assert (said.claim.property, said.claim.value) == (CONFLICT, "mmsi:1")
    view = sea.world.view()
    assert view.object_named("mmsi:1", "france") == there.object_id
    assert view.object_named("mmsi:1", "denmark") == here.object_id


def test_they_are_one_again_when_they_are_in_one_place() -> None:
    sea = Sea()
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:1": FAR})})
    assert len(sea.shown()) == 2
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:1": ONE})}, ROUNDS)
    assert by_streams(sea.shown()) == {"denmark+france": ["mmsi:1"]}


def test_whatever_else_hears_one_of_the_two_is_put_to_that_one() -> None:
    sea = Sea()
    play(
        sea,
        {
            "denmark": (OPEN, {"mmsi:1": ONE}),
            "france": (OPEN, {"mmsi:1": FAR}),
            "norway": (OPEN, {"mmsi:1": FAR}),
            "radar": (OPEN, {"track:9": FAR}),
            "sonar": (OPEN, {"track:8": ONE}),
        },
    )
    assert by_streams(sea.shown()) == {
        "denmark+sonar": ["mmsi:1", "track:8"],
        "france+norway+radar": ["mmsi:1", "track:9"],
    }


def test_who_may_not_see_both_streams_sees_one_ship_and_no_conflict() -> None:
    sea = Sea()
    play(sea, {"denmark": (DANISH, {"mmsi:1": ONE}), "france": (FRENCH, {"mmsi:1": FAR})})
    assert len(sea.shown()) == 2
    danes = sea.world.only(DANISH)
    assert by_streams(sea.shown(danes)) == {"denmark": ["mmsi:1"]}


def test_a_person_may_say_that_they_are_one_after_all() -> None:
    sea = Sea()
    feeds: dict[str, tuple[Label, Ships]] = {
        "denmark": (OPEN, {"mmsi:1": ONE}),
        "france": (OPEN, {"mmsi:1": FAR}),
    }
    play(sea, feeds)
    person_says(sea, SAME_AS, "mmsi:1", "mmsi:1")
    assert by_streams(sea.shown()) == {"denmark+france": ["mmsi:1"]}


def test_what_a_person_says_are_two_stays_two_though_machines_see_them_together() -> None:
    sea = Sea()
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:1": FAR})})
    person_says(sea, DIFFERENT, "mmsi:1", "mmsi:1")
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:1": ONE})}, ROUNDS)
    assert len(sea.shown()) == 2


def test_one_ship_under_two_numbers_in_two_feeds_is_told_and_joined_by_nobody() -> None:
    sea = Sea()
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:2": ONE})})
    assert by_streams(sea.shown()) == {"denmark": ["mmsi:1"], "france": ["mmsi:2"]}
    (said,) = sea.claims
    assert said.claim.property == CONFLICT
    assert {said.claim.identifier, said.claim.value} == {"mmsi:1", "mmsi:2"}
    assert said.claim.confidence < 0.05  # sure that they are one: it is the numbers that are not
    person_says(sea, SAME_AS, "mmsi:1", "mmsi:2")
    assert by_streams(sea.shown()) == {"denmark+france": ["mmsi:1", "mmsi:2"]}


def test_when_they_sail_apart_they_are_two_ships_and_it_is_told_once() -> None:
    sea = Sea()
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:2": ONE})})
    sea.correlating = sea.started()
    play(sea, {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:2": ONE})}, ROUNDS)
    apart = {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"mmsi:2": FAR})}
    play(sea, apart, 2 * ROUNDS)
    assert [one.claim.property for one in sea.claims] == [CONFLICT, DIFFERENT]


def test_a_radar_that_sees_the_ship_does_not_join_her_two_numbers() -> None:
    sea = Sea()
    feeds: dict[str, tuple[Label, Ships]] = {
        "denmark": (OPEN, {"mmsi:1": ONE}),
        "france": (OPEN, {"mmsi:2": ONE}),
        "radar": (OPEN, {"track:9": ONE}),
    }
    play(sea, feeds)
    shown = by_streams(sea.shown())
    assert len(shown) == 2
    assert sum("track:9" in identifiers for identifiers in shown.values()) == 1
    person_says(sea, SAME_AS, "mmsi:2", "mmsi:1")
    assert by_streams(sea.shown()) == {"denmark+france+radar": ["mmsi:1", "mmsi:2", "track:9"]}
    person_says(sea, DIFFERENT, "mmsi:2", "mmsi:1")
    assert by_streams(sea.shown()) == shown


def test_one_ship_under_two_numbers_in_one_feed_is_told_and_joined_by_nobody() -> None:
    sea = Sea()
    for begin in range(0, 8 * ROUNDS, ROUNDS):
        play(sea, {"denmark": (DANISH, {"mmsi:1": ONE, "mmsi:2": (0.0, 10.0)})}, begin)
    assert [one.identifier for one in sea.shown()] == ["mmsi:1", "mmsi:2"]
    (said,) = sea.claims
    assert said.stream == "correlator:denmark@1"
    assert said.claim.property == CONFLICT
    assert {said.claim.identifier, said.claim.value} == {"mmsi:1", "mmsi:2"}
    assert sea.world.label_sets.labels_of(said.label_set) == {DANISH}
    sea.correlating = sea.started()
    play(sea, {"denmark": (DANISH, {"mmsi:1": ONE, "mmsi:2": (0.0, 10.0)})}, 8 * ROUNDS)
    assert len(sea.claims) == 1
