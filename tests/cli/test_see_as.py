"""--see-as: what another reader would see of a node, never more than one's own, and audited."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Run


@pytest.fixture
def node(home: Path, loaded: Path, alliage: Run) -> Path:
    """A node whose one stream is SECRET and for Denmark only, with people who may read it."""
    shutil.copytree(loaded, home)
    for name, *rights in (
        ("chief", "--clearance", "SECRET", "--role", "commander"),
        ("fleur", "--nation", "FRA", "--clearance", "SECRET"),
        ("dora", "--clearance", "UNCLASSIFIED", "--role", "commander"),
    ):
        assert alliage("users", "add", name, *rights).code == 0
    for path in (home / "audit").glob("*.json"):
        path.unlink()
    return home


def _rows(done: Done) -> int:
    assert done.code == 0, done.err
    return len(done.data()["items"])


def _spooled(home: Path) -> list[dict]:
    found = [json.loads(path.read_bytes()) for path in sorted((home / "audit").glob("*.json"))]
    return [one for one in found if one["act"] == "session.seen-as"]


@pytest.mark.parametrize("what", ["tracks", "observations", "claims"])
def test_every_query_shows_what_both_see(alliage: Run, node: Path, what: str) -> None:
    read = ("query", what, "--as", "chief", "--json", "--limit", "5")
    assert _rows(alliage(*read)) == 5
    assert _rows(alliage(*read, "--see-as", "nation:DNK,role:analyst")) == 5
    assert _rows(alliage(*read, "--see-as", "nation:FRA")) == 0
    assert _rows(alliage(*read, "--see-as", "clearance=RESTRICTED&role=viewer")) == 0
    own = ("query", what, "--as", "dora", "--json")
    assert _rows(alliage(*own, "--see-as", "nation:DNK,clearance:TOP SECRET")) == 0


def test_every_look_is_left_for_the_audit(alliage: Run, node: Path, tmp_path: Path) -> None:
    file = tmp_path / "tracks.jsonl"
    export = ("export", "tracks", str(file), "--see-as", "fleur", "--as")
    assert alliage(*export, "chief").code == 5  # no administrator: who has an account is not theirs
    done = alliage(*export, "admin", "--json")
    assert (done.code, done.data()["rows"]) == (0, 0)
    refused, looked = _spooled(node)
    assert (refused["done"], refused["details"]["read_as"]) == (False, "chief")
    assert (looked["done"], looked["details"]["user"]) == (True, "fleur")
    assert looked["details"]["as"]["nation"] == "FRA"


def test_without_the_right_or_with_nonsense_nothing_is_shown(alliage: Run, node: Path) -> None:
    done = alliage("query", "tracks", "--as", "fleur", "--see-as", "nation:DNK")
    assert (done.code, done.out) == (5, "")
    done = alliage("query", "tracks", "--as", "admin", "--see-as", "nobody")
    assert done.code == 2
    assert "there is no such user" in done.err
    assert alliage("query", "tracks", "--as", "admin", "--see-as", "nation:Freedonia").code == 2
    audit = ("audit", "export", str(node / "a.csv"), "--as", "admin", "--see-as", "nation:FRA")
    assert alliage(*audit).code == 5
