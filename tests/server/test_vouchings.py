"""One administrator is one person, however many accounts they make."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.server.small_node import PASSWORD, SmallNode
from tests.server.test_proposals import HIGH, LOW, draw, names

NEW = "another long password"


@pytest.fixture
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """A node of a test's own: what is changed of its accounts concerns no other."""
    node = SmallNode(tmp_path_factory.mktemp("node"))
    yield node
    node.close()


def make(anna: httpx.Client, name: str, *roles: str) -> str:
    body = {
        "user": name, "password": PASSWORD, "nation": "DNK", "clearance": "SECRET",
        "roles": list(roles),
    }  # fmt: skip
    answer = anna.post("users", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["user_id"])


def propose(by: httpx.Client, name: str) -> str:
    ids = [claim["claim_id"] for claim in draw(by, name, HIGH)["claims"]]
    body = {"claims": ids, "label": LOW, "reason": "because"}
    answer = by.post("proposals/releases", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["undo"][0])


def approve(by: httpx.Client, proposal_id: str) -> httpx.Response:
    return by.post(f"proposals/{proposal_id}/decision", json={"approve": True})


def vouch(by: httpx.Client, name: str) -> httpx.Response:
    return by.post("vouchings", json={"user": name, "reason": "I met them"})


def chooses(node: SmallNode, name: str, before: str = PASSWORD) -> httpx.Client:
    """Somebody chooses a password, and signs in with it."""
    answer = node.client(name).put("session/password", json={"before": before, "password": NEW})
    assert answer.status_code == 204, answer.text
    client = node.client()
    signed_in = client.post("session", json={"user": name, "password": NEW})
    client.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]
    return client


def id_of(anna: httpx.Client, name: str) -> str:
    items = anna.get("users", params={"limit": 100}).json()["items"]
    return str(next(one["user_id"] for one in items if one["user"] == name))


def waiting(client: httpx.Client) -> dict[str, dict]:
    return {one["user"]: one for one in client.get("vouchings").json()["items"]}


def test_one_administrator_with_two_accounts_lowers_nothing(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    make(anna, "pup2", "analyst")
    make(anna, "puppet", "commander", "analyst")
    proposal = propose(node.client("pup2"), "Secret area")
    refused = approve(node.client("puppet"), proposal)
    assert refused.status_code == 403
    assert "two people" in refused.json()["detail"]
    assert "made or changed by anna" in refused.json()["detail"]
    puppet = chooses(node, "puppet")
    assert approve(puppet, proposal).status_code == 403
    for voucher in (anna, puppet, node.client("pup2"), fleur):
        assert vouch(voucher, "puppet").status_code == 403
    assert approve(puppet, proposal).status_code == 403
    assert "Secret area" not in names(fleur)
    acts = node.client("oda").get("audit", params={"act": "release.approved"}).json()["items"]
    assert {(one["done"], one["decision"]) for one in acts} == {(False, "refused by accounts")}


def test_an_officer_cannot_approve_what_the_own_puppet_proposed(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    roles = {"roles": ["administrator", "commander", "analyst"]}
    anna.patch(f"users/{id_of(anna, 'chief')}", json=roles)
    chief = node.client("chief")
    assert vouch(node.client("bent"), "chief").status_code == 204
    make(chief, "pup2", "analyst")
    proposal = propose(node.client("pup2"), "Secret area")
    assert approve(chief, proposal).status_code == 403
    assert "Secret area" not in names(fleur)


def test_a_new_officer_counts_once_somebody_else_has_vouched(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    carl = node.client("carl")
    make(anna, "erna", "commander")
    proposal = propose(carl, "Open area")
    early = vouch(carl, "erna")
    assert early.status_code == 403
    assert "password" in early.json()["detail"]
    assert waiting(carl)["erna"]["needs_password"]
    erna = chooses(node, "erna")
    assert waiting(erna)["erna"]["own"]
    assert waiting(carl)["erna"] == {
        "user": "erna", "touched_by": ["anna"], "needs_password": False, "own": False,
        "why_not": "",
    }  # fmt: skip
    assert waiting(fleur) == {}
    assert vouch(carl, "erna").status_code == 204
    assert waiting(carl) == {}
    assert approve(erna, proposal).status_code == 201
    assert "Open area" in names(fleur)


def test_who_was_given_a_password_or_rights_or_a_name_again_has_to_be_vouched_for_anew(
    node: SmallNode, anna: httpx.Client
) -> None:
    carl, chief = id_of(anna, "carl"), id_of(anna, "chief")
    early = propose(node.client("carl"), "One")
    assert anna.patch(f"users/{carl}", json={"password": NEW}).status_code == 200
    assert approve(node.client("chief"), early).status_code == 403  # anna could have proposed it
    assert anna.patch(f"users/{chief}", json={"language": "fr"}).status_code == 200
    assert set(waiting(anna)) == {"carl"}
    rights = {"roles": ["commander", "analyst"]}
    assert anna.patch(f"users/{chief}", json=rights).status_code == 200
    assert set(waiting(anna)) == {"carl", "chief"}
    assert not waiting(anna)["chief"]["needs_password"]
    assert anna.delete(f"users/{chief}").status_code == 204
    make(anna, "chief", "commander")
    assert waiting(anna)["chief"]["needs_password"]


def test_what_was_proposed_before_an_account_counted_is_proposed_anew(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    make(anna, "erik", "analyst")
    proposal = propose(node.client("erik"), "Early area")
    erik, chief = chooses(node, "erik"), node.client("chief")
    assert vouch(chief, "erik").status_code == 204
    refused = approve(chief, proposal)
    assert "proposed anew" in refused.json()["detail"]
    assert approve(chief, propose(erik, "Later area")).status_code == 201
    assert names(fleur) & {"Early area", "Later area"} == {"Later area"}


def test_who_chooses_a_password_has_to_know_the_one_until_now(node: SmallNode) -> None:
    carl = node.client("carl")
    for before in ("wrong", None):
        body = {"before": before, "password": NEW}
        answer = carl.put("session/password", json=body)
        assert answer.status_code == 409, answer.text
    same = carl.put("session/password", json={"before": PASSWORD, "password": PASSWORD})
    assert same.status_code == 409
    assert carl.get("session").status_code == 200
    again = chooses(node, "carl")
    assert carl.get("session").status_code == 401
    assert again.get("session").json()["user"] == "carl"


def test_what_counts_is_known_again_from_the_audit(node: SmallNode, anna: httpx.Client) -> None:
    make(anna, "erna", "commander")
    store = type(node.audit_store)(node.folder / "audit.sqlite")
    try:
        assert store.standing.since("chief") == node.audit_store.standing.since("chief")
        assert "anna" in store.standing.why_not("erna")
        assert "does not say" in store.standing.why_not("nobody")
    finally:
        store.close()
