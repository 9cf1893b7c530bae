"""Row groups that are kept decoded: the same rows, and no more memory than there is room for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from alliage.history.groups import GROUP_ROWS, Groups, Room

ROWS = 2 * GROUP_ROWS + 100
COLUMNS = ["number", "word", "names.list.element"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three row groups, the last of them short, with other words in each."""
    numbers = np.arange(ROWS)
    table = pa.table(
        {
            "number": pa.array(numbers, mask=numbers % 7 == 0),
            "word": pa.array([f"word {n // 5000}" for n in numbers]).dictionary_encode(),
            "names": pa.array([["a"] * (n % 3) for n in numbers]),
        }
    )
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=GROUP_ROWS)
    return tmp_path / "rows.parquet"


def test_what_is_kept_is_what_the_file_says(path: Path) -> None:
    groups = Groups(path, Room())
    for numbers in ([1], [0, 2], [0, 1, 2], [2]):
        wanted = np.array(numbers)
        for columns in (COLUMNS[:1], COLUMNS):
            kept = groups.read_and_keep(wanted, columns)
            assert kept.to_pylist() == groups.read(wanted, columns).to_pylist()


def test_what_is_kept_is_not_read_again(path: Path) -> None:
    groups = Groups(path, Room())
    groups.read_and_keep(np.array([0, 1]), COLUMNS)
    before = groups.kept_bytes
    groups.read_and_keep(np.array([1]), COLUMNS)
    assert groups.kept_bytes == before > 0


def test_where_there_is_no_room_nothing_more_is_kept(path: Path) -> None:
    room = Room(at_most_bytes=1)
    groups = Groups(path, room)
    groups.read_and_keep(np.array([0]), COLUMNS)
    assert room.is_full
    before = groups.kept_bytes
    found = groups.read_and_keep(np.array([0, 2]), COLUMNS)
    assert found.num_rows == GROUP_ROWS + 100
    assert groups.kept_bytes == before
    groups.forget()
    assert groups.kept_bytes == 0
