"""What actions do to what is known; the server's tests have the rest."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Condition

import pytest

from alliage.actions import committing
from alliage.actions.committing import commit
from alliage.actions.geometry import box_of
from alliage.actions.kinds import (
    ActionError,
    AssertProperty,
    CreateObject,
    LabelRefusedError,
    NotThereError,
    NotWrittenError,
    ReportPosition,
    Retract,
)
from alliage.actions.writer import Writing
from alliage.log.submitted import Submitted
from alliage.ontology.audience import machine_audience
from alliage.picture.restore import restore_picture
from tests.actions.world import ANNA, DANISH, DORA, FLEUR, World

POINT = {"type": "Point", "coordinates": [11, 55]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_retracting_lets_the_same_sources_earlier_word_count_again(world: World) -> None:
    ship = world.ship(ANNA)
    written = [
        world.do(ANNA, AssertProperty(object_id=ship, property="name", value=name))
        for name in "ABCDEFGHIJKL"
    ]
    for last, before in zip(written[:4:-1], "KJIHGFE", strict=False):
        world.do(ANNA, Retract(claim_id=last.undo[0]))
        (track,) = world.view(world.picture, ANNA)
        assert track.name == before


def where(world: World, who: Writing, subject: str) -> float | None:
    track = world.picture.view(world.audience(who), world.clock.moment_us).track(subject)
    assert track is not None
    return track.longitude_deg


def report(lon: float, time_us: int, **more: str) -> ReportPosition:
    return ReportPosition(latitude_deg=55, longitude_deg=lon, time_us=time_us, **more)


def test_a_position_that_is_taken_back_gives_way_to_the_one_before(world: World) -> None:
    now_us = world.clock.now_us()
    first = world.do(ANNA, report(10, now_us, schema="Vessel"))
    track = first.subject
    second = world.do(ANNA, report(11, now_us + 1_000_000, object_id=track))
    again = world.do(ANNA, report(12, now_us + 1_000_000, object_id=track))
    assert where(world, ANNA, track) == 12
    world.do(ANNA, Retract(claim_id=again.undo[0]))
    assert where(world, ANNA, track) == 11
    taken_back = world.do(ANNA, Retract(claim_id=second.undo[0]))
    assert where(world, ANNA, track) == 10
    world.do(ANNA, Retract(claim_id=first.undo[0]))
    assert where(world, ANNA, track) is None
    with pytest.raises(ActionError, match="report it again"):
        world.do(ANNA, Retract(claim_id=taken_back.undo[0]))
    world.do(ANNA, report(11, now_us + 1_000_000, object_id=track))
    assert where(world, ANNA, track) == 11
    # A node that starts anew reads every claim before it reads positions.
    picture = world.new_picture()
    picture.apply([entry for entry in world.entries if entry.kind == "claims"])
    picture.apply([entry for entry in world.entries if entry.kind != "claims"])
    view = picture.view(world.audience(ANNA), world.clock.moment_us)
    state = view.track(track)
    assert state is not None
    assert state.longitude_deg == 11


def test_a_position_is_taken_back_by_its_reporter_under_its_own_label(world: World) -> None:
    said = world.do(ANNA, report(10, world.clock.now_us(), schema="Vessel"))
    with pytest.raises(ActionError, match="whoever reported it"):
        world.do(FLEUR, Retract(claim_id=said.undo[0]))
    with pytest.raises(LabelRefusedError, match="under its own label"):
        world.do(ANNA, Retract(claim_id=said.undo[0], label=DANISH))


def test_the_drawings_notice_reaches_those_who_may_see_the_drawing(world: World) -> None:
    before = world.picture.notices.number

    def told(who: Writing) -> list[str]:
        notices = world.picture.notices.after(before, world.audience(who))
        return [notice["notice"] for notice in notices]

    world.do(DORA, CreateObject(schema="Place", properties={"geometry": POINT}))
    assert told(ANNA) == told(FLEUR) == told(DORA) == ["features"]
    hidden = CreateObject(schema="Place", properties={"geometry": POINT}, label=DANISH)
    world.do(ANNA, hidden)
    # The hidden one does not displace the one that everybody was to be told of.
    assert told(FLEUR) == ["features"]
    assert told(ANNA) == ["features", "features"]


def test_what_is_hidden_and_what_is_absent_are_refused_alike(world: World) -> None:
    hidden = world.do(ANNA, CreateObject(schema="Place", properties={"name": "x"}, label=DANISH))
    for claim_id in (hidden.undo[0], "f" * 32):
        with pytest.raises(NotThereError, match=f"no claim '{claim_id}'"):
            world.do(FLEUR, Retract(claim_id=claim_id))
    for object_id in (hidden.subject, "f" * 32):
        with pytest.raises(NotThereError, match=f"no object '{object_id}'"):
            world.do(FLEUR, AssertProperty(object_id=object_id, property="name", value="y"))


def test_a_log_that_takes_nothing_in_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "PATIENCE_S", 0.01)
    with pytest.raises(NotWrittenError, match="look before you try again"):
        commit(lambda _drafts: Future(), [])
    with pytest.raises(NotWrittenError, match="nothing of this was written; try again"):
        commit(lambda _drafts: Submitted(Condition()), [])


@pytest.mark.parametrize(
    ("coordinates", "box"),
    [
        ([[10, 55], [11, 54]], (10, 54, 11, 55)),
        ([[179, 1], [-179, 2]], (179, 1, -179, 2)),
    ],
)
def test_a_line_across_180_degrees_has_a_box_across_it(
    coordinates: list[list[float]], box: tuple[float, ...]
) -> None:
    assert box_of({"type": "LineString", "coordinates": coordinates}) == box


def test_what_was_taken_back_wholly_is_not_there_after_a_restart_either(world: World) -> None:
    said = CreateObject(schema="Place", properties={"name": "Nowhere", "geometry": POINT})
    made = world.do(ANNA, said)
    assert made.subject in [track.object_id for track in world.view(world.picture, ANNA)]
    back = [world.do(ANNA, Retract(claim_id=claim_id)) for claim_id in made.undo]

    def restarted() -> list[str]:
        picture = world.new_picture()
        restore_picture(picture, world.log.reader(machine_audience(world.label_sets)))
        return [track.object_id for track in world.view(picture, ANNA)]

    assert made.subject not in [track.object_id for track in world.view(world.picture, ANNA)]
    assert made.subject not in restarted()
    world.do(ANNA, Retract(claim_id=back[0].undo[0]))
    assert made.subject in restarted()
