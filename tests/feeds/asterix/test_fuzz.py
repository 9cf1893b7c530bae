"""Laws that hold for any bytes: never raises, loses none, and does not care how it was cut."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.feeds.asterix.decoder import make_decoder
from alliage.feeds.asterix.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge
from tests.feeds.asterix.conftest import NOW_US, decode
from tests.feeds.asterix.make_sample import sample
from tests.feeds.asterix.test_golden import VECTORS

MANY = settings(max_examples=100, deadline=None)
BLOCKS = [bytes.fromhex(vector["hex"]) for vector in VECTORS] + [sample()[:200]]

sound = st.sampled_from(BLOCKS)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sound block with some bytes changed, dropped or doubled."""
    data = bytearray(draw(sound))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        match draw(st.integers(0, 2)):
            case 0:
                data[at] = draw(st.integers(0, 255))
            case 1 if len(data) > 1:
                del data[at]
            case _:
                data.insert(at, data[at])
    return bytes(data)


streams = st.lists(st.one_of(sound, sound, mutated(), st.binary(max_size=40)), max_size=8).map(
    b"".join
)


def outcome(decoded: Decoded) -> tuple[Any, ...]:
    rows: dict[tuple[Any, ...], list[Any]] = {}
    for batch in decoded.batches:
        key = (batch.kind, tuple(batch.rows.schema.names))
        rows.setdefault(key, []).extend(batch.rows.to_pylist())
    bad = [(item.data, item.reason) for item in decoded.quarantined]
    # Of several kinds, which batch comes first is nobody's business.
    told = {key: repr(found) for key, found in rows.items()}  # two NaN are not equal
    return told, bad, decoded.accepted, decoded.ignored


@MANY
@given(st.binary(max_size=2_000))
def test_any_bytes_are_taken_without_an_error(data: bytes) -> None:
    decoder = make_decoder(Options())
    found = merge([decoder.feed([Chunk(data, NOW_US)]), decoder.flush(NOW_US)])
    assert found.accepted == 0 or found.batches


@MANY
@given(streams, st.lists(st.integers(1, 60), max_size=20))
def test_the_cut_of_the_stream_does_not_matter(data: bytes, cuts: list[int]) -> None:
    pieces, at = [], 0
    for size in cuts:
        pieces.append(data[at : at + size])
        at += size
    assert outcome(decode(*pieces, data[at:])) == outcome(decode(data))


@MANY
@given(mutated(), sound)
def test_beyond_what_a_damaged_block_claims_sound_blocks_are_read_again(
    bad: bytes, good: bytes
) -> None:
    claimed = int.from_bytes(bad[1:3])  # where another block may begin there, it is believed
    goods = good * (3 + claimed // len(good))
    whole = decode(bad + goods)
    assert whole.accepted + sum(whole.ignored.values()) >= 1
    assert sum(len(item.data) for item in whole.quarantined) <= len(bad + goods)


def test_a_lost_byte_costs_one_block_and_the_next_is_read() -> None:
    first, second, third = BLOCKS[:3]
    hurt = first[:-4] + first[-3:]
    alone = decode(second, third)
    decoded = decode(hurt + second + third)
    assert decoded.accepted + sum(decoded.ignored.values()) >= alone.accepted
    assert [item.data for item in decoded.quarantined] == [hurt]
