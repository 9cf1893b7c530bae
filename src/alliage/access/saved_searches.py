"""Searches that a user keeps under a name: private settings, so they bear no label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from alliage.access.users import AccountError
from alliage.ontology.times import Clock

NAME_CHARACTERS: Final = 60
QUERY_CHARACTERS: Final = 200
SEARCHES_OF_A_USER: Final = 50

_searches = sa.Table(
    "saved_searches",
    sa.MetaData(),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("query", sa.Text),
    sa.Column("saved_us", sa.BigInteger),
)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query and what its user calls it."""

    name: str
    query: str
    saved_us: int


class SavedSearches:
    """The saved searches of one node's users. Any thread may use it."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        """Use the ones of :class:`alliage.access.accounts.Accounts`."""
        self._engine = engine
        self._clock = clock

    def of_user(self, user_id: str) -> list[SavedSearch]:
        """A user's searches, by name."""
        mine = sa.select(_searches).where(_searches.c.user_id == user_id)
        with self._engine.connect() as connection:
            rows = connection.execute(mine.order_by(_searches.c.name)).all()
        return [SavedSearch(row.name, row.query, row.saved_us) for row in rows]

    def save(self, user_id: str, name: str, query: str) -> SavedSearch:
        """Keep a query; one of the same name is replaced.

        Raises:
            AccountError: something is not as it must be, or the user has too many.
        """
        shown, asked = name.strip(), query.strip()
        if not 1 <= len(shown) <= NAME_CHARACTERS or not shown.isprintable():
            raise AccountError(f"a name has 1 to {NAME_CHARACTERS} printable characters")
        if not 1 <= len(asked) <= QUERY_CHARACTERS or not asked.isprintable():
            raise AccountError(f"a query has 1 to {QUERY_CHARACTERS} printable characters")
        now_us = self._clock.now_us()
        row = {
            "user_id": user_id,
            "name": shown,
            "query": asked,
            "saved_us": now_us,
        }
        with self._engine.begin() as connection:
            connection.execute(_of(user_id, shown))
            mine = sa.select(sa.func.count()).where(_searches.c.user_id == user_id)
            if int(connection.execute(mine).scalar_one()) >= SEARCHES_OF_A_USER:
                # The replaced one is gone only if this is, too: the transaction is rolled back.
                raise AccountError(f"you keep {SEARCHES_OF_A_USER} searches: remove one first")
            connection.execute(sa.insert(_searches).values(row))
        return SavedSearch(shown, asked, now_us)

    def remove(self, user_id: str, name: str) -> None:
        """Forget a search.

        Raises:
            KeyError: the user has none of this name.
        """
        with self._engine.begin() as connection:
            if connection.execute(_of(user_id, name)).rowcount == 0:
                raise KeyError(name)


def _of(user_id: str, name: str) -> sa.Delete:
    return sa.delete(_searches).where(_searches.c.user_id == user_id, _searches.c.name == name)
