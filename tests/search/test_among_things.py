"""A word is found among some things as it is among all: by either way into the index."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.ontology.folding import fold
from alliage.search import sqlite_index
from alliage.search.index import Term, Then
from tests.picture.support import NOON_US, OPEN
from tests.search.support import Sea

TEXTS = st.text("abä oß-.'1 Ж", min_size=1, max_size=12)
SAID = st.lists(
    st.tuples(
        st.integers(219000001, 219000003),
        st.sampled_from(["name", "destination", "at_annotation"]),
        TEXTS,
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(SAID, TEXTS, st.booleans())
def test_among_some_things_is_what_is_found_of_them_among_all(
    said: list[tuple[int, str, str]], typed: str, is_prefix: bool
) -> None:
    term = Term(fold(typed), is_prefix)
    if not term.text:
        return
    some = ["mmsi:219000001", "mmsi:219000002"]
    with tempfile.TemporaryDirectory() as folder:
        sea = Sea(Path(folder))
        for ship, prop, text in said:
            sea.claim(ship, **{prop: text})
        audience, then = sea.audience(OPEN), Then(NOON_US)
        everywhere = sea.index.find(audience, term, then)
        wanted = {name: score for name, score in everywhere.items() if name in some}
        assert sea.index.find(audience, term, then, some) == wanted
        many = [*some, *(f"mmsi:{other}" for other in range(sqlite_index.FEW_THINGS))]
        assert sea.index.find(audience, term, then, many) == wanted
        sea.close()
