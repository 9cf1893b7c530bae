"""The Python of the how-to is run as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "track-your-own-plots.md"
TABLE, TURNING = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.DOTALL)


def test_the_lines_that_track_a_table_do_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_s = np.arange(20) * 2.5
    plots = {"time_s": time_s, "east_m": 10.0 * time_s, "north_m": 5.0 * time_s}
    csv.write_csv(pa.table({**plots, "sensor": ["radar"] * 20}), tmp_path / "plots.csv")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(TABLE, names)
    assert len(names["made"].tracks["track"].unique()) == 1


def test_the_lines_with_a_turning_radar_find_the_ship_where_it_is_when_the_turn_ends() -> None:
    names: dict[str, Any] = {}
    exec(TURNING, names)
    said = names["said"]
    np.testing.assert_allclose(said.states, [[2200.0, 0.0, -10.0, 0.0]], atol=1.0)
    # As sure as an error that lasts allows for, however many turns there were.
    assert 7.0 < np.sqrt(said.covariances[0, 0, 0]) < 12.0
