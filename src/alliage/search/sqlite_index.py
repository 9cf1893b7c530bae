"""The text index in a SQLite file: FTS5 finds, the audience's label sets are part of each query.

FTS5's own ``bm25()`` is not used: it counts all rows, those of others too. All SQL of the search
room stands in this file and, for spellings, in the one beside it.

``texts`` has each text once for a label set; ``mentions`` say of which things. FTS5's table is
without content, its row ids are those of ``texts``.
"""

# ruff: noqa: S608 - only this file's own constants are put together; what is asked is a parameter
from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from alliage.log.database import open_database
from alliage.ontology.audience import Audience
from alliage.search import sqlite_spellings as spellings
from alliage.search.index import (
    EARLIER,
    WEIGHTS,
    Field,
    Mention,
    Reason,
    Spelling,
    TakenBack,
    Term,
    Then,
)
from alliage.search.words import fold

VERSION: Final = 4
"""A file of another version is emptied and made again."""
NAME_CHARACTERS: Final = 60
"""What is longer is no name whose words people misspell, but prose."""
FEW_THINGS: Final = 1_000
"""Among no more than these, what is said of them is read; among more, the word's texts are."""
TEXTS_REMEMBERED: Final = 100_000
_EVERYTHING: Final = 2**62

_TABLES: Final = """
CREATE TABLE position (number INTEGER NOT NULL, entry_id TEXT NOT NULL);
CREATE TABLE texts (
    text INTEGER PRIMARY KEY, label_set INTEGER NOT NULL, field INTEGER NOT NULL,
    shown TEXT NOT NULL, folded TEXT NOT NULL
);
CREATE UNIQUE INDEX texts_once ON texts (label_set, field, shown);
CREATE TABLE mentions (
    text INTEGER NOT NULL, identifier TEXT NOT NULL, claim_id TEXT NOT NULL,
    label_set INTEGER NOT NULL, property TEXT NOT NULL, stream TEXT NOT NULL,
    series INTEGER NOT NULL, valid_from_us INTEGER NOT NULL, valid_to_us INTEGER,
    number INTEGER NOT NULL,
    PRIMARY KEY (text, identifier, claim_id)
) WITHOUT ROWID;
CREATE INDEX mentions_series ON mentions (
    series, valid_from_us, label_set, number, claim_id
);
CREATE INDEX mentions_things ON mentions (identifier, text);
CREATE TABLE taken_back (
    claim_id TEXT PRIMARY KEY, retracts TEXT NOT NULL, label_set INTEGER NOT NULL,
    number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts_words USING fts5(
    folded, content='', columnsize=0, prefix='2 3', tokenize='unicode61'
);
"""
_ALL: Final = ("position", "texts", "mentions", "taken_back", "texts_words", *spellings.TABLE_NAMES)


def _seen(column: str) -> str:
    """Whether a row's label set is visible: a byte of the audience's bitmap.

    A list of numbers would be made into a table with each query, and looked up in it for each row.
    """
    return f"substr(:seen, {column} + 1, 1) = x'01'"


# As history has it: a retraction that is itself taken back does nothing.
_BACK: Final = f"SELECT retracts FROM taken_back WHERE {_seen('label_set')} AND number <= :known"
_TAKEN_BACK: Final = f"({_BACK} AND claim_id NOT IN ({_BACK}))"
_IS_EARLIER: Final = f"""(
    m.valid_to_us <= :now_us OR m.series <> 0 AND EXISTS (
        SELECT 1 FROM mentions n
        WHERE n.series = m.series AND n.valid_from_us > m.valid_from_us
            AND n.valid_from_us <= :begun AND n.number <= :known
            AND {_seen("n.label_set")} AND n.claim_id NOT IN {_TAKEN_BACK}))"""
_WEIGHT: Final = (
    "CASE t.field "
    + " ".join(f"WHEN {field.value} THEN {weight}" for field, weight in WEIGHTS.items())
    + " END"
)
# The whole text; at its beginning; a word; a word's beginning. More of the text counts more.
_QUALITY: Final = """(
    CASE
        WHEN t.folded = :term OR replace(t.folded, ' ', '') = :term THEN 1.0
        WHEN instr(t.folded || ' ', :term || ' ') = 1 THEN 0.8
        WHEN instr(' ' || t.folded || ' ', ' ' || :term || ' ') > 0 THEN 0.7
        WHEN instr(t.folded, :term) = 1 THEN 0.6
        ELSE 0.5
    END + 0.2 * min(1.0, length(:term) * 1.0 / max(1, length(t.folded))))"""
