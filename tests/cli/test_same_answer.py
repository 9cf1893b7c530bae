"""The same question to the command line and to the running node gets the same answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from alliage.access.accounts import Accounts
from alliage.config import Config
from alliage.home import Home
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.times import WallClock, from_text
from alliage.picture.staleness import STATES
from alliage.picture.state import TrackState
from alliage.search.query import parse_query
from tests.cli.conftest import Run, record

MINUTE_US = 60_000_000


@pytest.fixture
def recent(tmp_path: Path) -> Path:
    """The exercise until a minute ago."""
    return record(tmp_path / "recent.nmea", WallClock().now_us() - 8 * MINUTE_US)


def of_the_node(home: Path) -> dict[str, TrackState]:
    with Node.open(Config.load(Home(home).config), home) as node:
        accounts = Accounts(home / "accounts.sqlite", node.clock)
        admin = accounts.find("admin")
        accounts.close()
        assert admin is not None
        view = node.picture.view(node.access.audience(admin.principal))
        return {state.track_id: state for state in view.tracks_in(states=STATES)}


def of_the_command(alliage: Run) -> dict[str, dict[str, Any]]:
    done = alliage("query", "tracks", "--as", "admin", "--json", "--limit", "10000")
    return {row["track_id"]: row for row in done.data()["items"]}


def assert_same(told: dict[str, dict[str, Any]], shown: dict[str, TrackState]) -> None:
    assert told.keys() == shown.keys()
    for track_id, row in told.items():
        state = shown[track_id]
        assert row["state"] == state.state
        assert row.get("name") == state.name
        assert row.get("latitude_deg") == state.latitude_deg
        assert row.get("longitude_deg") == state.longitude_deg


def test_a_recent_recording_is_in_the_picture_of_both(
    alliage: Run, home: Path, recent: Path
) -> None:
    alliage("init", "--nation", "DNK")
    assert alliage("ingest", str(recent)).code == 0
    shown = of_the_node(home)
    assert sum(s.state != "ended" and s.latitude_deg is not None for s in shown.values()) > 20
    assert_same(of_the_command(alliage), shown)


def test_an_old_recording_is_history_to_both(alliage: Run, home: Path, recording: Path) -> None:
    alliage("init", "--nation", "DNK")
    assert alliage("ingest", str(recording)).code == 0
    shown = of_the_node(home)
    assert shown
    assert {state.state for state in shown.values()} == {"ended"}
    assert_same(of_the_command(alliage), shown)


def test_what_was_heard_years_ago_is_found_where_it_was_last(
    alliage: Run, home: Path, tmp_path: Path
) -> None:
    alliage("init", "--nation", "DNK")
    years_ago = record(tmp_path / "years ago.nmea", from_text("2013-11-12T12:00:00Z"))
    assert alliage("ingest", str(years_ago)).code == 0
    told, shown = of_the_command(alliage), of_the_node(home)
    placed = {name for name, state in shown.items() if state.latitude_deg is not None}
    assert len(placed) > 20
    assert_same(told, shown)
    with Node.open(Config.load(Home(home).config), home) as node:
        audience = machine_audience(node.log.label_sets)
        view = node.picture.view(audience)
        assert sum(len(view.trail(track_id)) > 1 for track_id in placed) > 20

        def found(line: str) -> set[str]:
            query = parse_query(line, node.ontology, node.clock.now_us())
            hits = node.search.search(audience, query, limit=100).hits
            return {hit.state.track_id for hit in hits}

        assert found("near:Bornholm<2000km state:ended") >= placed
        assert all(name in found(shown[name].identifier) for name in placed)
    (home / "projections" / "picture.arrow").unlink()
    assert of_the_node(home).keys() == shown.keys()


def test_what_a_configured_replay_said_is_not_present_before_it_begins_again(
    alliage: Run, home: Path, recent: Path
) -> None:
    alliage("init", "--nation", "DNK")
    assert alliage("ingest", str(recent), "--stream", "coast").code == 0
    transport = f'{{ kind = "file", path = {json.dumps(str(recent))}, pace = 1.0 }}'
    with Home(home).config.open("a") as config:
        config.write(f'\n[[sources]]\nname = "coast"\nformat = "ais"\ntransport = {transport}\n')
    shown = of_the_node(home)
    assert any(state.name for state in shown.values())
    assert {(s.state, s.latitude_deg) for s in shown.values()} == {("ended", None)}
    assert_same(of_the_command(alliage), shown)
