"""When tracks of each kind fade and end."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.ontology.observation import Kind
from alliage.picture.columns import NO_TIME, Words
from alliage.picture.staleness import ENDED, FADING, LIVE, Staleness
from tests.picture.support import DANISH, NOON_US, World, ontology, report

KINDS = sorted(ontology().schemata)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_fades_and_ends_at_its_own_age(kind: str) -> None:
    schemata = Words()
    limits = ontology().schemata[kind].staleness
    ages = [0, limits.fade_s, limits.fade_s + 1, limits.end_s, limits.end_s + 1]
    last = np.array([NOON_US - round(age * 1e6) for age in ages])
    schema = np.full(len(ages), schemata.code(kind), dtype=np.int32)
    states = Staleness(ontology(), schemata).states(schema, last, NOON_US)
    assert states.tolist() == [LIVE, LIVE, FADING, FADING, ENDED]


def test_what_was_never_heard_has_ended_and_what_is_ahead_of_the_clock_is_live() -> None:
    staleness = Staleness(ontology(), Words())
    last = np.array([NO_TIME, NOON_US + 1_000_000])
    states = staleness.states(np.full(2, -1, dtype=np.int32), last, NOON_US)
    assert states.tolist() == [ENDED, LIVE]


def test_an_unknown_kind_grows_old_like_a_thing() -> None:
    schemata = Words()
    code = schemata.code("Kraken")
    limits = ontology().schemata["Thing"].staleness
    last = np.array([NOON_US - round(limits.fade_s * 1e6) - 1])
    states = Staleness(ontology(), schemata).states(np.array([code], dtype=np.int32), last, NOON_US)
    assert states.tolist() == [FADING]


RADAR = "tracker:radar@1"


def followed(world: World, every_s: float, plots: int = 5) -> int:
    """A tracker tells so often of its track; when that was the last time."""
    for nth in range(plots):
        world.hand.time_us = NOON_US + round(nth * every_s * 1e6)
        world.hear(report("track:1", at_us=world.hand.time_us), stream=RADAR)
    return world.hand.time_us


def named(world: World) -> dict[str | None, str]:
    return {one.identifier: one.state for one in world.view().tracks_in()}


def looks_again(world: World, last_us: int, after_s: float) -> dict[str | None, str]:
    """So long after that the tracker tells of another track; states of those that are there."""
    world.hand.time_us = last_us + round(after_s * 1e6)
    world.hear(report("track:2", at_us=world.hand.time_us), stream=RADAR)
    return named(world)


@pytest.mark.parametrize("every_s", [5.0, 60.0, 120.0])
def test_what_a_tracker_goes_on_without_ends_after_some_of_its_usual_intervals(
    every_s: float,
) -> None:
    world = World()
    last_us = followed(world, every_s)
    assert looks_again(world, last_us, 2.9 * every_s)["track:1"] == "live"
    assert looks_again(world, last_us, 5.9 * every_s)["track:1"] == "fading"
    assert "track:1" not in looks_again(world, last_us, 6.1 * every_s)
    (ended,) = world.view().tracks_in(states=["ended"])
    assert (ended.identifier, ended.source_tracks[0].state) == ("track:1", "ended")
    world.hear(report("track:1", at_us=world.hand.time_us), stream=RADAR)
    assert named(world)["track:1"] == "live"


def test_what_a_tracker_told_of_once_ends_after_twenty_seconds() -> None:
    world = World()
    world.hear(report("track:1"), stream=RADAR)
    assert looks_again(world, NOON_US, 19.0) == {"track:1": "fading", "track:2": "live"}
    assert looks_again(world, NOON_US, 21.0) == {"track:2": "live"}


def test_a_tracker_that_tells_of_nothing_has_its_tracks_for_five_minutes() -> None:
    world = World()
    last_us = followed(world, 5.0)
    for after_s, state in ((59, "live"), (299, "fading")):
        world.hand.time_us = last_us + after_s * 1_000_000
        assert named(world) == {"track:1": state}
    world.hand.time_us = last_us + 301_000_000
    assert named(world) == {}


def test_how_far_another_tracker_has_gone_on_says_nothing_of_a_track() -> None:
    world = World()
    last_us = followed(world, 5.0)
    world.hand.time_us = last_us + 50_000_000
    world.hear(report("track:2", at_us=world.hand.time_us), stream="tracker:other@1")
    world.hear(report("track:3", at_us=world.hand.time_us), stream=RADAR, label=DANISH)
    assert named(world)["track:1"] == "live"


def test_a_ship_that_names_herself_is_waited_for_although_a_radar_lost_her() -> None:
    world = World()
    world.hear(report("mmsi:219000001"))
    last_us = followed(world, 5.0)
    world.claim("mmsi:219000001", **{"@same_as": "track:1"})
    world.hand.time_us = last_us + 120_000_000
    assert named(world) == {"mmsi:219000001": "live"}


def test_a_position_is_old_even_while_the_ship_still_names_itself() -> None:
    world = World()
    limits = ontology().schemata["Vessel"].staleness
    world.hear(report())
    world.hand.time_us += round((limits.end_s + 1) * 1e6)
    world.hear(report(lon=None, lat=None, at_us=world.hand.time_us), kind=Kind.STATIC)
    view = world.view()
    assert view.tracks_in() == []
    (ended,) = view.tracks_in(states=["ended"])
    assert ended.heard_us == world.hand.time_us
    assert ended.age_s == limits.end_s + 1
