"""Incidents, detectors and the watch log through the API."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import orjson
import pytest

from alliage.detection import Alert, Engine, alert_claim, make_detectors
from alliage.detection_context import ContextKey
from alliage.log import Draft
from alliage.ontology.label import UNLABELLED, Label
from alliage.ontology.times import to_text
from tests.server.small_node import NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode

NUMBERS = count(219_500_001)
STREAM = "detector:drifting@1"
OPEN = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
DANISH = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK"]}


@pytest.fixture
def ship(node: SmallNode) -> str:
    """A ship that everybody sees, of which nothing was found yet."""
    mmsi = next(NUMBERS)
    node.report(OPEN_STREAM, SHARED, [Ship(mmsi, 10.0, 57.0)])
    return f"mmsi:{mmsi}"


def find(node: SmallNode, ship: str, *labels: Label, **more: Any) -> Alert:
    """Have a detector tell of it; returns the alert."""
    now_us = node.clock.now_us()
    alert = Alert(
        alert_id=f"{next(NUMBERS):032x}", detector="drifting", version=1, identifiers=(ship,),
        streams=(OPEN_STREAM,), schema="Vessel", start_us=now_us, end_us=None, told_us=now_us,
        probability=0.8, lat=57.0, lon=10.0, reason_en="It drifts", reason_fr="Il dérive",
        figures={"speed_mps": 1.0}, evidence=((OPEN_STREAM, ship, now_us),),
    )  # fmt: skip
    alert = replace(alert, **more)
    claim = alert_claim(alert, STREAM, node.subject_of)
    labelled = frozenset(labels or [SHARED])
    node.writer.submit([Draft(STREAM, labelled, (claim,))]).result()
    return alert


def say(client: httpx.Client, alert: Alert, said: str, **more: Any) -> httpx.Response:
    return client.post(f"incidents/{alert.alert_id}/sayings", json={"said": said, **more})


def read(client: httpx.Client, alert: Alert) -> dict[str, Any]:
    answer = client.get(f"incidents/{alert.alert_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def listed(client: httpx.Client, ship: str, shown: str = "open") -> list[dict[str, Any]]:
    items = client.get("incidents", params={"shown": shown, "limit": 1000}).json()["items"]
    return [i for i in items if ship in [thing["identifier"] for thing in i["things"]]]


def test_a_source_is_called_as_the_page_of_the_sources_calls_it(node: SmallNode) -> None:
    stream = f"tracker:radar-{next(NUMBERS)}@1"
    find(node, f"stream:{stream}", streams=(stream,), schema="Sensor", detector="source_bias")
    [incident] = listed(node.client("carl"), f"stream:{stream}")
    (source,) = incident["things"]
    assert (source["object_id"], source["name"]) == (None, stream[8:-2])


def test_an_alert_is_an_incident_with_its_evidence_and_checklist(
    node: SmallNode, ship: str
) -> None:
    carl, alert = node.client("carl"), find(node, ship)
    [incident] = listed(carl, ship)
    assert incident["reason"] == {"en": "It drifts", "fr": "Il dérive"}
    assert incident["title"]["fr"] == "Dérive"
    assert incident["state"] == "new"
    detail = read(carl, alert)
    assert detail["found"][0]["evidence"][0]["identifier"] == ship
    assert [step["done"] for step in detail["checklist"]] == [False] * len(detail["checklist"])
    assert detail["incident"]["marking"]["text"].startswith("ALLIAGE")


def test_people_take_it_comment_tick_off_and_close_it(node: SmallNode, ship: str) -> None:
    carl, alert = node.client("carl"), find(node, ship)
    for said, more in (
        ("take", {}),
        ("comment", {"text": "called on 16"}),
        ("check", {"item": "call", "done": True}),
        ("judge", {"useful": True}),
        ("deadline", {"until": "2030-01-01T00:00:00Z", "text": "tug arrives"}),
        ("state", {"state": "closed"}),
    ):
        answer = say(carl, alert, said, **more)
        assert answer.status_code == 201, answer.text
    detail = read(carl, alert)
    incident = detail["incident"]
    assert (incident["owner"], incident["state"], incident["is_closed"]) == (
        "person:carl", "closed", True,
    )  # fmt: skip
    assert incident["deadline_text"] == "tug arrives"
    assert [step["key"] for step in detail["checklist"] if step["done"]] == ["call"]
    assert listed(carl, ship) == []
    assert len(listed(carl, ship, "over")) == 1
    [drifting] = [one for one in carl.get("detectors").json()["items"] if one["name"] == "drifting"]
    assert drifting["useful"] >= 1
    assert drifting["precision"] is not None


def test_a_saying_is_taken_back_like_any_claim(node: SmallNode, ship: str) -> None:
    carl, alert = node.client("carl"), find(node, ship)
    undo = say(carl, alert, "take").json()["undo"][0]
    assert read(carl, alert)["incident"]["owner"] == "person:carl"
    assert carl.post(f"claims/{undo}/retraction", json={}).status_code == 201
    assert read(carl, alert)["incident"]["owner"] == ""


@pytest.mark.parametrize(
    ("said", "more", "field"),
    [
        ("comment", {}, "text"),
        ("state", {}, "state"),
        ("judge", {}, "useful"),
        ("suppress", {"until": "2099-01-01T00:00:00Z", "reason": "test"}, "until"),
        ("check", {"item": "call"}, "done"),
    ],
)
def test_what_is_not_whole_is_refused_with_the_field(
    node: SmallNode, ship: str, said: str, more: dict[str, Any], field: str
) -> None:
    answer = say(node.client("carl"), find(node, ship), said, **more)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == f"body.{field}"


def test_a_call_for_help_is_closed_only_when_heard_and_with_a_reason_while_it_goes_on(
    node: SmallNode, ship: str
) -> None:
    carl = node.client("carl")
    alert = find(node, ship, detector="distress", priority=True, lat=-40.0)
    for field, before in (("state", None), ("reason", "acknowledge")):
        if before is not None:
            assert say(carl, alert, before).status_code == 201
        refused = say(carl, alert, "state", state="closed")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == f"body.{field}"
        assert not read(carl, alert)["incident"]["is_closed"]
    closed = say(carl, alert, "state", state="closed", reason="a test, says the ship")
    assert closed.status_code == 201, closed.text
    assert read(carl, alert)["incident"]["is_closed"]


def test_an_incident_is_given_to_nobody_who_is_not_there_or_may_not_work_on_it(
    node: SmallNode, ship: str
) -> None:
    carl, alert = node.client("carl"), find(node, ship, NATIONAL)
    said = []
    for owner in ("person:ghost", "person:fleur", "person:bent", "chief"):
        refused = say(carl, alert, "assign", owner=owner)
        assert refused.status_code == 422
        said.append(refused.json()["errors"][0]["message"].replace(owner, "…"))
    assert len(set(said)) == 1  # whether there is an account is not told
    assert say(carl, alert, "assign", owner="person:chief").status_code == 201
    assert say(node.client("bent"), alert, "assign", owner="person:ghost").status_code == 403


def test_a_deadline_lies_ahead_and_a_step_is_one_of_the_checklist(
    node: SmallNode, ship: str
) -> None:
    carl, alert = node.client("carl"), find(node, ship)
    past = say(carl, alert, "deadline", until="2020-01-01T00:00:00Z", text="tug")
    assert past.json()["errors"][0]["field"] == "body.until"
    unknown = say(carl, alert, "check", item="dance", done=True)
    assert unknown.status_code == 422
    assert "authority, call" in unknown.json()["errors"][0]["message"]


def test_who_may_only_look_says_nothing(node: SmallNode, ship: str) -> None:
    alert = find(node, ship)
    assert say(node.client("bent"), alert, "take").status_code == 403


def test_an_incident_is_there_for_those_who_see_its_labels_only(node: SmallNode, ship: str) -> None:
    alert = find(node, ship, NATIONAL)
    fleur = node.client("fleur")
    assert fleur.get(f"incidents/{alert.alert_id}").status_code == 404
    assert say(fleur, alert, "take").status_code == 404
    assert listed(fleur, ship) == []
    assert len(listed(node.client("carl"), ship)) == 1


def test_what_is_said_of_it_bears_its_labels(node: SmallNode, ship: str) -> None:
    carl, shared = node.client("carl"), find(node, ship)
    hidden = find(node, ship, NATIONAL, detector="silence")
    assert say(carl, hidden, "comment", text="national words").status_code == 201
    assert [one["text"] for one in read(carl, shared)["sayings"]] == ["national words"]
    assert read(node.client("fleur"), shared)["sayings"] == []


def test_what_is_said_of_it_is_never_lower_than_what_is_marked_unless_that_is_chosen(
    node: SmallNode, ship: str
) -> None:
    carl, fleur, low = node.client("carl"), node.client("fleur"), find(node, ship)
    find(node, ship, NATIONAL, detector="silence")
    for said, more in (
        ("take", {}), ("comment", {"text": "called"}), ("assign", {"owner": "person:chief"}),
        ("check", {"item": "call", "done": True}), ("judge", {"useful": True}),
    ):  # fmt: skip
        made = say(carl, low, said, **more).json()
        assert made["marking"] == read(carl, low)["incident"]["marking"], said
    assert read(fleur, low)["sayings"] == []
    assert say(carl, low, "take", label=OPEN).status_code == 201
    assert [one["said"] for one in read(fleur, low)["sayings"]] == ["take"]


def test_an_incident_is_given_to_nobody_who_would_not_see_that_it_was(
    node: SmallNode, ship: str
) -> None:
    carl, low = node.client("carl"), find(node, ship)
    find(node, ship, NATIONAL, detector="silence")
    refused = say(carl, low, "assign", owner="person:fleur")
    assert refused.json()["errors"][0]["field"] == "body.owner"
    task = {"title": "Ask her", "kind": "call", "assignee": "person:fleur"}
    unseen = carl.post(f"incidents/{low.alert_id}/tasks", json=task)
    assert unseen.json()["errors"][0]["field"] == "body.assignee"
    assert say(carl, low, "assign", owner="person:fleur", label=OPEN).status_code == 201
    assert read(node.client("fleur"), low)["incident"]["owner"] == "person:fleur"


def test_what_raises_a_marking_is_named(node: SmallNode, ship: str) -> None:
    anna, carl, drift = node.client("anna"), node.client("carl"), find(node, ship)
    find(node, ship, UNLABELLED, detector="rule:careless")
    [seen] = listed(anna, ship)
    [by] = seen["marked_by"]
    assert by["marking"]["text"] == seen["marking"]["text"] == UNLABELLED.marking
    assert (by["title"]["en"], seen["detector"]) == ("rule:careless", "drifting")
    [other] = listed(carl, ship)
    assert (other["marked_by"], other["alerts"]) == ([], 1)
    say(carl, drift, "comment", text="national", label={**DANISH, "classification": "SECRET"})
    [by] = listed(carl, ship)[0]["marked_by"]
    assert (by["title"], by["by"]) == (None, "person:carl")


def test_what_nobody_looks_at_any_more_says_when_it_was_last_seen(
    node: SmallNode, ship: str
) -> None:
    carl, alert = node.client("carl"), find(node, ship)
    detail = read(carl, alert)
    assert detail["incident"]["last_held"] == to_text(alert.told_us)
    assert detail["found"][0]["last_held"] == to_text(alert.told_us)
    over = find(node, ship, start_us=alert.start_us - 9, end_us=alert.told_us, detector="silence")
    [found] = [one for one in read(carl, over)["found"] if one["detector"] == "silence"]
    assert found["last_held"] is None


def test_a_line_of_the_watch_log_says_its_label_or_what_it_is_about(
    node: SmallNode, ship: str
) -> None:
    carl, anna = node.client("carl"), node.client("chief")
    for client in (carl, anna):
        refused = client.post("watch/log", json={"text": "quiet"})
        assert refused.status_code == 422
        [error] = refused.json()["errors"]
        assert error["field"] == "body.label"
        assert orjson.dumps(DANISH).decode() in error["message"]
    [track] = [t for t in carl.get("tracks?limit=1000").json()["items"] if t["identifier"] == ship]
    about = carl.post("watch/log", json={"text": "look at her", "opened": [track["track_id"]]})
    assert about.status_code == 201, about.text
    assert about.json()["marking"]["text"] == SHARED.marking
    assert carl.post(f"claims/{about.json()['undo'][0]}/retraction", json={}).status_code == 201


def test_the_watch_log_is_read_by_those_who_may_see_its_lines(node: SmallNode) -> None:
    carl = node.client("carl")
    label = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}
    line = {"act": "take_over", "text": "I have the watch", "label": label}
    answer = carl.post("watch/log", json=line)
    assert answer.status_code == 201, answer.text
    line = carl.get("watch/log").json()["items"][0]
    assert (line["act"], line["text"], line["by"]) == (
        "take_over", "I have the watch", "person:carl",
    )  # fmt: skip
    assert node.client("fleur").get("watch/log").json()["items"] == []


def test_a_call_for_help_counts_until_its_alarm_is_heard(node: SmallNode, ship: str) -> None:
    carl = node.client("carl")
    before = carl.get("incidents").json()["unacknowledged"]
    alert = find(node, ship, detector="distress", priority=True)
    assert carl.get("incidents").json()["unacknowledged"] == before + 1
    assert carl.get("incidents").json()["items"][0]["priority"]
    say(carl, alert, "acknowledge")
    assert carl.get("incidents").json()["unacknowledged"] == before


def test_a_forecast_is_made_of_what_the_reader_may_see(node: SmallNode, ship: str) -> None:
    carl = node.client("carl")
    [track] = [t for t in carl.get("tracks?limit=1000").json()["items"] if t["identifier"] == ship]
    made = carl.get(f"tracks/{track['track_id']}/forecast", params={"ahead_s": [600, 1200]})
    assert made.status_code == 200, made.text
    told = made.json()
    assert {point["compared"] for point in told["points"]} <= {0}
    assert [point["ahead_s"] for point in told["points"]] in ([600, 1200], [])
    assert carl.get(f"tracks/{track['track_id']}/forecast?ahead_s=0").status_code == 422
    assert {point["drawn_on_from_s"] for point in told["points"]} <= {None}
    hidden = find(node, ship, NATIONAL)
    assert node.client("fleur").get(f"tracks/{hidden.alert_id}/forecast").status_code == 404


def test_when_a_track_will_be_at_a_place_follows_from_its_forecast(
    node: SmallNode, ship: str
) -> None:
    carl = node.client("carl")
    [track] = [t for t in carl.get("tracks?limit=1000").json()["items"] if t["identifier"] == ship]
    of = f"tracks/{track['track_id']}"
    points = carl.get(f"{of}/forecast", params={"ahead_s": 3600}).json()["points"]
    place = points[0]["position"] if points else {"lat": 10.0, "lon": 10.0}
    told = carl.get(f"{of}/arrival", params=place).json()
    assert (told["earliest"] is not None) == bool(points)
    if points:
        assert told["earliest"] <= told["likely"]
        assert told["latest"] is None or told["likely"] <= told["latest"]
    assert carl.get(f"{of}/arrival", params={"lat": 91, "lon": 0}).status_code == 422
    assert carl.get("tracks/none/arrival", params={"lat": 1, "lon": 0}).status_code == 404


def test_every_detector_says_in_both_languages_what_it_looks_for(node: SmallNode) -> None:
    told = node.client("carl").get("detectors").json()["items"]
    assert len(told) > 10
    alike = [one["name"] for one in told if one["description"]["en"] == one["description"]["fr"]]
    assert alike == []
    assert all(one["enabled"] and one["title"]["fr"] for one in told)


def test_a_detector_that_has_to_learn_says_how_far_it_has(node: SmallNode) -> None:
    bent = node.client("bent")

    def ready() -> dict[str, float | None]:
        return {one["name"]: one["ready"] for one in bent.get("detectors").json()["items"]}

    assert set(ready().values()) == {None}
    of = Engine(node.ontology, make_detectors, "here")
    node.looking[ContextKey("", node.log.label_sets.intern(frozenset([NATIONAL])))] = of
    assert {name for name, share in ready().items() if share is not None} == {"silence"}
    seen_by_fleur = node.client("fleur").get("detectors").json()["items"]
    assert {one["ready"] for one in seen_by_fleur} == {None}
    node.looking.clear()


def test_every_setting_of_a_detector_says_in_both_languages_what_it_means(node: SmallNode) -> None:
    told = node.client("carl").get("detectors").json()["items"]
    settings = [setting for one in told for setting in one["settings"]]
    assert len(settings) > 100
    meant = [setting["meaning"] for setting in settings]
    assert [words for words in meant if not words["en"] or words["en"] == words["fr"]] == []
    assert all(setting["value"] == setting["usual"] for setting in settings)
    assert {one["elsewhere"] for one in told} == {0}


def test_who_hears_an_alarm_says_so_to_all_who_may_see_the_call(node: SmallNode, ship: str) -> None:
    """Two contexts found it; the one that more people may see is spoken of."""
    call = {"detector": "distress", "priority": True, "lat": 30.0}  # far from all other calls
    high = find(node, ship, SHARED, NATIONAL, probability=0.95, **call)
    low = find(node, ship, SHARED, **call)
    carl, fleur = node.client("carl"), node.client("fleur")
    assert not read(fleur, low)["incident"]["acknowledged"]
    assert say(carl, high, "acknowledge").status_code == 201
    assert read(fleur, low)["incident"]["acknowledged"]


def judged(node: SmallNode, useful: int, useless: int, *labels: Label) -> None:
    """Have Carl judge so many incidents of the detector ``holding``, each of a ship of its own."""
    carl = node.client("carl")
    for nth in range(useful + useless):
        alert = find(node, f"mmsi:{next(NUMBERS)}", *labels, detector="holding")
        assert say(carl, alert, "judge", useful=nth < useful).status_code == 201


def test_a_probability_follows_what_was_judged_as_far_as_each_reader_sees_it(
    node: SmallNode, ship: str
) -> None:
    alert = find(node, ship, detector="holding")
    readers = {name: node.client(name) for name in ("carl", "fleur")}

    def shown(name: str) -> Any:
        detail = read(readers[name], alert)
        [found] = [one["calibrated"] for one in detail["found"] if one["detector"] == "holding"]
        assert detail["incident"]["calibrated"] == found
        assert detail["incident"]["probability"] == 0.8
        return found

    judged(node, 3, 6)
    assert shown("carl") is shown("fleur") is None
    judged(node, 0, 1)
    open_to_all = shown("fleur")
    assert open_to_all["probability"] == pytest.approx((10 * 0.8 + 3) / 20)
    assert (open_to_all["useful"], open_to_all["useless"]) == (3, 7)
    judged(node, 0, 10, NATIONAL)
    assert shown("fleur") == open_to_all
    assert shown("carl")["probability"] == pytest.approx((10 * 0.8 + 3) / 30)
    assert shown("carl")["useless"] == 17
    assert shown("carl")["marking"]["text"] != open_to_all["marking"]["text"]


def test_who_asks_again_is_told_what_is_new_and_what_ships_have_become_one(
    node: SmallNode, ship: str
) -> None:
    """What was found for readers is kept while it holds, and no longer."""
    other = f"mmsi:{next(NUMBERS)}"
    node.report(OPEN_STREAM, SHARED, [Ship(int(other.removeprefix("mmsi:")), 10.0, 57.0)])
    carl, alert = node.client("carl"), find(node, ship)
    assert [one["alerts"] for one in listed(carl, ship)] == [1]
    find(node, other)
    assert [one["alerts"] for one in listed(carl, other)] == [1]
    objects = [listed(carl, name)[0]["things"][0]["object_id"] for name in (ship, other)]
    body = {"other": objects[1], "reason": "one ship under two numbers"}
    merged = carl.post(f"objects/{objects[0]}/same-as", json=body)
    assert merged.status_code == 201, merged.text
    [one] = listed(carl, ship)
    assert one["alerts"] == 2
    assert say(carl, alert, "take").status_code == 201
    assert listed(carl, ship)[0]["owner"] == "person:carl"
