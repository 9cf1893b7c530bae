"""Frames on the wire."""

from __future__ import annotations

import struct

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from alliage.picture.encode import CODES, decode_frame, encode_frame

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
COLUMNS = st.lists(
    st.sampled_from(sorted(CODES)).flatmap(
        lambda code: st.tuples(st.just(code), hnp.arrays(CODES[code], st.integers(0, 20)))
    ),
    max_size=6,
)


@given(st.dictionaries(st.text(min_size=1, max_size=8), JSON, max_size=4), COLUMNS)
def test_a_frame_gives_back_what_was_put_in(header, columns) -> None:
    header.pop("columns", None)
    named = [(f"column{n}", code, values) for n, (code, values) in enumerate(columns)]
    found, arrays = decode_frame(encode_frame(header, named))
    assert {key: value for key, value in found.items() if key != "columns"} == header
    for name, code, values in named:
        assert arrays[name].dtype == np.dtype(CODES[code])
        assert arrays[name].tobytes() == values.tobytes()


@given(COLUMNS)
def test_every_buffer_begins_at_a_multiple_of_eight(columns) -> None:
    frame = encode_frame({"type": "tracks"}, [(str(n), *c) for n, c in enumerate(columns)])
    assert frame[:4] == b"ALP1"
    (length,) = struct.unpack("<I", frame[4:8])
    assert (8 + length) % 8 == 0
    listed = orjson.loads(frame[8 : 8 + length])["columns"]
    assert all(offset % 8 == 0 for _, _, offset, _ in listed)
    assert len(frame) % 8 == 0


@pytest.mark.parametrize("frame", [b"", b"ALP", b"ALP2\0\0\0\0", b"ALP1\xff\0\0\0{}"])
def test_what_is_no_frame_is_refused(frame: bytes) -> None:
    with pytest.raises(ValueError, match=r"frame"):
        decode_frame(frame)
