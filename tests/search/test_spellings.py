"""Words of names that are spelt almost like the one asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.folding import sound_of
from alliage.search.sqlite_spellings import TABLES, Spellings, forget_spelling

SEEN = b"\x01\x00"
words = st.text("abdefgiklmnoprstuv", min_size=6, max_size=14).filter(
    lambda word: sound_of(word) == word
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.executescript(TABLES)
    yield made
    made.close()


@st.composite
def with_a_letter_wrong(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(words)
    at = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from("abdegkmnorst"))
    wrong = draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    return word, wrong


# A letter that makes two into one sound ("ae", "ck") changes more of the sound than itself.
@given(with_a_letter_wrong().filter(lambda pair: sound_of(pair[1]) == pair[1]))
def test_a_word_with_one_letter_wrong_is_found(
    connection: sqlite3.Connection, pair: tuple[str, str]
) -> None:
    word, wrong = pair
    spellings = Spellings()
    spellings.add(connection, 0, word)
    found = {spelling.word for spelling in spellings.alike(connection, SEEN, wrong)}
    assert word in found or word == wrong
    forget_spelling(connection, 0, word)
    spellings.clear()
    assert word not in {spelling.word for spelling in spellings.alike(connection, SEEN, wrong)}


def test_a_word_under_a_hidden_label_set_is_like_none(connection: sqlite3.Connection) -> None:
    spellings = Spellings()
    spellings.add(connection, 1, "skagerrak")
    assert spellings.alike(connection, SEEN, "skagerak") == []
    assert [spelling.word for spelling in spellings.alike(connection, b"\x01\x01", "skagerak")]


def test_a_word_that_is_added_later_is_found_beside_those_in_memory(
    connection: sqlite3.Connection,
) -> None:
    spellings = Spellings()
    spellings.add(connection, 0, "kattegat")
    assert [spelling.word for spelling in spellings.alike(connection, SEEN, "kategat")]
    spellings.add(connection, 0, "limfjord")
    spellings.committed()
    assert [spelling.word for spelling in spellings.alike(connection, SEEN, "limfjorf")]