_SCORE: Final = f"{_WEIGHT} * {_QUALITY} * CASE WHEN {_IS_EARLIER} THEN {EARLIER} ELSE 1.0 END"
_STANDING: Final = f"""
    m.claim_id NOT IN {_TAKEN_BACK} AND m.valid_from_us <= :begun AND m.number <= :known"""
_MATCHING: Final = f"""
FROM texts_words f
    CROSS JOIN texts t ON t.text = f.rowid AND {_seen("t.label_set")}
    CROSS JOIN mentions m ON m.text = t.text
WHERE f.folded MATCH :match AND {_STANDING}"""
# The same texts by another way: from some things to what is said of them, which is read for words
# as FTS5 reads it (:func:`_searched`).
_HOLDS: Final = f"""
instr(
    ' ' || t.folded || CASE
        WHEN t.field = {Field.NAME.value} AND length(t.folded) <= {NAME_CHARACTERS}
            AND instr(t.folded, ' ') > 0 THEN ' ' || replace(t.folded, ' ', '')
        ELSE '' END || ' ',
    :begins) > 0"""
_OF_THINGS: Final = f"""
FROM json_each(:identifiers) i
    CROSS JOIN mentions m ON m.identifier = i.value
    CROSS JOIN texts t ON t.text = m.text AND {_seen("t.label_set")}
WHERE {_HOLDS} AND {_STANDING}"""
_AMONG: Final = "m.identifier IN (SELECT value FROM json_each(:identifiers))"
_FIND: Final = f"SELECT m.identifier, max({_SCORE}) {_MATCHING} GROUP BY m.identifier"
_REASONS: Final = f"""
SELECT m.identifier, t.field, m.property, t.shown, m.stream, m.claim_id, m.valid_from_us,
    {_IS_EARLIER} AS is_earlier, {_SCORE} AS score
{_MATCHING} AND {_AMONG}
ORDER BY score DESC, m.valid_from_us DESC, m.claim_id, t.shown"""
_NAMES: Final = f"""
SELECT DISTINCT t.shown
{_MATCHING} AND t.field = {Field.NAME.value} AND instr(t.folded, :term) = 1
ORDER BY t.folded, t.shown LIMIT :limit"""
_UNSAID: Final = """
SELECT t.text, t.label_set, t.field, t.folded FROM texts t
WHERE t.text IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.text = t.text)"""
_NAMED_SO: Final = f"""
SELECT 1 FROM texts_words f CROSS JOIN texts t ON t.text = f.rowid
WHERE f.folded MATCH ? AND t.label_set = ? AND t.field = {Field.NAME.value}
    AND length(t.folded) <= ? LIMIT 1"""
_IS_NAMED: Final = f"SELECT 1 {_MATCHING} AND t.field = {Field.NAME.value} LIMIT 1"
_THINGS: Final = f"SELECT DISTINCT m.identifier {_MATCHING} LIMIT :limit"
_FIND_AMONG: Final = f"SELECT m.identifier, max({_SCORE}) {_MATCHING} AND {_AMONG} GROUP BY 1"
_FIND_OF_FEW: Final = f"SELECT m.identifier, max({_SCORE}) {_OF_THINGS} GROUP BY 1"


