"""The same question to the command line and to the running node gets the same answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from alliage.access.accounts import Accounts
from alliage.config import Config
from alliage.home import Home
from alliage.node import Node
from alliage.ontology.times import WallClock
from alliage.picture.staleness import STATES
from alliage.picture.state import TrackState
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
