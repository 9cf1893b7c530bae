"""Accounts as rows: the tables, what a value must be, and the person a row stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa

from alliage.access.principal import (
    Principal,
    Role,
    check_clearance,
    check_communities,
    check_nation,
    check_purpose,
)

LANGUAGES: Final = ("en", "fr")
NAME_CHARACTERS: Final = 64

_metadata = sa.MetaData()
users = sa.Table(
    "users",
    _metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("name_key", sa.Text),
    sa.Column("password_hash", sa.Text),
    sa.Column("nation", sa.Text),
    sa.Column("clearance", sa.Text),
    sa.Column("roles", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("created_us", sa.BigInteger),
    sa.Column("communities", sa.Text),
    sa.Column("purpose", sa.Text),
)


def _token_table(name: str) -> sa.Table:
    return sa.Table(
        name,
        _metadata,
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("user_id", sa.Text),
        sa.Column("expires_us", sa.BigInteger),
    )


sessions = _token_table("sessions")
one_time_tokens = _token_table("one_time_tokens")


class AccountError(ValueError):
    """An account cannot be made or changed as asked; says why."""


@dataclass(frozen=True, slots=True)
class User:
    """An account without its secrets."""

    principal: Principal
    language: str
    has_password: bool
    created_us: int


def checked_name(name: str) -> str:
    """A user's name as it is kept.

    Raises:
        AccountError: it is empty, too long or unprintable.
    """
    shown = name.strip()
    if not 1 <= len(shown) <= NAME_CHARACTERS or not shown.isprintable():
        raise AccountError(f"a name has 1 to {NAME_CHARACTERS} printable characters, not {name!r}")
    return shown


def checked(
    *,
    nation: str | None,
    clearance: str | None,
    roles: frozenset[Role] | None,
    language: str | None,
    communities: frozenset[str] | None,
    purpose: str | None,
) -> dict[str, str]:
    """Columns of what is given, each checked.

    Raises:
        AccountError: says what is not as it must be.
    """
    values: dict[str, str] = {}
    try:
        if nation is not None:
            check_nation(nation)
            values["nation"] = nation
        if clearance is not None:
            check_clearance(clearance)
            values["clearance"] = clearance
        if communities is not None:
            check_communities(communities)
            values["communities"] = orjson.dumps(sorted(communities)).decode()
        if purpose is not None:
            check_purpose(purpose)
            values["purpose"] = purpose
    except ValueError as error:
        raise AccountError(str(error)) from error
    if roles is not None:
        if not roles:
            raise AccountError("an account has at least one role")
        values["roles"] = orjson.dumps(sorted(roles)).decode()
    if language is not None:
        if language not in LANGUAGES:
            raise AccountError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
        values["language"] = language
    return values


def principal_of(row: Any) -> Principal:
    """The person that a row of ``users`` stands for."""
    roles = frozenset(Role(role) for role in orjson.loads(row.roles))
    communities = frozenset(orjson.loads(row.communities))
    return Principal(
        row.user_id, row.name, row.nation, row.clearance, roles, communities, row.purpose
    )


def user_of(row: Any) -> User:
    """The account that a row of ``users`` is."""
    return User(principal_of(row), row.language, row.password_hash is not None, row.created_us)
