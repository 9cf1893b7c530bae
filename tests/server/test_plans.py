"""Planned routes through the API: drawn with who follows them, and how that goes, per reader."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx

from alliage.ontology.cited import Cited
from alliage.ontology.times import to_text
from tests.server.small_node import HIDDEN_STREAM, NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode
from tests.server.test_incidents import find, read

NUMBERS = count(219_700_001)
LABEL = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
SECRET = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}
LINE = {"type": "LineString", "coordinates": [[11.0, 57.0], [11.5, 57.0], [12.0, 57.0]]}


def a_ship(node: SmallNode, lon: float, lat: float, *, hidden: bool = False) -> str:
    """The id of a ship of its own."""
    mmsi = next(NUMBERS)
    stream, label = (HIDDEN_STREAM, NATIONAL) if hidden else (OPEN_STREAM, SHARED)
    node.report(stream, label, [Ship(mmsi, lon, lat)])
    return node.subject_of(stream, f"mmsi:{mmsi}")


def draw(client: httpx.Client, followers: list[str], **more: Any) -> httpx.Response:
    said = {"name": "CONVOY", "followed_by": followers, "corridor_m": 1852} | more
    label = said.pop("label", LABEL)
    body = {"schema": "Route", "properties": said, "geometry": LINE, "label": label}
    return client.post("objects", json=body)


def drawn(client: httpx.Client, followers: list[str], **more: Any) -> str:
    answer = draw(client, followers, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["object_id"])


def plans(client: httpx.Client, object_id: str) -> dict[str, Any]:
    answer = client.get(f"objects/{object_id}/plans")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_route_with_several_followers_is_told_at_both_ends(
    node: SmallNode, fleur: httpx.Client
) -> None:
    within, outside = a_ship(node, 11.5, 57.0), a_ship(node, 11.5, 57.1)
    now_us = node.clock.now_us()
    minutes = [to_text(now_us + m * 60_000_000) for m in (-60, -30, 60)]
    times = "; ".join(f"{corner} {time}" for corner, time in enumerate(minutes, 1))
    route = drawn(fleur, [within, outside], passes_at=times)
    told = {one["follower"]["object_id"]: one for one in plans(fleur, route)["items"]}
    assert told.keys() == {within, outside}
    assert told[within]["outside_m"] == 0
    assert 1_790 <= told[within]["late_s"] <= 1_870
    assert 9_200 <= told[outside]["outside_m"] <= 9_350
    assert told[outside]["late_s"] is None
    (one,) = plans(fleur, within)["items"]
    assert one["plan"]["name"] == "CONVOY"
    assert one["plan"]["object_id"] == route
    assert one["marking"]["text"] == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"


def test_an_incident_leads_to_the_plan_and_says_by_which_claims_it_was_judged(
    node: SmallNode, fleur: httpx.Client
) -> None:
    ship, now_us = a_ship(node, 11.5, 57.1), node.clock.now_us()
    route = drawn(fleur, [ship])
    name = fleur.get(f"objects/{route}").json()["identifier"]
    cited = Cited("person:fleur", name, now_us, "followed_by")
    told = find(node, f"mmsi:{next(NUMBERS)}", detector="off_plan", area=name, claims=(cited,))
    (found,) = read(fleur, told)["found"]
    assert (found["feature"]["object_id"], found["feature"]["name"]) == (route, "CONVOY")
    assert [one["property"] for one in found["evidence"]] == [None, "followed_by"]
    assert found["evidence"][1]["source"] == "person:fleur"
    gone = find(node, f"mmsi:{next(NUMBERS)}", detector="off_plan", area="object:unknown")
    assert read(fleur, gone)["found"][0]["feature"] is None


def test_a_corner_of_the_form_that_cannot_be_is_refused_in_words(fleur: httpx.Client) -> None:
    late_first = "2 2026-11-27T12:00Z; 1 2026-11-27T13:00Z"
    for wrong, said in (
        ({"passes_at": "at noon"}, "write the number of a corner"),
        ({"passes_at": late_first}, "has to come after corner 2"),
        ({"corridor_m": 1}, "below the least there can be"),
        ({"name": ["A", "B"]}, "one value holds, not a list"),
    ):
        answer = draw(fleur, ["mmsi:219012345"], **wrong)
        assert answer.status_code == 422
        assert said in answer.text


def test_a_corner_that_is_not_there_has_no_time(node: SmallNode, fleur: httpx.Client) -> None:
    ship = a_ship(node, 11.2, 57.0)
    beyond = "1 2026-11-27T12:00Z; 9 2026-11-27T13:00Z"
    answer = draw(fleur, [ship], passes_at=beyond)
    assert answer.status_code == 422
    assert "there is no corner 9: this route has 3, the first is 1" in answer.text
    route = drawn(fleur, [ship])
    path = f"objects/{route}/claims"
    answer = fleur.post(path, json={"property": "passes_at", "value": beyond, "label": LABEL})
    assert "there is no corner 9" in answer.text
    last = {"property": "passes_at", "value": "3 2026-11-27T12:00Z", "label": LABEL}
    fleur.post(path, json=last).raise_for_status()
    shorter = {"type": "LineString", "coordinates": LINE["coordinates"][:2]}
    answer = fleur.post(path, json={"property": "geometry", "value": shorter, "label": LABEL})
    assert answer.status_code == 422
    assert "has 2 corners, and corner 3 has a time: say passes_at anew first" in answer.text


def test_who_follows_a_route_is_somebody_who_is_known_and_can(
    node: SmallNode, fleur: httpx.Client
) -> None:
    ship, hidden = a_ship(node, 11.2, 57.0), a_ship(node, 11.3, 57.0, hidden=True)
    number, hidden_number = (
        node.client("carl").get(f"objects/{one}").json()["identifier"] for one in (ship, hidden)
    )
    for unknown in ("mmsi:219999999", hidden_number):
        answer = draw(fleur, [unknown])
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error["field"], error["code"]) == (
            "body.properties.followed_by",
            "follower_unknown",
        )
        assert f"nothing is known here by '{unknown}': see whether it is written so" in answer.text
    answer = draw(fleur, [drawn(fleur, [ship])])
    assert answer.status_code == 422
    assert "leads to a Platform, and this is Route: name a Platform" in answer.text
    assert answer.json()["errors"][0]["code"] == "follower_unfit"
    route = drawn(fleur, [number])
    assert len(plans(fleur, route)["items"]) == 1
    said = {"property": "followed_by", "value": "mmsi:219999999", "label": LABEL}
    answer = fleur.post(f"objects/{route}/claims", json=said)
    assert answer.json()["errors"][0]["field"] == "body.value"


def test_who_sees_neither_plan_nor_follower_is_told_of_neither(
    node: SmallNode, fleur: httpx.Client
) -> None:
    carl = node.client("carl")
    ship, hidden = a_ship(node, 11.2, 57.0), a_ship(node, 11.3, 57.0, hidden=True)
    before = plans(fleur, ship)
    drawn(carl, [ship], label=SECRET)
    assert plans(fleur, ship) == before == {"object_id": ship, "items": [], "marking": None}
    assert len(plans(carl, ship)["items"]) == 1
    assert draw(fleur, [hidden]).status_code == 404
    assert fleur.get(f"objects/{hidden}/plans").status_code == 404
    route = drawn(carl, [ship, hidden], label=SECRET)
    assert len(plans(carl, route)["items"]) == 2


def test_a_follower_that_was_taken_back_follows_no_more(
    node: SmallNode, fleur: httpx.Client
) -> None:
    ship = a_ship(node, 11.2, 57.0)
    answer = draw(fleur, [ship]).json()
    (said,) = [one for one in answer["claims"] if one["property"] == "followed_by"]
    path = f"claims/{said['claim_id']}/retraction"
    fleur.post(path, json={"reason": "another one"}).raise_for_status()
    assert plans(fleur, ship)["items"] == plans(fleur, answer["object_id"])["items"] == []
