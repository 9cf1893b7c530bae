"""Questions to the picture: lists, counts, search."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from alliage.ontology.box import Box
from tests.picture.support import (
    DANISH,
    NOON_US,
    OPEN,
    SECOND_US,
    World,
    batch,
    report,
    subject_of,
)


@pytest.fixture
def world() -> World:
    world = World()
    world.hear(
        report("mmsi:219000001", lon=8.0, speed_mps=5.0),
        report("mmsi:219000002", lon=9.0, speed_mps=0.1),
        report("mmsi:219000003", lon=-179.5, lat=0.0, schema="Aircraft"),
    )
    world.hear(report("mmsi:265000001", lon=10.0, speed_mps=3.0), label=DANISH, stream="sweden")
    world.claim("mmsi:219000001", name="FRIO", call_sign="OXAB2")
    world.claim("mmsi:219000002", name="FRIONOR", imo_number=9074729)
    world.claim("mmsi:265000001", name="HIDDEN FRIO", label=DANISH, stream="sweden")
    return world


def test_totals_count_what_is_visible(world: World) -> None:
    totals = world.view().totals()
    assert (totals.tracks, totals.located, totals.moving) == (4, 4, 2)
    assert totals.by_schema == {"Aircraft": 1, "Vessel": 3}
    assert totals.by_state == {"live": 4, "fading": 0, "ended": 0}
    assert totals.middle is not None
    totals = world.view(world.only(OPEN)).totals()
    assert (totals.tracks, totals.moving, totals.by_schema["Vessel"]) == (3, 1, 2)


def test_a_task_is_no_track_and_is_not_counted_as_one(world: World) -> None:
    before = world.view()
    listed, counted = before.page().items, before.totals()
    world.claim("task:1", schema="Task", name="Call the ship")
    view = world.view()
    assert view.page().items == listed
    assert view.page(schemata=["Thing"]).items == listed
    assert view.totals() == counted
    task = subject_of("denmark", "task:1")
    assert view.touched([], [task]) == 0
    assert view.track(task) is not None  # whoever follows a link to it finds it


def test_identifiers_are_found_by_how_they_begin(world: World) -> None:
    found = world.view().attributes.identifiers_beginning("21900000")
    assert ("mmsi:219000002", "219000002") in found
    assert all(identifier.startswith("mmsi:21900000") for identifier, _ in found)


def test_objects_are_counted_by_source_and_nation(world: World) -> None:
    view = world.view()
    attributes, everything = view.attributes, np.ones(view.objects.count, np.bool_)
    assert attributes.source_counts(everything)["sweden"] == 1
    codes, nations = attributes.nations()
    assert [nations[code] for code in codes if code >= 0].count("SWE") == 1
    assert attributes.of_sources(["sweden", "nobody"]).sum() == 1
    hidden = world.view(world.only(OPEN))
    assert "sweden" not in hidden.attributes.source_counts(np.ones(hidden.objects.count, np.bool_))
    assert hidden.attributes.rows_of(["mmsi:265000001", "mmsi:1"]).tolist() == [-1, -1]


def test_look_up_never_finds_what_is_hidden(world: World) -> None:
    view = world.view(world.only(OPEN))
    assert view.page(text="HIDDEN").items == ()
    assert view.attributes.identifiers_beginning("265000001") == []
    hidden = subject_of("sweden", "mmsi:265000001")
    assert view.track(hidden) is None
    assert view.trail(hidden) == []
    with pytest.raises(ValueError, match="cursor"):
        view.page(cursor=hidden)


def test_a_renamed_ship_is_found_by_its_new_name_only(world: World) -> None:
    world.view().page(text="frio")
    world.claim("mmsi:219000001", name="ALBATROS", at_us=NOON_US + SECOND_US)
    view = world.view()
    assert [state.name for state in view.page(text="albatros").items] == ["ALBATROS"]
    assert "FRIO" not in [state.name for state in view.page(text="frio").items]


def test_pages_follow_one_another_without_gap_or_repeat(world: World) -> None:
    view = world.view()
    first = view.page(limit=3)
    second = view.page(limit=3, cursor=first.next)
    assert [len(first.items), len(second.items), second.next] == [3, 1, None]
    identifiers = [state.identifier for state in (*first.items, *second.items)]
    assert len(set(identifiers)) == 4
    assert view.page(limit=4).next is None


def test_lists_are_filtered_by_box_kind_state_and_text(world: World) -> None:
    view = world.view()
    baltic, pacific = Box.of(7, 54, 13, 58), Box.of(175, -10, -175, 10)
    assert len(view.tracks_in(baltic)) == 3
    assert [state.schema for state in view.tracks_in(pacific)] == ["Aircraft"]
    assert len(view.tracks_in(schemata=["Vessel"])) == 3
    assert len(view.tracks_in(schemata=["Thing"])) == 4
    assert view.tracks_in(schemata=["Nothing of ours"]) == []
    assert view.tracks_in(states=["fading"]) == []
    assert [state.name for state in view.page(baltic, text="nor").items] == ["FRIONOR"]


@pytest.mark.parametrize("limit", [0, 1001])
def test_a_page_of_impossible_size_is_refused(world: World, limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        world.view().page(limit=limit)


def test_readers_with_the_same_rights_share_a_view(world: World) -> None:
    assert world.view(world.only(OPEN)) is world.view(world.only(OPEN))
    assert world.view(world.only(OPEN)) is not world.view(world.only(DANISH))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((170, 0, -170, 10), (-175, 5, -160, 20), True),
        ((170, 0, -170, 10), (175, 5, 179, 20), True),
        ((170, 0, -170, 10), (0, 0, 20, 10), False),
        ((170, 0, -170, 10), (160, 0, -160, 10), True),
        ((0, 0, 10, 10), (0, 11, 10, 20), False),
        ((-190, 0, -170, 10), (175, 0, 180, 10), True),
        ((-500, -90, 500, 90), (3, 3, 4, 4), True),
    ],
)
def test_boxes_know_whether_they_overlap(one, other, overlap: bool) -> None:
    assert Box.of(*one).overlaps(Box.of(*other)) is overlap
    assert Box.of(*other).overlaps(Box.of(*one)) is overlap


@pytest.mark.parametrize(
    "corners",
    [(0, 10, 10, 0), (0, -91, 10, 0), (float("inf"), 0, 10, 10), (0, 0, 10, float("nan"))],
)
def test_a_box_that_is_none_is_refused(corners) -> None:
    with pytest.raises(ValueError, match=r"latitudes|finite"):
        Box.of(*corners)


def test_a_reader_never_sees_half_an_entry() -> None:
    world = World()
    ships = [f"mmsi:{number}" for number in range(40)]
    entries = [
        world.entry(
            "observations:position",
            batch([report(ship, lon=step / 100, at_us=NOON_US + step) for ship in ships]),
            "denmark",
            OPEN,
        )
        for step in range(150)
    ]
    world.picture.apply(entries[:1])
    writer = threading.Thread(target=world.picture.apply, args=[entries])
    writer.start()
    seen = set()
    while writer.is_alive() or not seen:
        places = {state.longitude_deg for state in world.view().tracks_in()}
        assert len(places) == 1
        seen |= places
    writer.join()
    assert {state.longitude_deg for state in world.view().tracks_in()} == {1.49}
