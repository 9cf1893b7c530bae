"""API tokens and kept answers, at the file: what is stored, for how long, and after a migration."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from argon2 import PasswordHasher

from alliage.access.accounts import MIGRATIONS, Accounts
from alliage.access.api_tokens import TOKENS_OF_A_USER, Scope
from alliage.access.kept_answers import KeyReusedError, UnfinishedError
from alliage.access.principal import Role
from alliage.access.users import AccountError

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
DAY_US = 86_400_000_000


class SetClock:
    def __init__(self) -> None:
        self.moment_us = 1_700_000_000_000_000

    def now_us(self) -> int:
        return self.moment_us


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def accounts(tmp_path: Path, clock: SetClock) -> Iterator[Accounts]:
    accounts = Accounts(tmp_path / "accounts.sqlite", clock, CHEAP)
    yield accounts
    accounts.close()


@pytest.fixture
def anna(accounts: Accounts) -> str:
    """Her user id."""
    roles = frozenset({Role.ANALYST, Role.ADMINISTRATOR})
    return accounts.add("anna", nation="DNK", clearance="SECRET", roles=roles).principal.user_id


def test_a_token_stands_for_its_user_until_it_expires(
    accounts: Accounts, anna: str, clock: SetClock
) -> None:
    secret, token = accounts.api_tokens.issue(anna, "importer", [Scope.READ], 2)
    use = accounts.api_tokens.find(secret)
    assert use is not None
    assert (use.principal.name, use.token.scopes) == ("anna", {Scope.READ})
    accounts.change(anna, clearance="RESTRICTED")
    changed = accounts.api_tokens.find(secret)
    assert changed is not None
    assert changed.principal.clearance == "RESTRICTED"
    clock.moment_us = token.expires_us
    assert accounts.api_tokens.find(secret) is None
    assert accounts.api_tokens.of_user(anna) == []


def test_only_a_hash_of_a_token_is_kept(accounts: Accounts, anna: str, tmp_path: Path) -> None:
    secret, _ = accounts.api_tokens.issue(anna, "importer", [Scope.READ], 2)
    accounts.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"importer" in stored
    assert secret.encode() not in stored
    assert secret.removeprefix("alliage_").encode() not in stored


def test_use_is_noted_to_the_minute(accounts: Accounts, anna: str, clock: SetClock) -> None:
    secret, _ = accounts.api_tokens.issue(anna, "importer", [Scope.READ], 2)
    began_us = clock.moment_us
    for seconds in (0, 59, 60):
        clock.moment_us = began_us + seconds * 1_000_000
        accounts.api_tokens.find(secret)
    (token,) = accounts.api_tokens.of_user(anna)
    assert token.last_used_us == began_us + 60_000_000


def test_tokens_go_with_their_user(accounts: Accounts, anna: str) -> None:
    roles = frozenset({Role.VIEWER})
    bent = accounts.add("bent", nation="DNK", clearance="SECRET", roles=roles).principal.user_id
    secret, _ = accounts.api_tokens.issue(bent, "importer", [Scope.READ], 2)
    accounts.remove(bent)
    assert accounts.api_tokens.find(secret) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["read"], 2),
        ("x" * 65, ["read"], 2),
        ("x", [], 2),
        ("x", ["read"], 0),
        ("x", ["read"], 367),
    ],
)
def test_what_is_no_token_is_refused(
    accounts: Accounts, anna: str, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(AccountError):
        accounts.api_tokens.issue(anna, name, map(Scope, scopes), days)


def test_a_user_has_so_many_tokens_and_no_more(accounts: Accounts, anna: str) -> None:
    for number in range(TOKENS_OF_A_USER):
        accounts.api_tokens.issue(anna, str(number), [Scope.READ], 2)
    with pytest.raises(AccountError, match="revoke one first"):
        accounts.api_tokens.issue(anna, "more", [Scope.READ], 2)


def test_an_answer_is_kept_for_a_day(accounts: Accounts, clock: SetClock) -> None:
    kept = accounts.kept_answers
    assert kept.begin("token:1", "key", b"rows") is None
    kept.finish("token:1", "key", b"answer")
    assert kept.begin("token:1", "key", b"rows") == b"answer"
    assert kept.begin("token:2", "key", b"other rows") is None
    with pytest.raises(KeyReusedError):
        kept.begin("token:1", "key", b"other rows")
    clock.moment_us += DAY_US
    assert kept.begin("token:1", "key", b"other rows") is None


def test_what_was_cut_off_is_not_done_again_by_itself(accounts: Accounts) -> None:
    kept = accounts.kept_answers
    kept.begin("token:1", "key", b"rows")
    with pytest.raises(UnfinishedError, match="cut off"):
        kept.begin("token:1", "key", b"rows")
    kept.forget("token:1", "key")
    assert kept.begin("token:1", "key", b"rows") is None


def test_an_accounts_file_of_the_first_release_is_brought_up_with_its_users(
    tmp_path: Path, clock: SetClock
) -> None:
    path = tmp_path / "accounts.sqlite"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = ("u1", "anna", "anna", None, "DNK", "SECRET", '["administrator"]', "en", 0)
        connection.exec_driver_sql("INSERT INTO users VALUES (?,?,?,?,?,?,?,?,?)", row)
    engine.dispose()
    accounts = Accounts(path, clock, CHEAP)
    try:
        assert [user.principal.name for user in accounts.users()] == ["anna"]
        anna = accounts.user("u1").principal
        assert (anna.communities, anna.purpose) == (frozenset(), "")
        secret, _ = accounts.api_tokens.issue("u1", "importer", [Scope.ADMIN], 1)
        assert accounts.api_tokens.find(secret) is not None
    finally:
        accounts.close()
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0005",)]
