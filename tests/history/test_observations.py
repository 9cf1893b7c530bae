"""Observation rows come out page by page, once each, and only the visible ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alliage.history.observations import ENTRIES_A_PAGE, ObservationReader, Wanted
from alliage.log import CursorError, Draft, Log, NodeKeys
from tests.log.support import DANES, FRENCH, TickingClock, audience_of, claim, draft, positions

(DANISH,) = DANES


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    opened = Log.open(tmp_path / "log", NodeKeys.generate(), "node-1", TickingClock())
    yield opened
    opened.close()


@pytest.fixture
def reader(log: Log) -> ObservationReader:
    return ObservationReader(log.reader(audience_of(log.label_sets, DANISH)))


def walk(reader: ObservationReader, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = reader.page(wanted, cursor, limit)
        assert len(page.items) <= limit
        items += page.items
        cursor = page.next
        if cursor is None:
            return items


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 100])
def test_every_visible_row_comes_once_and_in_order(
    log: Log, reader: ObservationReader, limit: int
) -> None:
    for number in range(4):
        ships = [f"mmsi:{number}{index}" for index in range(3)]
        log.append([draft(FRENCH), draft(DANES, *ships), Draft("denmark", DANES, (claim(1),))])
    found = [item["identifier"] for item in walk(reader, Wanted(), limit)]
    assert found == [f"mmsi:{number}{index}" for number in range(4) for index in range(3)]


def test_rows_are_chosen_by_identifier_stream_and_valid_time(
    log: Log, reader: ObservationReader
) -> None:
    ships = ["mmsi:1", "mmsi:2", "mmsi:1", "mmsi:2"]
    log.append(
        [
            Draft("denmark", DANES, positions(ships)),
            Draft("norway", DANES, positions(ships, start_us=10_000_000)),
        ]
    )
    assert len(walk(reader, Wanted(identifier="mmsi:1"), 2)) == 4
    assert len(walk(reader, Wanted(stream="norway"), 3)) == 4
    between = walk(reader, Wanted(valid_from_us=1_000_000, valid_to_us=3_000_000), 10)
    assert [item["valid"] for item in between] == ["1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z"]
    assert walk(reader, Wanted(identifier="mmsi:9"), 10) == []


def test_a_row_is_plain_data_with_its_source_and_marking(
    log: Log, reader: ObservationReader
) -> None:
    log.append([draft(DANES, "mmsi:1")])
    (item,) = reader.page(Wanted()).items
    assert item["receivers"] == ["a", "b"]
    assert (item["stream"], item["kind"]) == ("denmark", "position")
    assert item["marking"] == "ALLIAGE UNCLASSIFIED / REL TO DNK"
    assert item["known"].endswith("Z")


def test_a_page_opens_a_bounded_number_of_entries_and_leads_on(
    log: Log, reader: ObservationReader
) -> None:
    log.append([draft(DANES, "mmsi:1") for _ in range(ENTRIES_A_PAGE)] + [draft(DANES, "mmsi:2")])
    first = reader.page(Wanted(identifier="mmsi:2"))
    assert first.items == []
    assert first.next is not None
    assert len(reader.page(Wanted(identifier="mmsi:2"), first.next).items) == 1


@pytest.mark.parametrize("cursor", ["", "x", ":x", "00:1", "zz:1", f"{'0' * 32}:1"])
def test_a_made_up_cursor_is_refused(log: Log, reader: ObservationReader, cursor: str) -> None:
    with pytest.raises(CursorError):
        reader.page(Wanted(), cursor)
