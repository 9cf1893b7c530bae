"""What is asked of the text index in SQLite: the SQL of every question, and its parameters.

Each question has the audience's label sets as a predicate. ``sqlite_index`` has the tables.
"""

# ruff: noqa: S608 - only this file's own constants are put together; what is asked is a parameter
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from alliage.ontology.audience import Audience
from alliage.search.index import EARLIER, WEIGHTS, Bounds, Field, Reason, Term, Then

NAME_CHARACTERS: Final = 60
"""What is longer is no name whose words people misspell, but prose."""
_EVERYTHING: Final = 2**62


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
# as FTS5 has them from the index. An index alone leads to the texts, and only what holds the
# word is read further.
_HOLDS: Final = f"""
instr(
    ' ' || t.folded || CASE
        WHEN t.field = {Field.NAME.value} AND length(t.folded) <= {NAME_CHARACTERS}
            AND instr(t.folded, ' ') > 0 THEN ' ' || replace(t.folded, ' ', '')
        ELSE '' END || ' ',
    :begins) > 0"""
_OF_THINGS: Final = f"""
FROM json_each(:identifiers) i
    CROSS JOIN things h ON h.identifier = i.value
    CROSS JOIN mentions a ON a.thing = h.thing
    CROSS JOIN texts t ON t.text = a.text AND {_seen("t.label_set")} AND {_HOLDS}
    CROSS JOIN mentions m
        ON m.text = a.text AND m.thing = a.thing AND m.claim_id = a.claim_id AND {_STANDING}"""
FIND: Final = f"""
SELECT h.identifier, found.score
FROM (SELECT m.thing, max({_SCORE}) AS score {_MATCHING} GROUP BY m.thing) found
    CROSS JOIN things h ON h.thing = found.thing"""
FIND_OF_FEW: Final = f"SELECT h.identifier, max({_SCORE}) {_OF_THINGS} GROUP BY 1"
# Numbers put together by SQLite: a row for each mention would take several times as long.
BOUNDS: Final = f"""
SELECT {_WEIGHT} * {_QUALITY},
    (SELECT group_concat(m.thing) FROM mentions m WHERE m.text = t.text AND {_STANDING})
FROM texts_words f
    CROSS JOIN texts t ON t.text = f.rowid AND {_seen("t.label_set")}
WHERE f.folded MATCH :match"""
REASONS: Final = f"""
SELECT h.identifier, t.field, m.property, t.shown, m.stream, m.claim_id, m.valid_from_us,
    {_IS_EARLIER} AS is_earlier, {_SCORE} AS score
{_OF_THINGS}
ORDER BY score DESC, m.valid_from_us DESC, m.claim_id, t.shown"""
NAMES: Final = f"""
SELECT DISTINCT t.shown
{_MATCHING} AND t.field = {Field.NAME.value} AND instr(t.folded, :term) = 1
ORDER BY t.folded, t.shown LIMIT :limit"""
IS_NAMED: Final = f"SELECT 1 {_MATCHING} AND t.field = {Field.NAME.value} LIMIT 1"
THINGS: Final = f"SELECT DISTINCT m.thing {_MATCHING} LIMIT :limit"


def parameters(audience: Audience, term: Term, then: Then) -> dict[str, Any]:
    """What every question takes."""
    quoted = term.text.replace('"', '""')  # in FTS5 a phrase is a string as SQL has them
    match = f'"{quoted}"' + ("*" if term.is_prefix else "")
    return {
        "seen": bitmap(audience),
        "term": term.text,
        "match": match,
        "begins": f" {term.text}" + ("" if term.is_prefix else " "),
        "now_us": then.now_us,
        "begun": _EVERYTHING if then.begun_by_us is None else then.begun_by_us,
        "known": _EVERYTHING if then.known_up_to is None else then.known_up_to,
    }


def bitmap(audience: Audience) -> bytes:
    """A byte for each label set, 1 where it may be seen."""
    return audience.bitmap().tobytes()


def reason_of(
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
    """A row of :data:`REASONS`."""
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


def bounds_of(rows: Sequence[tuple[float, str | None]], identifiers: Sequence[str]) -> Bounds:
    """Rows of :data:`BOUNDS`: a text's bound, and the things of which it is said with commas.

    ``identifiers``: what the numbers of things stand for.
    """
    said = [(at_most, things) for at_most, things in rows if things]
    numbers = ",".join(things for _, things in said).split(",") if said else []
    counts = [things.count(",") + 1 for _, things in said]
    at_most = np.repeat(np.array([one for one, _ in said], np.float64), counts)
    return Bounds(identifiers, np.array(numbers, np.int64), at_most)
