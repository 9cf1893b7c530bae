"""Files that ``export`` writes: one function per format, batches in, rows counted out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from alliage.ontology.times import to_text, to_us

Write = Callable[[Path, pa.Schema, Iterable[pa.RecordBatch]], int]

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


JSON_TEXT: Final = {"content": "json"}
"""Metadata of a field whose texts are JSON: where a file is JSON they stand in it as what they say,
and as texts elsewhere."""


def plain_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    """Rows as JSON can hold them: times as RFC 3339, what is not known left out."""
    for batch in batches:
        for row in batch.to_pylist():
            yield {
                name: to_text(to_us(value)) if hasattr(value, "tzinfo") else value
                for name, value in row.items()
                if value is not None
            }


def write_jsonl(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """JSON lines: one object a row."""
    count = 0
    nested = [field.name for field in schema if (field.metadata or {}).get(b"content") == b"json"]
    with path.open("w", encoding="utf-8") as file:
        for row in plain_rows(batches):
            row |= {name: json.loads(row[name]) for name in nested if name in row}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def write_csv(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """CSV (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, schema.names, restval="")
        writer.writeheader()
        for row in plain_rows(batches):
            writer.writerow({name: _cell(value) for name, value in row.items()})
            count += 1
    return count


def write_geojson(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """GeoJSON (RFC 7946): a point for each row that has a position.

    Raises:
        ValueError: the rows have no position columns.
    """
    if "longitude_deg" not in schema.names:
        raise ValueError("these rows have no positions; GeoJSON needs them")
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for row in plain_rows(batches):
            lon, lat = row.pop("longitude_deg", None), row.pop("latitude_deg", None)
            if lon is None or lat is None:
                continue
            point = {"type": "Point", "coordinates": [lon, lat]}
            feature = {"type": "Feature", "geometry": point, "properties": row}
            file.write((",\n" if count else "\n") + json.dumps(feature, ensure_ascii=False))
            count += 1
        file.write("\n]}\n")
    return count


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Apache Parquet, zstd."""
    import pyarrow.parquet as pq

    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def write_arrow(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Apache Arrow IPC file (Feather version 2)."""
    count = 0
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


WRITERS: Final[Mapping[str, Write]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "geojson": write_geojson,
    "parquet": write_parquet,
    "arrow": write_arrow,
}
"""By format name, which is the file's suffix too."""


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = " ".join(str(item) for item in value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
