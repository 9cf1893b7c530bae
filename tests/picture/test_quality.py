"""How good the picture is, for each reader: sources against themselves and each other."""

from __future__ import annotations

import pytest

from alliage.ontology.claim import CONFLICT, DIFFERENT, Claim, new_claim_id
from alliage.ontology.label import Label
from tests.picture.support import DANISH, NOON_US, OPEN, SECOND_US, World, report

METRE_DEG = 1 / 111_300.0


@pytest.fixture
def world() -> World:
    return World()


def sail(
    world: World,
    identifier: str,
    stream: str,
    north_m: float = 0.0,
    label: Label = OPEN,
    after_s: float = 0.0,
    position_std_m: float = 20.0,
) -> None:
    """A ship that goes east at 5 m/s."""
    east_deg = 5.0 * after_s * METRE_DEG / 0.5736  # cos 55 degrees
    world.hear(
        report(
            identifier,
            lon=11.0 + east_deg,
            lat=55.0 + north_m * METRE_DEG,
            at_us=NOON_US + round(after_s * SECOND_US),
            position_std_m=position_std_m,
            speed_mps=5.0,
            course_deg=90.0,
        ),
        stream=stream,
        label=label,
    )


def test_a_stream_is_told_with_age_residuals_and_coverage(world: World) -> None:
    for after_s in (0.0, 10.0, 20.0):
        sail(world, "mmsi:1", "coast", after_s=after_s)
    world.hand.time_us += 30 * SECOND_US
    (coast,) = world.view().stream_qualities()
    assert (coast.stream, coast.tracks, coast.cells, coast.jumps) == ("coast", 1, 1, 0)
    assert coast.age_s.median == pytest.approx(10.0)
    assert coast.latency_s is not None
    assert coast.nis_mean is not None
    assert coast.nis_mean < 1.0
    assert coast.nis_outside == 0.0
    assert (coast.compared, coast.left_out) == (0, 0)


def test_a_jump_is_counted_and_does_not_make_the_others_look_unsure(world: World) -> None:
    for after_s in (0.0, 10.0, 20.0):
        sail(world, "mmsi:1", "coast", after_s=after_s)
    sail(world, "mmsi:2", "coast")
    sail(world, "mmsi:2", "coast", north_m=90_000.0, after_s=10.0)
    (coast,) = world.view().stream_qualities()
    assert (coast.jumps, coast.nis_outside) == (1, 0.5)
    assert coast.nis_mean is not None
    assert coast.nis_mean < 1.0


def test_who_disagrees_with_the_latest_report_is_counted(world: World) -> None:
    sail(world, "mmsi:1", "liar", north_m=5_000.0)
    sail(world, "mmsi:1", "coast", after_s=1.0)
    sail(world, "mmsi:2", "liar", north_m=40.0)
    sail(world, "mmsi:2", "coast", after_s=1.0)
    coast, liar = world.view().stream_qualities()
    assert (coast.compared, coast.left_out) == (2, 0)
    assert (liar.compared, liar.left_out) == (2, 1)


def test_a_reader_is_told_nothing_of_hidden_sources(world: World) -> None:
    alone = World()
    for one in (world, alone):
        sail(one, "mmsi:1", "coast")
    sail(world, "mmsi:1", "secret", north_m=300.0, label=DANISH)
    sail(world, "mmsi:2", "secret", north_m=30.0, label=DANISH)
    seen = world.view(world.only(OPEN))
    assert seen.stream_qualities() == alone.view(alone.only(OPEN)).stream_qualities()
    assert seen.suspected_duplicates(10) == ([], True)


def test_two_objects_that_lie_and_move_alike_are_suspected_to_be_one(world: World) -> None:
    sail(world, "mmsi:1", "coast")
    sail(world, "track:radar-1", "radar", north_m=80.0)
    sail(world, "track:radar-2", "radar", north_m=900.0)
    ((one, other, distance_m),), complete = world.view().suspected_duplicates(10)
    assert {one.identifier, other.identifier} == {"mmsi:1", "track:radar-1"}
    assert distance_m == pytest.approx(80.0, abs=1.0)
    assert complete
    assert world.view().suspected_duplicates(0) == ([], False)


@pytest.mark.parametrize(
    ("stream", "said"), [("person:anna", DIFFERENT), ("correlator:coast+radar@1", CONFLICT)]
)
def test_what_is_told_to_be_two_or_asked_about_already_is_not_suspected_again(
    world: World, stream: str, said: str
) -> None:
    sail(world, "mmsi:1", "coast")
    sail(world, "mmsi:2", "radar", north_m=80.0)
    view = world.view()
    assert len(view.suspected_duplicates(10)[0]) == 1
    claim = Claim(new_claim_id(), "s", "mmsi:2", "Vessel", said, "mmsi:1", NOON_US)
    world.picture.apply([world.entry("claims", (claim,), stream, DANISH)])
    assert world.view().suspected_duplicates(10) == ([], True)
    assert len(world.view(world.only(OPEN)).suspected_duplicates(10)[0]) == 1


def test_what_one_stream_follows_twice_is_two_things(world: World) -> None:
    sail(world, "mmsi:1", "coast")
    sail(world, "mmsi:2", "coast", north_m=50.0)
    assert world.view().suspected_duplicates(10) == ([], True)


def test_places_are_carried_on_to_the_present(world: World) -> None:
    sail(world, "mmsi:1", "coast")
    world.hand.time_us += 100 * SECOND_US
    (whole, fused), (name, own) = world.view().places()
    assert (whole, name) == (None, "coast")
    moved_m = (fused.lon[0] - 11.0) / METRE_DEG * 0.5736
    assert moved_m == pytest.approx(500.0, rel=0.01)
    assert own.lon[0] == pytest.approx(fused.lon[0])
