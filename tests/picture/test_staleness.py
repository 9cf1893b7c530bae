"""When tracks of each kind fade and end."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.ontology.observation import Kind
from alliage.picture.columns import NO_TIME, Words
from alliage.picture.staleness import ENDED, FADING, LIVE, TRACKED_END_US, Staleness
from tests.picture.support import NOON_US, World, ontology, report

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


def test_what_a_tracker_alone_follows_ends_minutes_after_its_last_plot() -> None:
    world = World()
    tracker = "tracker:radar@1"
    world.hear(report("track:1"), stream=tracker)
    world.hear(report("mmsi:219000001"))
    world.hand.time_us += round(TRACKED_END_US) + 1_000_000
    view = world.view()
    assert [state.identifier for state in view.tracks_in()] == ["mmsi:219000001"]
    (ended,) = view.tracks_in(states=["ended"])
    assert (ended.identifier, ended.source_tracks[0].state) == ("track:1", "ended")
    world.hear(report("track:1", at_us=world.hand.time_us), stream=tracker)
    assert len(world.view().tracks_in()) == 2


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
