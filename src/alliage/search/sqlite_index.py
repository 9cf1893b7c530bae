"""The text index in a SQLite file: FTS5 finds, the audience's label sets are part of each query.

FTS5's own ``bm25()`` is not used: it counts all rows, those of others too. The SQL of the search
room stands in this file and, for questions and spellings, in the two beside it.

``texts`` has each text once for a label set; ``mentions`` say of which things, that are numbered
in ``things``. FTS5's table is without content, its row ids are those of ``texts``.
"""

# ruff: noqa: S608 - only this file's own constants are put together; what is asked is a parameter
from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from alliage.log.database import open_database
from alliage.ontology.audience import Audience
from alliage.ontology.folding import fold
from alliage.search import sqlite_questions as questions
from alliage.search import sqlite_spellings as spellings
from alliage.search.index import (
    Bounds,
    Field,
    Mention,
    Reason,
    Spelling,
    TakenBack,
    Term,
    Then,
)
from alliage.search.things import ThingNumbers

VERSION: Final = 6
"""A file of another version is emptied and made again."""
FEW_THINGS: Final = 1_000
"""Among no more than these, what is said of them is read; among more, the word's texts are."""
TEXTS_REMEMBERED: Final = 100_000

_TABLES: Final = """
CREATE TABLE position (number INTEGER NOT NULL, entry_id TEXT NOT NULL);
CREATE TABLE texts (
    text INTEGER PRIMARY KEY, label_set INTEGER NOT NULL, field INTEGER NOT NULL,
    shown TEXT NOT NULL, folded TEXT NOT NULL
);
CREATE UNIQUE INDEX texts_once ON texts (label_set, field, shown);
CREATE TABLE things (thing INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE);
CREATE TABLE mentions (
    text INTEGER NOT NULL, thing INTEGER NOT NULL, claim_id TEXT NOT NULL,
    label_set INTEGER NOT NULL, property TEXT NOT NULL, stream TEXT NOT NULL,
    series INTEGER NOT NULL, valid_from_us INTEGER NOT NULL, valid_to_us INTEGER,
    number INTEGER NOT NULL,
    PRIMARY KEY (text, thing, claim_id)
) WITHOUT ROWID;
CREATE INDEX mentions_series ON mentions (
    series, valid_from_us, label_set, number, claim_id
);
CREATE INDEX mentions_things ON mentions (thing, text);
CREATE TABLE taken_back (
    claim_id TEXT PRIMARY KEY, retracts TEXT NOT NULL, label_set INTEGER NOT NULL,
    number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts_words USING fts5(
    folded, content='', columnsize=0, prefix='2 3', tokenize='unicode61'
);
"""
_ALL: Final = (
    "position", "texts", "things", "mentions", "taken_back", "texts_words",
    *spellings.TABLE_NAMES,
)  # fmt: skip


_UNSAID: Final = """
SELECT t.text, t.label_set, t.field, t.folded FROM texts t
WHERE t.text IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.text = t.text)"""
_NAMED_SO: Final = f"""
SELECT 1 FROM texts_words f CROSS JOIN texts t ON t.text = f.rowid
WHERE f.folded MATCH ? AND t.label_set = ? AND t.field = {Field.NAME.value}
    AND length(t.folded) <= ? LIMIT 1"""
_UNMENTIONED: Final = "DELETE FROM things WHERE thing NOT IN (SELECT thing FROM mentions)"


