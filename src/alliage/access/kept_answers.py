"""Answers that are kept for a day, so that a request which comes twice is done once.

A program that got no answer cannot know whether its request was done; it sends it again with the
same key and gets the answer of the first time.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import sqlalchemy as sa

from alliage.ontology.times import Clock

KEPT_US: Final = 24 * 3600 * 1_000_000

_answers = sa.Table(
    "kept_answers",
    sa.MetaData(),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("request_key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary),
    sa.Column("created_us", sa.BigInteger),
    sa.Column("answer", sa.LargeBinary),
)


class KeyReusedError(ValueError):
    """The key was used for a request with other content."""


class UnfinishedError(RuntimeError):
    """A request with this key is being done, or was cut off: nobody knows how far it came."""


class KeptAnswers:
    """Requests by owner and key, with their answers. Any thread may use it."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        """Use the ones of :class:`alliage.access.accounts.Accounts`."""
        self._engine = engine
        self._clock = clock

    def begin(self, owner: str, key: str, content: bytes) -> bytes | None:
        """Say that a request is about to be done. Returns its answer if it was done before.

        Raises:
            KeyReusedError: the key belongs to a request with other content.
            UnfinishedError: it was begun and has no answer.
        """
        now_us, mark = self._clock.now_us(), blake2b(content, digest_size=32).digest()
        row = {"owner": owner, "request_key": key, "fingerprint": mark, "created_us": now_us}
        with self._engine.begin() as connection:
            old = _answers.c.created_us <= now_us - KEPT_US
            connection.execute(sa.delete(_answers).where(old))
            found = connection.execute(sa.select(_answers).where(_is(owner, key))).first()
            if found is None:
                try:
                    connection.execute(sa.insert(_answers).values(row))
                except sa.exc.IntegrityError:
                    raise UnfinishedError("a request with this key is being done") from None
                return None
        if found.fingerprint != mark:
            raise KeyReusedError("this key was used for a request with other content: take a new")
        if found.answer is None:
            raise UnfinishedError(
                "a request with this key is being done or was cut off: see what has arrived before "
                "you send it again with a new key"
            )
        return bytes(found.answer)

    def finish(self, owner: str, key: str, answer: bytes) -> None:
        """Keep the answer."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(_answers).where(_is(owner, key)).values(answer=answer))

    def forget(self, owner: str, key: str) -> None:
        """The request was refused as a whole and has done nothing: it may come again."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_answers).where(_is(owner, key)))


def _is(owner: str, key: str) -> sa.ColumnElement[bool]:
    return (_answers.c.owner == owner) & (_answers.c.request_key == key)
