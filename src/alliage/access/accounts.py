"""Local accounts: users, their passwords, sessions and one-time sign-in, in one SQLite file."""

from __future__ import annotations

import base64
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from alliage.access.api_tokens import ApiTokens
from alliage.access.kept_answers import KeptAnswers
from alliage.access.principal import Principal, Role
from alliage.access.saved_searches import SavedSearches
from alliage.access.throttle import Throttle
from alliage.access.tokens import csrf_token, hash_token, new_token
from alliage.access.users import (
    NAME_CHARACTERS,
    AccountError,
    User,
    checked,
    checked_name,
    one_time_tokens,
    principal_of,
    sessions,
    user_of,
    users,
)
from alliage.log.database import FileVersion, open_database
from alliage.ontology.times import Clock

MIGRATIONS: Final = Path(__file__).parent / "migrations"
SESSION_S: Final = 12 * 3600
ONE_TIME_S: Final = 15 * 60
PASSWORD_CHARACTERS: Final = (12, 1024)
FREE_FAILURES_BY_NAME: Final = 5
FREE_FAILURES_BY_PEER: Final = 20
HASHING_AT_ONCE: Final = 2  # each takes 64 MiB: a flood of sign-ins must not take the memory


class SignInRefusedError(Exception):
    """Wrong name, password or token. Which of them, nobody is told."""


class TooManyAttemptsError(Exception):
    """Too many failures; ``retry_after_s`` says when to try again."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"too many failed sign-ins: wait {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Session:
    """A live session."""

    principal: Principal
    language: str
    csrf_token: str
    expires_us: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session with the token that stands for it: for the cookie, and nowhere else."""

    token: str
    session: Session