class SqliteTextIndex:
    """A :class:`alliage.search.index.TextIndex` in a file of its own."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; an outdated one is made again."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = open_database(path, durable=False)
        self._known: dict[tuple[int, int, str], int] = {}
        self._things: ThingNumbers | None = None
        self._reading_things = threading.Lock()
        self._spellings = spellings.Spellings()
        with self._connection() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                self._make(connection)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def position(self) -> tuple[int, str]:
        """See :class:`TextIndex`."""
        with self._connection() as connection:
            row = connection.execute("SELECT number, entry_id FROM position").fetchone()
        return (0, "") if row is None else (int(row[0]), str(row[1]))

    def clear(self) -> None:
        """See :class:`TextIndex`."""
        with self._connection() as connection:
            self._make(connection)

    def add(
        self,
        mentions: Collection[Mention],
        taken_back: Collection[TakenBack],
        position: tuple[int, str],
    ) -> None:
        """See :class:`TextIndex`."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                things = self._numbers(connection)
                rows = [
                    _row_of(self._text_of(connection, said), things.number(said.identifier), said)
                    for said in mentions
                ]
                connection.executemany("INSERT INTO things VALUES (?, ?)", things.take_fresh())
                connection.executemany(
                    "INSERT OR IGNORE INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
                )
                connection.executemany(
                    "INSERT OR IGNORE INTO taken_back VALUES (?, ?, ?, ?)",
                    [(b.claim_id, b.retracts, b.label_set, b.number) for b in taken_back],
                )
                connection.execute("DELETE FROM position")
                connection.execute("INSERT INTO position VALUES (?, ?)", position)
            except BaseException:
                self._remember_nothing()
                connection.rollback()
                raise
            connection.commit()
            self._spellings.committed()

    def forget(self, numbers: Collection[int]) -> None:
        """See :class:`TextIndex`. Takes as long as the index is large: FTS5 keeps the words of
        deleted rows until its tables are written anew."""
        with self._connection() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            try:
                _forget(connection, orjson.dumps(list(numbers)).decode())
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            self._remember_nothing()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def find(
        self, audience: Audience, term: Term, then: Then, among: Collection[str] | None = None
    ) -> dict[str, float]:
        """See :class:`TextIndex`."""
        parameters = questions.parameters(audience, term, then)
        if among is None or len(among) > FEW_THINGS:
            with self._connection() as connection:
                found = dict(connection.execute(questions.FIND, parameters))
            return found if among is None else {n: found[n] for n in among if n in found}
        parameters["identifiers"] = orjson.dumps(list(among)).decode()
        with self._connection() as connection:
            return dict(connection.execute(questions.FIND_OF_FEW, parameters))

    def bounds(self, audience: Audience, term: Term, then: Then) -> Bounds:
        """See :class:`TextIndex`."""
        with self._connection() as connection:
            rows = connection.execute(
                questions.BOUNDS, questions.parameters(audience, term, then)
            ).fetchall()
            identifiers = self._numbers(connection).identifiers
        return questions.bounds_of(rows, identifiers)

    def some(self, audience: Audience, term: Term, then: Then, limit: int) -> set[str]:
        """See :class:`TextIndex`."""
        parameters = {**questions.parameters(audience, term, then), "limit": limit}
        with self._connection() as connection:
            identifiers = self._numbers(connection).identifiers
            return {
                identifiers[thing] for (thing,) in connection.execute(questions.THINGS, parameters)
            }

    def reasons(
        self, audience: Audience, term: Term, identifiers: Sequence[str], then: Then
    ) -> list[Reason]:
        """See :class:`TextIndex`."""
        parameters = questions.parameters(audience, term, then)
        parameters["identifiers"] = orjson.dumps(list(identifiers)).decode()
        with self._connection() as connection:
            rows = connection.execute(questions.REASONS, parameters).fetchall()
        return [questions.reason_of(*row) for row in rows]

    def names(self, audience: Audience, prefix: str, limit: int, then: Then) -> list[str]:
        """See :class:`TextIndex`."""
        parameters = {**questions.parameters(audience, Term(prefix), then), "limit": limit}
        with self._connection() as connection:
            return [shown for (shown,) in connection.execute(questions.NAMES, parameters)]

    def similar(self, audience: Audience, word: str, limit: int, then: Then) -> list[Spelling]:
        """See :class:`TextIndex`."""
        with self._connection() as connection:
            found = self._spellings.alike(connection, questions.bitmap(audience), word)
        if then.is_past:  # words are kept without the times of the names that they are in
            found = [one for one in found if self._is_named(audience, one.word, then)]
        return found[:limit]

    # --- inside

    def _is_named(self, audience: Audience, word: str, then: Then) -> bool:
        """Whether something had a name with this word at that time."""
        parameters = questions.parameters(audience, Term(word, is_prefix=False), then)
        with self._connection() as connection:
            return connection.execute(questions.IS_NAMED, parameters).fetchone() is not None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """The driver's own connection: SQLAlchemy would take several times as long for each row."""
        pooled = self._engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            yield connection
        finally:
            pooled.close()

    def _numbers(self, connection: sqlite3.Connection) -> ThingNumbers:
        """The numbers of things, read once from the file."""
        with self._reading_things:
            if self._things is None:
                rows = connection.execute("SELECT thing, identifier FROM things ORDER BY thing")
                self._things = ThingNumbers(rows)
            return self._things

    def _remember_nothing(self) -> None:
        """What the file no longer holds must not be in memory either."""
        self._known.clear()
        self._things = None
        self._spellings.clear()

    def _make(self, connection: sqlite3.Connection) -> None:
        self._remember_nothing()
        for table in _ALL:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.executescript(_TABLES + spellings.TABLES)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()

    def _text_of(self, connection: sqlite3.Connection, said: Mention) -> int:
        """The number of a text under its label set, new or known; 0 for none."""
        if said.text is None:
            return 0
        key = (said.label_set, int(said.field), said.text)
        number = self._known.get(key)
        if number is None:
            row = connection.execute(
                "SELECT text FROM texts WHERE label_set = ? AND field = ? AND shown = ?", key
            ).fetchone()
            number = int(row[0]) if row else self._add_text(connection, said, said.text)
            if len(self._known) >= TEXTS_REMEMBERED:
                self._known.clear()
            self._known[key] = number
        return number

    def _add_text(self, connection: sqlite3.Connection, said: Mention, text: str) -> int:
        folded = fold(text)
        added = connection.execute(
            "INSERT INTO texts (label_set, field, shown, folded) VALUES (?, ?, ?, ?)",
            (said.label_set, int(said.field), text, folded),
        )
        searched, number = _searched(said.field, folded), int(added.lastrowid or 0)
        connection.execute(
            "INSERT INTO texts_words (rowid, folded) VALUES (?, ?)", (number, searched)
        )
        if _is_name(said.field, folded):
            for word in dict.fromkeys(searched.split()):
                self._spellings.add(connection, said.label_set, word)
        return number


