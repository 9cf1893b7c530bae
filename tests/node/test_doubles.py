"""A track of a radar that surely is one of two ships is not shown as a third one beside them."""

from __future__ import annotations

from alliage.ontology.audience import Audience
from alliage.ontology.claim import DIFFERENT, ONE_OF, SAME_AS, Claim, new_claim_id
from tests.node.test_correlating import ROUNDS, Sea, Ships, play
from tests.picture.support import DANISH, NOON_US, OPEN, SECOND_US

RADAR = "tracker:radar@1"
SIDE_BY_SIDE = (0.0, 0.0), (30.0, 10.0)
FAR = {n: (3_000.0 * n, 9_000.0 - 2_000.0 * n) for n in range(3, 10)}
"""Ships that nobody takes for another: they teach how the radar lies beside AIS."""
SHIPS: Ships = dict(zip(("mmsi:1", "mmsi:2"), SIDE_BY_SIDE, strict=True))
SHIPS |= {f"mmsi:{n}": place for n, place in FAR.items()}
TRACKS: Ships = dict(zip(("track:a", "track:b"), SIDE_BY_SIDE, strict=True))
TRACKS |= {f"track:{n}": place for n, place in FAR.items()}


def crowded() -> Sea:
    sea = Sea()
    play(sea, {"ais": (OPEN, SHIPS), RADAR: (DANISH, TRACKS)})
    return sea


def shown(sea: Sea, audience: Audience | None = None) -> set[str]:
    view = sea.world.picture.view(audience or sea.world.everything)
    near = {"mmsi:1", "mmsi:2", "track:a", "track:b"}
    return {one.identifier for one in view.page(states=["live", "fading"]).items} & near


def test_two_ships_and_two_tracks_that_nobody_can_tell_apart_are_shown_as_two() -> None:
    sea = crowded()
    joined = {one.claim.identifier for one in sea.claims if one.claim.property == SAME_AS}
    assert joined == {f"mmsi:{n}" for n in FAR}
    assert shown(sea) == {"mmsi:1", "mmsi:2"}


def test_it_is_said_under_both_labels_and_who_sees_one_stream_alone_sees_all_of_it() -> None:
    sea = crowded()
    labels = {sea.world.label_sets.labels_of(one.label_set) for one in sea.claims}
    assert labels == {frozenset({OPEN, DANISH})}
    public = Audience("public", lambda label: label == OPEN, sea.world.label_sets)
    danish_alone = Audience("radar", lambda label: label == DANISH, sea.world.label_sets)
    assert shown(sea, public) == {"mmsi:1", "mmsi:2"}
    assert shown(sea, danish_alone) == {"track:a", "track:b"}


def test_it_is_asked_for_by_its_id_as_before() -> None:
    sea = crowded()
    view = sea.world.picture.view(sea.world.everything)
    found = view.track(view.object_named("track:a", RADAR) or "")
    assert found is not None
    assert [one.identifier for one in found.source_tracks] == ["track:a"]


def test_people_who_say_that_the_two_are_two_see_both() -> None:
    sea = crowded()
    (said,) = [one.claim for one in sea.claims if one.claim.identifier == "track:a"]
    assert said.property == ONE_OF
    word = Claim(new_claim_id(), "s", "track:a", "Vessel", DIFFERENT, str(said.value), NOON_US)
    sea.world.picture.apply([sea.world.entry("claims", (word,), "person:anna", OPEN)])
    assert shown(sea) == {"mmsi:1", "mmsi:2", "track:a"}


def test_a_track_is_shown_while_the_ship_that_it_may_be_is_silent() -> None:
    sea = crowded()
    for nth in range(ROUNDS, ROUNDS + 120):
        sea.world.hand.time_us = NOON_US + nth * 10 * SECOND_US
        sea.hear(RADAR, DANISH, nth, TRACKS)
    assert {"track:a", "track:b"} <= shown(sea)


def test_a_track_that_is_somewhere_else_is_a_thing_of_its_own_again() -> None:
    sea = crowded()
    apart = {"track:a": TRACKS["track:a"], "track:b": (2_500.0, 900.0)}
    play(sea, {"ais": (OPEN, SHIPS), RADAR: (DANISH, apart)}, begin=ROUNDS)
    assert "track:b" in shown(sea)
