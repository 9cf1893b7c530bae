"""ingest, query, export: data in, and out again as one reader may see them."""

import csv
import gzip
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from alliage.access.accounts import Accounts
from alliage.access.principal import Role
from alliage.ontology.times import WallClock
from tests.cli.conftest import Run

NORTH = "-180,55.5,180,90"
BEGAN = "2026-06-01T12:00:00Z"


@pytest.fixture
def read(alliage: Run, loaded: Path) -> Run:
    def run(*arguments: str) -> object:
        return alliage(*arguments, "--as", "admin", "--home", str(loaded))

    return run  # type: ignore[return-value]


def test_ingest_reports_what_became_of_every_file(
    alliage: Run, recording: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.nmea"
    broken.write_bytes(recording.read_bytes()[:20_000] + b"!AIVDM,1,1,,A,nonsense,0*00\r\n")
    alliage("init")
    done = alliage("ingest", str(recording), str(broken), "--json", "--label", "UNCLASSIFIED")
    whole, damaged = done.data()["recordings"]
    assert whole["accepted"] > 1000
    assert whole["claims"] > 100
    assert whole["quarantined"] == 0
    assert sum(damaged["quarantined_by_reason"].values()) == damaged["quarantined"] >= 1


def test_ingest_says_rates_and_reasons_to_people(alliage: Run, recording: Path) -> None:
    alliage("init")
    done = alliage("ingest", str(recording))
    assert "reports/s" in done.out
    assert "exercise.nmea" in done.out
    assert "ignored:" in done.err


def test_ingest_refuses_a_file_that_no_format_understands(alliage: Run, tmp_path: Path) -> None:
    alliage("init")
    path = tmp_path / "letter.txt"
    path.write_text("Dear Alliage,\n")
    done = alliage("ingest", str(path))
    assert done.code == 1
    assert "no format accepts" in done.err


@pytest.mark.parametrize("nations", ["Denmark,QQQ", "", "DNK,,FRA", "DK"])
def test_ingest_refuses_a_label_whose_nations_are_none(
    alliage: Run, recording: Path, nations: str
) -> None:
    alliage("init")
    done = alliage("ingest", str(recording), "--label", f"UNCLASSIFIED:{nations}")
    assert done.code == 2
    assert "is not three capital letters" in done.err


def test_ingest_refuses_a_missing_file(alliage: Run) -> None:
    alliage("init")
    done = alliage("ingest", "/nowhere/x.nmea")
    assert done.code == 1
    assert "/nowhere/x.nmea: " in done.err


def test_a_file_that_was_loaded_is_not_loaded_twice(
    alliage: Run, recording: Path, tmp_path: Path
) -> None:
    alliage("init")
    first = alliage("ingest", str(recording), "--json").data()["recordings"][0]
    copy = tmp_path / "copy.nmea"
    copy.write_bytes(recording.read_bytes())
    second = alliage("ingest", str(copy))
    assert second.code == 1
    assert "loaded already into stream 'ingest' as exercise.nmea" in second.err
    assert "--again" in second.err
    again = alliage("ingest", str(copy), "--again", "--json")
    assert again.code == 0
    assert again.data()["recordings"][0]["accepted"] == first["accepted"]


def test_a_damaged_file_stops_no_other(alliage: Run, recording: Path, tmp_path: Path) -> None:
    alliage("init")
    half = tmp_path / "half.nmea.gz"
    packed = gzip.compress(recording.read_bytes())
    half.write_bytes(packed[: len(packed) // 2])
    done = alliage("ingest", str(half), str(recording), "--json")
    assert done.code == 1
    damaged, whole = done.data()["recordings"]
    assert not damaged["ok"]
    assert damaged["trouble"].startswith("the packing is damaged")
    assert whole["ok"]
    assert whole["accepted"] > 1000
    told = alliage("ingest", str(half), str(recording), "--again")
    assert told.err.count(str(half)) == 1
    assert "FAILED" in told.out


def test_a_file_in_which_nothing_is_understood_is_a_failure(alliage: Run, tmp_path: Path) -> None:
    alliage("init")
    path = tmp_path / "letter.txt"
    path.write_text("Dear Alliage,\n")
    done = alliage("ingest", str(path), "--format", "ais")
    assert done.code == 1
    assert "nothing in it could be read" in done.err


def test_a_stream_keeps_its_label(alliage: Run, home: Path, recording: Path) -> None:
    alliage("init")
    assert alliage("ingest", str(recording), "--label", "SECRET:DNK").code == 0
    done = alliage("ingest", str(recording), "--again", "--label", "UNCLASSIFIED")
    assert done.code == 1
    assert "ALLIAGE SECRET / REL TO DNK" in done.err
    assert "--stream" in done.err
    with (home / "config.toml").open("a") as config:
        config.write(
            '\n[[sources]]\nname = "denmark"\nformat = "ais"\n'
            'transport = { kind = "tcp_server", port = 0 }\n'
            'label = { policy = "ALLIAGE", classification = "UNCLASSIFIED" }\n'
        )
    refused = alliage("ingest", str(recording), "--stream", "denmark", "--label", "SECRET:DNK")
    assert refused.code == 2
    assert "configured as ALLIAGE UNCLASSIFIED" in refused.err
    assert alliage("ingest", str(recording), "--stream", "denmark").code == 0


def test_query_shows_tracks_with_names_and_marking(read: Run) -> None:
    done = read("query", "tracks", "--from", BEGAN)
    assert "EX " in done.out
    assert "ALLIAGE SECRET / REL TO DNK" in done.err


def test_query_pages_by_limit_and_says_whether_there_is_more(read: Run) -> None:
    some = read("query", "observations", "--limit", "5", "--json").data()
    assert len(some["items"]) == 5
    assert some["more"]


def test_query_selects_by_box(read: Run) -> None:
    everything = read("query", "observations", "--json", "--limit", "100000").data()["items"]
    north = read("query", "observations", "--json", "--limit", "100000", "--bbox", NORTH).data()
    wanted = [row for row in everything if row.get("latitude_deg", 0) >= 55.5]
    assert wanted
    assert north["items"] == wanted


def test_query_selects_by_time_and_identifier(read: Run) -> None:
    first = read("query", "observations", "--json", "--limit", "1").data()["items"][0]
    same = read(
        *("query", "observations", "--json", "--identifier", first["identifier"]),
        *("--from", first["valid"], "--to", "2026-06-01T12:03:00Z"),
    ).data()["items"]
    assert {row["identifier"] for row in same} == {first["identifier"]}
    assert all(first["valid"] <= row["valid"] < "2026-06-01T12:03:00Z" for row in same)


def test_query_shows_who_said_what(read: Run) -> None:
    claims = read("query", "claims", "--json", "--limit", "1000").data()["items"]
    names = [claim for claim in claims if claim["property"] == "name"]
    assert names
    assert all(claim["value"].startswith("EX") for claim in names)
    assert {claim["stream"] for claim in claims} == {"coast"}


@pytest.mark.parametrize(
    ("option", "value"), [("--bbox", "1,2,3"), ("--from", "yesterday"), ("--to", "2026-01-01")]
)
def test_options_that_are_not_understood_are_named(read: Run, option: str, value: str) -> None:
    done = read("query", "observations", option, value)
    assert done.code == 2
    assert value in done.err


def test_a_reader_without_the_clearance_sees_nothing(
    alliage: Run, loaded: Path, tmp_path: Path
) -> None:
    home = tmp_path / "copy"
    shutil.copytree(loaded, home)
    accounts = Accounts(home / "accounts.sqlite", WallClock())
    roles = frozenset([Role.ANALYST])
    accounts.add("low", nation="DNK", clearance="UNCLASSIFIED", roles=roles)
    accounts.add("foreign", nation="FRA", clearance="SECRET", roles=roles)
    accounts.close()
    for user in ("low", "foreign"):
        for what in ("tracks", "observations", "claims"):
            done = alliage("query", what, "--as", user, "--home", str(home), "--json")
            assert done.data() == {"items": [], "more": False}


def test_an_unknown_reader_is_refused(alliage: Run, loaded: Path) -> None:
    done = alliage("query", "tracks", "--as", "nobody", "--home", str(loaded))
    assert done.code == 5
    assert "'admin'" in done.err


def test_reading_needs_a_reader(alliage: Run, loaded: Path) -> None:
    assert alliage("query", "tracks", "--home", str(loaded)).code == 2


def test_every_export_format_holds_the_same_rows(read: Run, tmp_path: Path) -> None:
    counts = {}
    for suffix in ("csv", "jsonl", "parquet", "arrow"):
        path = tmp_path / f"out.{suffix}"
        counts[suffix] = read("export", "observations", str(path), "--json").data()["rows"]
    jsonl = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    with (tmp_path / "out.csv").open() as file:
        cells = list(csv.DictReader(file))
    parquet = pq.read_table(tmp_path / "out.parquet").to_pylist()
    arrow = pa.ipc.open_file(tmp_path / "out.arrow").read_all().to_pylist()
    assert set(counts.values()) == {len(jsonl)} == {len(cells)}
    assert parquet == arrow
    identifiers = [row["identifier"] for row in jsonl]
    assert identifiers == [row["identifier"] for row in cells]
    assert identifiers == [row["identifier"] for row in parquet]
    assert all(row["marking"] == "ALLIAGE SECRET / REL TO DNK" for row in parquet)


def test_geojson_holds_a_point_for_every_position(read: Run, tmp_path: Path) -> None:
    path = tmp_path / "tracks.geojson"
    rows = read("export", "tracks", str(path), "--from", BEGAN, "--json").data()["rows"]
    features = json.loads(path.read_text())["features"]
    assert len(features) == rows > 20
    lon, lat = features[0]["geometry"]["coordinates"]
    assert 7 < lon < 32
    assert 53 < lat < 67
    assert features[0]["properties"]["marking"]


def test_an_export_is_as_known_then_where_that_is_asked_for(read: Run, tmp_path: Path) -> None:
    def rows(time: str) -> list[str]:
        file = tmp_path / "known.jsonl"
        assert read("export", "observations", str(file), "--known", time).code == 0
        return file.read_text().splitlines()

    assert rows("2020-01-01T00:00Z") == []
    assert rows("2100-01-01T00:00Z")
    refused = read("export", "tracks", str(tmp_path / "a.csv"), "--known", BEGAN)
    assert refused.code == 2


def test_geojson_of_what_has_no_position_is_refused(read: Run, tmp_path: Path) -> None:
    done = read("export", "claims", str(tmp_path / "claims.geojson"))
    assert done.code == 1
    assert "no positions" in done.err


def test_an_unknown_export_format_is_refused_and_the_known_ones_are_named(
    read: Run, tmp_path: Path
) -> None:
    done = read("export", "claims", str(tmp_path / "claims.docx"))
    assert done.code == 2
    assert "parquet" in done.err