def _is_name(field: int, folded: str) -> bool:
    return field == Field.NAME and len(folded) <= questions.NAME_CHARACTERS


def _searched(field: int, folded: str) -> str:
    """What is looked for in a text: of a name also without its spaces."""
    squeezed = folded.replace(" ", "")
    return f"{folded} {squeezed}" if _is_name(field, folded) and squeezed != folded else folded


def _forget(connection: sqlite3.Connection, numbers: str) -> None:
    """Delete what entries said (their numbers as JSON), and texts that nobody says any more."""
    of_entries = "number IN (SELECT value FROM json_each(?))"
    said = connection.execute(f"SELECT DISTINCT text FROM mentions WHERE {of_entries}", (numbers,))
    texts = orjson.dumps([text for (text,) in said]).decode()
    connection.execute(f"DELETE FROM mentions WHERE {of_entries}", (numbers,))
    connection.execute(_UNMENTIONED)
    connection.execute(f"DELETE FROM taken_back WHERE {of_entries}", (numbers,))
    unsaid = connection.execute(_UNSAID, (texts,)).fetchall()
    for text, _, field, folded in unsaid:
        connection.execute(
            "INSERT INTO texts_words (texts_words, rowid, folded) VALUES ('delete', ?, ?)",
            (text, _searched(field, folded)),
        )
        connection.execute("DELETE FROM texts WHERE text = ?", (text,))
    for _, label_set, field, folded in unsaid:
        if _is_name(field, folded):
            for word in dict.fromkeys(_searched(field, folded).split()):
                _forget_spelling(connection, label_set, word)
    connection.execute("INSERT INTO texts_words (texts_words) VALUES ('optimize')")


def _forget_spelling(connection: sqlite3.Connection, label_set: int, word: str) -> None:
    """Delete a word of names, if no name under this label set holds it any more."""
    quoted = '"' + word.replace('"', '""') + '"'
    if connection.execute(_NAMED_SO, (quoted, label_set, questions.NAME_CHARACTERS)).fetchone():
        return
    spellings.forget_spelling(connection, label_set, word)


def _row_of(text: int, thing: int, said: Mention) -> tuple[Any, ...]:
    return (
        text,
        thing,
        said.claim_id,
        said.label_set,
        said.property,
        said.stream,
        said.series,
        said.valid_from_us,
        said.valid_to_us,
        said.number,
    )
