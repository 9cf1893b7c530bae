"""Watch rules through the API: kept in versions, seen under their labels, tried out."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import orjson

from alliage.detection import Engine
from alliage.detection_context import ContextKey
from alliage.ontology.times import to_text
from tests.detection.recordings import batch, report
from tests.server.small_node import NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode

NUMBERS = count(1)
LABEL = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
SLOW = "rule Slow {}\nspeed below 3 kn\nfor 1 min"


def kept(client: httpx.Client, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post("watch/rules", json={"text": text, "label": LABEL} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def a_rule(client: httpx.Client, **more: Any) -> tuple[str, str]:
    """A new rule: its id and title."""
    text = SLOW.format(next(NUMBERS))
    return kept(client, text, **more)["identifier"], text.splitlines()[0].removeprefix("rule ")


def listed(client: httpx.Client, **asked: Any) -> dict[str, dict[str, Any]]:
    items = client.get("watch/rules", params=asked).json()["items"]
    return {item["rule_id"]: item for item in items}


def test_a_rule_is_kept_read_and_listed(node: SmallNode) -> None:
    carl = node.client("carl")
    rule_id, title = a_rule(carl, reason="asked by the watch")
    found = listed(carl)[rule_id]
    assert (found["title"], found["version"], found["on"], found["by"]) == (
        title, 1, True, "person:carl",
    )  # fmt: skip
    assert found["reason"] == "asked by the watch"
    assert found["looked_for"]
    line = found["reading"]["lines"][1]
    assert (line["form"], line["said"]) == ("speed", {"side": "below", "value": "3", "unit": "kn"})


def test_each_version_stays_and_the_newest_stands(node: SmallNode) -> None:
    carl = node.client("carl")
    rule_id, title = a_rule(carl)
    path = f"watch/rules/{rule_id}/versions"
    text = f"rule {title}\nspeed below 2 kn"
    assert carl.post(path, json={"text": text, "on": False}).status_code == 201
    versions = carl.get(path).json()
    assert [(one["version"], one["on"]) for one in versions] == [(2, False), (1, True)]
    assert listed(carl)[rule_id]["text"] == text
    assert not listed(carl)[rule_id]["looked_for"]
    claim_id = versions[0]["claim_id"]
    assert carl.post(f"claims/{claim_id}/retraction", json={}).status_code == 201
    assert listed(carl)[rule_id]["version"] == 1


def test_what_was_put_away_is_listed_apart_and_can_be_brought_back(node: SmallNode) -> None:
    carl = node.client("carl")
    rule_id, title = a_rule(carl)
    path, text = f"watch/rules/{rule_id}/versions", listed(carl)[rule_id]["text"]
    assert carl.post(path, json={"text": text, "gone": True}).status_code == 201
    assert rule_id not in listed(carl)
    assert listed(carl, gone=True)[rule_id]["title"] == title
    assert carl.post(path, json={"text": text}).status_code == 201
    assert listed(carl)[rule_id]["version"] == 3


def test_a_rule_is_seen_and_changed_only_by_those_who_may_see_its_label(node: SmallNode) -> None:
    carl, fleur = node.client("carl"), node.client("fleur")
    label = LABEL | {"classification": "RESTRICTED", "releasable_to": ["DNK"]}
    rule_id, _ = a_rule(carl, label=label)
    assert rule_id in listed(carl)
    assert rule_id not in listed(fleur)
    for answer in (
        fleur.get(f"watch/rules/{rule_id}/versions"),
        fleur.post(f"watch/rules/{rule_id}/versions", json={"text": SLOW.format(0)}),
    ):
        assert answer.status_code == 404
    answer = carl.post(
        f"watch/rules/{rule_id}/versions", json={"text": SLOW.format(0), "label": LABEL}
    )
    assert answer.status_code == 403


def test_a_text_that_is_no_rule_is_refused_with_the_line(node: SmallNode) -> None:
    carl = node.client("carl")
    answer = carl.post("watch/rules", json={"text": "rule A\nspeed belo 3 kn"})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "body.text"
    assert error["message"].startswith("line 2: 'speed belo 3 kn' cannot be read")
    read = carl.post("watch/rules/reading", json={"text": "rule A\nspeed belo 3 kn"}).json()
    assert read["problem"]["line"] == 2
    assert "ne se lit pas" in read["problem"]["message"]["fr"]


def test_a_new_rule_says_its_label_and_a_further_version_need_not(node: SmallNode) -> None:
    carl = node.client("carl")
    refused = carl.post("watch/rules", json={"text": SLOW.format(0)})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "body.label"
    assert '"releasable_to":["DNK"]' in refused.json()["errors"][0]["message"]
    rule_id, _ = a_rule(carl)
    path = f"watch/rules/{rule_id}/versions"
    assert carl.post(path, json={"text": SLOW.format(1)}).status_code == 201


def test_a_rule_about_a_place_that_nobody_knows_is_not_looked_for(node: SmallNode) -> None:
    carl = node.client("carl")
    corners = [[[10, 55], [11, 55], [11, 56], [10, 55]]]
    said = {"name": "Sund cable", "geometry": {"type": "Polygon", "coordinates": corners}}
    assert carl.post(
        "objects", json={"schema": "Area", "properties": said, "label": LABEL}
    ).is_success
    text = "rule A\nwithin 2 nm of Sund cabel"
    refused = carl.post("watch/rules", json={"text": text, "label": LABEL})
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["field"] == "body.text"
    assert "there is Sund cable" in error["message"]
    kept(carl, text, on=False)
    kept(carl, "rule A\nwithin 2 nm of sund CABLE")


def test_a_rule_that_holds_of_too_much_at_once_is_asked_about(node: SmallNode) -> None:
    carl = node.client("carl")
    ships = [
        report(0, f"mmsi:{219_800_000 + n}", lat=55.0, lon=11.0, speed_mps=1.0) for n in range(40)
    ]
    of = Engine(node.ontology, list, "here")
    of.take(OPEN_STREAM, batch(ships))
    of.finish()
    node.looking[ContextKey("", node.log.label_sets.intern(frozenset([SHARED])))] = of
    text = "rule Slow\nspeed below 3 kn\nfor 1 h"
    refused = carl.post("watch/rules", json={"text": text, "label": LABEL})
    [error] = refused.json()["errors"]
    assert (error["field"], "40 things" in error["message"]) == ("body.floods", True)
    now_us = node.clock.now_us()
    found = tried(carl, text, now_us - 60_000_000, now_us)
    assert (found["holds_of"], found["floods"]) == (40, True)
    kept(carl, text, floods=True)
    kept(carl, text, on=False)
    kept(carl, "rule Slow\nspeed below 1 kn\nfor 1 h")
    node.looking.clear()


def test_a_place_that_nobody_knows_is_told_before_the_rule_is_kept(node: SmallNode) -> None:
    carl, fleur = node.client("carl"), node.client("fleur")
    corners = [[[10, 55], [11, 55], [11, 56], [10, 55]]]
    said = {"name": "Haven 7", "geometry": {"type": "Polygon", "coordinates": corners}}
    label = LABEL | {"classification": "RESTRICTED", "releasable_to": ["DNK"]}
    made = carl.post("objects", json={"schema": "Area", "properties": said, "label": label})
    assert made.status_code == 201, made.text
    body = {"text": "rule A\ninside haven 7\nwithin 2 nm of Nowhere"}
    assert carl.post("watch/rules/reading", json=body).json()["unknown"] == ["Nowhere"]
    assert fleur.post("watch/rules/reading", json=body).json()["unknown"] == ["Nowhere", "haven 7"]


def test_who_may_not_write_may_read_and_try_but_keeps_nothing(node: SmallNode) -> None:
    bent = node.client("bent")
    assert bent.post("watch/rules", json={"text": SLOW.format(0)}).status_code == 403
    assert bent.get("watch/rules").status_code == 200


def test_the_forms_say_what_may_stand_in_their_gaps(node: SmallNode) -> None:
    forms = {
        one["name"]: one for one in node.client("bent").get("watch/rules/forms").json()["items"]
    }
    assert forms["speed"]["template"] == "speed {side} {value} {unit}"
    fields = {one["name"]: one for one in forms["speed"]["fields"]}
    assert fields["unit"]["choices"] == ["kn", "m/s", "km/h"]
    assert forms["within"]["title"]["fr"].startswith("Près")


def tried(client: httpx.Client, text: str, begin_us: int, end_us: int) -> dict[str, Any]:
    body = {"text": text, "begin": to_text(begin_us), "end": to_text(end_us)}
    answer = client.post("watch/rules/trial", json=body)
    assert answer.status_code == 200, answer.text
    lines = [orjson.loads(line) for line in answer.text.splitlines()]
    assert lines[-1]["is_done"]
    return dict(lines[-1])


def test_a_rule_is_tried_out_on_what_whoever_asks_may_see(node: SmallNode) -> None:
    now_us = node.clock.now_us()
    west, south = 40.0 + next(NUMBERS), -30.0
    for ago_s in range(0, -300, -20):  # after all that the node has heard: what is late is late
        node.report(OPEN_STREAM, SHARED, [Ship(219_700_001, west, south)], ago_s)
        node.report("radar", NATIONAL, [Ship(219_700_002, west, south)], ago_s)
    text = "rule Fast\nspeed above 5 kn\nfor 2 min"
    end_us = now_us + 300_000_000
    mine = tried(node.client("carl"), text, now_us, end_us)
    theirs = tried(node.client("fleur"), text, now_us, end_us)
    ships = {name for one in mine["alerts"] for name in one["identifiers"]}
    seen = {name for one in theirs["alerts"] for name in one["identifiers"]}
    assert {"mmsi:219700001", "mmsi:219700002"} <= ships
    assert "mmsi:219700001" in seen
    assert "mmsi:219700002" not in seen
    assert theirs["reports"] < mine["reports"]
    assert 0.06 < mine["hours"] < 0.1  # 280 seconds of what was asked for
    before = tried(node.client("carl"), text, now_us - 9_000_000_000, now_us - 8_000_000_000)
    assert (before["alerts"], before["reports"]) == ([], 0)


def test_a_trial_of_no_time_is_refused(node: SmallNode) -> None:
    body = {"text": SLOW.format(0), "begin": "2026-01-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"}
    answer = node.client("carl").post("watch/rules/trial", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.end"
