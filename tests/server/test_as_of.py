"""The three times over HTTP: what was so then, and what was known of it when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Drop, Supersede
from alliage.ontology.audience import machine_audience
from alliage.ontology.times import to_text, to_us
from tests.server.small_node import (
    FRIO,
    HIDDEN_STREAM,
    NATIONAL,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)

SQUARE = {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56], [10, 56], [10, 55]]]}


def moment() -> str:
    return datetime.now(UTC).isoformat()


def an_hour_ago() -> str:
    return (datetime.now(UTC) - timedelta(hours=1)).isoformat()


def last_entry(node: SmallNode) -> str:
    log = node.log.reader(machine_audience(node.log.label_sets))
    entry_id = log.id_of(node.log.last_number)
    assert entry_id is not None
    return entry_id


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


@pytest.mark.parametrize("path", ["tracks", "picture/summary", "features", "search?q=frio"])
def test_a_time_that_lies_ahead_is_refused_with_the_time_that_the_picture_is_of(
    carl: httpx.Client, path: str
) -> None:
    answer = carl.get(path, params={"valid": "2130-01-01T00:00:00Z"})
    assert answer.status_code == 422
    [problem] = answer.json()["errors"]
    assert problem["field"] == "query.valid"
    assert f"picture is of {datetime.now(UTC):%Y-}" in problem["message"]


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


def test_a_time_that_was_asked_for_before_follows_what_the_log_is_told_since(
    node: SmallNode, carl: httpx.Client, fleur: httpx.Client
) -> None:
    """Labels that are raised, bodies that are destroyed and reports that come late, at once."""
    raised, late, lost = 265_000_011, 265_000_012, 265_000_013
    reported_us = node.report(OPEN_STREAM, SHARED, [Ship(raised, 12.0, 56.0)])
    node.report(OPEN_STREAM, SHARED, [Ship(lost, 12.0, 56.5)])
    entry_of_lost = last_entry(node)
    then = moment()

    def seen(client: httpx.Client, **as_of: str) -> set[int]:
        items = client.get("tracks", params={"valid": then, **as_of}).json()["items"]
        found = {item["identifier"] for item in items}
        return {one for one in (raised, late, lost) if f"mmsi:{one}" in found}

    knew = {"known": moment()}
    for reader in (carl, fleur):
        assert seen(reader) == seen(reader, **knew) == {raised, lost}
    track = node.subject_of(OPEN_STREAM, f"mmsi:{raised}")
    assert fleur.get(f"objects/{track}", params={"valid": then}).status_code == 200

    node.report(OPEN_STREAM, SHARED, [Ship(late, 12.0, 57.0)], ago_s=60)
    assert seen(fleur) == {raised, late, lost}
    assert seen(fleur, **knew) == {raised, lost}

    body = {
        "stream": OPEN_STREAM,
        "identifier": f"mmsi:{raised}",
        "valid": to_text(reported_us),
        "label": {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]},
    }
    carl.post("observations/label", json=body).raise_for_status()
    assert seen(fleur) == {late, lost}
    assert seen(fleur, **knew) == {lost}
    assert seen(carl) == {raised, late, lost}
    assert fleur.get(f"objects/{track}", params={"valid": then}).status_code == 404
    found = fleur.get("search", params={"q": str(raised), "valid": then}).json()
    assert found["total"] == 0

    destroy = Destroy((entry_of_lost,), ("anna", "chief"), "it is private")
    node.writer.submit([Draft(REVISIONS_STREAM, frozenset([SHARED]), destroy)]).result(60)
    assert seen(fleur) == {late}
    assert seen(carl, **knew) == {raised}


def test_who_heard_a_report_stays_what_was_known_then_when_its_bytes_are_read_again(
    node: SmallNode, fleur: httpx.Client
) -> None:
    ship = 265_000_021
    node.report(OPEN_STREAM, SHARED, [Ship(ship, 12.0, 56.0, "OLD")])
    supersede = Supersede((last_entry(node),), "ais@7", "mended")
    then = moment()
    node.writer.submit([Draft(REVISIONS_STREAM, frozenset([SHARED]), supersede)]).result(60)
    node.report(OPEN_STREAM, SHARED, [Ship(ship, 12.0, 56.0, "NEW")])

    def receivers(**as_of: str) -> list[str]:
        track = node.subject_of(OPEN_STREAM, f"mmsi:{ship}")
        (source,) = fleur.get(f"objects/{track}", params=as_of).json()["source_tracks"]
        return list(source["receivers"])

    assert receivers(known=then) == ["OLD"]
    assert receivers() == ["NEW"]


@pytest.fixture
def dropped(tmp_path: Path) -> Iterator[SmallNode]:
    """A node that keeps of two streams, one of them hidden from France, nothing of before now."""
    node = SmallNode(tmp_path)
    node.report(OPEN_STREAM, SHARED, [Ship(FRIO, 11.0, 55.0)])
    node.claim(OPEN_STREAM, SHARED, FRIO, name="FRIO")
    for stream, label in ((OPEN_STREAM, SHARED), (HIDDEN_STREAM, NATIONAL)):
        drop = Drop(stream, node.clock.now_us() - 60_000_000, 1)
        node.log.append([Draft(REVISIONS_STREAM, frozenset({label}), drop)])
    yield node
    node.close()


def lacking(client: httpx.Client, path: str, **params: str) -> list[str]:
    answer = client.get(path, params=params).raise_for_status()
    return [one["stream"] for one in answer.json()["not_kept"]]


def test_what_is_not_kept_is_said_in_every_answer_about_that_time(dropped: SmallNode) -> None:
    track = dropped.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    begin, now = an_hour_ago(), moment()
    bent, fleur = dropped.client("bent"), dropped.client("fleur")
    for path, params in (
        ("tracks", {"valid": now}),
        (f"tracks/{track}", {"valid": now}),
        (f"objects/{track}", {"valid": now}),
        ("picture/summary", {"valid": now}),
        ("search", {"q": "frio", "valid": now}),
        ("observations", {"from": begin}),
    ):
        assert lacking(bent, path, **params) == [OPEN_STREAM, HIDDEN_STREAM], path
        assert lacking(fleur, path, **params) == [OPEN_STREAM], path
    for path in ("tracks", f"tracks/{track}", f"objects/{track}", "picture/summary", "search"):
        assert lacking(bent, path) == [], path
    assert lacking(bent, f"tracks/{track}/movement", **{"from": begin, "to": now}) == [OPEN_STREAM]
    assert lacking(bent, "observations", **{"from": now}) == []
    assert lacking(bent, "observations", stream=HIDDEN_STREAM) == [HIDDEN_STREAM]


def test_of_times_before_a_stream_had_anything_nothing_is_lacking(dropped: SmallNode) -> None:
    now_us = dropped.clock.now_us()
    dropped.report(OPEN_STREAM, SHARED, [Ship(FRIO, 11.0, 55.0)], ago_s=7200)
    drop = Drop(OPEN_STREAM, now_us - 60_000_000, dropped.log.last_number)
    dropped.log.append([Draft(REVISIONS_STREAM, frozenset({SHARED}), drop)])
    fleur = dropped.client("fleur")
    year = {"from": "2013-01-01T00:00:00Z", "to": "2013-01-02T00:00:00Z"}
    (told,) = fleur.get("observations", params={"from": an_hour_ago()}).json()["not_kept"]
    assert told["stream"] == OPEN_STREAM
    assert now_us - 7_300_000_000 < to_us(datetime.fromisoformat(told["since"])) < now_us
    assert lacking(fleur, "observations", **year) == []
    assert lacking(fleur, "history/positions", **year) == []
    assert lacking(fleur, "tracks", valid=year["to"]) == []
    # Of the other no header says when it began.
    assert lacking(dropped.client("bent"), "observations", **year) == [HIDDEN_STREAM]


def test_a_track_that_is_no_longer_kept_is_not_said_never_to_have_been(dropped: SmallNode) -> None:
    then = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
    track = dropped.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    fleur = dropped.client("fleur")
    for path in (f"tracks/{track}", f"objects/{track}", f"tracks/{'f' * 32}"):
        answer = fleur.get(path, params={"valid": then})
        assert answer.status_code == 410, path
        problem = answer.json()
        assert problem["type"] == "urn:alliage:problem:not-kept"
        assert f"{OPEN_STREAM} before" in problem["detail"]
        assert HIDDEN_STREAM not in problem["detail"]
    assert fleur.get(f"tracks/{'f' * 32}").status_code == 404
