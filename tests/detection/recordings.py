"""Recordings through an engine, and ways of ships made by hand."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from alliage.config_tables import OntologyConfig
from alliage.detection import Alert, Detector, Engine, make_detectors
from alliage.detection.recorded import as_they_came
from alliage.feeds.bulk import decode_file
from alliage.feeds.registry import guess_feed
from alliage.geo.flat import moved
from alliage.ontology.claim import Statement
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch

ONTOLOGY = OntologyConfig().load()
SECOND_US = 1_000_000
NOON_US = 1_767_268_800 * SECOND_US  # 2026-01-01T12:00:00Z

SCHEMA = pa.schema([*COMMON, *POSITION])


def engine(make: Callable[[], Sequence[Detector]] = make_detectors) -> Engine:
    """One that has seen nothing."""
    return Engine(ONTOLOGY, make, "test")


def alerts_of(told: Iterable[Alert]) -> list[Alert]:
    """The alerts as they stood last, in the order in which they began."""
    latest = {alert.alert_id: alert for alert in told}
    return sorted(latest.values(), key=lambda alert: (alert.start_us, alert.alert_id))


def play(path: Path, make: Callable[[], Sequence[Detector]] = make_detectors) -> list[Alert]:
    """Everything that is told of a recording."""
    feed, of = guess_feed(path), engine(make)
    for decoded in decode_file(path, feed, feed.options_model()):
        for batch in as_they_came(decoded.batches):
            of.take("recording", batch)
        of.state("recording", decoded.statements)
    return of.finish()


def play_table(
    table: ObservationBatch, make: Callable[[], Sequence[Detector]] = make_detectors
) -> list[Alert]:
    """Everything that is told of a recording that is no format of ours, such as :func:`solent`."""
    of = engine(make)
    of.take("recording", table)
    return of.finish()


def solent(data_dir: Path) -> ObservationBatch:
    """84 minutes of 91 ships off Southampton: positions, speeds and courses, nothing else."""
    found = pa_csv.read_csv(data_dir / "ais/SolentAIS_20160112_130211.csv").sort_by("Time")
    known = pc.less(pc.abs(found["Latitude_degrees"]), 90.0)
    found = found.filter(pc.and_(known, pc.less(found["SOG_knots"], 102.3)))
    return _table(
        "Vessel",
        pc.binary_join_element_wise("mmsi", found["MMSI"].cast(pa.utf8()), ":"),
        found["Time"].cast(pa.timestamp("us", tz="UTC")),
        latitude_deg=found["Latitude_degrees"],
        longitude_deg=found["Longitude_degrees"],
        speed_mps=pc.multiply(found["SOG_knots"], 1852 / 3600),
        course_deg=pc.if_else(pc.less(found["COG_degrees"], 360.0), found["COG_degrees"], None),
    )


def paris(data_dir: Path) -> ObservationBatch:
    """Three hours of 213 aircraft round Paris."""
    with gzip.open(data_dir / "adsb/paris-213-aircraft.json.gz") as file:
        found = pa.Table.from_pylist(orjson.loads(file.read())).sort_by("timestamp")
    return _table(
        "Aircraft",
        pc.binary_join_element_wise("icao24", found["icao24"], ":"),
        found["timestamp"].cast(pa.timestamp("ms", tz="UTC")),
        latitude_deg=found["latitude"],
        longitude_deg=found["longitude"],
        altitude_m=pc.multiply(found["altitude"], 0.3048),
        speed_mps=pc.multiply(found["groundspeed"], 1852 / 3600),
        course_deg=found["track"],
    )


def paris_squawks(data_dir: Path) -> ObservationBatch:
    """What the transponders of those aircraft answered, with each position."""
    with gzip.open(data_dir / "adsb/paris-213-aircraft.json.gz") as file:
        rows = [row for row in orjson.loads(file.read()) if row["squawk"] is not None]
    found = pa.Table.from_pylist(rows).sort_by("timestamp")
    columns = {
        "identifier": pc.binary_join_element_wise("icao24", found["icao24"], ":"),
        "schema": pa.array(["Aircraft"] * len(found)),
        "valid": found["timestamp"]
        .cast(pa.timestamp("ms", tz="UTC"))
        .cast(pa.timestamp("us", "UTC")),
        "squawk": found["squawk"],
    }
    return ObservationBatch(Kind.STATIC, pa.table(columns).combine_chunks().to_batches()[0])


def _table(schema: str, identifier: Any, valid: Any, **columns: Any) -> ObservationBatch:
    named = {"identifier": identifier, "schema": pa.array([schema] * len(valid)), "valid": valid}
    cast = {
        name: column.cast(SCHEMA.field(name).type) for name, column in (named | columns).items()
    }
    cast["received"] = cast["valid"]
    return ObservationBatch(
        Kind.POSITION, pa.table(cast).combine_chunks().unify_dictionaries().to_batches()[0]
    )


def report(second: float, identifier: str = "mmsi:219000001", **columns: Any) -> dict[str, Any]:
    """One row, so many seconds after noon; ``lat``, ``lon`` and column names in full."""
    valid_us = NOON_US + round(second * SECOND_US)
    row = {"identifier": identifier, "schema": "Vessel", "valid": valid_us, "received": valid_us}
    names = {"lat": "latitude_deg", "lon": "longitude_deg"}
    return row | {names.get(name, name): value for name, value in columns.items()}


def sail(
    begin: float,
    end: float,
    place: tuple[float, float],
    speed_mps: float,
    course_deg: float,
    identifier: str = "mmsi:219000001",
    every: float = 10.0,
    **columns: Any,
) -> list[dict[str, Any]]:
    """Reports of a straight way from ``place``, a latitude and a longitude."""
    seconds = np.arange(begin, end, every)
    east, north = np.sin(np.radians(course_deg)), np.cos(np.radians(course_deg))
    gone_m = speed_mps * (seconds - begin)
    lat, lon = moved(*place, gone_m * east, gone_m * north)
    own = {"speed_mps": speed_mps, "course_deg": course_deg} | columns
    return [
        report(second, identifier, lat=there, lon=along, **own)
        for second, there, along in zip(seconds.tolist(), lat.tolist(), lon.tolist(), strict=True)
    ]


def line(identifier: str, *points: tuple[float, float], schema: str = "Cable") -> Statement:
    """What a chart says of a cable through these points, a latitude and a longitude each."""
    corners = [[lon, lat] for lat, lon in points]
    geometry = orjson.dumps({"type": "LineString", "coordinates": corners}).decode()
    return Statement(identifier, schema, "geometry", geometry, NOON_US)


def words(identifier: str = "mmsi:219000001", second: float = 0, **said: Any) -> ObservationBatch:
    """What a ship says of itself, such as its ``ship_type``."""
    valid_us = NOON_US + round(second * SECOND_US)
    row = {"identifier": identifier, "schema": "Vessel", "valid": valid_us, **said}
    return ObservationBatch(Kind.STATIC, pa.RecordBatch.from_pylist([row]))


def end_of(rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Where a way ends: latitude and longitude."""
    return rows[-1]["latitude_deg"], rows[-1]["longitude_deg"]


def only(name: str) -> Callable[[], Sequence[Detector]]:
    """That detector alone."""
    return lambda: [one for one in make_detectors() if one.name == name]


def batch(rows: Sequence[dict[str, Any]]) -> ObservationBatch:
    """Position reports as a decoder hands them out."""
    columns = {
        field.name: pa.array([row.get(field.name) for row in rows]).cast(field.type)
        if not pa.types.is_nested(field.type)
        else pa.nulls(len(rows), field.type)
        for field in SCHEMA
        if field.nullable is False or any(field.name in row for row in rows)
    }
    return ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(columns))


def tell(rows: Sequence[dict[str, Any]], of: Engine | None = None) -> list[Alert]:
    """The alerts of these rows as they stand at the end."""
    of = of or engine()
    of.take("radar", batch(sorted(rows, key=lambda row: row["valid"])))
    return alerts_of(of.finish())
