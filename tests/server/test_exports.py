"""Files that leave the node: only what their reader may see, marked, bounded and audited."""

from __future__ import annotations

import asyncio
import csv
import errno
import hashlib
import io
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.requests import Request
from starlette.types import Message

from alliage.access.accounts import Session
from alliage.cli.binding import check_file
from alliage.cli.output import CommandError
from alliage.export.rows import CLAIMS
from alliage.log import Draft
from alliage.log.entry import Entry
from alliage.ontology.label import UNLABELLED
from alliage.ontology.times import to_text
from alliage.server.exporting import Export, send_export
from alliage.server.problems import ProblemError
from alliage.server.security import SignedIn
from tests.server.small_node import (
    FRIO,
    GHOST,
    HIDDEN_STREAM,
    NORD,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)


def exported(client: httpx.Client, path: str, **wanted: str) -> httpx.Response:
    answer = client.get(f"exports/{path}", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def told(answer: httpx.Response, name: str) -> Any:
    return json.loads(unquote(answer.headers[f"X-Alliage-{name}"]))


def audit(node: SmallNode, auditor: str, act: str = "data.exported") -> list[dict[str, Any]]:
    node.writer.drain()
    answer = node.client(auditor).get("audit", params={"act": act})
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_observations_are_those_that_the_reader_sees_each_with_its_marking(
    bent: httpx.Client, fleur: httpx.Client
) -> None:
    all_of_them, released = exported(bent, "observations"), exported(fleur, "observations")
    ships = {row["identifier"] for row in rows(all_of_them)}
    assert f"mmsi:{GHOST}" in ships
    assert {row["identifier"] for row in rows(released)} == ships - {f"mmsi:{GHOST}"}
    assert str(GHOST) not in released.text
    assert all(row["marking"] for row in rows(all_of_them))
    assert told(all_of_them, "Marking")["classification"] == "SECRET"
    assert told(released, "Marking")["classification"] == "UNCLASSIFIED"
    assert told(released, "Rows") == len(rows(released))
    assert told(released, "Not-Kept") == []
    assert released.headers["content-disposition"].startswith(
        'attachment; filename="alliage-observations-'
    )


def test_an_object_alone_is_exported_with_what_was_said_of_it(
    node: SmallNode, bent: httpx.Client
) -> None:
    frio = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    reported = rows(exported(bent, "observations", object=frio))
    assert {row["identifier"] for row in reported} == {f"mmsi:{FRIO}"}
    lines = exported(bent, "claims", object=frio, format="jsonl").text.splitlines()
    said = [json.loads(line) for line in lines]
    assert {"FRIO"} <= {one["value"] for one in said}
    # And by a source that only some may hear.
    assert {one["subject"] for one in said} == {
        frio,
        node.subject_of(HIDDEN_STREAM, f"mmsi:{FRIO}"),
    }


def test_an_object_that_is_hidden_is_not_there(node: SmallNode, fleur: httpx.Client) -> None:
    ghost = node.subject_of(HIDDEN_STREAM, f"mmsi:{GHOST}")
    for what in ("observations", "claims"):
        for name in (ghost, "f" * 32):
            assert fleur.get(f"exports/{what}", params={"object": name}).status_code == 404


def test_tracks_are_a_map_that_other_programs_open(bent: httpx.Client, fleur: httpx.Client) -> None:
    everything = exported(bent, "tracks", format="geojson").json()
    assert len(everything["features"]) == 3
    assert len(exported(fleur, "tracks", format="geojson").json()["features"]) == 2
    (feature, *_) = everything["features"]
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"]["marking"]


def test_the_track_of_one_object_comes_alone(node: SmallNode, bent: httpx.Client) -> None:
    nord = node.subject_of(OPEN_STREAM, f"mmsi:{NORD}")
    (row,) = rows(exported(bent, "tracks", object=nord))
    assert row["identifier"] == f"mmsi:{NORD}"


def test_what_a_table_shows_of_the_tracks_comes_alone_and_the_audit_says_what_was_asked(
    node: SmallNode, bent: httpx.Client
) -> None:
    (row,) = rows(exported(bent, "tracks", q=f"Fri {str(FRIO)[-4:]}", schema="Vessel"))
    assert row["identifier"] == f"mmsi:{FRIO}"
    assert rows(exported(bent, "tracks", q="frio", schema="Aircraft")) == []
    asked = audit(node, "oda")[0]["details"]
    assert (asked["q"], asked["schema"], asked["rows"]) == ("frio", "Aircraft", 0)


def test_a_file_has_the_columns_of_a_table_in_its_order_and_its_rows_in_theirs(
    bent: httpx.Client,
) -> None:
    columns = "name,latitude_deg,identifier"
    lines = exported(bent, "tracks", columns=columns, sort="-latitude_deg").text.splitlines()
    assert lines[0] == "name,latitude_deg,identifier,marking"
    assert [line.split(",")[1] for line in lines[1:]] == ["56.0", "55.5", "55.0"]
    # One has no name: it comes last, whichever way.
    for sort, names in (("name", ["FRIO", "GHOST", ""]), ("-name", ["GHOST", "FRIO", ""])):
        found = rows(exported(bent, "tracks", columns="name", sort=sort))
        assert [row["name"] for row in found] == names
    (feature, *_) = exported(bent, "tracks", columns="name", format="geojson").json()["features"]
    assert feature["geometry"]["type"] == "Point"
    assert set(feature["properties"]) <= {"name", "marking"}
    for field in ("columns", "sort"):
        refused = bent.get("exports/tracks", params={field: "weight"})
        assert refused.json()["errors"][0]["field"] == f"query.{field}"


def test_an_end_before_the_beginning_is_refused(bent: httpx.Client) -> None:
    times = {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
    for what in ("observations", "claims"):
        answer = bent.get(f"exports/{what}", params=times)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "query.to"


def test_tracks_are_as_they_were_where_that_is_asked_for(bent: httpx.Client) -> None:
    assert rows(exported(bent, "tracks", valid="2020-01-01T00:00:00Z")) == []


def test_columns_keep_their_types_in_parquet(bent: httpx.Client) -> None:
    table = pq.read_table(io.BytesIO(exported(bent, "observations", format="parquet").content))
    assert str(table.schema.field("valid").type) == "timestamp[us, tz=UTC]"
    assert table.num_rows == len(rows(exported(bent, "observations")))


def unzipped(answer: httpx.Response, folder: Path) -> Path:
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
        return folder / archive.namelist()[0]


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_file_comes_with_its_joined_marking_bound_to_it(
    node: SmallNode, bent: httpx.Client, tmp_path: Path, form: str
) -> None:
    for what in ("observations", "claims", "tracks"):
        answer = exported(bent, what, bind=form)
        file = unzipped(answer, tmp_path / what)
        zipped = f'filename="{file.with_suffix(".zip").name}"'
        assert answer.headers["content-disposition"] == f"attachment; {zipped}"
        certificate = node.folder / "keys" / "binding-certificate.pem"
        binding, _, _ = check_file(tmp_path, file, certificate)
        joined = " // ".join(label.marking for label in binding.labels)
        assert joined == told(answer, "Marking")["text"]
        assert binding.originator is not None
        assert binding.originator.value == "CN=test-1,C=DNK"
        assert audit(node, "oda")[0]["details"]["sha384"] == binding.data.sha384.hex()
        file.write_bytes(file.read_bytes().replace(b"SECRET", b"PUBLIC"))
        with pytest.raises(CommandError, match="was changed after it was bound"):
            check_file(tmp_path, file, certificate)


def test_of_no_rows_there_is_nothing_to_bind(bent: httpx.Client, tmp_path: Path) -> None:
    answer = exported(bent, "observations", bind="xml", stream="nobody")
    file = unzipped(answer, tmp_path / "zip")
    assert list(file.parent.iterdir()) == [file]


def test_what_is_unlabelled_is_not_bound(node: SmallNode) -> None:
    node.report("nobody-knows", UNLABELLED, [Ship(NORD, 11.0, 57.0)])
    anna = node.client("anna")
    asked = {"stream": "nobody-knows", "bind": "xml"}
    answer = anna.get("exports/observations", params=asked)
    assert answer.status_code == 422
    assert "unlabelled" in answer.json()["errors"][0]["message"]


def test_reports_and_claims_are_as_known_then_where_that_is_asked_for(
    node: SmallNode, bent: httpx.Client
) -> None:
    before = {what: rows(exported(bent, what)) for what in ("observations", "claims")}
    then = to_text(node.clock.now_us())
    node.report(OPEN_STREAM, SHARED, [Ship(NORD, 11.0, 57.0)], ago_s=3600)
    node.claim(OPEN_STREAM, SHARED, NORD, name="NORD LATER")
    for what, known_then in before.items():
        assert rows(exported(bent, what, known=then)) == known_then
        assert len(rows(exported(bent, what))) == len(known_then) + 1
        assert rows(exported(bent, what, known="1969-07-20T00:00:00Z")) == []


def test_the_audit_says_as_whom_somebody_exported(node: SmallNode) -> None:
    chief = node.client("chief")
    seen = {"Alliage-See-As": "nation=FRA&clearance=RESTRICTED&role=viewer"}
    assert chief.get("exports/tracks", headers=seen).status_code == 200
    details = audit(node, "oda")[0]["details"]
    assert (details["format"], details["rows"]) == ("csv", 2)
    assert details["see_as"] == "FRA, RESTRICTED, viewer"


def test_what_has_no_place_is_no_geojson(bent: httpx.Client) -> None:
    answer = bent.get("exports/claims", params={"format": "geojson"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.format"


def test_an_export_is_audited_under_the_labels_of_what_was_in_it(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client
) -> None:
    already = len(audit(node, "ines"))
    answer = exported(bent, "observations", identifier=f"mmsi:{GHOST}")
    act = audit(node, "oda")[0]
    assert (act["user"], act["done"]) == ("bent", True)
    assert act["details"]["what"] == "observations"
    assert act["details"]["rows"] == len(rows(answer))
    assert act["details"]["sha384"] == hashlib.sha384(answer.content).hexdigest()
    assert act["details"]["identifier"] == f"mmsi:{GHOST}"
    assert len(audit(node, "ines")) == already
    exported(fleur, "claims")
    assert len(audit(node, "ines")) == already + 1
    assert audit(node, "ines")[0]["user"] == "fleur"


def test_the_audit_is_exported_by_its_auditors_alone(node: SmallNode, bent: httpx.Client) -> None:
    exported(bent, "tracks")
    node.writer.drain()
    assert bent.get("audit/export").status_code == 403
    oda = node.client("oda")
    said = rows(oda.get("audit/export", params={"act": "data.exported"}))
    assert said[-1]["user"] == "bent"
    assert "SECRET" in node.client("oda").get("audit/export").text
    assert {act["user"] for act in audit(node, "oda", "audit.read")} == {"oda"}


@pytest.mark.parametrize("form", ["xml", "json"])
def test_the_audits_export_has_its_joined_marking_bound_to_it_as_others_have(
    node: SmallNode, bent: httpx.Client, tmp_path: Path, form: str
) -> None:
    exported(bent, "tracks")
    node.writer.drain()
    answer = node.client("oda").get("audit/export", params={"bind": form, "format": "jsonl"})
    file = unzipped(answer, tmp_path)
    certificate = node.folder / "keys" / "binding-certificate.pem"
    binding, _, _ = check_file(tmp_path, file, certificate)
    joined = " // ".join(label.marking for label in binding.labels)
    assert joined == told(answer, "Marking")["text"]
    assert "AUDIT" in joined
    assert "SECRET" in joined
    done = audit(node, "oda", "audit.read")[0]
    assert done["details"]["sha384"] == binding.data.sha384.hex()


def test_what_is_too_much_is_refused(
    node: SmallNode, bent: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    already = len(audit(node, "oda"))
    monkeypatch.setattr(node.services.exports, "rows_at_most", 1)
    answer = bent.get("exports/observations")
    assert answer.status_code == 413
    assert "more than 1 rows" in answer.json()["detail"]
    assert len(audit(node, "oda")) == already


def test_nothing_leaves_before_the_audit_has_it_on_the_disk(
    node: SmallNode, bent: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliage.log.writer.RETRY_S", 0.01)
    monkeypatch.setattr("alliage.access.audit.PATIENCE_S", 0.05)
    before, is_full, append = audit(node, "oda"), threading.Event(), node.log.append

    def refuse(drafts: Sequence[Draft]) -> list[Entry]:
        if is_full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(drafts)

    monkeypatch.setattr(node.log, "append", refuse)
    is_full.set()
    answers = [bent.get(f"exports/{what}") for what in ("tracks", "observations", "claims")]
    is_full.clear()
    assert [answer.status_code for answer in answers] == [503] * 3
    assert "in the audit first" in answers[0].json()["detail"]
    assert audit(node, "oda") == before  # and it says nothing of what was refused
    exported(bent, "tracks")
    assert len(audit(node, "oda")) == len(before) + 1


def test_so_many_write_at_once_and_the_next_is_told_to_wait(
    node: SmallNode, bent: httpx.Client
) -> None:
    exports = node.services.exports
    with exports.turn(), exports.turn():
        assert bent.get("exports/tracks").status_code == 503
    assert bent.get("exports/tracks").status_code == 200


def test_a_reader_who_goes_away_ends_it(node: SmallNode) -> None:
    begun = threading.Event()
    empty = pa.RecordBatch.from_pylist([], CLAIMS)

    def endless() -> Iterator[pa.RecordBatch]:
        while True:
            begun.set()
            yield empty

    async def gone() -> Message:
        if not begun.is_set():
            await asyncio.Event().wait()  # nothing was received yet
        return {"type": "http.disconnect"}

    account = node.accounts.find("bent")
    assert account is not None
    session = SignedIn("", Session(account.principal, "en", "", 0))
    request = Request({"type": "http", "query_string": b""}, gone)
    export = Export("claims", "csv", CLAIMS, endless())
    with pytest.raises(ProblemError, match="Nobody waits"):
        asyncio.run(send_export(request, node.services, session, export))
