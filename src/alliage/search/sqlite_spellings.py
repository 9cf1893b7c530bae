"""Words of names, found by words that are spelt or sound like them.

A SQLite file keeps a word once for a label set, with how it sounds and which letters that has. Who
asks compares letters first, all words at once, and then the sounds of those few that can be like
it; the words are read from the file when the first asks, and kept in memory.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from alliage.ontology.folding import sound_of
from alliage.search.index import Spelling

SHORTEST_ALIKE: Final = 4
TABLES: Final = """
CREATE TABLE spellings (
    label_set INTEGER NOT NULL, word TEXT NOT NULL, sound TEXT NOT NULL, letters INTEGER NOT NULL,
    PRIMARY KEY (label_set, word)
) WITHOUT ROWID;
"""
TABLE_NAMES: Final = ("spellings", "spellings_grams")


@dataclass(slots=True)
class _Words:
    """Words under one label set whose sounds are equally long."""

    words: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    letters: array[int] = field(default_factory=lambda: array("q"))


class Spellings:
    """The words of one file. One thread adds, any asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[int, int], _Words] | None = None
        self._fresh: list[tuple[int, str, str, int]] = []  # until they are committed

    def clear(self) -> None:
        """Have none in memory; they are read again when somebody asks."""
        with self._lock:
            self._kept = None
        self._fresh.clear()

    def add(self, connection: sqlite3.Connection, label_set: int, word: str) -> None:
        """Keep a folded word of a name."""
        if len(word) < SHORTEST_ALIKE:
            return
        sound = sound_of(word)
        row = (label_set, word, sound, _letters(sound))
        added = connection.execute("INSERT OR IGNORE INTO spellings VALUES (?, ?, ?, ?)", row)
        if added.rowcount:
            self._fresh.append(row)

    def committed(self) -> None:
        """What was added is in the file now."""
        with self._lock:
            if self._kept is not None:  # one that was just read may have them already: no harm
                for row in self._fresh:
                    _keep(self._kept, *row)
        self._fresh.clear()

    def alike(self, connection: sqlite3.Connection, seen: bytes, word: str) -> list[Spelling]:
        """Words like this folded one, the most alike first.

        Args:
            connection: to the file.
            seen: a byte for each label set, 1 where the reader may see it.
            word: what is asked for; too short a word is like none.
        """
        if len(word) < SHORTEST_ALIKE:
            return []
        sound = sound_of(word)
        reach = 1 if len(sound) < 6 else 2 if len(sound) < 10 else 3  # letters that may differ
        near: dict[str, float] = {}
        with self._lock:
            if self._kept is None:
                self._kept = _read(connection)
            for (label_set, length), words in self._kept.items():
                if abs(length - len(sound)) <= reach and seen[label_set : label_set + 1] == b"\x01":
                    near |= _near(words, sound, reach)
        near.pop(word, None)
        found = [Spelling(other, 1.0 - away / (len(sound) + 1)) for other, away in near.items()]
        return sorted(found, key=lambda spelling: (-spelling.likeness, spelling.word))


def forget_spelling(connection: sqlite3.Connection, label_set: int, word: str) -> None:
    """Delete a word that no name under this label set holds any more; clear what is in memory."""
    connection.execute("DELETE FROM spellings WHERE label_set = ? AND word = ?", (label_set, word))


def _read(connection: sqlite3.Connection) -> dict[tuple[int, int], _Words]:
    kept: dict[tuple[int, int], _Words] = {}
    for row in connection.execute("SELECT label_set, word, sound, letters FROM spellings"):
        _keep(kept, *row)
    return kept


def _keep(
    kept: dict[tuple[int, int], _Words], label_set: int, word: str, sound: str, letters: int
) -> None:
    words = kept.setdefault((label_set, len(sound)), _Words())
    words.words.append(word)
    words.sounds.append(word if sound == word else sound)
    words.letters.append(letters)


def _letters(sound: str) -> int:
    """A bit for each letter that is in it, and one for each that is in it again; as SQLite has it.

    A letter wrong changes at most two bits: that of the letter, and that of what stands there.
    """
    once = again = 0
    for letter in sound:
        bit = 1 << (ord(letter) & 31)
        again |= once & bit
        once |= bit
    bits = again << 32 | once
    return bits - (1 << 64) if bits >> 63 else bits


def _near(words: _Words, sound: str, reach: int) -> dict[str, float]:
    """Those with no more than so many letters wrong, and with how many."""
    differing = np.array(words.letters) ^ _letters(sound)
    can_be = np.flatnonzero(np.bitwise_count(differing.view(np.uint64)) <= 2 * reach).tolist()
    sounds = {at: words.sounds[at] for at in can_be}
    found = process.extract(sound, sounds, scorer=OSA.distance, score_cutoff=reach, limit=None)
    return {words.words[at]: away for _, away, at in found}
