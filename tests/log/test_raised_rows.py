"""Rows of an entry can be raised by themselves, and nothing tells of them who may not see them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.log import Draft, Entry, Log, NodeKeys
from alliage.log.density import Axis
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Raise
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label, LabelSet
from tests.history.world import KEYS, LABELS, MEMORY, empty_log
from tests.log.support import DANES, TickingClock, audience_of, claim, positions

SECRET = Label.make("ALLIAGE", "SECRET", ["DNK"])
NOBODYS = frozenset([Label.make("ALLIAGE", "TOP SECRET")])


@dataclass(frozen=True)
class Wrote:
    """An entry, by the numbers of its rows, which are told apart by them."""

    is_claims: bool
    labels: LabelSet
    rows: list[int]

    def only(self, rows: list[int]) -> Draft:
        if self.is_claims:
            return Draft("a", self.labels, tuple(claim(row) for row in rows))
        found = positions([f"mmsi:{row}" for row in self.rows], 5_000_000)
        some = found.rows.filter([row in rows for row in self.rows])
        return Draft("a", self.labels, type(found)(found.kind, some))


wrote = st.builds(
    Wrote,
    st.booleans(),
    st.frozensets(st.sampled_from(LABELS[:2]), min_size=1),
    st.integers(1, 6).map(lambda count: list(range(1, count + 1))),
)
raised = st.tuples(
    st.integers(0, 3), st.sets(st.integers(1, 6), max_size=4), st.sampled_from(LABELS)
)


@contextmanager
def a_log() -> Iterator[Log]:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        shutil.copytree(empty_log(), Path(folder) / "log")
        log = Log.open(Path(folder) / "log", KEYS, "node-1", TickingClock())
        try:
            yield log
        finally:
            log.close()


def play(
    log: Log, entries: list[Wrote], kept: list[list[int]], raises: list[tuple[int, set[int], Label]]
) -> None:
    """Write these rows of entries, and raise what there is of what is to be raised."""
    written: list[Entry | None] = []
    for one, rows in zip(entries, kept, strict=True):
        written += log.append([one.only(rows)]) if rows else [None]
    for number, rows, label in raises:
        at = number % len(entries)
        entry, there = written[at], [row in rows for row in kept[at]]
        if entry is None or (rows and not any(there)):
            continue
        places = tuple(place for place, is_meant in enumerate(there) if is_meant)
        decision = Raise((entry.entry_id,), frozenset([label]), places if rows else ())
        log.append([Draft(REVISIONS_STREAM, NOBODYS, decision)])


def told(reader: LogReader) -> dict[str, Any]:
    """Everything that a reader can ask of a log, but when and under which names it was written."""
    entries: list[Entry] = []
    cursor = None
    while True:
        page = reader.page(cursor, 2)
        entries += page.entries
        cursor = page.next
        if cursor is None:
            break
    assert [e.entry_id for e in entries] == [e.entry_id for e in reader.read()]
    axis = Axis(0, 20_000_000, 7)
    density = reader.density(axis)
    between = reader.read(valid_from_us=6_000_000, valid_to_us=8_000_000)
    return {
        "entries": [said(entry) for entry in entries],
        "between": [said(entry) for entry in between if overlaps(entry)],
        "latest": [said(entry) for entry in reader.latest(["claims"], ["a"], 2)],
        "density": (density.reports.tolist(), density.statements.tolist()),
        "extent": reader.extent_us(),
        "last": reader.last_valid_us("a"),
    }


def overlaps(entry: Entry) -> bool:
    """Of an entry that may hold something, a part that does not is as good as not there."""
    first, last = entry.valid_min_us, entry.valid_max_us
    return (first is None or first < 8_000_000) and (last is None or last >= 6_000_000)


def said(entry: Entry) -> tuple[Any, ...]:
    if entry.kind == "claims":
        rows: tuple[Any, ...] = entry.claims()
    else:
        rows = tuple(map(str, entry.observations().rows.to_pylist()))
    assert entry.rows == len(rows)
    return entry.kind, entry.labels, entry.valid_min_us, entry.valid_max_us, rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    entries=st.lists(wrote, min_size=1, max_size=4),
    raises=st.lists(raised, max_size=5),
    visible=st.sets(st.sampled_from(LABELS)),
)
def test_who_may_not_see_a_raised_row_is_told_what_they_were_if_it_had_never_been(
    entries: list[Wrote], raises: list[tuple[int, set[int], Label]], visible: set[Label]
) -> None:
    labels = [dict.fromkeys(one.rows, one.labels) for one in entries]
    for number, rows, label in raises:
        of = labels[number % len(entries)]
        of |= {row: held | {label} for row, held in of.items() if row in rows or not rows}
    shown = [[row for row, held in of.items() if held <= visible] for of in labels]
    with a_log() as log, a_log() as other:
        play(log, entries, [one.rows for one in entries], raises)
        play(other, entries, shown, raises)
        reader = log.reader(audience_of(log.label_sets, *visible))
        found = told(reader)
        assert found == told(other.reader(audience_of(other.label_sets, *visible)))
        read = [row for one in reader.read(kinds=["claims"]) for row in one.claims()]
        both = zip(entries, shown, strict=True)
        wanted = [claim(row) for one, some in both if one.is_claims for row in some]
        assert sorted(one.claim_id for one in read) == sorted(one.claim_id for one in wanted)
        assert list(log.verify())[-1].fault is None


@pytest.fixture
def in_parts(log: Log) -> Entry:
    """Three claims, of which the second is secret since."""
    (entry,) = log.append([Draft("a", DANES, (claim(1), claim(2), claim(3)))])
    decision = Raise((entry.entry_id,), frozenset([SECRET]), (1,))
    log.append([Draft(REVISIONS_STREAM, NOBODYS, decision)])
    return entry


def ids(entries: list[Entry]) -> list[tuple[str, ...]]:
    return [tuple(one.claim_id for one in entry.claims()) for entry in entries]


def test_whoever_sees_all_of_it_still_has_it_as_it_was_signed(log: Log, in_parts: Entry) -> None:
    reader = log.reader(machine_audience(log.label_sets))
    found = reader.entry(in_parts.entry_id)
    assert found is not None
    assert found.header == in_parts.header
    assert found.labels == DANES | {SECRET}
    assert found.claims() == (claim(1), claim(2), claim(3))
    assert [part.rows for part in reader.parts(in_parts.entry_id)] == [2, 1]
    low = log.reader(audience_of(log.label_sets, *DANES))
    assert low.read(kinds=["claims"], whole=True) == []
    (part,) = low.parts(in_parts.entry_id)
    for forbidden in (part.body_bytes, part.to_json):  # hash and salt are of the whole
        with pytest.raises(TypeError):
            forbidden()


def test_it_is_so_still_when_the_log_is_opened_again(
    log: Log, in_parts: Entry, keys: NodeKeys, tmp_path: Path
) -> None:
    before = ids(log.reader(machine_audience(log.label_sets)).parts(in_parts.entry_id))
    log.close()
    again = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    try:
        assert ids(again.reader(machine_audience(again.label_sets)).parts(in_parts.entry_id)) == (
            before
        )
        assert list(again.verify())[-1].fault is None
    finally:
        again.close()


@pytest.mark.parametrize("change", ["DELETE FROM parts", "UPDATE parts SET rows = x'02000000'"])
def test_rows_that_somebody_lowered_in_the_file_are_found(
    log: Log, in_parts: Entry, tmp_path: Path, change: str
) -> None:
    assert list(log.verify())[-1].fault is None
    with sqlite3.connect(tmp_path / "log" / "index.sqlite") as connection:
        connection.execute(f"{change} WHERE rows = x'01000000'")
    assert in_parts.entry_id in str(list(log.verify())[-1].fault)


def test_what_is_destroyed_is_gone_in_every_part(log: Log, in_parts: Entry) -> None:
    decision = Destroy((in_parts.entry_id,), ("anna", "bent"), "private")
    log.append([Draft(REVISIONS_STREAM, NOBODYS, decision)])
    reader = log.reader(machine_audience(log.label_sets))
    assert reader.read(kinds=["claims"]) == []
    assert [part.gone is None for part in reader.parts(in_parts.entry_id)] == [False, False]
    last = list(log.verify())[-1]
    assert (last.fault, last.gone) == (None, 1)
