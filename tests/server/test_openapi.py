"""The OpenAPI document: it needs no node, it is complete, and the node keeps to it."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Config

from alliage.server.app import openapi_document
from tests.server.small_node import SmallNode

DOCUMENT = openapi_document()
CONFIG = Config.from_dict(
    {
        # Sessions are signed in for, not invented: generated cookies would only ever be refused.
        "generation": {"with-security-parameters": False},
        # Made-up cursors are well formed and yet none (400); a box may be upside down (422).
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", 400, 401, 403, 404, 409, 410, 422, 429]
            },
            # So many requests of one session meet its limit (429) before anything is looked at.
            "missing_required_header": {"expected-statuses": [400, 401, 403, 406, 415, 422, 429]},
        },
    }
)
schema = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
EXAMPLES = 5


@pytest.fixture(scope="module")
def visitor(node: SmallNode) -> httpx.Client:
    """An administrator's session that lasts for all generated requests."""
    return node.client("anna")


# Left out: signing out, which would end the session of all that follow (test_sign_in.py has it).
@schema.exclude(method="DELETE", path="/api/v1/session").parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_node_keeps_to_its_document(
    case: schemathesis.Case, node: SmallNode, visitor: httpx.Client
) -> None:
    case.call_and_validate(
        base_url=node.url,
        cookies=dict(visitor.cookies),
        headers={"X-CSRF-Token": visitor.headers["X-CSRF-Token"]},
    )


def test_every_operation_says_how_it_fails() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            for status, response in operation["responses"].items():
                if int(status) >= 400 and (path, status) != ("/api/v1/health/ready", "503"):
                    assert list(response["content"]) == ["application/problem+json"]


def test_sessions_and_tokens_are_asked_for_where_they_are_needed() -> None:
    open_ones = {
        (method, path)
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        if "security" not in operation
    }
    assert open_ones == {
        ("post", "/api/v1/session"),
        ("post", "/api/v1/session/one-time"),
        ("get", "/api/v1/health/live"),
        ("get", "/api/v1/health/ready"),
    }
    assert DOCUMENT["paths"]["/api/v1/users"]["post"]["security"] == [
        {"session": [], "csrf": []},
        {"bearer": ["admin"]},
    ]


def test_the_running_node_serves_the_same_document(node: SmallNode) -> None:
    assert node.client().get("openapi.json").json() == DOCUMENT


def test_what_the_document_does_not_name_is_refused_with_what_it_names(
    visitor: httpx.Client,
) -> None:
    for path, operations in DOCUMENT["paths"].items():
        if "get" in operations and "{" not in path:
            places = operations["get"].get("parameters", ())
            known = ", ".join(place["name"] for place in places if place["in"] == "query")
            answer = visitor.get(path.removeprefix("/api/v1"), params={"nothing": "1"})
            assert answer.status_code == 422, path
            (error,) = answer.json()["errors"]
            assert error["message"] == f"is not known here; known are: {known or 'none'}", path
