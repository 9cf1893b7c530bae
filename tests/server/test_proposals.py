"""Merging, raising, releasing and redacting through the API."""

from __future__ import annotations

import httpx
import pytest

from alliage.detection import Alert, alert_claim
from alliage.log import Draft
from alliage.log.original import Event, Happened, Original
from alliage.log.revisions import REVISIONS_STREAM, Supersede
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import ALERT, Claim
from tests.server.small_node import (
    FRIO,
    HIDDEN_STREAM,
    NATIONAL,
    NORD,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)

LOW = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
HIGH = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}
SQUARE = {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56], [10, 56], [10, 55]]]}


@pytest.fixture
def carl(node: SmallNode) -> httpx.Client:
    return node.client("carl")


@pytest.fixture
def chief(node: SmallNode) -> httpx.Client:
    return node.client("chief")


def draw(client: httpx.Client, name: str, label: dict) -> dict:
    body = {"schema": "Area", "properties": {"name": name}, "geometry": SQUARE, "label": label}
    answer = client.post("objects", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def names(client: httpx.Client) -> set[str]:
    features = client.get("features").json()["features"]
    return {feature["properties"]["name"] for feature in features}


def test_two_ships_are_merged_and_parted_through_the_api(
    node: SmallNode, carl: httpx.Client, fleur: httpx.Client
) -> None:
    frio, nord = (node.subject_of(OPEN_STREAM, f"mmsi:{mmsi}") for mmsi in (FRIO, NORD))
    body = {"other": nord, "reason": "one ship, two transponders", "label": HIGH}
    answer = carl.post(f"objects/{frio}/same-as", json=body)
    assert answer.status_code == 201, answer.text
    merged = carl.get(f"objects/{nord}").json()
    assert {track["identifier"] for track in merged["source_tracks"]} == {
        f"mmsi:{FRIO}",
        f"mmsi:{NORD}",
    }
    assert merged["object_id"] == carl.get(f"objects/{frio}").json()["object_id"]
    assert fleur.get(f"objects/{nord}").json()["object_id"] == nord
    (said,) = carl.get(f"objects/{frio}/same-as").json()
    assert (said["same"], said["reason"], said["source"]) == (True, body["reason"], "person:carl")
    assert fleur.get(f"objects/{frio}/same-as").json() == []
    (undo,) = answer.json()["undo"]
    assert carl.post(f"claims/{undo}/retraction", json={}).status_code == 201
    assert carl.get(f"objects/{nord}").json()["object_id"] == nord


def test_a_label_is_raised_by_one_and_lowered_by_two_people(
    carl: httpx.Client, chief: httpx.Client, fleur: httpx.Client
) -> None:
    area = draw(carl, "Training area", LOW)
    assert "Training area" in names(fleur)
    claim_id = area["claims"][0]["claim_id"]
    answer = carl.post(f"claims/{claim_id}/label", json={"label": HIGH, "reason": "too early"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["undo"] == []
    assert "Training area" not in names(fleur)
    assert "Training area" in names(carl)

    body = {
        "claims": [claim["claim_id"] for claim in area["claims"]],
        "label": LOW,
        "reason": "announced today",
    }
    missing = chief.post("proposals/none/decision", json={"approve": True})
    assert missing.status_code == 404
    assert "proposal 'none'" in missing.json()["detail"]
    proposed = carl.post("proposals/releases", json=body)
    assert proposed.status_code == 201, proposed.text
    (proposal_id,) = proposed.json()["undo"]
    said = carl.get(f"objects/{area['object_id']}").json()["claims"]
    assert {claim["property"] for claim in said} == {"name", "geometry"}  # proposals stand apart
    (pending,) = chief.get("proposals", params={"state": "pending"}).json()["items"]
    assert pending["proposal_id"] == proposal_id
    assert (pending["name"], pending["by"], pending["own"]) == (
        "Training area",
        "person:carl",
        False,
    )
    assert fleur.get("proposals").json()["items"] == []
    own = carl.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert own.status_code == 403
    decided = chief.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert decided.status_code == 201, decided.text
    assert "Training area" in names(fleur)
    first = {claim["claim_id"] for claim in area["claims"]}
    listed = {who: who.get("claims", params={"limit": 1000}) for who in (carl, fleur)}
    own, theirs = (
        [c["evidence"] for c in one.json()["items"] if c["source"] == "release:test-1"]
        for one in listed.values()
    )
    assert {name for evidence in own for name in evidence} == first
    assert theirs == [[] for _ in own]
    assert not [name for name in first if name in listed[fleur].text]
    (done,) = carl.get("proposals", params={"state": "approved"}).json()["items"]
    assert done["decided_by"] == "person:chief"


def test_a_redaction_is_proposed_by_an_administrator_and_told_where_it_was(
    node: SmallNode, carl: httpx.Client, chief: httpx.Client, anna: httpx.Client
) -> None:
    frio = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    body = {"text": "skipper: Xanthippe", "label": HIGH}
    remark = carl.post(f"objects/{frio}/annotations", json=body).json()
    body = {"claims": remark["undo"], "reason": "a private name"}
    assert carl.post("proposals/redactions", json=body).status_code == 403
    proposed = anna.post("proposals/redactions", json=body)
    assert proposed.status_code == 201, proposed.text
    (proposal_id,) = proposed.json()["undo"]
    decided = chief.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert decided.status_code == 201, decided.text
    assert "Xanthippe" not in carl.get(f"objects/{frio}").text
    entries = anna.get("entries", params={"stream": "person:carl"}).json()["items"]
    (gone,) = [entry["gone"] for entry in entries if entry["gone"] is not None]
    assert gone["why"] == "redacted"
    assert gone["by"] == ["anna", "chief"]
    assert gone["reason"] == "a private name"
    (told, *_) = carl.get("proposals").json()["items"]
    assert (told["kind"], told["state"]) == ("redaction", "approved")
    assert told["object_id"] == carl.get(f"objects/{frio}").json()["object_id"]


def test_reports_of_a_feed_are_redacted_with_the_bytes_they_came_in(
    node: SmallNode, anna: httpx.Client, chief: httpx.Client
) -> None:
    now_us = node.report(OPEN_STREAM, SHARED, [Ship(219111111, 10.0, 55.0)])
    events = (Event(Happened.BYTES, now_us, "", b"!AIVDM of 219111111"),)
    original = Original("ais", 1, False, events)
    node.writer.submit([Draft(OPEN_STREAM, frozenset([SHARED]), original)]).result()
    seen = anna.get("entries", params={"stream": OPEN_STREAM, "limit": 1000}).json()["items"]
    reported = [entry for entry in seen if entry["kind"] == "observations:position"][-1]
    (kept,) = [entry for entry in seen if entry["kind"] == "original"]
    body = {"entries": [reported["entry_id"]], "reason": "a private yacht"}
    proposed = anna.post("proposals/redactions", json=body)
    assert proposed.status_code == 201, proposed.text
    (proposal_id,) = proposed.json()["undo"]
    decided = chief.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert decided.status_code == 201, decided.text
    seen = anna.get("entries", params={"stream": OPEN_STREAM, "limit": 1000}).json()["items"]
    gone = {entry["entry_id"] for entry in seen if entry["gone"] is not None}
    assert {reported["entry_id"], kept["entry_id"]} <= gone


def test_alerts_go_with_the_reports_that_they_cite_and_others_of_their_entry_stay(
    node: SmallNode, anna: httpx.Client, chief: httpx.Client
) -> None:
    now_us = node.report(OPEN_STREAM, SHARED, [Ship(219111113, 10.0, 55.0)])
    stream, labels = "detector:drifting@1", frozenset([SHARED])

    def alert(mmsi: int) -> Claim:
        said = Alert(
            alert_id=f"{mmsi:032x}", detector="drifting", version=1, streams=(OPEN_STREAM,),
            identifiers=(f"mmsi:{mmsi}",), schema="Vessel", start_us=now_us, end_us=None,
            told_us=now_us, probability=0.9, lat=55.0, lon=10.0, reason_en=f"{mmsi} drifts",
            reason_fr=f"{mmsi} derive", evidence=((OPEN_STREAM, f"mmsi:{mmsi}", now_us),),
        )  # fmt: skip
        return alert_claim(said, stream, node.subject_of)

    def told() -> list[str]:
        reader = node.claims.reader(machine_audience(node.log.label_sets))
        return [item.claim.identifier for item in reader.said_since((ALERT,), 0)]

    both = (alert(219111113), alert(FRIO))
    node.writer.submit([Draft(stream, labels, both)]).result()
    seen = anna.get("entries", params={"stream": OPEN_STREAM, "limit": 1000}).json()["items"]
    body = {"entries": [seen[-1]["entry_id"]], "reason": "a private yacht"}
    (proposal_id,) = anna.post("proposals/redactions", json=body).json()["undo"]
    assert len(told()) == 2
    decided = chief.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert decided.status_code == 201, decided.text
    assert told() == [f"mmsi:{FRIO}"]
    first, again = anna.get("entries", params={"stream": stream}).json()["items"]
    assert first["gone"]["why"] == "redacted"
    assert again["gone"] is None


def test_an_entry_says_that_a_newer_version_took_its_place(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [Ship(219111112, 10.0, 55.0)])
    whole = {"stream": OPEN_STREAM, "limit": 1000}
    old = anna.get("entries", params=whole).json()["items"][-1]
    assert old["superseded"] is None
    decision = Supersede((old["entry_id"],), "ais@2", "latitudes mended")
    node.writer.submit([Draft(REVISIONS_STREAM, frozenset([SHARED]), decision)]).result()
    for reader in (anna, fleur):
        seen = {one["entry_id"]: one for one in reader.get("entries", params=whole).json()["items"]}
        said = seen[old["entry_id"]]["superseded"]
        assert (said["decoder"], said["reason"]) == ("ais@2", "latitudes mended")
        assert said["when"] is not None


def test_redacted_reports_are_told_as_such_to_those_who_could_see_them(
    node: SmallNode, anna: httpx.Client, chief: httpx.Client, fleur: httpx.Client
) -> None:
    node.report(HIDDEN_STREAM, NATIONAL, [Ship(219111113, 10.5, 55.5)])
    whole = {"stream": HIDDEN_STREAM, "limit": 1000}
    seen = anna.get("entries", params=whole).json()["items"]
    reported = [entry for entry in seen if entry["kind"] == "observations:position"][-1]
    span = {"from": reported["valid_from"], "to": "2100-01-01T00:00:00Z"}
    asked = {**span, "stream": HIDDEN_STREAM}
    hidden = fleur.get("history/positions", params=asked).text
    body = {"entries": [reported["entry_id"]], "reason": "a private yacht"}
    (proposal_id,) = anna.post("proposals/redactions", json=body).json()["undo"]
    decision = chief.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert decision.status_code == 201, decision.text

    for path in ("history/positions", "observations"):
        (lacking,) = anna.get(path, params=asked).json()["not_kept"]
        assert (lacking["stream"], lacking["why"]) == (HIDDEN_STREAM, "redacted")
        assert lacking["since"] == reported["valid_from"]
        before = {"from": "2000-01-01T00:00:00Z", "to": reported["valid_from"]}
        assert anna.get(path, params={**asked, **before}).json()["not_kept"] == []
    then = {"valid": reported["valid_from"]}
    past = anna.get("tracks", params=then).json()["not_kept"]
    assert [one["why"] for one in past if one["stream"] == HIDDEN_STREAM] == ["redacted"]
    assert fleur.get("history/positions", params=asked).text == hidden
    assert HIDDEN_STREAM not in fleur.get("tracks", params=then).text
