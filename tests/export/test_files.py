"""Files that other programs open: nothing in them runs."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from alliage.export.files import write_csv


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(tmp_path: Path, name: str) -> None:
    batch = pa.RecordBatch.from_pylist([{"name": name, "speed_mps": -1.5}])
    write_csv(tmp_path / "out.csv", batch.schema, [batch])
    with (tmp_path / "out.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {"name": "'" + name, "speed_mps": "-1.5"}
