"""NMEA position sentences become one row for each moment."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk, Decoded, merge
from alliage.feeds.nmea_position.decoder import make_decoder
from alliage.feeds.nmea_position.options import Options
from alliage.feeds.registry import load_feeds
from alliage.ontology.times import from_text

FEED = load_feeds()["nmea_position"]
SAMPLE = (FEED.folder / "sample.nmea").read_bytes()
PLACE = "5540.5000,N,01230.0000,E"


def sentence(body: str) -> bytes:
    checksum = 0
    for byte in body.encode():
        checksum ^= byte
    return f"${body}*{checksum:02X}\r\n".encode()


def decode(*lines: bytes, options: Options | None = None) -> Decoded:
    decoder = make_decoder(options or Options())
    return merge([decoder.feed([Chunk(b"".join(lines), 42)]), decoder.flush(43)])


def rows(decoded: Decoded) -> list[dict[str, object]]:
    return [row for batch in decoded.batches for row in batch.rows.to_pylist()]


def test_the_sentences_of_one_moment_become_one_row() -> None:
    decoded = decode(
        sentence(f"GPGGA,120000.50,{PLACE},1,08,1.2,31.5,M,40.0,M,,"),
        sentence(f"GPRMC,120000.50,A,{PLACE},10.0,90.0,121113,,,A"),
        sentence("GPVTG,91.5,T,,M,10.2,N,18.9,K,A"),
        options=Options(identifier="own:alpha"),
    )
    (row,) = rows(decoded)
    assert decoded.accepted == 1
    assert row["identifier"] == "own:alpha"
    assert row["latitude_deg"] == pytest.approx(55 + 40.5 / 60)
    assert row["longitude_deg"] == pytest.approx(12.5)
    assert row["speed_mps"] == pytest.approx(10.2 * 1852 / 3600)
    assert row["course_deg"] == pytest.approx(91.5)
    assert row["altitude_m"] == pytest.approx(31.5)
    assert row["position_std_m"] == pytest.approx(1.2 * 7.1 / math.sqrt(2))
    assert decoded.batches[0].rows["valid"][0].value == from_text("2013-11-12T12:00:00.500Z")


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "BD", "II"])
def test_any_talker_is_read(talker: str) -> None:
    assert decode(sentence(f"{talker}RMC,120000,A,{PLACE},,,121113,,,A")).accepted == 1


def test_south_and_west_are_negative() -> None:
    (row,) = rows(decode(sentence("GPRMC,120000,A,3330.00,S,07015.00,W,,,121113,,")))
    assert (row["latitude_deg"], row["longitude_deg"]) == (-33.5, -70.25)


def test_empty_fields_are_null_and_not_zero() -> None:
    (row,) = rows(decode(sentence(f"GPRMC,120000,A,{PLACE},,,121113,,,A")))
    assert row["speed_mps"] is None
    assert row["course_deg"] is None


def test_a_position_without_known_range_error_claims_no_uncertainty() -> None:
    options = Options(range_error_m=None)
    gga = sentence(f"GPGGA,120000,{PLACE},1,08,1.2,31.5,M,40.0,M,,")
    (row,) = rows(decode(sentence(f"GPRMC,120000,A,{PLACE},,,121113,,,A"), gga, options=options))
    assert "position_std_m" not in row


def test_the_date_turns_with_midnight_when_only_gga_follows() -> None:
    decoded = decode(
        sentence(f"GPRMC,235959,A,{PLACE},,,311213,,,A"),
        sentence(f"GPGGA,000000,{PLACE},1,08,1.2,31.5,M,40.0,M,,"),
    )
    assert [str(row["valid"])[:19] for row in rows(decoded)] == [
        "2013-12-31 23:59:59",
        "2014-01-01 00:00:00",
    ]


def test_gga_before_any_date_is_ignored_and_counted() -> None:
    decoded = decode(sentence(f"GPGGA,000000,{PLACE},1,08,1.2,31.5,M,40.0,M,,"))
    assert (decoded.accepted, decoded.ignored) == (0, {"no_date": 1})


@pytest.mark.parametrize(
    "body",
    [
        "GPRMC,120000,V,,,,,,,121113,,,N",
        f"GPRMC,120000,A,{PLACE},,,121113,,,S",
        f"GPRMC,120000,A,{PLACE},,,121113,,,E",
        "GPGGA,120000,,,,,0,00,,,M,,M,,",
        f"GPGGA,120000,{PLACE},8,08,1.2,31.5,M,40.0,M,,",
        "GPVTG,91.5,T,,M,10.2,N,18.9,K,A",
    ],
)
def test_what_was_not_measured_is_never_a_position(body: str) -> None:
    decoded = decode(sentence(body))
    assert (decoded.accepted, decoded.ignored) == (0, {"no_fix": 1})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"$GPRMC,120000,A*00\r\n", "checksum"),
        (b"hello\r\n", "malformed"),
        (sentence("GPRMC,120000,A"), "malformed"),
        (sentence("GPRMC,250000,A,5540.5,N,01230.0,E,,,121113,,"), "malformed"),
        (sentence("GPRMC,120000,A,9940.5,N,01230.0,E,,,121113,,"), "malformed"),
        (sentence("GPRMC,120000,A,5565.5,N,01230.0,E,,,121113,,"), "malformed"),
        (sentence("GPRMC,120000,A,5540.5,N,01230.0,E,fast,,121113,,"), "malformed"),
        (sentence("GPRMC,120000,A,5540.5,N,01230.0,E,,,311313,,"), "malformed"),
    ],
)
def test_bad_sentences_are_quarantined_with_their_bytes(line: bytes, reason: str) -> None:
    good = sentence(f"GPRMC,120001,A,{PLACE},,,121113,,,A")
    decoded = decode(line, good)
    assert [(item.data, item.reason) for item in decoded.quarantined] == [(line.strip(), reason)]
    assert decoded.accepted == 1


def test_a_tag_block_in_front_and_other_sentences_do_no_harm() -> None:
    rmc = sentence(f"GPRMC,120000,A,{PLACE},,,121113,,,A")
    decoded = decode(b"\\s:bridge,c:1384257600*00\\" + rmc, sentence("GPGSV,1,1,00"))
    assert (decoded.accepted, decoded.ignored) == (1, {"other_sentence": 1})


@settings(max_examples=30)
@given(st.lists(st.integers(0, len(SAMPLE)), max_size=40))
def test_cuts_change_nothing(places: list[int]) -> None:
    def run(edges: list[int]) -> Decoded:
        connection = Connection(FEED, Options())
        pairs = itertools.pairwise(edges)
        parts = [connection.feed([Chunk(SAMPLE[a:b], 42)]) for a, b in pairs]
        return merge([*parts, connection.finish(42)])

    whole, pieces = run([0, len(SAMPLE)]), run(sorted({0, len(SAMPLE), *places}))
    assert rows(pieces) == rows(whole)
    assert pieces.quarantined == whole.quarantined


@given(st.binary(max_size=300))
def test_no_input_raises(data: bytes) -> None:
    decoded = decode(data + b"\n")
    assert decoded.accepted == 0 or decoded.batches


def test_the_sample_stays_as_it_was_made() -> None:
    decoded = decode(SAMPLE)
    assert decoded.accepted == 30
    assert [item.reason for item in decoded.quarantined] == ["checksum"]
    assert Path(FEED.folder / "README.md").is_file()


RMC = f"GPRMC,120000,A,{PLACE},,,121113,,,A"


@pytest.mark.parametrize(
    ("gst", "ellipse"),
    [
        ("GPGST,120000,,12.0,4.5,200.0,11.0,6.0,15.0", (12.0, 4.5, 20.0)),
        ("GPGST,120000,3.2,,,,2.5,4.0,6.0", (4.0, 2.5, 90.0)),
        ("GPGST,120000,3.2,,,,4.0,2.5,6.0", (4.0, 2.5, 0.0)),
    ],
)
def test_the_error_ellipse_of_a_receiver_is_taken(
    gst: str, ellipse: tuple[float, float, float]
) -> None:
    gga = sentence(f"GPGGA,120000,{PLACE},1,08,1.2,31.5,M,40.0,M,,")
    (row,) = rows(decode(sentence(RMC), sentence(gst), gga))
    found = [row[f"position_{name}"] for name in ("std_m", "minor_std_m", "axis_deg")]
    assert found == pytest.approx(list(ellipse))


def test_errors_without_a_position_are_no_position() -> None:
    decoded = decode(sentence("GPGST,120000,,12.0,4.5,20.0,11.0,6.0,15.0"), sentence(RMC))
    assert [row.get("position_std_m") for row in rows(decoded)] == [pytest.approx(12.0)]
    alone = decode(sentence("GPGST,120001,,12.0,4.5,20.0,11.0,6.0,15.0"))
    assert (alone.accepted, alone.ignored) == (0, {"no_fix": 1})
    empty = decode(sentence(RMC), sentence("GPGST,120000,,,,,,,"))
    assert "position_std_m" not in rows(empty)[0]
