"""Words of names in a SQLite file, found by words that are spelt or sound like them.

A word is kept once for a label set, with how it sounds; FTS5 holds the sound's trigrams. Row ids
begin with the sound's length, so that one range of them is all words of about the same length.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from rapidfuzz.distance import OSA

from alliage.search.index import Spelling
from alliage.search.words import sound_of

SHORTEST_ALIKE: Final = 4
TABLES: Final = """
CREATE TABLE spellings (
    spelling INTEGER PRIMARY KEY, label_set INTEGER NOT NULL, word TEXT NOT NULL,
    sound TEXT NOT NULL
);
CREATE UNIQUE INDEX spellings_once ON spellings (label_set, word);
CREATE VIRTUAL TABLE spellings_grams USING fts5(
    sound, content='', columnsize=0, detail=none, tokenize='trigram'
);
"""
TABLE_NAMES: Final = ("spellings", "spellings_grams")

_PER_LENGTH: Final = 1 << 40
_ADD: Final = """
INSERT OR IGNORE INTO spellings (spelling, label_set, word, sound) VALUES (
    (SELECT coalesce(max(spelling), :first) + 1 FROM spellings
     WHERE spelling >= :first AND spelling < :end),
    :label_set, :word, :sound)"""
_ALIKE: Final = """
SELECT s.word, s.sound FROM spellings_grams g
    CROSS JOIN spellings s ON s.spelling = g.rowid AND substr(:seen, s.label_set + 1, 1) = x'01'
WHERE g.spellings_grams MATCH :match
    AND g.rowid >= :first AND g.rowid < :end"""


def add_spelling(connection: sqlite3.Connection, label_set: int, word: str) -> None:
    """Keep a folded word of a name."""
    if len(word) < SHORTEST_ALIKE:
        return
    sound = sound_of(word)
    said = {"label_set": label_set, "word": word, "sound": sound}
    added = connection.execute(_ADD, said | _rows(len(sound), len(sound)))
    if added.rowcount:
        connection.execute(
            "INSERT INTO spellings_grams (rowid, sound) VALUES (?, ?)",
            (added.lastrowid, f"<{sound}>"),
        )


def forget_spelling(connection: sqlite3.Connection, label_set: int, word: str) -> None:
    """Delete a word that no name under this label set holds any more."""
    chosen = "SELECT spelling, sound FROM spellings WHERE label_set = ? AND word = ?"
    for spelling, sound in connection.execute(chosen, (label_set, word)).fetchall():
        connection.execute(
            "INSERT INTO spellings_grams (spellings_grams, rowid, sound) VALUES ('delete', ?, ?)",
            (spelling, f"<{sound}>"),
        )
        connection.execute("DELETE FROM spellings WHERE spelling = ?", (spelling,))


def alike(connection: sqlite3.Connection, seen: bytes, word: str) -> list[Spelling]:
    """Words like this folded one, the most alike first.

    Args:
        connection: of the file.
        seen: a byte for each label set, 1 where the reader may see it.
        word: what is asked for; too short a word is like none.
    """
    if len(word) < SHORTEST_ALIKE:
        return []
    sound = sound_of(word)
    reach = 1 if len(sound) < 6 else 2 if len(sound) < 10 else 3  # letters that may differ
    asked = {
        "seen": seen,
        "match": _match(sound),
        **_rows(len(sound) - reach, len(sound) + reach),
    }
    near = {
        other: OSA.distance(sound, heard)
        for other, heard in set(connection.execute(_ALIKE, asked))
        if other != word and OSA.distance(sound, heard, score_cutoff=reach) <= reach
    }
    found = [Spelling(other, 1.0 - away / (len(sound) + 1)) for other, away in near.items()]
    return sorted(found, key=lambda spelling: (-spelling.likeness, spelling.word))


def _rows(shortest: int, longest: int) -> dict[str, int]:
    """The row ids of sounds of these lengths: the first, and the first behind the last."""
    return {"first": shortest * _PER_LENGTH, "end": (longest + 1) * _PER_LENGTH}


def _match(sound: str) -> str:
    """A question to FTS5 that every sound with one letter wrong passes, and few strangers do.

    Something of both halves is there, or the beginning, or the end. Two letters wrong in one half
    of a short word may be missed; asked for any of its trigrams, a tenth of all names would answer.
    """
    marked = f"<{sound}>"
    grams = [f'"{marked[at : at + 3]}"' for at in range(len(marked) - 2)]
    if len(grams) < 6:
        return _any(grams)
    half, end = (len(grams) + 1) // 2, 2 if len(grams) < 9 else 3
    both = f"({_any(grams[:half])} AND {_any(grams[half:])})"
    return f"{both} OR {_all(grams[:end])} OR {_all(grams[-end:])}"


def _any(grams: list[str]) -> str:
    return f"({' OR '.join(grams)})"


def _all(grams: list[str]) -> str:
    return f"({' AND '.join(grams)})"
