"""API tokens: made once, less than their user, gone when revoked; and how often one may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from alliage.server.app import API
from alliage.server.rate import RateLimit
from alliage.server.scopes import scopes_for
from alliage.server.settings import ServerSettings
from tests.server.small_node import PASSWORD, PATIENCE_S, SmallNode, wait_until

LABEL = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED"}
PLACE = {"schema": "Place", "properties": {"name": "here"}, "label": LABEL}


@pytest.fixture
def carl(node: SmallNode) -> Iterator[httpx.Client]:
    """A Danish analyst, without tokens when he leaves."""
    carl = node.client("carl")
    yield carl
    for token in carl.get("tokens").json():
        carl.delete(f"tokens/{token['token_id']}")


def issue(client: httpx.Client, *scopes: str, name: str = "importer") -> dict:
    answer = client.post("tokens", json={"name": name, "scopes": scopes})
    assert answer.status_code == 201, answer.text
    return answer.json()


def program(node: SmallNode, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"{node.url}/api/v1/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE_S,
    )


def test_a_token_reads_what_its_user_may_see(node: SmallNode, carl: httpx.Client) -> None:
    issued = issue(carl, "read")
    reader = program(node, issued["token"])
    assert reader.get("claims").json() == carl.get("claims").json()
    (listed,) = carl.get("tokens").json()
    assert listed["scopes"] == ["read"]
    assert listed["last_used"] is not None
    assert issued["token"] not in json.dumps(listed)


def test_a_token_writes_only_with_the_scope_and_needs_no_csrf_token(
    node: SmallNode, carl: httpx.Client
) -> None:
    reader = program(node, issue(carl, "read")["token"])
    answer = reader.post("objects", json=PLACE)
    assert answer.status_code == 403
    assert "write:claims" in answer.json()["detail"]
    writer = program(node, issue(carl, "write:claims", name="drawer")["token"])
    said = writer.post("objects", json=PLACE)
    assert said.status_code == 201
    assert said.json()["source"] == "api:carl/drawer"
    assert writer.get("tracks").status_code == 403


def test_a_token_can_do_no_more_than_its_user(node: SmallNode, bent: httpx.Client) -> None:
    issued = issue(bent, "write:claims", "admin")
    viewer = program(node, issued["token"])
    assert viewer.post("objects", json=PLACE).status_code == 403
    assert viewer.get("users").status_code == 403
    bent.delete(f"tokens/{issued['token_id']}")


def test_an_administrators_token_needs_the_scope_for_accounts(
    node: SmallNode, anna: httpx.Client
) -> None:
    plain, admin = issue(anna, "read", name="r"), issue(anna, "admin", name="a")
    assert program(node, plain["token"]).get("users").status_code == 403
    assert program(node, admin["token"]).get("users").status_code == 200
    assert program(node, admin["token"]).get("metrics").status_code == 200


def test_a_token_makes_no_tokens_and_is_no_session(node: SmallNode, carl: httpx.Client) -> None:
    everything = issue(carl, "read", "write:observations", "write:claims", "admin")
    able = program(node, everything["token"])
    for method, path in (("GET", "tokens"), ("POST", "tokens"), ("GET", "session")):
        answer = able.request(method, path, json={"name": "x", "scopes": ["read"]})
        assert answer.status_code == 403, path


def test_a_revoked_token_is_refused_at_once(node: SmallNode, carl: httpx.Client) -> None:
    issued = issue(carl, "read")
    reader = program(node, issued["token"])
    assert reader.get("tracks").status_code == 200
    assert carl.delete(f"tokens/{issued['token_id']}").status_code == 204
    answer = reader.get("tracks")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert carl.delete(f"tokens/{issued['token_id']}").status_code == 404


def test_nobody_revokes_the_tokens_of_others(node: SmallNode, carl: httpx.Client) -> None:
    issued = issue(carl, "read")
    assert node.client("fleur").delete(f"tokens/{issued['token_id']}").status_code == 404
    assert program(node, issued["token"]).get("tracks").status_code == 200


def test_a_cookie_does_not_widen_a_token(node: SmallNode, carl: httpx.Client) -> None:
    carl.headers["Authorization"] = "Bearer " + issue(carl, "write:claims")["token"]
    assert carl.get("tracks").status_code == 403
    carl.headers["Authorization"] = "Bearer alliage_nonsense"
    assert carl.get("tracks").status_code == 401
    del carl.headers["Authorization"]


def test_two_tokens_of_one_name_are_refused(carl: httpx.Client) -> None:
    issue(carl, "read")
    answer = carl.post("tokens", json={"name": "importer", "scopes": ["read"]})
    assert answer.status_code == 409


def test_a_new_password_ends_the_tokens(node: SmallNode, anna: httpx.Client) -> None:
    body = {
        "user": "erik", "password": PASSWORD, "nation": "DNK", "clearance": "SECRET",
        "roles": ["analyst"],
    }  # fmt: skip
    user_id = anna.post("users", json=body).json()["user_id"]
    reader = program(node, issue(node.client("erik"), "read")["token"])
    assert reader.get("tracks").status_code == 200
    changed = anna.patch(f"users/{user_id}", json={"password": "another long password"})
    assert changed.status_code == 200
    assert reader.get("tracks").status_code == 401


def test_no_log_line_has_a_token(
    node: SmallNode, carl: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    issued = issue(carl, "read")
    program(node, issued["token"]).get("tracks")
    told = ""

    def is_told() -> bool:
        nonlocal told
        told += "".join(capfd.readouterr())
        return "/tracks" in told

    wait_until(is_told)
    assert "carl/importer" in told
    assert issued["token"] not in told


def test_every_route_takes_tokens_by_its_scopes_or_not_at_all(node: SmallNode) -> None:
    without_tokens = {
        f"{method} {path}"
        for context in iter_route_contexts(node.app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
        if scopes_for(method, path := str(context.path).removeprefix(API)) is None
    }
    assert without_tokens == {
        "POST /session",
        "POST /session/one-time",
        "GET /session",
        "PATCH /session",
        "DELETE /session",
        "PUT /session/password",
        "GET /tokens",
        "POST /tokens",
        "DELETE /tokens/{token_id}",
        # A person's own settings.
        "PUT /searches/{name}",
        "DELETE /searches/{name}",
        # What a person has in hand, or answers for, no program has.
        "POST /proposals/releases",
        "POST /proposals/redactions",
        "POST /proposals/{proposal_id}/decision",
        "GET /vouchings",
        "POST /vouchings",
        "POST /incidents/{incident_id}/sayings",
        "POST /incidents/{incident_id}/tasks",
        "POST /tasks/{task_id}/changes",
        "POST /watch/log",
        "POST /watch/rules",
        "POST /watch/rules/{rule_id}/versions",
        "GET /exercises",
        "GET /exercises/{source}/measures",
        "GET /exercises/{source}/measures/series",
        "POST /exercises/{source}/pace",
        "POST /exercises/{source}/seek",
        "POST /exercises/{source}/injects",
    }


def test_a_bucket_gives_its_burst_and_then_a_steady_rate() -> None:
    limit = RateLimit(rate_hz=2.0, burst=3)
    assert [limit.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.take("b", 0.0) == 0
    assert limit.take("a", 0.5) == 0
    assert limit.take("a", 0.5) == 0.5
    assert [limit.take("a", 100.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_whoever_asks_too_often_is_told_when_to_come_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("limited")
    node = SmallNode(folder, ServerSettings(web=folder, requests_hz=0.01, requests_burst=3))
    try:
        carl = node.client("carl")
        answers = [carl.get("schemata") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 90 <= int(answers[-1].headers["Retry-After"]) <= 100
        assert answers[-1].json()["type"] == "urn:alliage:problem:too-many-requests"
        assert node.client("fleur").get("schemata").status_code == 200
    finally:
        node.close()
