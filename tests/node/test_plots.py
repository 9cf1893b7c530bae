"""Plots of a sensor that comes in: kept as they are, and followed as tracks of their own stream."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from alliage.config import ConfigError
from alliage.feeds.contract import Decoded
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label
from alliage.ontology.observation import ObservationBatch
from tests.fusion.test_plot_stream import START_S, bearing_look, look, passes_by, ships
from tests.node.conftest import make_home, opened

LABELS = frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", releasable_to=["DNK"])])
TRACKER = """
[[sources]]
name = "sound"
format = "ais"
transport = { kind = "udp", host = "127.0.0.1", port = 0 }
"""


def take_in(node: Node, looks: int) -> None:
    """What the node does with the plots of a source."""
    drafts = node.streams.drafts_of("sound", LABELS)
    for n in range(looks):
        node.writer.submit(drafts.take(Decoded(batches=[look(n, ships(n))]))).result()


def shown(node: Node) -> dict[str, tuple[str, ...]]:
    view = node.picture.view(machine_audience(node.log.label_sets), (START_S + 60) * 1_000_000)
    return {one.identifier: one.sources for one in view.tracks_in(states=("live", "fading"))}


def test_plots_of_a_source_become_tracks_of_a_stream_of_their_own(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", TRACKER)) as node:
        take_in(node, 20)
        tracks = {name: of for name, of in shown(node).items() if name.startswith("track:sound-")}
        assert len(tracks) == 2
        assert set(tracks.values()) == {("tracker:sound@1",)}
        reader = node.log.reader(machine_audience(node.log.label_sets))
        plots = reader.read(kinds=["observations:plot"], streams=["sound"])
        assert sum(entry.rows for entry in plots) == 20 * 3
        states = reader.read(kinds=["observations:position"], streams=["tracker:sound@1"])
        assert {entry.label_set for entry in states} == {node.log.label_sets.intern(LABELS)}


def test_after_a_restart_recorded_tracks_stand_and_new_ones_are_never_mistaken_for_them(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "node", TRACKER)
    with opened(home) as node:
        take_in(node, 20)
        before = shown(node)
    with opened(home) as node:
        drafts = node.streams.drafts_of("sound", LABELS)
        for n in range(20, 30):
            node.writer.submit(drafts.take(Decoded(batches=[look(n, ships(n))]))).result()
        after = shown(node)
        assert not set(before) & {name for name in after if name not in before}
        new = [name for name in after if name.startswith("track:") and name not in before]
        assert len(new) == 2


def test_what_a_transponder_answers_is_claimed_of_its_track(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", TRACKER)) as node:
        drafts = node.streams.drafts_of("sound", LABELS)
        for n in range(20):
            seen = look(n, ships(n), codes=["1000", "7700"])
            node.writer.submit(drafts.take(Decoded(batches=[seen]))).result()
        claims = node.claims.reader(machine_audience(node.log.label_sets))
        said = list(claims.said_since(("squawk",), 0))
        assert sorted(str(one.claim.value) for one in said) == ["1000", "7700"]
        assert {one.stream for one in said} == {"tracker:sound@1"}
        assert {one.label_set for one in said} == {node.log.label_sets.intern(LABELS)}
        assert {one.claim.identifier for one in said} <= set(shown(node))


def test_a_source_may_leave_its_plots_unfollowed(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", TRACKER + "tracker = { enabled = false }\n")) as node:
        take_in(node, 20)
        assert not any(name.startswith("track:") for name in shown(node))


def test_tracks_are_kept_as_long_as_the_plots_that_they_follow_from(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", TRACKER + "keep_days = 2\n")
    with opened(home, days_ago=3) as node:
        take_in(node, 20)
    with opened(home) as node:
        assert node.housekeeping().drop_what_is_too_old() == 2
        reader = node.log.reader(machine_audience(node.log.label_sets))
        states = reader.read(kinds=["observations:position"], streams=["tracker:sound@1"])
        assert all(entry.gone is not None for entry in states)


def test_a_tracker_of_things_that_the_node_has_no_word_for_is_refused(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", TRACKER + 'tracker = { things = "Vesel" }\n')
    with pytest.raises(ConfigError, match="'Vesel' is no schema"):
        opened(home)


def lines_of(node: Node, second: int) -> dict[str, float]:
    """Lines of bearing that the node's picture shows at a second of the looks, by their names."""
    now_us, everyone = (START_S + second) * 1_000_000, machine_audience(node.log.label_sets)
    found, _ = node.picture.lines(everyone, now_us, now_us - 30_000_000, None, 100)
    return {
        name: bearing
        for one in found
        for name, bearing in zip(one.rows.identifier, one.rows.columns["bearing_deg"], strict=True)
    }


