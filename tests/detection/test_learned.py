"""What was learned survives a restart, and what stood is not left standing."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alliage.detection import Alert, Engine
from alliage.detection.detectors.silence import Silence
from alliage.detection.learned import Learned, LearnedFiles, packed
from tests.detection.recordings import (
    NOON_US,
    SECOND_US,
    alerts_of,
    batch,
    engine,
    only,
    report,
    sail,
)  # fmt: skip
from tests.detection.test_silence import END, QUIET, SHIP, lane, way

MINUTE = 60
LINGER_S = {"silence": Silence.linger_s, "drifting": 600.0}
Row = dict[str, Any]


def begin_again(of: Engine, folder: Path) -> Engine:
    """Another engine, as after a restart."""
    files = LearnedFiles(folder)
    files.write("context", Learned(7, NOON_US, of.last_look, of.dump()))
    found = files.read("context")
    assert found is not None
    assert found.known == 7
    again = engine(only("silence"))
    again.load(found.look, found.tables)
    return again


def between(rows: list[Row], begin: float, end: float) -> list[Row]:
    chosen = [row for row in rows if begin <= (row["valid"] - NOON_US) / SECOND_US < end]
    return sorted(chosen, key=lambda row: row["valid"])


def test_a_ship_that_is_dark_over_a_restart_is_seen_to_come_back(tmp_path: Path) -> None:
    ship = way(SHIP, 5, 0, QUIET) + way(SHIP, 5, QUIET + 2_400, END)
    rows = lane() + ship
    before = engine(only("silence"))
    before.take("ais", batch(between(rows, 0, QUIET + 2_000)))
    told = before.changes()
    assert [alert.end_us for alert in alerts_of(told)] == [None]
    after = begin_again(before, tmp_path)
    after.lifecycle.restore(told, LINGER_S)
    after.take("ais", batch(between(rows, QUIET + 1_400, END)))
    (alert,) = alerts_of(after.finish())
    assert alert.alert_id == told[0].alert_id
    assert alert.end_us is not None
    assert "is heard again after 40 min" in alert.reason_en


def test_rows_that_are_looked_at_again_are_learned_from_once(tmp_path: Path) -> None:
    rows = lane() + way(SHIP, 5, 0, QUIET)
    whole, before = engine(only("silence")), engine(only("silence"))
    whole.take("ais", batch(between(rows, 0, END)))
    before.take("ais", batch(between(rows, 0, QUIET)))
    after = begin_again(before, tmp_path)
    after.take("ais", batch(between(rows, 0, END)))
    assert same(whole.dump(), after.dump())


def same(one: Any, other: Any) -> bool:
    assert set(one) == set(other)
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_older_rows_teach_again_once_they_are_known_to_be_new(tmp_path: Path) -> None:
    rows = lane()
    before = engine(only("silence"))
    before.take("ais", batch(between(rows, 0, END)))
    after = begin_again(before, tmp_path)
    after.take("ais", batch(between(rows, 0, QUIET)))
    assert not after.has_learned
    after.learn_from_now_on()
    after.take("ais", batch(between(rows, QUIET, END)))
    assert after.has_learned


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize("spoil", [damage, cut])
def test_a_file_that_cannot_be_read_is_taken_away(tmp_path: Path, spoil: Any) -> None:
    files = LearnedFiles(tmp_path)
    files.write("context", Learned(1, 2, 3, {"silence@1/passed": np.arange(1_000)}))
    (path,) = tmp_path.iterdir()
    spoil(path)
    assert files.read("context") is None
    assert not list(tmp_path.iterdir())


def test_what_one_context_learned_is_not_read_by_another(tmp_path: Path) -> None:
    files = LearnedFiles(tmp_path)
    files.write("one", Learned(1, 2, 3, {}))
    assert files.read("other") is None
    (path,) = tmp_path.iterdir()
    files.write("other", Learned(1, 2, 3, {}))
    (other,) = set(tmp_path.iterdir()) - {path}
    other.write_bytes(path.read_bytes())
    assert files.read("other") is None
    assert files.read("one") is not None


def test_a_newer_version_does_not_read_what_an_older_one_learned() -> None:
    of = engine(only("silence"))
    older = {"silence@0/passed": np.zeros(3), "silence@0/silent": packed([])}
    of.load(5, older)
    of.take("ais", batch(between(lane(), 0, QUIET)))
    assert of.finish() == []


def adrift(end: float) -> list[Row]:
    return sail(0, 600, (57.0, 18.0), 6.0, 0.0, heading_deg=2.0) + sail(
        600, end, (57.033, 18.0), 1.0, 90.0, heading_deg=2.0
    )


def told_before(end: float) -> list[Alert]:
    of = engine(only("drifting"))
    of.take("ais", batch(adrift(end)))
    return of.changes()


def others(begin: float, end: float) -> list[Row]:
    return [
        report(second, "mmsi:219000009", lat=55.0, lon=15.0, speed_mps=0.0)
        for second in range(int(begin), int(end), 10)
    ]


def test_what_stood_and_is_not_found_again_is_over_after_a_while() -> None:
    before = told_before(40 * MINUTE)
    of = engine(only("drifting"))
    of.lifecycle.restore(before, LINGER_S)
    times = [60 * MINUTE, 69 * MINUTE, 72 * MINUTE]
    told = []
    for begin, end in pairwise(times):
        of.take("ais", batch(others(begin, end)))
        told.append(of.changes())
    assert told[0] == []
    (alert,) = told[1]
    assert (alert.alert_id, alert.end_us) == (before[0].alert_id, before[-1].told_us)


def test_what_stood_and_is_found_anew_is_over_at_once() -> None:
    before = told_before(40 * MINUTE)
    of = engine(only("drifting"))
    of.lifecycle.restore(before, LINGER_S)
    day_us = 86_400 * SECOND_US
    again = [{**row, "valid": row["valid"] + day_us} for row in adrift(40 * MINUTE)]
    of.take("ais", batch(again))
    ended, begun = alerts_of(of.changes())
    assert (ended.alert_id, ended.end_us) == (before[0].alert_id, before[-1].told_us)
    assert begun.start_us > ended.start_us + day_us // 2
