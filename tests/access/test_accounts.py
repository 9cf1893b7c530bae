"""Accounts: who gets in, for how long, and who does not."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from alliage.access.accounts import (
    ONE_TIME_S,
    SESSION_S,
    Accounts,
    SignInRefusedError,
    TooManyAttemptsError,
)
from alliage.access.principal import Role
from alliage.access.users import AccountError, User

PASSWORD = "seven grey seals"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class SetClock:
    def __init__(self) -> None:
        self.moment_us = 1_700_000_000_000_000

    def now_us(self) -> int:
        return self.moment_us

    def pass_s(self, seconds: float) -> None:
        self.moment_us += int(seconds * 1e6)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def accounts(tmp_path: Path, clock: SetClock) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "accounts.sqlite", clock, CHEAP)
    yield opened
    opened.close()


@pytest.fixture
def anna(accounts: Accounts) -> User:
    return accounts.add(
        "Anna",
        nation="DNK",
        clearance="SECRET",
        roles=frozenset({Role.ADMINISTRATOR, Role.ANALYST}),
        password=PASSWORD,
        language="fr",
    )


def bob(accounts: Accounts) -> User:
    return accounts.add(
        "bob", nation="FRA", clearance="UNCLASSIFIED", roles=frozenset({Role.VIEWER})
    )


def test_the_right_password_opens_a_session_with_the_user_s_rights(
    accounts: Accounts, anna: User
) -> None:
    signed_in = accounts.sign_in("ANNA", PASSWORD)
    session = accounts.session(signed_in.token)
    assert session == signed_in.session
    assert session is not None
    assert session.principal == anna.principal
    assert session.language == "fr"
    assert session.csrf_token not in ("", signed_in.token)


@pytest.mark.parametrize(
    ("name", "password"),
    [("Anna", "wrong password"), ("nobody", PASSWORD), ("", ""), ("Anna", "x" * 5000)],
)
def test_a_wrong_name_or_password_is_refused_without_saying_which(
    accounts: Accounts, anna: User, name: str, password: str
) -> None:
    with pytest.raises(SignInRefusedError, match="the name or the password is wrong"):
        accounts.sign_in(name, password)


def test_an_account_without_password_cannot_be_entered_by_any(accounts: Accounts) -> None:
    bob(accounts)
    for guess in ("", "None", PASSWORD):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in("bob", guess)


def test_guessing_is_slowed_down_and_time_forgives(
    accounts: Accounts, anna: User, clock: SetClock
) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in("Anna", "wrong password")
    with pytest.raises(TooManyAttemptsError) as refused:
        accounts.sign_in("anna", PASSWORD)
    clock.pass_s(refused.value.retry_after_s + 0.1)
    assert accounts.sign_in("Anna", PASSWORD).session.principal.name == "Anna"


def test_many_guesses_at_the_same_moment_do_not_slip_through(
    accounts: Accounts, anna: User
) -> None:
    def guess(_: int) -> type[Exception]:
        try:
            accounts.sign_in("Anna", "wrong password")
        except (SignInRefusedError, TooManyAttemptsError) as error:
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(40)))
    assert outcomes.count(SignInRefusedError) == 5


def test_an_address_that_tries_many_names_is_slowed_down(accounts: Accounts, anna: User) -> None:
    for number in range(20):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in(f"name{number}", "wrong password", peer="10.0.0.7")
    with pytest.raises(TooManyAttemptsError):
        accounts.sign_in("Anna", PASSWORD, peer="10.0.0.7")
    assert accounts.sign_in("Anna", PASSWORD, peer="10.0.0.8")


def test_a_one_time_token_signs_in_once(accounts: Accounts, clock: SetClock) -> None:
    user = bob(accounts)
    token = accounts.one_time_token(user.principal.user_id)
    assert accounts.sign_in_once(token).session.principal == user.principal
    with pytest.raises(SignInRefusedError):
        accounts.sign_in_once(token)
    late = accounts.one_time_token(user.principal.user_id)
    clock.pass_s(ONE_TIME_S + 1)
    with pytest.raises(SignInRefusedError):
        accounts.sign_in_once(late)


def test_sessions_end_by_time_sign_out_and_removal(
    accounts: Accounts, anna: User, clock: SetClock
) -> None:
    left = accounts.sign_in("Anna", PASSWORD).token
    accounts.sign_out(left)
    assert accounts.session(left) is None
    visitor = bob(accounts)
    removed = accounts.sign_in_once(accounts.one_time_token(visitor.principal.user_id)).token
    accounts.remove(visitor.principal.user_id)
    assert accounts.session(removed) is None
    old = accounts.sign_in("Anna", PASSWORD).token
    clock.pass_s(SESSION_S + 1)
    assert accounts.session(old) is None
    assert accounts.session("made up") is None


def test_a_new_password_ends_every_session_and_token(accounts: Accounts, anna: User) -> None:
    token = accounts.sign_in("Anna", PASSWORD).token
    link = accounts.one_time_token(anna.principal.user_id)
    accounts.set_password(anna.principal.user_id, "another long password")
    assert accounts.session(token) is None
    with pytest.raises(SignInRefusedError):
        accounts.sign_in_once(link)
    with pytest.raises(SignInRefusedError):
        accounts.sign_in("Anna", PASSWORD)
    assert accounts.sign_in("Anna", "another long password")


def test_changed_rights_reach_open_sessions_at_once(accounts: Accounts, anna: User) -> None:
    token = accounts.sign_in("Anna", PASSWORD).token
    accounts.change(anna.principal.user_id, clearance="UNCLASSIFIED", language="en")
    session = accounts.session(token)
    assert session is not None
    assert (session.principal.clearance, session.language) == ("UNCLASSIFIED", "en")


def test_the_last_administrator_stays(accounts: Accounts, anna: User) -> None:
    with pytest.raises(AccountError, match="last administrator"):
        accounts.remove(anna.principal.user_id)
    with pytest.raises(AccountError, match="last administrator"):
        accounts.change(anna.principal.user_id, roles=frozenset({Role.VIEWER}))
    assert Role.ADMINISTRATOR in accounts.user(anna.principal.user_id).principal.roles


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "anna"}, "already"),
        ({"name": "  "}, "printable characters"),
        ({"nation": "dk"}, "three capital letters"),
        ({"clearance": "COSMIC"}, "not one of"),
        ({"roles": frozenset()}, "at least one role"),
        ({"password": "short"}, "12 to 1024 characters"),
        ({"language": "de"}, "not one of en, fr"),
    ],
)
def test_what_is_not_as_it_must_be_is_refused(
    accounts: Accounts, anna: User, change: dict[str, object], complaint: str
) -> None:
    good = {
        "name": "Carl",
        "nation": "DNK",
        "clearance": "SECRET",
        "roles": frozenset({Role.VIEWER}),
    }
    with pytest.raises(AccountError, match=complaint):
        accounts.add(**{**good, **change})
    assert [user.principal.name for user in accounts.users()] == ["Anna"]


def test_the_file_holds_no_token_and_no_password(
    accounts: Accounts, anna: User, tmp_path: Path
) -> None:
    session = accounts.sign_in("Anna", PASSWORD)
    link = accounts.one_time_token(anna.principal.user_id)
    with sqlite3.connect(tmp_path / "accounts.sqlite") as connection:
        dump = "\n".join(connection.iterdump())
    for secret in (session.token, link, session.session.csrf_token, PASSWORD):
        assert secret not in dump
    assert "$argon2id$" in dump
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("accounts.sqlite*")}
    assert modes == {0o600}
