"""Subject ids: stable, distinct, and telling nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alliage.access.subjects import subject_id

KEY = bytes(range(32))


def test_an_id_is_the_same_for_ever() -> None:
    known = subject_id(KEY, "denmark", "mmsi:219012345")
    assert known == subject_id(KEY, "denmark", "mmsi:219012345")
    assert len(known) == 32
    assert int(known, 16) >= 0


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_ids_differ_by_stream_identifier_and_key(a: str, b: str, c: str, d: str) -> None:
    same = (a, b) == (c, d)
    assert (subject_id(KEY, a, b) == subject_id(KEY, c, d)) is same
    assert subject_id(KEY, a, b) != subject_id(bytes(32), a, b)
