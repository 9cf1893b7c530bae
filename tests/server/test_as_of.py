"""The three times over HTTP: what was so then, and what was known of it when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.server.small_node import FRIO, OPEN_STREAM, SHARED, Ship, SmallNode

SQUARE = {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56], [10, 56], [10, 55]]]}


def moment() -> str:
    return datetime.now(UTC).isoformat()


def an_hour_ago() -> str:
    return (datetime.now(UTC) - timedelta(hours=1)).isoformat()


@pytest.fixture
def frio(node: SmallNode) -> str:
    return node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")


@pytest.fixture
def carl(node: SmallNode) -> httpx.Client:
    return node.client("carl")


def test_what_was_said_later_was_not_known_then(carl: httpx.Client, frio: str) -> None:
    before = moment()
    body = {"property": "description", "value": "KIEL", "valid_from": an_hour_ago()}
    carl.post(f"objects/{frio}/claims", json=body).raise_for_status()

    def described(**as_of: str) -> str | None:
        answer = carl.get(f"objects/{frio}", params=as_of).raise_for_status()
        found: str | None = answer.json()["properties"].get("description")
        return found

    assert described() == "KIEL"
    assert described(known=before) != "KIEL"
    assert described(valid=moment(), known=moment()) == "KIEL"


def test_what_was_taken_back_still_stood_then(carl: httpx.Client, frio: str) -> None:
    said = carl.post(f"objects/{frio}/claims", json={"property": "destination", "value": "KIEL"})
    meanwhile = moment()
    claim = said.raise_for_status().json()["undo"][0]
    carl.post(f"claims/{claim}/retraction", json={}).raise_for_status()
    now = carl.get(f"objects/{frio}").json()
    then = carl.get(f"objects/{frio}", params={"known": meanwhile}).json()
    assert now["properties"].get("destination") != "KIEL"
    assert then["properties"]["destination"] == "KIEL"


def test_lists_and_counts_are_those_of_the_time(node: SmallNode, carl: httpx.Client) -> None:
    before = moment()
    node.report(OPEN_STREAM, SHARED, [Ship(265_000_001, 12.0, 56.0)])
    now = carl.get("tracks").json()["items"]
    then = carl.get("tracks", params={"known": before}).json()["items"]
    assert {track["track_id"] for track in now} > {track["track_id"] for track in then}
    counted = carl.get("picture/summary", params={"valid": before}).json()
    assert counted["tracks"] == len(then)
    assert counted["clock"]["mode"] == "past"
    (new,) = [track for track in now if "265000001" in track["identifier"]]
    assert carl.get(f"tracks/{new['track_id']}").status_code == 200
    assert carl.get(f"tracks/{new['track_id']}", params={"known": before}).status_code == 404


def test_areas_are_those_of_the_time(carl: httpx.Client) -> None:
    label = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED"}
    before = moment()
    body = {"schema": "Area", "properties": {"name": "Kilo"}, "geometry": SQUARE, "label": label}
    carl.post("objects", json=body).raise_for_status()

    def names(**as_of: str) -> list[str]:
        found = carl.get("features", params=as_of).raise_for_status().json()["features"]
        return [feature["properties"]["name"] for feature in found]

    assert "Kilo" in names()
    assert "Kilo" not in names(valid=before)
    assert "Kilo" not in names(known=before)


def test_the_past_of_one_reader_tells_nothing_to_another(
    node: SmallNode, carl: httpx.Client, fleur: httpx.Client
) -> None:
    as_of = {"valid": moment(), "known": moment()}
    seen = {client: client.get("tracks", params=as_of).json()["items"] for client in (carl, fleur)}
    assert len(seen[carl]) > len(seen[fleur]) > 0
    present = {track["track_id"] for track in fleur.get("tracks").json()["items"]}
    assert {track["track_id"] for track in seen[fleur]} == present
