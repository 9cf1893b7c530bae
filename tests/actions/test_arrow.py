"""Arrow streams from outside: read, or refused; never anything worse."""

from __future__ import annotations

import contextlib

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.actions.arrow import ArrowError, read_table
from alliage.actions.kinds import ActionError
from alliage.actions.rows import RowReader
from alliage.ontology.observation import Kind
from alliage.ontology.schema import Ontology

NOW_US = 1_800_000_000_000_000
READER = RowReader(Ontology.load())


def stream(compression: str | None = None, dictionary: bool = False) -> bytes:
    identifiers = pa.array(["mmsi:219000001", "mmsi:219000002"] * 20)
    table = pa.table(
        {
            "identifier": identifiers.dictionary_encode() if dictionary else identifiers,
            "schema": ["Vessel"] * 40,
            "valid": pa.array([NOW_US] * 40).cast(pa.timestamp("us", "UTC")),
            "latitude_deg": [55.0] * 40,
            "longitude_deg": [11.0] * 40,
            "receivers": [["a", "b"], None] * 20,
        }
    )
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("dictionary", [False, True])
def test_a_plain_stream_becomes_a_batch(dictionary: bool) -> None:
    table = read_table(stream(dictionary=dictionary), 100)
    batch, refusals = READER.batch(Kind.POSITION, table, NOW_US)
    assert batch is not None
    assert (batch.rows.num_rows, refusals.total) == (40, 0)


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
@pytest.mark.parametrize("dictionary", [False, True])
def test_compressed_streams_are_refused_unopened(codec: str, dictionary: bool) -> None:
    with pytest.raises(ArrowError, match="compressed"):
        read_table(stream(codec, dictionary), 100)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(ArrowError, match="more than 39 rows"):
        read_table(stream(), 39)


def test_a_zone_whose_name_is_no_text_is_refused() -> None:
    damaged = stream().replace(b"UTC", b"\xff\xfeC")
    with pytest.raises(ActionError, match="cannot be timestamp"):
        READER.batch(Kind.POSITION, read_table(damaged, 100), NOW_US)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=200)
def test_damaged_streams_are_refused_or_give_rows_that_keep_the_contract(
    changes: list[tuple[int, int]],
) -> None:
    data = bytearray(stream(dictionary=True))
    for place, value in changes:
        data[place % len(data)] = value
    with contextlib.suppress(ArrowError, ActionError):
        batch, _ = READER.batch(Kind.POSITION, read_table(bytes(data), 1000), NOW_US)
        if batch is not None:
            assert set(batch.rows.column("schema").to_pylist()) == {"Vessel"}
