"""What actions do to what is known; the server's tests have the rest."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from alliage.actions import desk
from alliage.actions.desk import commit
from alliage.actions.geometry import box_of
from alliage.actions.kinds import (
    AssertProperty,
    CreateObject,
    NotThereError,
    NotWrittenError,
    Retract,
)
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


def test_the_drawings_notice_reaches_those_who_may_see_the_drawing(world: World) -> None:
    before = world.picture.notices.number

    def told(who: desk.Writing) -> list[str]:
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
    monkeypatch.setattr(desk, "PATIENCE_S", 0.01)
    with pytest.raises(NotWrittenError, match="look before you try again"):
        commit(lambda _drafts: Future(), [])


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
