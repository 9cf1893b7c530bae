"""Signing in and out, the cookie, the CSRF token, throttling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.small_node import PASSWORD, SmallNode

HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[SmallNode]:
    """A node whose people nobody else signs in as."""
    node = SmallNode(tmp_path)
    yield node
    node.close()


def _sign_in(client: httpx.Client, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return client.post("session", json={"user": "anna", "password": password}, headers=headers)


def test_the_session_says_who_is_signed_in_and_where(stranger: httpx.Client) -> None:
    answer = _sign_in(stranger)
    assert answer.status_code == 200
    said = answer.json()
    assert said["user"] == "anna"
    assert said["roles"] == ["viewer", "administrator"]
    assert said["node"] == {"name": "test-1", "nation": "DNK", "banner": "EXERCISE", "version": "0"}
    assert said["clock"]["mode"] == "live"
    assert stranger.get("session").json() | {"clock": None} == said | {"clock": None}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: httpx.Client) -> None:
    cookie = _sign_in(stranger).headers["set-cookie"]
    assert cookie.startswith("alliage_session=")
    for flag in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age="):
        assert flag in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_secure_where_the_page_came_over_https(stranger: httpx.Client) -> None:
    assert "Secure" in _sign_in(stranger, **HTTPS).headers["set-cookie"]


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(fresh: SmallNode) -> None:
    client = fresh.client()
    wrong = _sign_in(client, "not the password")
    unknown = client.post("session", json={"user": "nobody", "password": "not the password"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() | {"instance": ""} == unknown.json() | {"instance": ""}
    assert wrong.json()["type"].endswith(":sign-in-refused")
    assert "set-cookie" not in wrong.headers


def test_guessing_is_slowed_down_also_for_the_right_password(fresh: SmallNode) -> None:
    client = fresh.client()
    guesses = [_sign_in(client, f"wrong guess {number}").status_code for number in range(8)]
    assert guesses[0] == 401
    assert guesses[-1] == 429
    answer = _sign_in(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 300


def test_a_one_time_token_signs_in_once(fresh: SmallNode) -> None:
    user = fresh.accounts.find("anna")
    assert user is not None
    token = fresh.accounts.one_time_token(user.principal.user_id)
    first, second = fresh.client(), fresh.client()
    assert first.post("session/one-time", json={"token": token}).json()["user"] == "anna"
    assert first.get("tracks").status_code == 200
    answer = second.post("session/one-time", json={"token": token})
    assert answer.status_code == 401
    assert token not in answer.text


def test_without_a_session_there_is_nothing(stranger: httpx.Client) -> None:
    answer = stranger.get("session")
    assert answer.status_code == 401
    assert answer.json()["type"].endswith(":not-signed-in")
    stranger.cookies.set("alliage_session", "made-up")
    assert stranger.get("tracks").status_code == 401


def test_signing_out_ends_the_session_for_every_holder_of_the_cookie(node: SmallNode) -> None:
    client, thief = node.client("bent"), node.client()
    thief.cookies = client.cookies
    kept = dict(client.cookies)
    assert thief.get("session").status_code == 200
    answer = client.delete("session")
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    late = node.client()
    late.cookies.update(kept)
    assert late.get("session").status_code == 401


def test_signing_in_again_ends_the_session_before(node: SmallNode) -> None:
    client = node.client("anna")
    before = dict(client.cookies)
    assert _sign_in(client).status_code == 200
    late = node.client()
    late.cookies.update(before)
    assert late.get("session").status_code == 401


def test_the_language_is_kept_for_the_next_session(node: SmallNode) -> None:
    client = node.client("fleur")
    assert client.patch("session", json={"language": "fr"}).json()["language"] == "fr"
    assert node.client("fleur").get("session").json()["language"] == "fr"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_an_unsafe_request_needs_the_sessions_own_token(node: SmallNode, token: str | None) -> None:
    client = node.client("anna")
    del client.headers["X-CSRF-Token"]
    headers = {} if token is None else {"X-CSRF-Token": token.encode()}
    answer = client.patch("session", json={"language": "en"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":cross-site")


def test_another_sessions_token_does_not_do(node: SmallNode) -> None:
    client, other = node.client("anna"), node.client("anna")
    client.headers["X-CSRF-Token"] = other.headers["X-CSRF-Token"]
    assert client.delete("session").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_can_neither_act_nor_sign_in(
    node: SmallNode, headers: dict[str, str]
) -> None:
    client = node.client("anna")
    assert client.patch("session", json={"language": "fr"}, headers=headers).status_code == 403
    assert _sign_in(node.client(), **headers).status_code == 403


def test_the_nodes_own_page_may_act(node: SmallNode) -> None:
    client = node.client("anna")
    headers = {"Origin": node.url, "Sec-Fetch-Site": "same-origin"}
    assert client.patch("session", json={"language": "en"}, headers=headers).status_code == 200
