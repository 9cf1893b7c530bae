"""Rows of tables become positions, by the names of their columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from alliage.feeds.ais_csv.decoder import make_decoder
from alliage.feeds.ais_csv.options import Options
from alliage.feeds.contract import Chunk, Decoded
from alliage.feeds.registry import load_feeds

HEADING = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName"


def decode(*lines: str) -> Decoded:
    data = "".join(f"{line}\n" for line in lines).encode()
    return make_decoder(Options()).feed([Chunk(data, received_us=42)])


def rows(decoded: Decoded) -> list[dict[str, Any]]:
    return [row for batch in decoded.batches for row in batch.rows.to_pylist()]


def test_a_row_becomes_a_position_in_si_units() -> None:
    (row,) = rows(decode(HEADING, '219000001,2026-01-01T12:00:00,55.5,12.5,10,90,91,"A, B"'))
    assert row["identifier"] == "mmsi:219000001"
    assert row["valid"] == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert (row["latitude_deg"], row["longitude_deg"]) == (55.5, 12.5)
    assert row["speed_mps"] == pytest.approx(10 * 1852 / 3600)
    assert (row["course_deg"], row["heading_deg"]) == (90.0, 91.0)


@pytest.mark.parametrize(
    "heading",
    [
        "Time,MMSI,Latitude_degrees,Longitude_degrees",
        "# Timestamp,MMSI,Latitude,Longitude",
        "BASE_DATE_TIME,mmsi,lat,lon",
        '\ufeff"time","MMSI","LATITUDE","LONGITUDE"',
    ],
)
def test_columns_go_by_their_usual_names(heading: str) -> None:
    (row,) = rows(decode(heading, "2026-01-01 12:00:00,219000001,55.5,12.5"))
    assert (row["latitude_deg"], row["longitude_deg"]) == (55.5, 12.5)


@pytest.mark.parametrize(
    "written", ["01/02/2026 12:00:00", "2026-02-01T13:00:00+01:00", "2026-02-01 12:00:00.000"]
)
def test_times_are_utc_and_the_day_may_come_first(written: str) -> None:
    (row,) = rows(decode("time,mmsi,lat,lon", f"{written},219000001,55.5,12.5"))
    assert row["valid"] == datetime(2026, 2, 1, 12, tzinfo=UTC)


def test_what_ais_says_for_nothing_is_absent() -> None:
    decoded = decode(
        HEADING,
        "219000001,2026-01-01T12:00:00,55.5,12.5,102.3,360,511,",
        "219000001,2026-01-01T12:00:00,91,181,0,0,0,",
    )
    (row,) = rows(decoded)
    assert (row["speed_mps"], row["course_deg"], row["heading_deg"]) == (None, None, None)
    assert decoded.ignored == {"heading": 1, "no_position": 1}


@pytest.mark.parametrize(
    "row",
    [
        "none,2026-01-01T12:00:00,55.5,12.5,1,1,1,",
        "219000001,at noon,55.5,12.5,1,1,1,",
        "219000001,0001-01-01T12:00:00,55.5,12.5,1,1,1,",
        "219000001,2026-01-01T12:00:00,95.5,12.5,1,1,1,",
        "219000001,2026-01-01T12:00:00,inf,12.5,1,1,1,",
        "219000001,2026-01-01T12:00:00",
    ],
)
def test_a_damaged_row_is_quarantined_and_costs_no_other(row: str) -> None:
    decoded = decode(HEADING, row, "219000001,2026-01-01T12:00:00,55.5,12.5,1,1,1,")
    assert [item.reason for item in decoded.quarantined] == ["malformed"]
    assert decoded.accepted == 1


def test_rows_before_a_heading_say_nothing() -> None:
    decoded = decode("219000001,2026-01-01T12:00:00,55.5,12.5,1,1,1,", HEADING)
    assert [item.reason for item in decoded.quarantined] == ["no_heading"]


def test_the_sample_shows_all_of_it() -> None:
    sample = load_feeds()["ais_csv"].folder / "sample.csv"
    decoded = make_decoder(Options()).feed([Chunk(sample.read_bytes(), received_us=42)])
    assert decoded.accepted == 3
    assert decoded.ignored == {"heading": 1, "no_position": 1}
    assert [item.reason for item in decoded.quarantined] == ["malformed"]
