"""One line a request, with what is needed and without what is secret."""

from __future__ import annotations

import io
import json

import httpx
import structlog

from tests.server.small_node import PASSWORD, SmallNode


def _requests(lines: io.StringIO) -> list[dict[str, object]]:
    every = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [line for line in every if line.get("event") == "request"]


def test_a_request_is_one_line(lines: io.StringIO, anna: httpx.Client) -> None:
    answer = anna.get("sources/escort")
    told = next(line for line in _requests(lines) if line["route"] == "/sources/{name}")
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert told["user"] == "anna"
    assert (told["method"], told["status"]) == ("GET", 200)
    assert isinstance(told["ms"], float)
    assert str(told["timestamp"]).endswith("Z")


def test_no_secret_is_written(lines: io.StringIO, node: SmallNode) -> None:
    client = node.client("anna")
    client.get("tracks?q=secretquery")
    node.client().post("session", json={"user": "anna", "password": "wrong secret"})
    client.get("nowhere/secretpath")
    written = lines.getvalue()
    cookie = client.cookies["alliage_session"]
    csrf = client.headers["X-CSRF-Token"]
    for secret in (PASSWORD, cookie, csrf, "secretquery", "wrong secret", "secretpath"):
        assert secret not in written
    assert "sign-in refused" in written


def test_keys_that_sound_secret_are_masked(lines: io.StringIO) -> None:
    structlog.get_logger("test").info("talk", password="hunter2", session_token="t0", fine="yes")
    assert "hunter2" not in lines.getvalue()
    assert "t0" not in lines.getvalue()
    assert "yes" in lines.getvalue()
