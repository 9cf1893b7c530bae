"""The decoder reads what others read: libasterix in made records, Croatia Control's in real ones.

`vectors.json` was written by `make_vectors.py` with libasterix 0.36.3. The recording is two seconds
of two radars; its decode, by another program, lies beside it.
"""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alliage.feeds.asterix.blocks import BlockCutter
from alliage.feeds.asterix.reports import Reports, read_reports
from alliage.feeds.contract import Chunk
from tests.feeds.asterix.conftest import NOW_US, decode, plots_of, rows_of

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
RECORDING = Path(os.environ.get("ALLIAGE_DATA", "/nowhere")) / "asterix/cat_034_048.pcap"


def reports_of(data: bytes) -> Reports:
    cutter = BlockCutter()
    blocks = cutter.cut([Chunk(data, NOW_US)])
    assert blocks.quarantined == []
    return read_reports(blocks)


def wanted(records: list[dict[str, Any]], name: str, factor: float = 1.0) -> Any:
    values = [record.get(name) for record in records]
    return pytest.approx(
        [np.nan if value is None else value * factor for value in values], nan_ok=True, abs=1e-9
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"category {vector['category']}")
def test_records_hold_what_libasterix_reads_in_them(vector: dict[str, Any]) -> None:
    records, found = vector["records"], reports_of(bytes.fromhex(vector["hex"]))
    assert (found.sensor // 256).tolist() == [record["sac"] for record in records]
    assert (found.sensor % 256).tolist() == [record["sic"] for record in records]
    assert np.where(found.tick < 0, np.nan, found.tick / 128) == wanted(records, "time_s")
    assert found.range_m == wanted(records, "rho_nm", 1852.0)
    bearing = {34: "sector_deg", 48: "theta_deg", 205: "local_deg"}[vector["category"]]
    sound = [record.get(bearing) is None or record[bearing] <= 360 for record in records]
    assert np.where(sound, found.bearing_deg, np.nan) == wanted(
        [record if good else {} for record, good in zip(records, sound, strict=True)], bearing
    )
    assert found.period_s == wanted(records, "period_s")
    on_earth = [
        record if abs(record.get("lat") or 0) <= 90 and abs(record.get("lon") or 0) <= 180 else {}
        for record in records
    ]
    assert found.latitude_deg == wanted(on_earth, "lat")
    assert found.longitude_deg == wanted(on_earth, "lon")


def test_heights_are_those_of_libasterix() -> None:
    for vector in VECTORS:
        if vector["category"] == 48:
            found = reports_of(bytes.fromhex(vector["hex"])).altitude_m.tolist()
            for record, altitude_m in zip(vector["records"], found, strict=True):
                if record["height_ft"] is not None:
                    assert altitude_m == pytest.approx(record["height_ft"] * 0.3048)
                elif not np.isnan(altitude_m):
                    assert altitude_m == pytest.approx(record["level"] * 100 * 0.3048)


def payloads() -> Iterator[bytes]:
    """UDP payloads of the capture, by the length in their header: the frames are padded."""
    data, at = RECORDING.read_bytes(), 24
    while at < len(data):
        size = struct.unpack("<I", data[at + 8 : at + 12])[0]
        frame = data[at + 16 : at + 16 + size]
        (length,) = struct.unpack(">H", frame[38:40])
        yield frame[42 : 34 + length]
        at += 16 + size


@pytest.mark.skipif(not RECORDING.is_file(), reason="needs the recordings in ALLIAGE_DATA")
def test_a_real_recording_holds_what_another_program_reads_in_it() -> None:
    decoded = decode(*payloads())
    assert decoded.quarantined == []
    text = RECORDING.with_suffix(".txt").read_text()
    records = text.split("Data Record")[1:]
    targets = [one for one in records if "Item 020 : Target" in one and "RHO:" in one]
    rows = plots_of(decoded)
    assert len(rows) == len(targets)
    for row, target in zip(rows, targets, strict=True):
        sac, sic = (
            re.search(rf"System {kind} Code: (\d+)", target) for kind in ("Area", "Identification")
        )
        assert sac
        assert sic
        assert row["identifier"] == f"sac-sic:{sac[1]}/{sic[1]}"
        theta = re.search(r"THETA: \d+ \(([\d.]+) deg", target)
        level = re.search(r"FlightLevel: -?\d+ \((-?[\d.]+) FL", target)
        time = re.search(r"Time Of Day: \d+ \(([\d.]+) s", target)
        assert theta
        assert time
        assert row["bearing_deg"] == pytest.approx(float(theta[1]), abs=1e-6)
        since_midnight_s = row["valid"].timestamp() % 86_400
        assert since_midnight_s == pytest.approx(float(time[1]), abs=1e-5)
        code = re.search(r"L: (\d) .*\n.*\n\tMode-3/A reply code: (\d+)", target)
        heard = code is not None and code[1] == "0"
        assert row["mode_3a"] == (code[2] if code is not None and heard else None)
        if level and "Item 110" not in target:
            assert row["altitude_m"] == pytest.approx(float(level[1]) * 30.48, abs=0.01)
    ends = [row for row in rows_of(decoded) if row["report"] == "ASTERIX 034"]
    assert sum(decoded.ignored.values()) + len(ends) == len(records) - len(targets)
