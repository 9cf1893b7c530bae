"""Of what was written of several things at once, one row is raised and the others stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.access.principal import Role
from alliage.actions.kinds import (
    ActionError,
    NotAllowedError,
    NotThereError,
    ProposeRedaction,
    RaiseLabel,
    RaiseReport,
    Retract,
)
from alliage.log import Draft
from alliage.ontology.claim import Claim
from tests.actions.world import ANNA, DANISH, DORA, FLEUR, OPEN, World, person, subject_of
from tests.log.support import positions

STREAM = "api:anna/importer"
SHIPS = ("mmsi:1", "mmsi:2", "mmsi:3")
LOW_ADMIN = person("keeper", clearance="UNCLASSIFIED", role=Role.ADMINISTRATOR)


@pytest.fixture
def world(tmp_path: Path):
    world = World(tmp_path)
    yield world
    world.close()


def named(number: int, ship: str, name: str) -> Claim:
    return Claim(f"{number:032x}", subject_of(STREAM, ship), ship, "Vessel", "name", name, number)


def import_names(world: World) -> tuple[Claim, ...]:
    """Names of three ships, in one entry; the third was said to have another before."""
    claims = (
        named(1, SHIPS[0], "ALFA"),
        named(2, SHIPS[1], "BRAVO"),
        named(3, SHIPS[2], "CHARLIE"),
        named(4, SHIPS[2], "XRAY"),
    )
    world.submit([Draft(STREAM, frozenset([OPEN]), claims)])
    return claims


def names(world: World, who) -> set[str | None]:
    return {track.name for track in world.view(world.picture, who)} & {
        "ALFA", "BRAVO", "CHARLIE", "XRAY"
    }  # fmt: skip


def places(world: World, who) -> dict[str, tuple[float | None, list[int]]]:
    """Where each ship is, and the times of where it was."""
    view = world.picture.view(world.audience(who), world.clock.moment_us)
    return {
        track.identifier: (track.latitude_deg, [p.valid_us for p in view.trail(track.track_id)])
        for track in world.view(world.picture, who)
        if track.identifier in SHIPS
    }


def agrees_with_a_world_without_the_hidden(world: World, folder: Path) -> None:
    for who in (ANNA, FLEUR, DORA):
        alone = world.seen_without_the_hidden(who, folder / who.person.name)
        seen = world.seen(who, world.picture, world.claims)
        assert sorted(map(str, seen.pop("tracks"))) == sorted(map(str, alone.pop("tracks")))
        assert seen == alone
    assert list(world.log.verify())[-1].fault is None


def test_one_claim_of_many_is_raised_and_the_others_stay(world: World, tmp_path: Path) -> None:
    claims = import_names(world)
    world.submit([Draft(STREAM, frozenset([OPEN]), positions(SHIPS, world.clock.now_us()))])
    assert names(world, FLEUR) == {"ALFA", "BRAVO", "XRAY"}
    for claim_id in (claims[1].claim_id, claims[3].claim_id):
        world.revising.raise_label(ANNA, RaiseLabel(claim_id=claim_id, label=DANISH))
    assert names(world, ANNA) == {"ALFA", "BRAVO", "XRAY"}
    for who in (FLEUR, DORA):
        assert names(world, who) == {"ALFA", "CHARLIE"}
        seen = str(world.seen(who, world.picture, world.claims))
        assert "BRAVO" not in seen
        assert claims[1].claim_id not in seen
    agrees_with_a_world_without_the_hidden(world, tmp_path)
    with pytest.raises(ActionError, match="already"):
        world.revising.raise_label(ANNA, RaiseLabel(claim_id=claims[1].claim_id, label=DANISH))
    with pytest.raises(NotAllowedError):
        world.revising.raise_label(FLEUR, RaiseLabel(claim_id=claims[0].claim_id, label=OPEN))


def test_what_took_a_claim_back_is_raised_with_it(world: World, tmp_path: Path) -> None:
    claims = import_names(world)
    back = world.do(ANNA, Retract(claim_id=claims[0].claim_id, label=OPEN))
    world.revising.raise_label(ANNA, RaiseLabel(claim_id=claims[0].claim_id, label=DANISH))
    seen = str(world.seen(FLEUR, world.picture, world.claims))
    assert back.claims[0].claim_id not in seen
    assert "BRAVO" in seen
    agrees_with_a_world_without_the_hidden(world, tmp_path)


def test_one_report_of_many_is_raised_and_the_others_stay(world: World, tmp_path: Path) -> None:
    before_us = world.clock.now_us()
    world.clock.moment_us += 60_000_000
    now_us = world.clock.now_us()
    for begin_us in (before_us, now_us):
        world.submit([Draft("radar", frozenset([OPEN]), positions(SHIPS, begin_us))])
    before = places(world, FLEUR)
    report = RaiseReport(
        stream="radar", identifier=SHIPS[1], valid_us=now_us + 1_000_000, label=DANISH
    )
    with pytest.raises(NotThereError):
        world.revising.raise_report(
            ANNA, RaiseReport(stream="radar", identifier="mmsi:9", valid_us=now_us, label=DANISH)
        )
    with pytest.raises(NotAllowedError):
        world.revising.raise_report(FLEUR, report)
    world.revising.raise_report(ANNA, report)
    for who in (FLEUR, DORA):
        after = places(world, who)
        assert {ship: after[ship] for ship in (SHIPS[0], SHIPS[2])} == {
            ship: before[ship] for ship in (SHIPS[0], SHIPS[2])
        }
        assert max(after[SHIPS[1]][1], default=0) <= before_us + 1_000_000
        with pytest.raises(NotThereError):
            world.revising.raise_report(who, report)
    assert max(places(world, ANNA)[SHIPS[1]][1]) == now_us + 1_000_000
    agrees_with_a_world_without_the_hidden(world, tmp_path)


def test_nobody_destroys_what_they_see_a_part_of(world: World) -> None:
    claims = import_names(world)
    world.revising.raise_label(ANNA, RaiseLabel(claim_id=claims[1].claim_id, label=DANISH))
    reader = world.log.reader(world.audience(DORA))
    entry = next(one for one in reader.read() if one.stream == STREAM)
    assert [claim.value for claim in entry.claims()] == ["ALFA", "CHARLIE", "XRAY"]
    asked = ProposeRedaction(entries=(entry.entry_id,), reason="wrong")
    with pytest.raises(ActionError, match="whole"):
        world.propose(LOW_ADMIN, asked)
