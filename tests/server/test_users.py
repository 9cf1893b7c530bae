"""Accounts are kept by administrators, and by nobody else."""

from __future__ import annotations

import io
import json

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


def test_nobody_gives_rights_to_themselves(anna: httpx.Client) -> None:
    address = f"users/{_id_of(anna, 'anna')}"
    for change in ({"roles": ["viewer"]}, {"nation": "FRA"}, {"clearance": "TOP SECRET"}):
        answer = anna.patch(address, json=change)
        assert answer.status_code == 403
        assert answer.json()["type"].endswith(":forbidden")
        assert "their own" in answer.json()["detail"]
    assert anna.delete(address).status_code == 403
    assert anna.get("session").json()["clearance"] == "SECRET"


def test_an_administrator_of_another_nation_cannot_become_one_of_the_nodes(
    node: SmallNode, anna: httpx.Client
) -> None:
    fifi = {"user": "fifi", "password": PASSWORD, "nation": "FRA", "clearance": "SECRET"}
    made = anna.post("users", json=fifi | {"roles": ["administrator"]})
    assert made.status_code == 201
    french = node.client("fifi")
    own = f"users/{made.json()['user_id']}"
    everything = {"nation": "DNK", "clearance": "TOP SECRET"}
    assert french.patch(own, json=everything).status_code == 403
    assert french.get("session").json()["nation"] == "FRA"
    dane = f"users/{_id_of(anna, 'bent')}"
    assert french.patch(dane, json={"password": PASSWORD}).status_code == 403
    assert french.delete(dane).status_code == 403
    assert french.post("users", json=NEW | {"user": "dane", "nation": "DNK"}).status_code == 403
    assert french.post("users", json=NEW | {"user": "marie"}).status_code == 201
    assert anna.delete(own).status_code == 204


def test_who_changed_whose_rights_is_logged(anna: httpx.Client, lines: io.StringIO) -> None:
    made = anna.post("users", json=NEW | {"user": "erik"}).json()
    address = f"users/{made['user_id']}"
    assert anna.patch(address, json={"clearance": "SECRET"}).status_code == 200
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    line = next(line for line in told if line["event"] == "account changed")
    assert (line["by"], line["user"]) == ("anna", "erik")
    assert (line["before"]["clearance"], line["after"]["clearance"]) == ("UNCLASSIFIED", "SECRET")
    assert anna.delete(address).status_code == 204


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
