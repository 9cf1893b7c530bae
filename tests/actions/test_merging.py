"""Two things that somebody says are one are one for whoever sees that, and part again."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.actions.kinds import ActionError, Merge, NotThereError, Part, Retract
from alliage.log import Draft
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.claim import DIFFERENT, RETRACTION, SAME_AS, Claim
from alliage.picture.joins import Joins
from alliage.picture.said import Retractions
from tests.actions.world import ANNA, DANISH, DORA, FLEUR, OPEN, SHIP, World
from tests.log.support import positions

RADAR = "track:7"
SONAR = "contact:3"


@pytest.fixture
def world(tmp_path: Path):
    world = World(tmp_path)
    now_us = world.clock.now_us()
    world.submit([Draft("radar", frozenset([OPEN]), positions([RADAR], now_us))])
    world.submit([Draft("sonar", frozenset([DANISH]), positions([SONAR], now_us))])
    yield world
    world.close()


def objects(world: World, who) -> list[set[str]]:
    """The identifiers of every object that somebody sees."""
    tracks = world.view(world.picture, who)
    return sorted(({s.identifier for s in track.source_tracks} for track in tracks), key=sorted)


def object_id(world: World, who, identifier: str) -> str:
    tracks = world.view(world.picture, who)
    (found,) = [t for t in tracks if identifier in {s.identifier for s in t.source_tracks}]
    return found.object_id


def merge(world: World, who, one: str, two: str):
    ids = [object_id(world, who, name) for name in (one, two)]
    return world.do(who, Merge(object_id=ids[0], other_id=ids[1], reason="same course and speed"))


def test_who_sees_the_claim_sees_one_object_named_by_its_earliest_member(world: World) -> None:
    earliest = object_id(world, ANNA, SHIP)
    before = {object_id(world, ANNA, name) for name in (SHIP, SONAR)}
    said = merge(world, ANNA, SONAR, SHIP)
    assert objects(world, ANNA) == [{SHIP, SONAR}, {RADAR}]
    (track,) = [t for t in world.view(world.picture, ANNA) if SONAR in str(t.source_tracks)]
    assert track.object_id == earliest
    assert before <= {track.object_id, *track.aliases}
    assert track.classification == "SECRET"
    # Fleur and Dora do not see the sonar's contact, nor that it is the ship.
    assert objects(world, FLEUR) == [{SHIP}, {RADAR}]
    assert objects(world, DORA) == [{SHIP}, {RADAR}]
    world.do(ANNA, Retract(claim_id=said.undo[0], reason="they parted"))
    assert objects(world, ANNA) == [{SONAR}, {SHIP}, {RADAR}]
    assert {object_id(world, ANNA, name) for name in (SHIP, SONAR)} == before


def test_a_retraction_of_the_retraction_joins_again(world: World) -> None:
    said = merge(world, ANNA, RADAR, SHIP)
    back = world.do(ANNA, Retract(claim_id=said.undo[0]))
    assert {SHIP, RADAR} not in objects(world, ANNA)
    world.do(ANNA, Retract(claim_id=back.undo[0]))
    assert {SHIP, RADAR} in objects(world, ANNA)


def test_what_people_part_stays_parted_whatever_a_machine_finds(world: World) -> None:
    merge(world, ANNA, RADAR, SHIP)
    whole = object_id(world, ANNA, SHIP)
    parted = world.do(ANNA, Part(object_id=whole, identifier=SHIP, other_identifier=RADAR))
    assert {SHIP, RADAR} not in objects(world, ANNA)
    now_us = world.clock.now_us()
    found = Claim("f" * 32, "s", SHIP, "Vessel", SAME_AS, RADAR, now_us)
    world.submit([Draft("correlator:a-b", frozenset([OPEN]), (found,))])
    assert {SHIP, RADAR} not in objects(world, ANNA)
    world.do(ANNA, Retract(claim_id=parted.undo[0]))
    assert {SHIP, RADAR} in objects(world, ANNA)


def test_only_two_things_that_the_writer_sees_are_merged(world: World) -> None:
    ship, sonar = object_id(world, FLEUR, SHIP), object_id(world, ANNA, SONAR)
    with pytest.raises(NotThereError):
        world.do(FLEUR, Merge(object_id=ship, other_id=sonar))
    with pytest.raises(ActionError):
        world.do(FLEUR, Merge(object_id=ship, other_id=ship))
    with pytest.raises(ActionError):
        world.do(FLEUR, Part(object_id=ship, identifier=SHIP, other_identifier=RADAR))


def test_the_hidden_merge_changes_nothing_for_others(world: World, tmp_path: Path) -> None:
    merge(world, ANNA, SONAR, SHIP)
    merge(world, ANNA, RADAR, SHIP)
    for number, who in enumerate((FLEUR, DORA, ANNA)):
        alone = world.seen_without_the_hidden(who, tmp_path / str(number))
        assert world.seen(who, world.picture, world.claims) == alone


NAMES = ("a:1", "b:2", "c:3", "d:4")
LABELS = (OPEN, DANISH)


@st.composite
def judgements(draw: st.DrawFn) -> list[tuple[Claim, str, int]]:
    """Judgements of pairs and their retractions, under two labels, by people and machines."""
    made: list[tuple[Claim, str, int]] = []
    for number in range(draw(st.integers(1, 7))):
        one, two = draw(st.sampled_from(list(permutations(NAMES, 2))))
        prop, value = draw(st.sampled_from([(SAME_AS, two), (SAME_AS, two), (DIFFERENT, two)])), two
        name, target = prop[0], value
        if made and draw(st.booleans()) and draw(st.booleans()):
            name, target = RETRACTION, draw(st.sampled_from(made))[0].claim_id
        claim = Claim(f"{number:032x}", "s", one, "Vessel", name, target, draw(st.integers(1, 3)))
        stream = draw(st.sampled_from(["person:anna", "correlator:x"]))
        made.append((claim, stream, draw(st.integers(0, 1))))
    return made


def joined(said: list[tuple[Claim, str, int]], audience: Audience) -> list[set[str]]:
    joins, retractions = Joins(), Retractions()
    for claim, stream, label_set in said:
        joins.add(claim, stream, label_set)
        retractions.add(claim, label_set)
    of = joins.of(audience, retractions)
    groups: dict[str, set[str]] = {}
    for name in NAMES:
        groups.setdefault(of.root.get(name, name), set()).add(name)
    return sorted(groups.values(), key=sorted)


def readers(labels: tuple) -> Audience:
    sets = LabelSets()
    for label in LABELS:
        sets.intern(frozenset([label]))
    return Audience("test", lambda label: label in labels, sets)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(judgements(), st.randoms(use_true_random=False))
def test_the_order_of_judgements_does_not_matter_and_hidden_ones_tell_nothing(said, random) -> None:
    for labels in (LABELS, (OPEN,), (DANISH,)):
        audience = readers(labels)
        expected = joined(said, audience)
        shuffled = list(said)
        random.shuffle(shuffled)
        assert joined(shuffled, audience) == expected
        visible = [one for one in said if audience.sees(one[2])]
        assert joined(visible, audience) == expected
