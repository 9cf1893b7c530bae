"""Objects are linked with each other: both ways, and only as far as the reader may see."""

from __future__ import annotations

import httpx
import pytest

from tests.server.small_node import FRIO, GHOST, HIDDEN_STREAM, OPEN_STREAM, SmallNode

LABEL = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}


@pytest.fixture
def carl(node: SmallNode) -> httpx.Client:
    return node.client("carl")


@pytest.fixture
def frio(node: SmallNode) -> str:
    return node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")


def create(client: httpx.Client, schema: str, **properties: object) -> str:
    body = {"schema": schema, "properties": properties, "label": LABEL}
    answer = client.post("objects", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["object_id"])


def links(client: httpx.Client, object_id: str) -> tuple[list[dict], list[dict]]:
    answer = client.get(f"objects/{object_id}/links")
    assert answer.status_code == 200, answer.text
    return answer.json()["outgoing"], answer.json()["incoming"]


def test_a_link_is_told_at_both_ends_in_both_languages(fleur: httpx.Client, frio: str) -> None:
    company = create(fleur, "Organisation", name="Mærsk Rescue")
    said = fleur.post(f"objects/{frio}/claims", json={"property": "operator", "value": company})
    assert said.status_code == 201, said.text
    (out,) = links(fleur, frio)[0]
    assert (out["other"]["name"], out["title"]) == (
        "Mærsk Rescue",
        {"en": "Operator", "fr": "Exploitant"},
    )
    (back,) = links(fleur, company)[1]
    assert (back["other"]["name"], back["title"]) == ("FRIO", {"en": "Operates", "fr": "Exploite"})


def test_who_changes_their_mind_leads_elsewhere_and_many_values_stand_together(
    fleur: httpx.Client,
) -> None:
    one, two = create(fleur, "Organisation", name="One"), create(fleur, "Organisation", name="Two")
    cable = create(fleur, "Cable", name="Amber", operator=one, owner=one)
    for name in ("operator", "owner"):
        body = {"property": name, "value": two}
        assert fleur.post(f"objects/{cable}/claims", json=body).status_code == 201
    ends = sorted((link["property"], link["other"]["name"]) for link in links(fleur, cable)[0])
    assert ends == [("operator", "Two"), ("owner", "One"), ("owner", "Two")]
    assert [link["property"] for link in links(fleur, one)[1]] == ["owner"]


def test_a_link_that_was_taken_back_is_none(fleur: httpx.Client) -> None:
    unit = create(fleur, "Unit", name="Rescue 1")
    body = {"schema": "Unit", "properties": {"name": "x", "part_of": unit}, "label": LABEL}
    part = fleur.post("objects", json=body).json()
    assert len(links(fleur, unit)[1]) == 1
    for claim_id in part["undo"]:
        fleur.post(f"claims/{claim_id}/retraction", json={"reason": "wrong"}).raise_for_status()
    assert links(fleur, unit)[1] == []


def test_a_link_to_what_is_hidden_takes_its_labels_and_shows_to_nobody_else(
    node: SmallNode, carl: httpx.Client, fleur: httpx.Client, frio: str
) -> None:
    ghost = node.subject_of(HIDDEN_STREAM, f"mmsi:{GHOST}")
    event = {"schema": "Event", "properties": {"name": "met", "involves": ghost}}
    said = carl.post("objects", json=event)
    assert said.json()["marking"]["text"] == "ALLIAGE SECRET / REL TO DNK"
    assert len(links(carl, ghost)[1]) == 1
    before = links(fleur, frio)
    both = carl.post(
        f"objects/{said.json()['object_id']}/claims", json={"property": "involves", "value": frio}
    )
    assert both.status_code == 201, both.text
    assert links(fleur, frio) == before
    assert fleur.get(f"objects/{ghost}/links").status_code == 404
    hidden = fleur.post("objects", json=event)
    never = fleur.post(
        "objects", json={**event, "properties": {"name": "met", "involves": "f" * 32}}
    )
    assert hidden.status_code == never.status_code == 404


def test_a_link_to_the_wrong_kind_of_thing_is_refused_with_both_kinds(
    fleur: httpx.Client, frio: str
) -> None:
    cable = create(fleur, "Cable", name="Amber 2")
    answer = fleur.post(f"objects/{cable}/claims", json={"property": "owner", "value": frio})
    assert answer.status_code == 400 or answer.status_code == 422
    assert "leads to a Organisation, and this is Vessel" in answer.text


def test_an_identifier_is_followed_where_somebody_visible_bears_it(fleur: httpx.Client) -> None:
    event = create(fleur, "Event", name="Collision", involves=f"mmsi:{FRIO}")
    (link,) = links(fleur, event)[0]
    assert link["other"]["name"] == "FRIO"
    assert (
        links(fleur, create(fleur, "Event", name="x", involves=f"mmsi:{GHOST}"))[0][0]["other"]
        is None
    )
