"""One person raises a label; two people lower it, or destroy what was said."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.access.principal import Role
from alliage.actions.kinds import (
    ActionError,
    Annotate,
    AssertProperty,
    CreateObject,
    LabelRefusedError,
    NotAllowedError,
    NotThereError,
    ProposeRedaction,
    ProposeRelease,
    RaiseLabel,
    ReportPosition,
    Retract,
)
from alliage.actions.proposals import LIFE_US, State, proposals
from alliage.log.bodies import AUDIT
from alliage.log.entry import BodyGoneError
from alliage.ontology.label import Label
from tests.actions.world import ANNA, DANISH, DORA, FLEUR, FRENCH, OPEN, World, person

CHIEF = person("chief", role=Role.COMMANDER)
OTHER = person("other", role=Role.COMMANDER)
LOW_CHIEF = person("low", clearance="UNCLASSIFIED", role=Role.COMMANDER)
ADMIN, KEEPER = person("admin", role=Role.ADMINISTRATOR), person("keeper", role=Role.ADMINISTRATOR)
AREA = {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56], [10, 55]]]}


@pytest.fixture
def world(tmp_path: Path):
    world = World(tmp_path)
    yield world
    world.close()


def draw_area(world: World, who, label=OPEN, name: str = "Exercise area"):
    properties = {"name": name, "geometry": AREA}
    return world.do(who, CreateObject(schema="Area", properties=properties, label=label))


def names(world: World, who) -> set[str | None]:
    return {track.name for track in world.view(world.picture, who)}


def texts(world: World, who) -> str:
    return str(world.seen(who, world.picture, world.claims))


def agrees_with_a_world_without_the_hidden(world: World, folder: Path) -> None:
    for who in (ANNA, FLEUR, DORA):
        alone = world.seen_without_the_hidden(who, folder / who.person.name)
        assert world.seen(who, world.picture, world.claims) == alone


def test_raising_takes_a_drawing_from_the_sight_of_others_wholly(
    world: World, tmp_path: Path
) -> None:
    area = draw_area(world, ANNA)
    assert "Exercise area" in names(world, FLEUR)
    world.revising.raise_label(
        ANNA, RaiseLabel(claim_id=area.claims[0].claim_id, label=DANISH, reason="too telling")
    )
    assert "Exercise area" in names(world, ANNA)
    for who in (FLEUR, DORA):
        assert "Exercise area" not in names(world, who)
        for name in (area.identifier, area.subject, *(c.claim_id for c in area.claims)):
            assert name not in texts(world, who)
    agrees_with_a_world_without_the_hidden(world, tmp_path)
    assert list(world.log.verify())[-1].fault is None


def test_raising_a_report_by_hand_takes_its_position_along(world: World, tmp_path: Path) -> None:
    said = world.do(
        ANNA,
        ReportPosition(latitude_deg=55.5, longitude_deg=11.5, schema="Vessel", label=OPEN),
    )
    assert said.identifier in texts(world, FLEUR)
    world.revising.raise_label(ANNA, RaiseLabel(claim_id=said.claims[0].claim_id, label=DANISH))
    assert said.identifier not in texts(world, FLEUR)
    (track,) = [t for t in world.view(world.picture, ANNA) if t.identifier == said.identifier]
    assert track.longitude_deg == 11.5
    agrees_with_a_world_without_the_hidden(world, tmp_path)


def test_a_label_is_raised_by_its_writer_or_the_nodes_own_and_never_out_of_their_own_sight(
    world: World,
) -> None:
    area = draw_area(world, ANNA)
    claim_id = area.claims[0].claim_id
    with pytest.raises(NotAllowedError):
        world.revising.raise_label(FLEUR, RaiseLabel(claim_id=claim_id, label=FRENCH))
    with pytest.raises(LabelRefusedError):
        world.revising.raise_label(ANNA, RaiseLabel(claim_id=claim_id, label=FRENCH))
    with pytest.raises(LabelRefusedError):
        world.revising.raise_label(DORA, RaiseLabel(claim_id=claim_id, label=DANISH))
    assert "Exercise area" in names(world, FLEUR)


@pytest.mark.parametrize("lower", [OPEN, Label.make("ALLIAGE", "RESTRICTED"), DANISH])
def test_a_label_that_narrows_nothing_raises_nothing_and_says_so(
    world: World, lower: Label
) -> None:
    area = draw_area(world, ANNA, DANISH)
    before = world.log.last_number
    with pytest.raises(ActionError, match="already"):
        world.revising.raise_label(ANNA, RaiseLabel(claim_id=area.undo[0], label=lower))
    told = [entry for entry in world.entries if entry.number > before]
    assert all(entry.kind == AUDIT and not entry.audit_record().data["done"] for entry in told)
    assert "Exercise area" not in names(world, FLEUR)


def test_a_release_takes_two_people_and_says_the_same_again_without_its_source(
    world: World, tmp_path: Path
) -> None:
    area = draw_area(world, ANNA, DANISH)
    ids = tuple(claim.claim_id for claim in area.claims)
    asked = ProposeRelease(claims=ids, label=OPEN, reason="for the common exercise")
    proposal = world.propose(ANNA, asked)
    assert "Exercise area" not in names(world, FLEUR)
    released = world.decide(CHIEF, proposal)
    assert "Exercise area" in names(world, FLEUR)
    assert "Exercise area" in names(world, DORA)
    seen = texts(world, FLEUR)
    assert "anna" not in seen
    assert "common exercise" not in seen
    assert {claim.evidence for claim in released.claims} == {(name,) for name in ids}
    assert released.stream == "release:test"
    agrees_with_a_world_without_the_hidden(world, tmp_path)
    for claim_id in released.undo:  # a release is undone by retraction
        world.do(CHIEF, Retract(claim_id=claim_id, label=OPEN))
    assert "Exercise area" not in names(world, FLEUR)


def test_nobody_decides_on_their_own_or_without_the_right(world: World) -> None:
    area = draw_area(world, CHIEF, DANISH)
    ids = tuple(claim.claim_id for claim in area.claims)
    proposal = world.propose(CHIEF, ProposeRelease(claims=ids, label=OPEN, reason="why not"))
    with pytest.raises(NotAllowedError, match="second person"):
        world.decide(CHIEF, proposal)
    tried = world.entries[-1].audit_record().data
    assert (tried["act"], tried["decision"]) == ("release.approved", "refused by second person")
    assert (tried["done"], tried["on"][0]) == (False, proposal)
    with pytest.raises(NotAllowedError, match="commander"):
        world.decide(ANNA, proposal)
    assert world.entries[-1].audit_record().data["decision"] == "refused by role"
    with pytest.raises(NotThereError):
        world.decide(FLEUR, proposal)
    with pytest.raises(NotThereError):  # lower than what is to be lowered
        world.decide(LOW_CHIEF, proposal)
    assert "Exercise area" not in names(world, FLEUR)
    world.decide(OTHER, proposal)
    with pytest.raises(ActionError, match="approved"):
        world.decide(OTHER, proposal)


def test_a_proposal_needs_a_reason_and_ends_refused_withdrawn_or_expired(world: World) -> None:
    ids = tuple(claim.claim_id for claim in draw_area(world, ANNA, DANISH).claims)
    with pytest.raises(ActionError, match="why"):
        world.propose(ANNA, ProposeRelease(claims=ids, label=OPEN))
    asked = ProposeRelease(claims=ids, label=OPEN, reason="please")
    refused, withdrawn, expired = (world.propose(ANNA, asked) for _ in range(3))
    world.decide(CHIEF, refused, approve=False)
    world.do(ANNA, Retract(claim_id=withdrawn))
    reader = world.claims.reader(world.audience(CHIEF))
    states = {p.proposal_id: p.state for p in proposals(reader, world.clock.now_us())}
    assert states == {refused: State.REFUSED, expired: State.PENDING}
    with pytest.raises(ActionError):
        world.do(CHIEF, Retract(claim_id=expired))
    world.clock.moment_us += LIFE_US
    for proposal in (refused, withdrawn, expired):
        with pytest.raises(ActionError):
            world.decide(CHIEF, proposal)
    assert "Exercise area" not in names(world, FLEUR)


def test_a_redaction_takes_two_people_leaves_no_trace_but_its_hash_and_verifies(
    world: World, tmp_path: Path
) -> None:
    ship = world.ship(ANNA)
    said = world.do(ANNA, Annotate(object_id=ship, text="the skipper is Xanthippe", label=DANISH))
    asked = ProposeRedaction(claims=said.undo, reason="a private person's name")
    with pytest.raises(NotAllowedError):
        world.propose(ANNA, asked)
    proposal = world.propose(ADMIN, asked)
    with pytest.raises(NotAllowedError):
        world.decide(ADMIN, proposal)
    assert b"Xanthippe" in disk(tmp_path)
    world.decide(KEEPER, proposal)
    assert b"Xanthippe" not in disk(tmp_path)
    assert "Xanthippe" not in texts(world, ANNA)
    reader = world.log.reader(world.audience(ANNA))
    (gone,) = [e for e in reader.read(limit=1000, with_gone=True) if e.gone is not None]
    with pytest.raises(BodyGoneError):
        gone.claims()
    decision = reader.entry(gone.gone or "")
    assert decision is not None
    revision = decision.revision()
    assert revision.by == ("admin", "keeper")
    assert revision.reason == "a private person's name"
    last = list(world.log.verify())[-1]
    assert (last.fault, last.gone) == (None, 1)
    agrees_with_a_world_without_the_hidden(world, tmp_path)


def test_an_administrator_withdraws_the_own_proposal_and_retracts_nothing_else(
    world: World,
) -> None:
    said = world.do(ANNA, Annotate(object_id=world.ship(ANNA), text="rusty"))
    proposal = world.propose(ADMIN, ProposeRedaction(claims=said.undo, reason="wrong"))
    with pytest.raises(NotAllowedError):
        world.do(ADMIN, Retract(claim_id=said.undo[0]))
    with pytest.raises(NotAllowedError):
        world.do(KEEPER, Retract(claim_id=proposal))
    world.do(ADMIN, Retract(claim_id=proposal))
    with pytest.raises(ActionError, match="withdrawn"):
        world.decide(KEEPER, proposal)


def test_a_redacted_value_gives_way_to_the_one_before(world: World) -> None:
    ship = world.ship(ANNA)
    for value in ("FRIO", "SECRET NAME"):
        last = world.do(ANNA, AssertProperty(object_id=ship, property="name", value=value))
    proposal = world.propose(ADMIN, ProposeRedaction(claims=last.undo, reason="wrong"))
    world.decide(CHIEF, proposal)
    assert "FRIO" in names(world, ANNA)
    assert "SECRET NAME" not in names(world, ANNA)


def disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
