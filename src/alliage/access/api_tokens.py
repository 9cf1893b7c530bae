"""API tokens: what a program shows in the place of its user, for less than its user may do."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson
import sqlalchemy as sa

from alliage.access.principal import Principal
from alliage.access.tokens import hash_token, new_token
from alliage.access.users import AccountError, principal_of, users
from alliage.ontology.times import Clock

PREFIX: Final = "alliage_"
"""So that scanners of code and logs know one when they see it."""
NAME_CHARACTERS: Final = 64
LIFE_DAYS: Final = (1, 366)
TOKENS_OF_A_USER: Final = 50
USE_NOTED_EVERY_US: Final = 60_000_000
DAY_US: Final = 86_400_000_000

_tokens = sa.Table(
    "api_tokens",
    sa.MetaData(),
    sa.Column("token_id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary),
    sa.Column("user_id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("scopes", sa.Text),
    sa.Column("created_us", sa.BigInteger),
    sa.Column("expires_us", sa.BigInteger),
    sa.Column("last_used_us", sa.BigInteger),
)


class Scope(StrEnum):
    """What a token may be used for; what its user may not do, it may not either."""

    READ = "read"
    WRITE_OBSERVATIONS = "write:observations"
    WRITE_CLAIMS = "write:claims"
    ADMIN = "admin"  # accounts and metrics


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret."""

    token_id: str
    name: str
    scopes: frozenset[Scope]
    created_us: int
    expires_us: int
    last_used_us: int | None


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A token that stands, and whom it stands for, with that person's present rights."""

    token: ApiToken
    principal: Principal
    language: str


class ApiTokens:
    """The tokens of one node's users. Any thread may use it."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        """Use the ones of :class:`alliage.access.accounts.Accounts`."""
        self._engine = engine
        self._clock = clock

    def issue(
        self, user_id: str, name: str, scopes: Iterable[Scope], life_days: int
    ) -> tuple[str, ApiToken]:
        """Make a token. Its secret is returned here and can be had nowhere else.

        Raises:
            AccountError: something is not as it must be, or the user has too many.
        """
        shown, granted = name.strip(), frozenset(scopes)
        if not 1 <= len(shown) <= NAME_CHARACTERS or not shown.isprintable():
            raise AccountError(f"a token's name has 1 to {NAME_CHARACTERS} printable characters")
        if not granted:
            raise AccountError("a token has at least one scope")
        if not LIFE_DAYS[0] <= life_days <= LIFE_DAYS[1]:
            raise AccountError(f"a token lives {LIFE_DAYS[0]} to {LIFE_DAYS[1]} days")
        secret, now_us = PREFIX + new_token(), self._clock.now_us()
        expires_us = now_us + life_days * DAY_US
        token = ApiToken(secrets.token_hex(8), shown, granted, now_us, expires_us, None)
        row = {
            "token_id": token.token_id,
            "token_hash": hash_token(secret),
            "user_id": user_id,
            "name": shown,
            "scopes": orjson.dumps(sorted(granted)).decode(),
            "created_us": now_us,
            "expires_us": expires_us,
        }
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_tokens).where(_tokens.c.expires_us <= now_us))
            mine = sa.select(_tokens.c.name).where(_tokens.c.user_id == user_id)
            names = connection.execute(mine).scalars().all()
            if len(names) >= TOKENS_OF_A_USER:
                raise AccountError(f"you have {TOKENS_OF_A_USER} tokens: revoke one first")
            if shown in names:
                raise AccountError(f"you have a token {shown!r} already: its name names its stream")
            connection.execute(sa.insert(_tokens).values(row))
        return secret, token

    def of_user(self, user_id: str) -> list[ApiToken]:
        """A user's tokens that have not expired, by name."""
        query = (
            sa.select(_tokens)
            .where(_tokens.c.user_id == user_id, _tokens.c.expires_us > self._clock.now_us())
            .order_by(_tokens.c.name)
        )
        with self._engine.connect() as connection:
            return [_token_of(row) for row in connection.execute(query)]

    def revoke(self, user_id: str, token_id: str) -> None:
        """End a token at once.

        Raises:
            KeyError: the user has no such token.
        """
        gone = sa.delete(_tokens).where(
            _tokens.c.token_id == token_id, _tokens.c.user_id == user_id
        )
        with self._engine.begin() as connection:
            if connection.execute(gone).rowcount == 0:
                raise KeyError(token_id)

    def revoke_all(self, connection: sa.Connection, user_id: str) -> None:
        """End every token of a user, within the caller's transaction."""
        connection.execute(sa.delete(_tokens).where(_tokens.c.user_id == user_id))

    def find(self, secret: str) -> TokenUse | None:
        """Whom a secret stands for; None where it is unknown, revoked or too old."""
        if not secret.startswith(PREFIX) or len(secret) > 256:
            return None
        now_us = self._clock.now_us()
        stands = (_tokens.c.token_hash == hash_token(secret)) & (_tokens.c.expires_us > now_us)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_tokens).where(stands)).first()
            if row is None:
                return None
            user = connection.execute(sa.select(users).where(users.c.user_id == row.user_id)).one()
        self._note_use(row, now_us)
        return TokenUse(_token_of(row), principal_of(user), user.language)

    def _note_use(self, row: Any, now_us: int) -> None:
        if row.last_used_us is None or now_us - row.last_used_us >= USE_NOTED_EVERY_US:
            used = sa.update(_tokens).where(_tokens.c.token_id == row.token_id)
            with self._engine.begin() as connection:
                connection.execute(used.values(last_used_us=now_us))


def _token_of(row: Any) -> ApiToken:
    scopes = frozenset(Scope(scope) for scope in orjson.loads(row.scopes))
    return ApiToken(
        row.token_id, row.name, scopes, row.created_us, row.expires_us, row.last_used_us
    )
