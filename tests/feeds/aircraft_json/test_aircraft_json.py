"""JSON objects of aircraft become positions, call signs and codes."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.feeds.aircraft_json.decoder import make_decoder
from alliage.feeds.aircraft_json.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge
from alliage.feeds.registry import load_feeds
from alliage.ontology.observation import Kind

NOON_S = 1_767_268_800
SAMPLE = (load_feeds()["aircraft_json"].folder / "sample.jsonl").read_bytes()


def decode(data: bytes, *cuts: int) -> Decoded:
    decoder, edges = make_decoder(Options()), [0, *sorted(cuts), len(data)]
    pieces = [data[begin:end] for begin, end in pairwise(edges)]
    return merge([*(decoder.feed([Chunk(piece, 42)]) for piece in pieces), decoder.flush(42)])


def said(second: float, **names: Any) -> dict[str, Any]:
    return {"timestamp": NOON_S + second, "icao24": "3944F0", **names}


def rows(decoded: Decoded, kind: Kind = Kind.POSITION) -> list[dict[str, Any]]:
    return [row for one in decoded.batches if one.kind is kind for row in one.rows.to_pylist()]


def told(*objects: dict[str, Any]) -> Decoded:
    return decode(json.dumps(objects).encode())


def test_a_state_becomes_a_position_in_si_units() -> None:
    state = said(0.5, latitude=49, longitude=2.5, altitude=1000, groundspeed=100, track=450.0)
    (row,) = rows(told(state))
    assert row["identifier"] == "icao24:3944f0"
    assert row["schema"] == "Aircraft"
    assert row["valid"].timestamp() == NOON_S + 0.5
    assert row["altitude_m"] == pytest.approx(304.8)
    assert row["speed_mps"] == pytest.approx(100 * 1852 / 3600)
    assert row["course_deg"] == pytest.approx(90.0)


def test_times_may_be_milliseconds() -> None:
    state = said(0, latitude=49, longitude=2.5) | {"timestamp": NOON_S * 1000 + 250}
    (row,) = rows(told(state))
    assert row["valid"].timestamp() == NOON_S + 0.25


def test_a_position_takes_the_speed_that_was_said_just_before() -> None:
    place = {"latitude": 49, "longitude": 2.5, "df": "17"}
    decoded = told(
        said(0, groundspeed=100, track=90, df="17"),
        said(1, **place),
        said(2, groundspeed=900, track=9, df="20"),
        said(3, **place),
        said(30, **place),
    )
    speeds = [row["speed_mps"] for row in rows(decoded)]
    assert speeds == [pytest.approx(51.44, abs=0.01), pytest.approx(51.44, abs=0.01), None]


def test_words_are_told_when_they_change_and_again_while_they_stay() -> None:
    codes = ["7000", "7000", "7700", "7700", "7700"]
    each = [said(second * 6.0, squawk=code) for second, code in enumerate(codes)]
    assert [row["squawk"] for row in rows(told(*each), Kind.STATIC)] == ["7000", "7700", "7700"]


def test_one_after_another_is_read_as_an_array_is() -> None:
    objects = [said(second, latitude=49, longitude=2.5) for second in range(5)]
    lines = "\n".join(map(json.dumps, objects)).encode()
    assert rows(decode(lines)) == rows(told(*objects))


@given(st.lists(st.integers(0, len(SAMPLE)), max_size=5))
def test_what_comes_out_does_not_depend_on_how_the_bytes_were_cut(cuts: list[int]) -> None:
    whole, parts = decode(SAMPLE), decode(SAMPLE, *cuts)
    for kind in (Kind.POSITION, Kind.STATIC):
        assert rows(parts, kind) == rows(whole, kind)
    assert (parts.accepted, parts.ignored) == (whole.accepted, whole.ignored)
    assert [item.data for item in parts.quarantined] == [item.data for item in whole.quarantined]


@pytest.mark.parametrize(
    "damaged",
    [
        b"{no json}",
        b"nothing",
        b'{"icao24": "3944f0"}',
        b'{"icao24": "somebody", "timestamp": 1767268800}',
        b'{"icao24": "3944f0", "timestamp": -5}',
        b'{"icao24": "3944f0", "timestamp": 1767268800, "latitude": 99, "longitude": 2}',
        b'{"icao24": "3944f0", "timestamp": 1767268800, "latitude": "N", "longitude": 2}',
    ],
)
def test_what_is_no_aircraft_is_quarantined_and_costs_no_other(damaged: bytes) -> None:
    good = json.dumps(said(0, latitude=49, longitude=2.5)).encode()
    decoded = decode(damaged + b"\n" + good + b"\n")
    assert [(item.reason, item.data) for item in decoded.quarantined] == [("malformed", damaged)]
    assert decoded.accepted == 1


def test_an_object_that_never_ends_is_not_waited_for() -> None:
    decoder = make_decoder(Options())
    first = decoder.feed([Chunk(b"{" + b"x" * 70_000, 42)])
    assert sum(len(item.data) for item in first.quarantined) == 70_001
    assert decoder.flush(42).quarantined == []


def test_what_has_begun_and_not_ended_is_quarantined_at_the_end() -> None:
    assert [item.data for item in decode(b'{"icao24":').quarantined] == [b'{"icao24":']


def test_the_sample_shows_all_of_it() -> None:
    decoded = decode(SAMPLE)
    assert decoded.accepted == 5
    assert decoded.ignored == {"no_position": 2}
    assert len(decoded.quarantined) == 1
