"""The node keeps its history: caught up after a start, followed while it runs."""

from __future__ import annotations

import threading
from pathlib import Path

from alliage.config import Config
from alliage.history.keeping import Keep
from alliage.history.selection import Where
from alliage.ontology.audience import machine_audience
from tests.log.support import draft
from tests.node.conftest import make_home, opened, source


def wait_until_caught_up(node: object) -> None:
    for _ in range(2_000):
        if node.history.caught_up:  # type: ignore[attr-defined]
            return
        threading.Event().wait(0.005)
    raise AssertionError("the history did not catch up in ten seconds")


def rows_of(node: object) -> int:
    audience = machine_audience(node.log.label_sets)  # type: ignore[attr-defined]
    return int(node.history.reader(audience).rows(Where()).table.num_rows)  # type: ignore[attr-defined]


def test_what_is_written_is_found_at_once_and_after_a_start(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    labels = frozenset([Config.load(home.config).people.to_label()])
    with opened(home) as node:
        wait_until_caught_up(node)
        node.writer.submit([draft(labels, "mmsi:1", "mmsi:2")]).result()
        assert rows_of(node) == 2
    with opened(home) as node:
        wait_until_caught_up(node)
        node.writer.submit([draft(labels, "mmsi:3")]).result()
        assert rows_of(node) == 3
        assert node.services().readiness().projections_caught_up


def test_a_source_says_how_long_its_rows_are_kept(tmp_path: Path) -> None:
    home = make_home(tmp_path, source('{ kind = "tcp", host = "localhost", port = 1 }'))
    text = home.config.read_text(encoding="utf-8")
    text = text.replace('name = "denmark"', 'name = "denmark"\nkeep_days = 30.0')
    config = Config.from_text(text + "\n[history]\nkeep_bytes = 1000\n", home.config, {})
    assert config.keep_of("denmark") == Keep(30.0, 1000)
    assert config.keep_of("norway") == Keep(None, 1000)