class Accounts:
    """The accounts of one node. Any thread may use it."""

    def __init__(self, path: Path, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        """Open or make the accounts file.

        Args:
            path: the SQLite file.
            clock: real time, never a replay's.
            hasher: argon2id with the library's settings (RFC 9106, low memory) where None.
        """
        path.touch(mode=0o600)  # before SQLite does: its side files get the same rights
        path.chmod(0o600)
        self._engine = open_database(path, MIGRATIONS)
        self._version = FileVersion(path)
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._hashing = threading.BoundedSemaphore(HASHING_AT_ONCE)
        self._nobody = _hash_of_nothing(self._hasher)
        self.api_tokens = ApiTokens(self._engine, clock)
        self.kept_answers = KeptAnswers(self._engine, clock)
        self.saved_searches = SavedSearches(self._engine, clock)
        self._by_name = Throttle(FREE_FAILURES_BY_NAME)
        self._by_peer = Throttle(FREE_FAILURES_BY_PEER)

    def close(self) -> None:
        """Close every connection."""
        self._version.close()
        self._engine.dispose()

    def version(self) -> int | None:
        """Another number after every change of an account or a session, by any process.

        What was found under one version stands while it is read again, until it expires. None
        where it cannot be told: then nothing stands unseen.
        """
        return self._version.read()

    # --- users

    def add(
        self,
        name: str,
        *,
        nation: str,
        clearance: str,
        roles: frozenset[Role],
        password: str | None = None,
        language: str = "en",
        communities: frozenset[str] = frozenset(),
        purpose: str = "",
    ) -> User:
        """Make an account; without a password it can be entered by one-time token only.

        Raises:
            AccountError: the name is taken, or something is not as it must be.
        """
        shown = checked_name(name)
        row = {
            "user_id": secrets.token_hex(16),
            "name": shown,
            "name_key": shown.casefold(),
            "password_hash": None if password is None else self._hash(password),
            "created_us": self._clock.now_us(),
            **checked(
                nation=nation,
                clearance=clearance,
                roles=roles,
                language=language,
                communities=communities,
                purpose=purpose,
            ),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(users).values(row))
        except sa.exc.IntegrityError as error:
            raise AccountError(f"there is a user {shown!r} already") from error
        return self.user(str(row["user_id"]))

    def users(self) -> list[User]:
        """All accounts, by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(users).order_by(users.c.name_key)).all()
        return [user_of(row) for row in rows]

    def user(self, user_id: str) -> User:
        """One account.

        Raises:
            KeyError: there is none of this id.
        """
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(users).where(users.c.user_id == user_id)).first()
        if row is None:
            raise KeyError(user_id)
        return user_of(row)

    def find(self, name: str) -> User | None:
        """The account of this name, in any case."""
        row = self._row_by_name(name)
        return None if row is None else user_of(row)

    def change(
        self,
        user_id: str,
        *,
        nation: str | None = None,
        clearance: str | None = None,
        roles: frozenset[Role] | None = None,
        language: str | None = None,
        communities: frozenset[str] | None = None,
        purpose: str | None = None,
    ) -> User:
        """Change what is given; open sessions have the new rights with their next request.

        Raises:
            KeyError: there is no such account.
            AccountError: something is not as it must be, or no administrator would be left.
        """
        values = checked(
            nation=nation,
            clearance=clearance,
            roles=roles,
            language=language,
            communities=communities,
            purpose=purpose,
        )
        with self._engine.begin() as connection:
            if values:
                changed = sa.update(users).where(users.c.user_id == user_id).values(values)
                _require(connection.execute(changed).rowcount, user_id)
            if roles is not None:
                _require_administrator(connection)
        return self.user(user_id)

    def set_password(self, user_id: str, password: str) -> None:
        """Change a password, and end every session, one-time token and API token of its user.

        Raises:
            KeyError: there is no such account.
            AccountError: the password is too short or too long.
        """
        changed = sa.update(users).where(users.c.user_id == user_id)
        hashed = self._hash(password)
        with self._engine.begin() as connection:
            _require(connection.execute(changed.values(password_hash=hashed)).rowcount, user_id)
            for table in (sessions, one_time_tokens):
                connection.execute(sa.delete(table).where(table.c.user_id == user_id))
            self.api_tokens.revoke_all(connection, user_id)

    def choose_password(self, user_id: str, before: str | None, password: str) -> None:
        """Change the own password, as :meth:`set_password`; who has one has to know it.

        Raises:
            KeyError: there is no such account.
            TooManyAttemptsError: it failed too often.
            SignInRefusedError: the password until now is another one.
            AccountError: the password is too short or too long.
        """
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(users).where(users.c.user_id == user_id)).first()
        if row is None:
            raise KeyError(user_id)
        if row.password_hash is not None:
            wait_s = self._by_name.attempt(row.name_key, self._clock.now_us())
            if wait_s > 0:
                raise TooManyAttemptsError(wait_s)
            if not self._password_is(row, before or ""):
                raise SignInRefusedError("the password until now is another one")
            self._by_name.succeeded(row.name_key)
            if before == password:
                raise AccountError("choose another password than the one until now")
        self.set_password(user_id, password)

    def remove(self, user_id: str) -> None:
        """Remove an account with its sessions and tokens.

        Raises:
            KeyError: there is no such account.
            AccountError: it is the last administrator's.
        """
        with self._engine.begin() as connection:
            gone = connection.execute(sa.delete(users).where(users.c.user_id == user_id))
            _require(gone.rowcount, user_id)
            _require_administrator(connection)

    # --- signing in and out

    def sign_in(self, name: str, password: str, peer: str = "") -> SignedIn:
        """Open a session with name and password.

        Args:
            name: in any case.
            password: as given.
            peer: the address that asks, for throttling; empty where there is none.

        Raises:
            TooManyAttemptsError: this name or this address failed too often.
            SignInRefusedError: wrong name or password.
        """
        now_us = self._clock.now_us()
        key = name.strip().casefold()[:NAME_CHARACTERS]
        wait_s = self._by_peer.attempt(peer, now_us) if peer else 0.0
        wait_s = wait_s or self._by_name.attempt(key, now_us)
        if wait_s > 0:
            raise TooManyAttemptsError(wait_s)
        row = self._row_by_name(name)
        if not self._password_is(row, password):
            raise SignInRefusedError("the name or the password is wrong")
        self._by_name.succeeded(key)
        self._by_peer.forgive(peer)
        return self._open_session(row.user_id)

    def one_time_token(self, user_id: str) -> str:
        """A token that signs in once within a quarter of an hour.

        Raises:
            KeyError: there is no such account.
        """
        self.user(user_id)
        return self._issue(one_time_tokens, user_id, ONE_TIME_S)

    def sign_in_once(self, token: str) -> SignedIn:
        """Open a session with a one-time token, and use it up.

        Raises:
            SignInRefusedError: the token is unknown, used or too old.
        """
        table = one_time_tokens
        used = (
            sa.delete(table)
            .where(table.c.token_hash == hash_token(token))
            .returning(table.c.user_id, table.c.expires_us)
        )
        with self._engine.begin() as connection:
            row = connection.execute(used).first()
        if row is None or row.expires_us <= self._clock.now_us():
            raise SignInRefusedError("the link was used already or is too old")
        return self._open_session(row.user_id)

    def session(self, token: str) -> Session | None:
        """The live session of a token, with its user's present rights; None if there is none."""
        query = (
            sa.select(users, sessions.c.expires_us)
            .join_from(users, sessions, users.c.user_id == sessions.c.user_id)
            .where(
                sessions.c.token_hash == hash_token(token),
                sessions.c.expires_us > self._clock.now_us(),
            )
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Session(principal_of(row), row.language, csrf_token(token), row.expires_us)

    def sign_out(self, token: str) -> None:
        """End a session; nothing happens if it has ended."""
        with self._engine.begin() as connection:
            ended = sa.delete(sessions).where(sessions.c.token_hash == hash_token(token))
            connection.execute(ended)

    def end_sessions(self, user_id: str) -> None:
        """End every session of a user."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.user_id == user_id))

    # --- inside

    def _hash(self, password: str) -> str:
        shortest, longest = PASSWORD_CHARACTERS
        if not shortest <= len(password) <= longest:
            raise AccountError(f"a password has {shortest} to {longest} characters")
        with self._hashing:
            return self._hasher.hash(password)

    def _password_is(self, row: Any, password: str) -> bool:
        """Takes as long for an unknown name as for a wrong password."""
        known = row is not None and row.password_hash is not None
        stored = row.password_hash if known else self._nobody
        if len(password) > PASSWORD_CHARACTERS[1]:
            return False
        with self._hashing:
            try:
                return self._hasher.verify(stored, password) and known
            except (VerifyMismatchError, InvalidHashError):
                return False

    def _row_by_name(self, name: str) -> Any:
        query = sa.select(users).where(users.c.name_key == name.strip().casefold())
        with self._engine.connect() as connection:
            return connection.execute(query).first()

    def _open_session(self, user_id: str) -> SignedIn:
        token = self._issue(sessions, user_id, SESSION_S)
        session = self.session(token)
        if session is None:
            raise SignInRefusedError("the account was removed meanwhile")
        return SignedIn(token, session)

    def _issue(self, table: sa.Table, user_id: str, life_s: int) -> str:
        """Make a token, keep its hash, and clear away what has expired."""
        token, now_us = new_token(), self._clock.now_us()
        row = {
            "token_hash": hash_token(token),
            "user_id": user_id,
            "expires_us": now_us + life_s * 1_000_000,
        }
        with self._engine.begin() as connection:
            connection.execute(sa.delete(table).where(table.c.expires_us <= now_us))
            connection.execute(sa.insert(table).values(row))
        return token


def _require(changed_rows: int, user_id: str) -> None:
    if changed_rows == 0:
        raise KeyError(user_id)


def _require_administrator(connection: sa.Connection) -> None:
    """Roll back what would leave a node that nobody can run."""
    rows = connection.execute(sa.select(users.c.roles)).all()
    if not any(Role.ADMINISTRATOR.value in orjson.loads(row.roles) for row in rows):
        raise AccountError("this is the last administrator: make another one first")


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """What a stored hash looks like, of no password: checking one against it takes as long."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
