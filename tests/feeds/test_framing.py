"""Framing: what a decoder sees does not depend on where the network cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.feeds.contract import Chunk, Framing
from alliage.feeds.framing import Framed, LineFramer, make_framer

TEXT = st.lists(st.binary(max_size=40), max_size=20).map(b"\n".join)
CUTS = st.lists(st.integers(0, 800), max_size=30)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(place for place in places if place < len(data))})
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def run(framing: Framing, pieces: list[bytes], clean: bool = True) -> list[Framed]:
    framer = make_framer(framing)
    return [*(framer.push([Chunk(piece, 7, "p")]) for piece in pieces), framer.finish(clean)]


def joined(results: list[Framed]) -> bytes:
    return b"".join(chunk.data for framed in results for chunk in framed.chunks)


@given(TEXT, CUTS)
def test_lines_do_not_depend_on_the_cuts(data: bytes, places: list[int]) -> None:
    whole, pieces = run(Framing.LINES, [data]), run(Framing.LINES, cut(data, places))
    assert joined(pieces) == joined(whole)
    assert joined(whole) == (data if data.endswith(b"\n") or not data else data + b"\n")


@given(TEXT, CUTS)
def test_every_chunk_of_lines_ends_with_a_newline(data: bytes, places: list[int]) -> None:
    chunks = [c for framed in run(Framing.LINES, cut(data, places)) for c in framed.chunks]
    assert all(c.data.endswith(b"\n") and c.peer == "p" and c.received_us == 7 for c in chunks)


@given(TEXT, CUTS)
def test_a_stream_is_handed_on_unchanged(data: bytes, places: list[int]) -> None:
    assert joined(run(Framing.STREAM, cut(data, places))) == data


@given(TEXT, CUTS)
def test_a_broken_connection_loses_no_byte_and_invents_no_line(
    data: bytes, places: list[int]
) -> None:
    results = run(Framing.LINES, cut(data, places), clean=False)
    kept = b"".join(item.data for framed in results for item in framed.quarantined)
    assert joined(results) + kept == data
    assert joined(results) == data[: data.rfind(b"\n") + 1]
    assert {item.reason for framed in results for item in framed.quarantined} <= {"cut_off"}


def test_a_line_without_end_is_quarantined_and_the_next_one_is_read() -> None:
    framer = LineFramer(max_line_bytes=10)
    pieces = [b"ok\nxxxxxxxx", b"xxxxxxxx", b"xxxx", b"x\nnext\n"]
    results = [framer.push([Chunk(piece, 1)]) for piece in pieces]
    assert joined(results) == b"ok\nnext\n"
    assert [q.reason for framed in results for q in framed.quarantined] == ["overlong"]


@pytest.mark.parametrize("datagram", [b"line", b"line\n"])
def test_a_datagram_counts_as_ended(datagram: bytes) -> None:
    framer = make_framer(Framing.LINES, datagrams=True)
    assert [chunk.data for chunk in framer.push([Chunk(datagram, 1)]).chunks] == [b"line\n"]
