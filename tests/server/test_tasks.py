"""Tasks through the API: made of an incident, worked on, seen under their labels."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from alliage.detection import Alert, alert_claim
from alliage.log import Draft
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label
from alliage.watch.board import Board
from tests.server.small_node import NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode

NUMBERS = count(219_600_001)
STREAM = "detector:drifting@1"
OPEN = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
SECRET = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}
LATER = "2099-01-01T00:00:00Z"


def an_incident(node: SmallNode, *labels: Label) -> str:
    """The id of an incident of a ship of its own."""
    mmsi, now_us = next(NUMBERS), node.clock.now_us()
    node.report(OPEN_STREAM, SHARED, [Ship(mmsi, 10.0, 57.0)])
    alert = Alert(
        alert_id=f"{next(NUMBERS):032x}", detector="drifting", version=1,
        identifiers=(f"mmsi:{mmsi}",), streams=(OPEN_STREAM,), schema="Vessel", start_us=now_us,
        end_us=None, told_us=now_us, probability=0.8, lat=57.0, lon=10.0, reason_en="It drifts",
        reason_fr="Il dérive",
    )  # fmt: skip
    claim = alert_claim(alert, STREAM, node.subject_of)
    node.writer.submit([Draft(STREAM, frozenset(labels or [SHARED]), (claim,))]).result()
    return alert.alert_id


def make(client: httpx.Client, incident: str, **more: Any) -> httpx.Response:
    said = {"title": "Ask whether she needs a tug", "kind": "call"} | more
    return client.post(f"incidents/{incident}/tasks", json=said)


def made(client: httpx.Client, incident: str, **more: Any) -> str:
    answer = make(client, incident, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["identifier"])


def change(client: httpx.Client, task: str, **more: Any) -> httpx.Response:
    return client.post(f"tasks/{task}/changes", json=more)


def tasks_of(client: httpx.Client, incident: str) -> list[dict[str, Any]]:
    return list(client.get(f"incidents/{incident}").json()["tasks"])


def open_ids(client: httpx.Client, wanted: str = "open") -> list[str]:
    items = client.get("tasks", params={"wanted": wanted, "limit": 1000}).json()["items"]
    return [one["task_id"] for one in items]


def test_a_task_is_made_given_done_and_taken_back(node: SmallNode) -> None:
    carl, incident = node.client("carl"), an_incident(node)
    task = made(carl, incident, assignee="person:chief", due=LATER)
    [shown] = tasks_of(carl, incident)
    assert (shown["task_id"], shown["state"], shown["kind"], shown["by"]) == (
        task, "to_do", "call", "person:carl",
    )  # fmt: skip
    assert (shown["assignee"], shown["due"]) == ("person:chief", LATER)
    assert carl.get(f"incidents/{incident}").json()["incident"]["open_tasks"] == 1
    chief = node.client("chief")
    assert change(chief, task, state="under_way").status_code == 201
    finished = change(chief, task, state="done", reason="she has her own")
    assert finished.status_code == 201
    assert tasks_of(carl, incident)[0]["state"] == "done"
    assert carl.get(f"incidents/{incident}").json()["incident"]["open_tasks"] == 0
    assert task not in open_ids(carl)
    assert task in open_ids(carl, "all")
    [undo] = finished.json()["undo"]
    assert chief.post(f"claims/{undo}/retraction", json={}).status_code == 201
    assert tasks_of(carl, incident)[0]["state"] == "under_way"


def test_what_is_due_first_comes_first(node: SmallNode) -> None:
    carl, incident = node.client("carl"), an_incident(node)
    whenever = made(carl, incident)
    late = made(carl, incident, due=LATER)
    soon = made(carl, incident, due="2098-01-01T00:00:00Z")
    mine = [one for one in open_ids(carl) if one in (whenever, late, soon)]
    assert mine == [soon, late, whenever]


def test_a_task_is_seen_and_changed_only_under_its_labels(node: SmallNode) -> None:
    carl, fleur, incident = node.client("carl"), node.client("fleur"), an_incident(node)
    shared, hidden = made(carl, incident), made(carl, incident, label=SECRET)
    assert {one["task_id"] for one in tasks_of(carl, incident)} == {shared, hidden}
    assert [one["task_id"] for one in tasks_of(fleur, incident)] == [shared]
    assert fleur.get(f"incidents/{incident}").json()["incident"]["open_tasks"] == 1
    assert hidden not in open_ids(fleur, "all")
    assert change(fleur, hidden, state="done").status_code == 404
    assert change(carl, shared, state="done", label=SECRET).status_code == 201
    assert tasks_of(fleur, incident)[0]["state"] == "to_do"
    national = an_incident(node, NATIONAL)
    assert make(fleur, national).status_code == 404


def test_a_change_of_a_task_is_told_under_what_its_incident_is_marked_by_then(
    node: SmallNode,
) -> None:
    carl, fleur, incident = node.client("carl"), node.client("fleur"), an_incident(node)
    task, other = made(carl, incident), made(carl, incident)
    said = {"said": "comment", "text": "Bound for Kiel", "label": SECRET}
    assert carl.post(f"incidents/{incident}/sayings", json=said).status_code == 201
    changed = change(carl, task, state="done")
    assert "SECRET" in changed.json()["marking"]["text"]
    assert "SECRET" not in change(carl, other, state="done", label=OPEN).json()["marking"]["text"]
    # Who sees less is told under what they see, and of what was said under it.
    states = {one["task_id"]: one["state"] for one in tasks_of(fleur, incident)}
    assert states == {task: "to_do", other: "done"}
    assert "SECRET" not in change(fleur, task, state="under_way").json()["marking"]["text"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "guard"}, "kind"),
        ({"title": " "}, "title"),
        ({"assignee": "person:ghost"}, "assignee"),
        ({"assignee": "person:bent"}, "assignee"),
        ({"due": "2020-01-01T00:00:00Z"}, "due"),
    ],
)
def test_what_cannot_be_asked_of_anybody_is_refused(
    node: SmallNode, said: dict[str, Any], field: str
) -> None:
    answer = make(node.client("carl"), an_incident(node), **said)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == f"body.{field}"


def test_a_change_that_changes_nothing_is_refused_and_so_is_who_may_only_look(
    node: SmallNode,
) -> None:
    carl, incident = node.client("carl"), an_incident(node)
    task = made(carl, incident)
    assert change(carl, task).status_code == 422
    assert change(node.client("bent"), task, state="done").status_code == 403
    assert make(node.client("bent"), incident).status_code == 403


def test_search_finds_a_task_and_calls_it_no_track(node: SmallNode) -> None:
    carl = node.client("carl")
    task = made(carl, an_incident(node), title="Quintessential towing question")
    (hit,) = carl.get("search", params={"q": "quintessential"}).json()["items"]
    assert (hit["schema"], hit["kind"]) == ("Task", "object")
    assert carl.get(f"objects/{hit['id']}").json()["identifier"] == task


def test_tasks_are_on_the_board_after_a_restart(node: SmallNode) -> None:
    carl, incident = node.client("carl"), an_incident(node)
    task = made(carl, incident)
    taken_back = make(carl, incident, title="Not this").json()
    for claim_id in taken_back["undo"]:
        assert carl.post(f"claims/{claim_id}/retraction", json={}).status_code == 201
    assert change(node.client("chief"), task, title="Ask for a tug").status_code == 201
    everything = machine_audience(node.log.label_sets)
    board = Board(node.log.label_sets, node.ontology)
    board.catch_up(node.claims.reader(everything))
    found = {one.task_id: one.title for one in board.tasks(everything)}
    assert found == {one.task_id: one.title for one in node.board.tasks(everything)}
    assert found[task] == "Ask for a tug"
    assert taken_back["identifier"] not in found


def about(client: httpx.Client, node: SmallNode, task: str) -> set[str]:
    """What a task is about, by identifier."""
    reader = client.get("claims", params={"identifier": task, "property": "about"}).json()["items"]
    return {one["value"] for one in reader}


def another_alert(node: SmallNode, mmsis: list[int], label: Label) -> str:
    """An alert about several ships, the first of which makes it one incident with others."""
    now_us = node.clock.now_us()
    alert = Alert(
        alert_id=f"{next(NUMBERS):032x}", detector="meeting", version=1,
        identifiers=tuple(f"mmsi:{one}" for one in mmsis), streams=(OPEN_STREAM,) * len(mmsis),
        schema="Vessel", start_us=now_us, end_us=None, told_us=now_us, probability=0.8, lat=57.0,
        lon=10.0, reason_en="They meet", reason_fr="Ils se rejoignent",
    )  # fmt: skip
    claim = alert_claim(alert, STREAM, node.subject_of)
    node.writer.submit([Draft(STREAM, frozenset([label]), (claim,))]).result()
    return alert.alert_id


def test_a_task_is_about_all_things_of_its_incident_that_its_readers_may_know_of(
    node: SmallNode,
) -> None:
    carl = node.client("carl")
    one, two, three, hidden = (next(NUMBERS) for _ in range(4))
    incident = another_alert(node, [one, two], SHARED)
    another_alert(node, [two, three], SHARED)
    another_alert(node, [one, hidden], NATIONAL)
    shared = made(carl, incident, label=OPEN)
    assert about(carl, node, shared) == {f"mmsi:{n}" for n in (one, two, three)}
    everything = {f"mmsi:{n}" for n in (one, two, three, hidden)}
    assert about(carl, node, made(carl, incident, label=SECRET)) == everything
    unsaid = make(carl, incident).json()
    assert about(carl, node, unsaid["identifier"]) == everything
    marked = carl.get(f"incidents/{incident}").json()["incident"]["marking"]
    assert unsaid["marking"] == marked
