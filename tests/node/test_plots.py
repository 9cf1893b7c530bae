"""Plots of a sensor that comes in: kept as they are, and followed as tracks of their own stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.config import ConfigError
from alliage.feeds.contract import Decoded
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label
from tests.fusion.test_plot_stream import START_S, look, ships
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


def test_a_source_may_leave_its_plots_unfollowed(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", TRACKER + "tracker = { enabled = false }\n")) as node:
        take_in(node, 20)
        assert not any(name.startswith("track:") for name in shown(node))


def test_tracks_are_kept_as_long_as_the_plots_that_they_follow_from(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", TRACKER + "keep_days = 0.001\n")) as node:
        take_in(node, 20)
        assert node.housekeeping().drop_what_is_too_old() == 2
        reader = node.log.reader(machine_audience(node.log.label_sets))
        states = reader.read(kinds=["observations:position"], streams=["tracker:sound@1"])
        assert all(entry.gone is not None for entry in states)


def test_a_tracker_of_things_that_the_node_has_no_word_for_is_refused(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", TRACKER + 'tracker = { things = "Vesel" }\n')
    with pytest.raises(ConfigError, match="'Vesel' is no schema"):
        opened(home)
