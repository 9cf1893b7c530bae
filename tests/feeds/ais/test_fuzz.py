"""Laws that hold for any bytes: never raises, loses no line, and does not care how it was cut."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.feeds.ais.decoder import make_decoder
from alliage.feeds.ais.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge
from tests.feeds.ais.conftest import NOW_US
from tests.feeds.ais.make_sample import SAMPLE, sample
from tests.feeds.ais.vectors import VECTORS, checksummed, sentences, tag_block

MANY = settings(max_examples=150, deadline=None)
SECOND = NOW_US // 1_000_000
LINES = [line for name in VECTORS for line in sentences(name)]

marks = st.builds(
    lambda second, ms, station: checksummed(
        f"$PGHP,1,2026,3,14,15,9,{second},{ms},219,,{station},1,00"
    ),
    st.integers(0, 59),
    st.integers(0, 999),
    st.sampled_from(["", "2190067", "992190934"]),
)
tags = st.builds(
    lambda station, at: tag_block(f"s:{station},c:{SECOND + at}"),
    st.sampled_from("abc"),
    st.integers(-30, 30),
)
sound = st.sampled_from(LINES)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sound line with some bytes changed, dropped or doubled."""
    line = bytearray(draw(sound))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(line) - 1))
        match draw(st.integers(0, 2)):
            case 0:
                line[at] = draw(st.integers(0, 255))
            case 1 if len(line) > 1:
                del line[at]
            case _:
                line.insert(at, line[at])
    return bytes(line)


@st.composite
def resummed(draw: st.DrawFn) -> bytes:
    """Any payload in a sentence that holds."""
    payload = draw(st.text("0123456789:;<=>?@ABCWw`abcHPvX~", max_size=200))
    total = draw(st.integers(0, 4))
    number = draw(st.integers(0, 4))
    fill = draw(st.integers(0, 6))
    sequence = draw(st.sampled_from(["", "1", "2"]))
    return checksummed(f"!AIVDM,{total},{number},{sequence},A,{payload},{fill}")


lines = st.one_of(
    sound,
    st.builds(lambda tag, line: tag + line, tags, sound),
    marks,
    tags,
    mutated(),
    resummed(),
    st.binary(max_size=100),
    st.just(b""),
    st.just(b"#"),
)
streams = st.lists(lines, max_size=40).map(b"\n".join)


def outcome(parts: list[Decoded]) -> tuple[Any, ...]:
    """Everything that came out, by kind of batch; the batches' borders do not count."""
    whole = merge(parts)
    rows: dict[tuple[Any, ...], list[Any]] = {}
    for batch in whole.batches:
        key = (batch.kind, batch.urgent, tuple(batch.rows.schema.names))
        rows.setdefault(key, []).extend(batch.rows.to_pylist())
    kept = Counter((item.data, item.reason, item.received_us) for item in whole.quarantined)
    return rows, kept, whole.accepted, whole.duplicates, whole.ignored


def decode(pieces: list[bytes]) -> list[Decoded]:
    decoder = make_decoder(Options())
    return [decoder.feed([Chunk(piece, NOW_US)]) for piece in pieces] + [decoder.flush(NOW_US)]


@MANY
@given(st.binary(max_size=2000))
def test_any_bytes_are_taken_without_an_error(data: bytes) -> None:
    decoder = make_decoder(Options())
    counted = merge([decoder.feed([Chunk(data, NOW_US)]), decoder.flush(NOW_US)])
    assert counted.accepted == 0 or counted.batches


@MANY
@given(streams)
def test_every_line_is_counted_once(data: bytes) -> None:
    whole = merge(decode([data]))
    counted = whole.accepted + whole.duplicates + sum(whole.ignored.values())
    lines = [line for line in data.split(b"\n") if line.strip(b" \t\r\0")]
    broken = sum(item.data.count(b"\n") for item in whole.quarantined)
    assert broken == 0 or "part" in whole.ignored  # a message in parts counts its other lines so
    assert counted + len(whole.quarantined) == len(lines)


@MANY
@given(streams, st.lists(st.integers(0, 3000), max_size=8))
def test_the_cut_of_the_stream_does_not_matter(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[a:b] for a, b in pairwise(edges)]
    assert outcome(decode([data])) == outcome(decode(pieces))


@pytest.mark.parametrize("size", [11, 64, 500])
def test_the_sample_cut_every_few_bytes_is_the_sample(size: int) -> None:
    data = sample()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert outcome(decode([data])) == outcome(decode(pieces))


def test_the_sample_in_the_folder_is_the_one_that_is_made() -> None:
    assert SAMPLE.read_bytes() == sample()
