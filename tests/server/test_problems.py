"""Every error has one shape, and says nothing it should not."""

from __future__ import annotations

import io
import sqlite3

import httpx
import pytest

from tests.server.small_node import PATIENCE_S, SmallNode

KEYS = {"type", "title", "status", "detail", "instance", "errors"}


def _check(answer: httpx.Response, status: int, kind: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, object] = answer.json()
    assert set(said) == KEYS
    assert said["status"] == status
    assert said["type"] == f"urn:alliage:problem:{kind}"
    assert said["instance"] == f"urn:alliage:request:{answer.headers['X-Request-Id']}"
    assert answer.headers["cache-control"] == "no-store"
    return said


def test_not_found(anna: httpx.Client) -> None:
    _check(anna.get("no-such-thing"), 404, "not-found")
    _check(anna.get("tracks/nothing"), 404, "not-found")


def test_not_signed_in(stranger: httpx.Client) -> None:
    _check(stranger.get("tracks"), 401, "not-signed-in")


def test_not_allowed(bent: httpx.Client) -> None:
    _check(bent.get("users"), 403, "forbidden")


def test_wrong_method(anna: httpx.Client) -> None:
    answer = anna.put("search", json={})
    _check(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET"
    assert anna.put("users/x").headers["Allow"] == "DELETE, PATCH"


def test_invalid_fields_are_named_and_their_values_kept_quiet(stranger: httpx.Client) -> None:
    body = {"user": 7, "password": "", "token": "hunter2-hunter2"}
    said = _check(stranger.post("session", json=body), 422, "invalid")
    assert isinstance(said["errors"], list)
    fields = {error["field"] for error in said["errors"]}
    assert fields == {"body.user", "body.password", "body.token"}
    assert "hunter2" not in str(said)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]", b"null", b'{"user": "\\ud800"}', b""])
def test_a_body_that_is_no_json_object_is_refused(stranger: httpx.Client, body: bytes) -> None:
    answer = stranger.post("session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == KEYS


def test_a_body_that_is_not_json_is_not_understood(stranger: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b'{"user": anna}', b'{"user": "anna",}'):
        said = _check(stranger.post("session", content=body, headers=headers), 400, "bad-request")
        assert "not JSON" in str(said["detail"])
        assert said["errors"] == []


def test_what_is_wrong_with_a_field_is_said_in_our_own_words(anna: httpx.Client) -> None:
    body = {"user": "-", "password": "short", "nation": "Denmark", "clearance": "COSMIC"}
    said = _check(anna.post("users", json=body | {"roles": [], "x": 1}), 422, "invalid")
    assert isinstance(said["errors"], list)
    words = {error["field"]: error["message"] for error in said["errors"]}
    assert words["body.password"] == "at least 12 characters are needed"
    assert (
        words["body.nation"] == "allowed are three capital letters (ISO 3166-1 alpha-3), like DNK"
    )
    assert words["body.roles"] == "at least 1 entry is needed"
    assert words["body.clearance"].startswith("use 'UNMARKED'")
    assert words["body.user"].startswith("allowed are letters, digits")
    assert words["body.x"] == "is not known here; leave it out"
    said = _check(anna.get("tracks", params={"limit": "many"}), 422, "invalid")
    (error,) = said["errors"]  # type: ignore[misc]
    assert (error["field"], error["message"]) == ("query.limit", "a whole number is needed")


def test_a_query_that_nobody_knows_is_refused_with_the_known_ones(anna: httpx.Client) -> None:
    said = _check(anna.get("tracks", params={"limt": 5, "limit": 5}), 422, "invalid")
    assert isinstance(said["errors"], list)
    (error,) = said["errors"]
    assert error["field"] == "query.limt"
    assert "limit" in error["message"]
    assert "bbox" in error["message"]
    said = _check(anna.get("picture/summary", params={"x" * 500: 1}), 422, "invalid")
    assert len(str(said["errors"])) < 200
    _check(anna.get("no-such-thing", params={"x": 1}), 404, "not-found")
    assert anna.get("tracks", params={"limit": 5}).status_code == 200


def test_a_body_that_is_too_large_is_refused(stranger: httpx.Client) -> None:
    body = b'{"user": "' + b"x" * 70_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    _check(stranger.post("session", content=body, headers=headers), 413, "too-large")


def test_a_body_of_unknown_length_is_cut_off_too(stranger: httpx.Client) -> None:
    pieces = (b"x" * 10_000 for _ in range(20))
    headers = {"Content-Type": "application/json"}
    answer = stranger.post("session", content=pieces, headers=headers)
    _check(answer, 413, "too-large")


def test_headers_without_end_are_cut_off(node: SmallNode, stranger: httpx.Client) -> None:
    try:
        status = httpx.get(
            node.url, headers={"X-Long": "x" * 2_000_000}, timeout=PATIENCE_S
        ).status_code
    except httpx.TransportError:
        status = 0  # the node hung up before everything was sent
    assert status in (0, 400)
    assert stranger.get("health/live").status_code == 200


def test_a_fault_of_the_node_tells_its_number_and_the_log_the_rest(
    node: SmallNode, lines: io.StringIO
) -> None:
    def crash() -> None:
        password = "hunter2"
        raise RuntimeError(f"the secret of the house, not {len(password)}")

    def fill() -> None:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("PRAGMA max_page_count = 1")
            connection.execute("CREATE TABLE a (b)")

    node.app.router.add_api_route("/api/v1/crash", crash)
    node.app.router.add_api_route("/api/v1/full", fill)
    full = node.client("anna").get("full")
    assert "disk is full" in _check(full, 503, "unavailable")["detail"]
    assert full.headers["Retry-After"] == "60"
    answer = node.client("anna").get("crash")
    said = _check(answer, 500, "internal")
    assert "secret" not in str(said)
    told = next(line for line in lines.getvalue().splitlines() if "request failed" in line)
    assert answer.headers["X-Request-Id"] in told
    assert "the secret of the house" in told
    assert "hunter2" not in told.replace('password = "hunter2"', "")