class SqliteTextIndex:
    """A :class:`alliage.search.index.TextIndex` in a file of its own."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; an outdated one is made again."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = open_database(path, durable=False)
        self._known: dict[tuple[int, int, str], int] = {}
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
                rows = [_row_of(self._text_of(connection, said), said) for said in mentions]
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
                self._known.clear()
                connection.rollback()
                raise
            connection.commit()

    def forget(self, numbers: Collection[int]) -> None:
        """See :class:`TextIndex`. Takes as long as the index is large: FTS5 keeps the words of
        deleted rows until its tables are written anew."""
        with self._connection() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            self._known.clear()
            try:
                _forget(connection, orjson.dumps(list(numbers)).decode())
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def find(
        self, audience: Audience, term: Term, then: Then, among: Collection[str] | None = None
    ) -> dict[str, float]:
        """See :class:`TextIndex`."""
        parameters = _parameters(audience, term, then)
        sql = _FIND
        if among is not None:
            parameters["identifiers"] = orjson.dumps(list(among)).decode()
            sql = _FIND_OF_FEW if len(among) <= FEW_THINGS else _FIND_AMONG
        with self._connection() as connection:
            return dict(connection.execute(sql, parameters))

    def some(self, audience: Audience, term: Term, then: Then, limit: int) -> set[str]:
        """See :class:`TextIndex`."""
        parameters = {**_parameters(audience, term, then), "limit": limit}
        with self._connection() as connection:
            return {identifier for (identifier,) in connection.execute(_THINGS, parameters)}

    def reasons(
        self, audience: Audience, term: Term, identifiers: Sequence[str], then: Then
    ) -> list[Reason]:
        """See :class:`TextIndex`."""
        parameters = _parameters(audience, term, then)
        parameters["identifiers"] = orjson.dumps(list(identifiers)).decode()
        with self._connection() as connection:
            rows = connection.execute(_REASONS, parameters).fetchall()
        return [_reason_of(*row) for row in rows]

    def names(self, audience: Audience, prefix: str, limit: int, then: Then) -> list[str]:
        """See :class:`TextIndex`."""
        parameters = {**_parameters(audience, Term(prefix), then), "limit": limit}
        with self._connection() as connection:
            return [shown for (shown,) in connection.execute(_NAMES, parameters)]

    def similar(self, audience: Audience, word: str, limit: int, then: Then) -> list[Spelling]:
        """See :class:`TextIndex`."""
        with self._connection() as connection:
            found = spellings.alike(connection, _bitmap(audience), word)
        if then.is_past:  # words are kept without the times of the names that they are in
            found = [one for one in found if self._is_named(audience, one.word, then)]
        return found[:limit]

    # --- inside

    def _is_named(self, audience: Audience, word: str, then: Then) -> bool:
        """Whether something had a name with this word at that time."""
        parameters = _parameters(audience, Term(word, is_prefix=False), then)
        with self._connection() as connection:
            return connection.execute(_IS_NAMED, parameters).fetchone() is not None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """The driver's own connection: SQLAlchemy would take several times as long for each row."""
        pooled = self._engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            yield connection
        finally:
            pooled.close()

    def _make(self, connection: sqlite3.Connection) -> None:
        self._known.clear()
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
            number = int(row[0]) if row else _add_text(connection, said, said.text)
            if len(self._known) >= TEXTS_REMEMBERED:
                self._known.clear()
            self._known[key] = number
        return number


def _add_text(connection: sqlite3.Connection, said: Mention, text: str) -> int:
    folded = fold(text)
    added = connection.execute(
        "INSERT INTO texts (label_set, field, shown, folded) VALUES (?, ?, ?, ?)",
        (said.label_set, int(said.field), text, folded),
    )
    searched = _searched(said.field, folded)
    number = int(added.lastrowid or 0)
    connection.execute("INSERT INTO texts_words (rowid, folded) VALUES (?, ?)", (number, searched))
    if _is_name(said.field, folded):
        for word in dict.fromkeys(searched.split()):
            spellings.add_spelling(connection, said.label_set, word)
    return number


def _is_name(field: int, folded: str) -> bool:
    return field == Field.NAME and len(folded) <= NAME_CHARACTERS


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
    for table in ("texts_words", "spellings_grams"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _forget_spelling(connection: sqlite3.Connection, label_set: int, word: str) -> None:
    """Delete a word of names, if no name under this label set holds it any more."""
    quoted = '"' + word.replace('"', '""') + '"'
    if connection.execute(_NAMED_SO, (quoted, label_set, NAME_CHARACTERS)).fetchone():
        return
    spellings.forget_spelling(connection, label_set, word)


def _row_of(text: int, said: Mention) -> tuple[Any, ...]:
    return (
        text,
        said.identifier,
        said.claim_id,
        said.label_set,
        said.property,
        said.stream,
        said.series,
        said.valid_from_us,
        said.valid_to_us,
        said.number,
    )


def _reason_of(
    identifier: str,
    field: int,
    property_name: str,
    text: str,
    stream: str,
    claim_id: str,
    valid_from_us: int,
    is_earlier: int | None,
    score: float,
) -> Reason:
    return Reason(
        identifier,
        Field(field),
        property_name,
        text,
        stream,
        claim_id,
        valid_from_us,
        bool(is_earlier),
        score,
    )


def _bitmap(audience: Audience) -> bytes:
    return audience.bitmap().tobytes()


def _parameters(audience: Audience, term: Term, then: Then) -> dict[str, Any]:
    quoted = term.text.replace('"', '""')  # in FTS5 a phrase is a string as SQL has them
    match = f'"{quoted}"' + ("*" if term.is_prefix else "")
    return {
        "seen": _bitmap(audience),
        "term": term.text,
        "match": match,
        "begins": f" {term.text}" + ("" if term.is_prefix else " "),
        "now_us": then.now_us,
        "begun": _EVERYTHING if then.begun_by_us is None else then.begun_by_us,
        "known": _EVERYTHING if then.known_up_to is None else then.known_up_to,
    }
