"""From when on reports were that a decision dropped, as the headers that stayed say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from alliage.log.bodies import OBSERVATION_KINDS

_AT_ONCE: Final = 500
_OF_ENTRIES: Final = (
    "SELECT gone, label_set, min(valid_min_us) FROM entries"
    " WHERE gone IN :decisions AND kind IN :kinds GROUP BY gone, label_set"
)
_OF_PARTS: Final = (
    "SELECT gone, parts.label_set, min(parts.valid_min_us) FROM parts"
    " JOIN entries ON entries.number = parts.number"
    " WHERE gone IN :decisions AND kind IN :kinds GROUP BY gone, parts.label_set"
)
_QUERIES: Final = [
    sa.text(query).bindparams(
        sa.bindparam("decisions", expanding=True), sa.bindparam("kinds", expanding=True)
    )
    for query in (_OF_ENTRIES, _OF_PARTS)
]


def dropped_since(engine: sa.Engine, decisions: Sequence[str]) -> list[tuple[str, int, int]]:
    """The first valid time that each decision dropped something of, by label set.

    Args:
        engine: of the log's index.
        decisions: ids of the entries that decided so.

    Returns:
        Id of the decision, label set of what it dropped, microseconds.
    """
    found: list[tuple[str, int, int]] = []
    with engine.connect() as connection:
        for start in range(0, len(decisions), _AT_ONCE):
            some = {
                "decisions": list(decisions[start : start + _AT_ONCE]),
                "kinds": list(OBSERVATION_KINDS),
            }
            for query in _QUERIES:
                found += [(row[0], row[1], row[2]) for row in connection.execute(query, some)]
    return found
