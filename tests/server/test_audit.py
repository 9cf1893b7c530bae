"""Who did what, why and by which decision: in the log, for auditors, and for nobody to hide."""

from __future__ import annotations

import httpx
import pytest

from alliage.ontology.audience import machine_audience
from tests.server.small_node import FRIO, GHOST, HIDDEN_STREAM, OPEN_STREAM, PASSWORD, SmallNode


@pytest.fixture
def oda(node: SmallNode) -> httpx.Client:
    """A Danish auditor, cleared for SECRET."""
    return node.client("oda")


@pytest.fixture
def ines(node: SmallNode) -> httpx.Client:
    """A Danish auditor, cleared for UNCLASSIFIED."""
    return node.client("ines")


def audit(node: SmallNode, client: httpx.Client, **wanted: str) -> list[dict]:
    node.writer.drain()
    answer = client.get("audit", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_claim_by_hand_is_audited_with_who_why_and_the_rule(
    node: SmallNode, oda: httpx.Client
) -> None:
    carl = node.client("carl")
    frio = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    body = {"property": "call_sign", "value": "OXAB", "reason": "heard on channel 16"}
    claim_id = carl.post(f"objects/{frio}/claims", json=body).json()["undo"][0]
    (act,) = audit(node, oda, act="claim.asserted", on=claim_id)
    assert (act["user"], act["nation"], act["roles"]) == ("carl", "DNK", ["analyst"])
    assert act["reason"] == "heard on channel 16"
    assert act["decision"] == "roles analyst may write"
    assert act["details"] == {"property": "call_sign"}
    assert act["done"] is True
    assert act["marking"]["classification"] == "SECRET"


def test_an_auditor_who_may_not_see_the_thing_does_not_learn_of_the_act(
    node: SmallNode, oda: httpx.Client, ines: httpx.Client
) -> None:
    carl = node.client("carl")
    ghost = node.subject_of(HIDDEN_STREAM, f"mmsi:{GHOST}")
    said = carl.post(f"objects/{ghost}/annotations", json={"text": "is a submarine"})
    assert said.status_code == 201
    assert audit(node, oda, act="object.remarked", on=ghost)
    for wanted in ({}, {"on": ghost}, {"user": "carl"}):
        seen = str(audit(node, ines, **wanted))
        assert ghost not in seen
        assert "submarine" not in seen


def test_sign_ins_failed_ones_accounts_and_tokens_are_audited(
    node: SmallNode, ines: httpx.Client
) -> None:
    stranger = node.client()
    stranger.post("session", json={"user": "mallory", "password": "guess"})
    (refused,) = audit(node, ines, act="session.refused", user="mallory")
    assert refused["done"] is False
    assert refused["details"] == {"peer": "127.0.0.1"}
    assert "guess" not in str(refused)

    anna = node.client("anna")
    body = {
        "user": "nils",
        "password": PASSWORD,
        "nation": "DNK",
        "clearance": "SECRET",
        "roles": ["auditor"],
    }
    added = anna.post("users", json=body)
    assert added.status_code == 201, added.text
    user_id = added.json()["user_id"]
    assert anna.delete(f"users/{user_id}").status_code == 204
    acts = [one["act"] for one in audit(node, ines, on=user_id)]
    assert acts == ["account.removed", "account.added"]

    token = {"name": "reader", "scopes": ["read"], "expires_in_days": 1}
    made = anna.post("tokens", json=token).json()
    (said,) = audit(node, ines, on=made["token_id"])
    assert (said["act"], said["user"]) == ("token.made", "anna")
    assert made["token"] not in str(said)


def test_what_the_policy_refused_is_audited_without_what_it_was_about(
    node: SmallNode, oda: httpx.Client
) -> None:
    bent = node.client("bent")
    frio = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    assert bent.post(f"objects/{frio}/annotations", json={"text": "no"}).status_code == 403
    (act, *_) = audit(node, oda, user="bent", act="object")
    assert (act["done"], act["decision"], act["on"]) == (False, "refused by role", [])


def test_only_auditors_of_the_nodes_nation_read_it_and_nobody_finds_it_elsewhere(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    for client in (anna, fleur):
        assert client.get("audit").status_code == 403
        entries = client.get("entries", params={"limit": 1000}).json()["items"]
        assert "audit" not in {entry["stream"] for entry in entries}
    oda = node.client("oda")
    entries = oda.get("entries", params={"limit": 1000}).json()["items"]
    assert "audit" not in {entry["stream"] for entry in entries}
    assert oda.delete("audit").status_code == 405


def test_the_list_goes_on_page_by_page_and_filters_by_time(
    node: SmallNode, oda: httpx.Client
) -> None:
    everything = audit(node, oda, limit="1000")
    first = oda.get("audit", params={"limit": 2}).json()
    second = oda.get("audit", params={"limit": 2, "cursor": first["next"]}).json()
    got = [one["entry_id"] for one in first["items"] + second["items"]]
    assert got == [one["entry_id"] for one in everything[:4]]
    since = everything[1]["known"]
    newest = audit(node, oda, **{"from": since})
    assert {one["entry_id"] for one in newest} >= {one["entry_id"] for one in everything[:2]}
    assert audit(node, oda, to="2001-01-01T00:00:00Z") == []


def test_the_log_of_a_node_with_an_audit_verifies(node: SmallNode) -> None:
    node.writer.drain()
    steps = list(node.log.verify())
    assert steps[-1].fault is None
    machines = node.log.reader(machine_audience(node.log.label_sets))
    assert machines.read(kinds=["audit"])
