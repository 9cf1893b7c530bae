"""Rows come back from a file as they went in; cells and lines against independent ways."""

from __future__ import annotations

import math
from itertools import pairwise

import h3
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.history import coding
from alliage.history.cells import cells_of
from alliage.history.positions import ROWS
from alliage.history.simplify import METRES_A_DEGREE, simplified

any_us = st.integers(-(2**50), 2**50)
columns = st.fixed_dictionaries(
    {
        "stream": st.just("a"),
        "label_set": st.integers(0, 3),
        "identifier": st.sampled_from(["mmsi:1", "mmsi:2"]),
        "schema": st.just("Vessel"),
        "valid": any_us,
        "received": any_us,
        "recorded": st.none() | any_us,
        "known": any_us,
        "receivers": st.none() | st.lists(st.sampled_from(["x", "y"]), max_size=2),
        "longitude_deg": st.none()
        | st.floats(-180, 180)
        | st.integers(-108_000_000, 108_000_000).map(lambda n: n / 600_000),
        "latitude_deg": st.none() | st.floats(-90, 90),
        "speed_mps": st.none() | st.floats(0, 50, width=32),
    }
)


@settings(deadline=None, max_examples=40)
@given(st.lists(columns, min_size=1, max_size=8), st.sampled_from([1, 1_000, 1_000_000]))
def test_rows_come_back_as_they_were(some: list[dict[str, object]], unit_us: int) -> None:
    for row in some:
        row["valid"] = int(str(row["valid"])) // unit_us * unit_us
    rows = pa.Table.from_pylist(some, schema=ROWS)
    names = set(ROWS.names)
    table = coding.stored(rows, unit_us)
    back = coding.restored(table, names, unit_us)
    found = pa.Table.from_arrays([back[name] for name in ROWS.names], schema=ROWS)
    assert found.to_pylist() == rows.to_pylist()


def test_the_unit_loses_nothing() -> None:
    assert coding.unit_of(np.array([1_000_000, -2_000_000])) == 1_000_000
    assert coding.unit_of(np.array([1_000_000, 1_000])) == 1_000
    assert coding.unit_of(np.array([7])) == 1


def placed(lon: list[float | None], lat: list[float | None]) -> pa.Table:
    return pa.table({"longitude_deg": pa.array(lon, pa.float64()), "latitude_deg": lat})


def test_cells_are_those_of_the_reference_implementation() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-180, 180, 300).tolist(), rng.uniform(-90, 90, 300).tolist()
    found, mask = cells_of(placed([*lon, None], [*lat, 55.0]), 6)
    expected = [h3.str_to_int(h3.latlng_to_cell(y, x, 6)) for x, y in zip(lon, lat, strict=True)]
    assert found.tolist() == expected
    assert mask.tolist() == [True] * 300 + [False]


lines = st.lists(st.tuples(st.floats(178, 182), st.floats(54, 56)), min_size=2, max_size=40)


@settings(deadline=None, max_examples=40)
@given(lines, st.floats(1, 50_000))
def test_no_point_that_was_left_out_is_further_away_than_was_told(
    line: list[tuple[float, float]], tolerance_m: float
) -> None:
    lon = [x if x <= 180 else x - 360 for x, _ in line]
    rows = placed(list(lon), [y for _, y in line]).append_column(
        "number", pa.array(range(len(line)))
    )
    kept = simplified(rows, tolerance_m).column("number").to_pylist()
    assert kept[0] == 0
    assert kept[-1] == len(line) - 1 or line[kept[-1]] == line[-1]
    middle = math.radians((min(y for _, y in line) + max(y for _, y in line)) / 2)
    plane = [(x * METRES_A_DEGREE * math.cos(middle), y * METRES_A_DEGREE) for x, y in line]
    for begin, end in pairwise(kept):
        for point in plane[begin : end + 1]:
            assert distance(point, plane[begin], plane[end]) <= tolerance_m + 1e-6


def distance(
    point: tuple[float, float], begin: tuple[float, float], end: tuple[float, float]
) -> float:
    """From a point to a stretch of line."""
    along = (end[0] - begin[0], end[1] - begin[1])
    off = (point[0] - begin[0], point[1] - begin[1])
    length2 = along[0] ** 2 + along[1] ** 2
    share = 0.0 if length2 == 0 else (off[0] * along[0] + off[1] * along[1]) / length2
    share = min(1.0, max(0.0, share))
    return math.hypot(off[0] - share * along[0], off[1] - share * along[1])


def test_a_tolerance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0 m"):
        simplified(placed([1.0], [1.0]), 0.0)
