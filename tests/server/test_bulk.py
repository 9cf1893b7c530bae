"""Bulk writes: good rows in, bad ones told, once for each key, as JSON or Arrow."""

from __future__ import annotations

import itertools
import json

import httpx
import pyarrow as pa
import pytest

from alliage.ontology.times import to_text
from tests.server.small_node import PATIENCE_S, SmallNode

LABEL = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
ARROW = "application/vnd.apache.arrow.stream"
_keys = itertools.count()


@pytest.fixture(scope="module")
def fleur(node: SmallNode) -> httpx.Client:
    return node.client("fleur")


@pytest.fixture(scope="module")
def importer(node: SmallNode, fleur: httpx.Client) -> httpx.Client:
    """A program with a token that may write and read."""
    scopes = ["read", "write:observations", "write:claims"]
    token = fleur.post("tokens", json={"name": "importer", "scopes": scopes}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{node.url}/api/v1/", headers=headers, timeout=PATIENCE_S)


def send(client: httpx.Client, path: str, body: dict, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or f"key-{next(_keys)}"}
    return client.post(path, json=body, headers=headers)


def stream_of(table: pa.Table, options: pa.ipc.IpcWriteOptions | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def send_arrow(client: httpx.Client, path: str, content: bytes) -> httpx.Response:
    headers = {"Idempotency-Key": f"key-{next(_keys)}", "Content-Type": ARROW}
    return client.post(path, content=content, headers=headers)


def position(node: SmallNode, mmsi: int, **more: object) -> dict:
    row = {
        "identifier": f"mmsi:{mmsi}",
        "schema": "Vessel",
        "valid": to_text(node.clock.now_us()),
        "latitude_deg": 54.5,
        "longitude_deg": 10.5,
    }
    return {**row, **more}


def test_good_rows_are_visible_when_answered_and_bad_ones_told(
    node: SmallNode, importer: httpx.Client
) -> None:
    rows = [
        position(node, 230000001, speed_mps=4, navigation_status="moored", receivers=["a"]),
        position(node, 230000002, latitude_deg=95),
        position(node, 230000003, schema="Dragon"),
        position(node, 230000004, valid="yesterday"),
        position(node, 230000005, valid="2100-01-01T00:00:00Z"),
        position(node, 230000006, colour="red"),
        position(node, 230000007, identifier="nobody"),
        position(node, 230000008, speed_mps="fast"),
        position(node, 230000009, navigation_status="flying"),
        {"identifier": "mmsi:230000010", "schema": "Vessel"},
        17,
    ]
    answer = send(importer, "observations/bulk", {"label": LABEL, "rows": rows})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["accepted"], said["refused"]) == (1, 10)
    assert said["source"] == "api:fleur/importer"
    assert [(r["row"], r["field"]) for r in said["refusals"]] == [
        (1, "latitude_deg"),
        (2, "schema"),
        (3, "valid"),
        (4, "valid"),
        (5, "colour"),
        (6, "identifier"),
        (7, "speed_mps"),
        (8, "navigation_status"),
        (9, "valid"),
        (10, "row"),
    ]
    (track,) = importer.get("tracks", params={"q": "230000001"}).json()["items"]
    assert track["sources"] == ["api:fleur/importer"]
    assert track["position"] == {"lon": 10.5, "lat": 54.5}
    assert len(importer.get("tracks", params={"q": "23000000"}).json()["items"]) == 1


def test_one_row_of_a_bulk_write_is_raised_and_the_others_stay(
    node: SmallNode, importer: httpx.Client
) -> None:
    low = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED"}
    rows = [position(node, 230000031), position(node, 230000032)]
    assert send(importer, "observations/bulk", {"label": low, "rows": rows}).json()["accepted"] == 2
    carl, fleur = node.client("carl"), node.client("fleur")

    def seen(reader: httpx.Client) -> set[str]:
        items = reader.get("observations", params={"stream": "api:fleur/importer"}).json()["items"]
        return {item["values"]["identifier"] for item in items} & {
            row["identifier"] for row in rows
        }

    assert seen(fleur) == {row["identifier"] for row in rows}
    row = carl.get("observations", params={"identifier": "mmsi:230000032"}).json()["items"][0]
    body = {
        "stream": "api:fleur/importer",
        "identifier": "mmsi:230000032",
        "valid": row["values"]["valid"],
        "label": {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]},
    }
    answer = carl.post("observations/label", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["identifier"] == "mmsi:230000032"
    assert seen(carl) == {row["identifier"] for row in rows}
    assert seen(fleur) == {"mmsi:230000031"}
    assert len(fleur.get("tracks", params={"q": "23000003"}).json()["items"]) == 1
    assert importer.post("observations/label", json=body).status_code == 404


def test_static_rows_become_claims_when_they_say_something_new(
    node: SmallNode, importer: httpx.Client
) -> None:
    row = {
        "identifier": "mmsi:230000020",
        "schema": "Vessel",
        "valid": to_text(node.clock.now_us()),
        "name": "SISU",
        "length_m": 106,
    }
    bad = {**row, "ship_type": "submarine"}
    body = {"kind": "static", "label": LABEL, "rows": [row, bad]}
    for _ in range(2):
        said = send(importer, "observations/bulk", body).json()
        assert (said["accepted"], said["refusals"][0]["field"]) == (1, "ship_type")
    found = importer.get("claims", params={"identifier": "mmsi:230000020"}).json()["items"]
    assert {(c["property"], c["value"]) for c in found} == {("name", "SISU"), ("length_m", 106.0)}
    assert len(found) == 2


def test_claims_are_written_row_by_row(importer: httpx.Client) -> None:
    good = {"identifier": "imo:9000001", "schema": "Vessel", "property": "name", "value": "OTSO"}
    rows = [
        {**good, "confidence": 0.5, "valid_from": "2026-01-01T00:00:00Z", "reason": "registry"},
        {**good, "property": "colour"},
        {**good, "value": 7},
        {**good, "colour": "red"},
        {"identifier": "imo:9000001"},
        {**good, "confidence": 3},
        {**good, "property": "@retraction"},
    ]
    said = send(importer, "claims/bulk", {"label": LABEL, "rows": rows}).json()
    assert [(r["row"], r["field"]) for r in said["refusals"]] == [
        (1, "property"),
        (2, "value"),
        (3, "colour"),
        (4, "schema"),
        (5, "confidence"),
        (6, "property"),
    ]
    (claim,) = importer.get("claims", params={"identifier": "imo:9000001"}).json()["items"]
    assert (claim["value"], claim["confidence"], claim["reason"]) == ("OTSO", 0.5, "registry")
    assert claim["source"] == "api:fleur/importer"


def test_the_same_key_writes_once_and_gets_the_same_answer(
    node: SmallNode, importer: httpx.Client
) -> None:
    body = {"label": LABEL, "rows": [position(node, 230000030)]}
    first = send(importer, "observations/bulk", body, key="once")
    again = send(importer, "observations/bulk", body, key="once")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    found = importer.get("observations", params={"identifier": "mmsi:230000030"}).json()["items"]
    assert len(found) == 1
    other = {"label": LABEL, "rows": [position(node, 230000031)]}
    assert send(importer, "observations/bulk", other, key="once").status_code == 409


def test_a_key_belongs_to_its_token(
    node: SmallNode, importer: httpx.Client, fleur: httpx.Client
) -> None:
    body = {"label": LABEL, "rows": [position(node, 230000040)]}
    assert send(importer, "observations/bulk", body, key="mine").json()["source"].startswith("api:")
    assert send(fleur, "observations/bulk", body, key="mine").json()["source"] == "person:fleur"


def test_a_write_that_was_refused_as_a_whole_may_come_again_with_its_key(
    node: SmallNode, importer: httpx.Client
) -> None:
    body = {"rows": [position(node, 230000050)]}
    answer = send(importer, "observations/bulk", body, key="unlabelled")
    assert answer.status_code == 403
    assert send(importer, "observations/bulk", body, key="unlabelled").status_code == 403
    body["label"] = LABEL
    assert send(importer, "observations/bulk", body, key="unlabelled").status_code == 200


def test_a_write_without_a_key_or_rows_is_refused(importer: httpx.Client) -> None:
    answer = importer.post("observations/bulk", json={"label": LABEL, "rows": [1]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"
    answer = send(importer, "observations/bulk", {"label": LABEL, "rows": []})
    assert answer.json()["errors"][0]["field"] == "body.rows"
    answer = importer.post("claims/bulk", content=b"x", headers={"Idempotency-Key": "x"})
    assert answer.status_code == 415
    headers = {"Idempotency-Key": "x", "Content-Type": "application/json"}
    assert importer.post("claims/bulk", content=b"{", headers=headers).status_code == 400


def test_a_body_may_be_larger_than_elsewhere_but_not_without_end(
    node: SmallNode, importer: httpx.Client
) -> None:
    rows = [position(node, 231000000 + n, longitude_deg=5 + n / 1000) for n in range(2_000)]
    assert len(json.dumps(rows)) > 64 * 1024
    said = send(importer, "observations/bulk", {"label": LABEL, "rows": rows}).json()
    assert said["accepted"] == 2_000
    headers = {"Idempotency-Key": "huge", "Content-Type": ARROW}
    answer = importer.post("claims/bulk", content=b"\0" * (17 << 20), headers=headers)
    assert answer.status_code == 413


def arrow_table(node: SmallNode, count: int = 3) -> pa.Table:
    now = pa.array([node.clock.now_us()] * count).cast(pa.timestamp("us", "UTC"))
    columns = {
        "identifier": [f"mmsi:{232000000 + n}" for n in range(count)],
        "schema": ["Vessel"] * count,
        "valid": now,
        "latitude_deg": [54.0] * count,
        "longitude_deg": [10.0] * (count - 1) + [200.0],
    }
    metadata = {"kind": "position", "label": json.dumps(LABEL)}
    return pa.table(columns).replace_schema_metadata(metadata)


def test_an_arrow_stream_is_taken_with_its_label(node: SmallNode, importer: httpx.Client) -> None:
    said = send_arrow(importer, "observations/bulk", stream_of(arrow_table(node))).json()
    assert (said["accepted"], said["refused"]) == (2, 1)
    assert said["refusals"] == [{"row": 2, "field": "longitude_deg", "message": "-180 to 180"}]
    assert said["marking"]["text"] == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
    assert len(importer.get("tracks", params={"q": "23200000"}).json()["items"]) == 2


def test_claims_may_come_as_arrow(importer: httpx.Client) -> None:
    table = pa.table(
        {
            "identifier": ["imo:9000002"],
            "schema": ["Vessel"],
            "property": ["name"],
            "value": ["URHO"],
        }
    ).replace_schema_metadata({"label": json.dumps(LABEL)})
    assert send_arrow(importer, "claims/bulk", stream_of(table)).json()["accepted"] == 1


def test_arrow_streams_that_could_hurt_are_refused(node: SmallNode, importer: httpx.Client) -> None:
    table = arrow_table(node, 100)
    packed = stream_of(table, pa.ipc.IpcWriteOptions(compression="zstd"))
    answer = send_arrow(importer, "observations/bulk", packed)
    assert answer.status_code == 400
    assert "compressed" in answer.json()["detail"]
    whole = stream_of(table)
    for broken in (b"", b"rubbish", whole[:300], whole[: len(whole) // 2]):
        assert send_arrow(importer, "observations/bulk", broken).status_code in (400, 422)
    naive = table.set_column(2, "valid", table["valid"].cast(pa.timestamp("us")))
    answer = send_arrow(importer, "observations/bulk", stream_of(naive))
    assert answer.json()["errors"][0]["field"] == "body.valid"
    strange = table.append_column("colour", pa.array(["red"] * 100))
    answer = send_arrow(importer, "observations/bulk", stream_of(strange))
    assert answer.json()["errors"][0]["field"] == "body.colour"


def test_a_viewer_writes_nothing_in_bulk_either(node: SmallNode, bent: httpx.Client) -> None:
    body = {"label": LABEL, "rows": [position(node, 230000060)]}
    assert send(bent, "observations/bulk", body).status_code == 403