def test_bearings_of_a_source_become_lines_that_are_never_a_thing_and_stand_after_a_restart(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "node", TRACKER)
    with opened(home) as node:
        drafts = node.streams.drafts_of("sound", LABELS)
        for n in range(20):
            seen = bearing_look(n, 0.0, "sensor:west", passes_by(n))
            node.writer.submit(drafts.take(Decoded(batches=[seen]))).result()
        before = lines_of(node, 5 * 19)
        assert len(before) == 1
        east, north = passes_by(19)
        assert list(before.values()) == pytest.approx(
            [np.degrees(np.arctan2(east, north))], abs=1.0
        )
        assert not any(name.startswith(("line:", "track:")) for name in shown(node))
        reader = node.log.reader(machine_audience(node.log.label_sets))
        kept = reader.read(kinds=["observations:line"], streams=["tracker:sound@1"])
        assert {entry.label_set for entry in kept} == {node.log.label_sets.intern(LABELS)}
    with opened(home) as node:
        assert lines_of(node, 5 * 19) == before


def told_with(
    home: Path, tracker: str, turns: Sequence[Sequence[tuple[float, float]]]
) -> list[dict[str, float]]:
    """The tracks that each look of a source tells of, and their longitudes, with such a tracker."""
    with opened(make_home(home, TRACKER + f"tracker = {{ every_s = 0, {tracker} }}\n")) as node:
        drafts = node.streams.drafts_of("sound", LABELS)
        said: list[dict[str, float]] = []
        for n, seen in enumerate(turns):
            made = drafts.take(Decoded(batches=[look(n, seen)]))
            rows = [
                row
                for one in made
                if one.stream == "tracker:sound@1" and isinstance(one.body, ObservationBatch)
                for row in one.body.rows.to_pylist()
            ]
            said.append({row["identifier"]: row["longitude_deg"] for row in rows})
    return said


def test_a_source_may_confirm_by_plots_and_delete_by_misses(tmp_path: Path) -> None:
    seen = [[(100.0, 9_000.0)]] * 10
    turns = [*seen, *[[]] * 3, *seen]
    four = told_with(tmp_path / "four", 'confirm = "4/5", delete_after_misses = 2', turns)
    assert [bool(names) for names in four] == [False] * 3 + [True] * 7 + [False] * 6 + [True] * 7
    assert len(set().union(*four)) == 2
    patient = told_with(tmp_path / "patient", 'confirm = "4/5", delete_after_misses = 5', turns)
    assert len(set().union(*patient)) == 1


def test_a_source_may_keep_what_is_improbable_for_longer(tmp_path: Path) -> None:
    seen = [[(100.0, 9_000.0)]] * 10
    turns = [*seen, *[[]] * 7, *seen]
    usual = told_with(tmp_path / "usual", "clutter_per_km2 = 1.0", turns)
    assert len(set().union(*usual)) == 2
    longer = told_with(
        tmp_path / "longer", "clutter_per_km2 = 1.0, delete_below = 1e-6, show_from = 0.1", turns
    )
    assert len(set().union(*longer)) == 1


def test_a_source_may_say_that_its_things_turn(tmp_path: Path) -> None:
    """A boat at 15 m/s that goes straight on and then round and round, at 4 degrees a second."""
    course, place, turns = 0.0, np.array([2_000.0, 5_000.0]), []
    for n in range(60):
        course += np.radians(12.0) if n >= 20 else 0.0
        place = place + 45.0 * np.array([np.sin(course), np.cos(course)])
        turns.append([(float(place[0]), float(place[1]))])
    stiff = told_with(tmp_path / "stiff", "acceleration_psd_m2ps3 = 0.001", turns)
    assert len(set().union(*stiff)) > 1
    motion = 'motion = ["straight", "turns"], turn_rate_degps = 4.0'
    turning = told_with(tmp_path / "turns", f"acceleration_psd_m2ps3 = 0.001, {motion}", turns)
    assert len(set().union(*turning)) == 1
    assert all(turning[5:])


def test_a_source_may_have_its_plots_given_to_the_nearest(tmp_path: Path) -> None:
    """Two boats side by side: their plots weighed draw them together, the nearest do not."""
    chance = np.random.default_rng(2)
    noise = chance.normal(0.0, 15.0, (40, 2, 2))
    boats = np.array([(-15.0, 9_000.0), (15.0, 9_000.0)])
    turns = [[(float(e), float(n)) for e, n in boats + one] for one in noise]
    apart = {}
    for way in ("gnn", "jpda"):
        said = told_with(tmp_path / way, f'association = "{way}"', turns)
        apart[way] = np.mean([np.ptp(list(told.values())) for told in said[20:]])
    assert apart["jpda"] < 0.95 * apart["gnn"]


@pytest.mark.parametrize(
    ("tracker", "message"),
    [
        ('motion = "zigzag"', "'straight', 'ships', 'turns' or 'rest'"),
        ("motion = []", "at least 1"),
        ('association = "best"', "'gnn' or 'jpda'"),
        ('confirm = "often"', "tracker.confirm"),
        ('confirm = "5/3"', "plots <= looks"),
        ("show_from = 0.9", "delete_below <= show_from <= confirm_from"),
    ],
)
def test_settings_of_a_tracker_that_make_no_sense_are_refused_in_words(
    tmp_path: Path, tracker: str, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        make_home(tmp_path / "node", TRACKER + f"tracker = {{ {tracker} }}\n")
    assert message in str(refused.value)
