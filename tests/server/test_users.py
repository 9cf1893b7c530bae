"""Accounts are kept by administrators, and by nobody else."""

from __future__ import annotations

import httpx
import pytest

from tests.server.small_node import PASSWORD, SmallNode

NEW = {
    "user": "carla",
    "password": "a long enough password",
    "nation": "FRA",
    "clearance": "UNCLASSIFIED",
    "roles": ["viewer", "planner"],
}


def _id_of(client: httpx.Client, name: str) -> str:
    users = client.get("users").json()["items"]
    return str(next(user["user_id"] for user in users if user["user"] == name))


def test_only_administrators_reach_accounts(bent: httpx.Client, fleur: httpx.Client) -> None:
    for client in (bent, fleur):
        assert client.get("users").status_code == 403
        assert client.post("users", json=NEW).status_code == 403
        assert client.patch("users/x", json={}).status_code == 403
        assert client.delete("users/x").status_code == 403


def test_an_account_is_made_changed_and_removed(node: SmallNode, anna: httpx.Client) -> None:
    made = anna.post("users", json=NEW)
    assert made.status_code == 201
    assert made.json()["roles"] == ["viewer", "planner"]
    assert "password" not in made.text.replace("has_password", "")
    carla = node.client()
    sign_in = {"user": "carla", "password": NEW["password"]}
    assert carla.post("session", json=sign_in).status_code == 200
    address = f"users/{made.json()['user_id']}"
    assert anna.patch(address, json={"clearance": "SECRET"}).json()["clearance"] == "SECRET"
    assert carla.get("session").json()["clearance"] == "SECRET"
    assert anna.patch(address, json={"password": PASSWORD}).status_code == 200
    assert carla.get("session").status_code == 401
    assert carla.post("session", json=sign_in | {"password": PASSWORD}).status_code == 200
    assert anna.delete(address).status_code == 204
    assert carla.get("session").status_code == 401
    assert anna.delete(address).status_code == 404


def test_names_are_unique_in_any_case(anna: httpx.Client) -> None:
    answer = anna.post("users", json=NEW | {"user": "FLEUR"})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":conflict")


def test_the_last_administrator_stays(anna: httpx.Client) -> None:
    address = f"users/{_id_of(anna, 'anna')}"
    assert anna.delete(address).status_code == 409
    assert anna.patch(address, json={"roles": ["viewer"]}).status_code == 409
    assert anna.get("users").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("nation", "Denmark"),
        ("clearance", "COSMIC"),
        ("roles", []),
        ("roles", ["king"]),
        ("user", ""),
        ("user", "a\nb"),
        ("surprise", 1),
    ],
)
def test_an_account_is_checked(anna: httpx.Client, field: str, value: object) -> None:
    answer = anna.post("users", json=NEW | {"user": "dora", field: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(f"body.{field}")
