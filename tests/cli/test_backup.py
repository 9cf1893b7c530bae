"""A node in one file and back: made while it runs, whole or refused."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow as pa
import pytest

from alliage.access.cedar import default_policy
from alliage.config import Config
from alliage.log import Log, NodeKeys
from alliage.ontology.audience import machine_audience
from alliage.ontology.policies import PACKAGED
from alliage.ontology.times import WallClock
from tests.cli.conftest import Run, exit_code, put_back
from tests.cli.test_running import running, signed_in, until


def entry_ids(home: Path) -> list[str]:
    log = Log.open(home / "log", NodeKeys.load(home / "keys"), "", WallClock(), read_only=True)
    try:
        assert [step.fault for step in log.verify()] == [None]
        return [entry.entry_id for entry in log.reader(machine_audience(log.label_sets)).read()]
    finally:
        log.close()


def test_a_backup_of_a_running_node_is_that_node_some_moments_ago(
    home: Path, tmp_path: Path, alliage: Run
) -> None:
    kept, copy = tmp_path / "node.tar.zst", tmp_path / "copy"
    with running(home, "demo", "--ships", "40") as (_, announced), signed_in(announced) as client:
        until(lambda: client.get("/picture/summary").json()["tracks"] > 10)
        done = alliage("backup", str(kept), "--json", ALLIAGE_HOME=str(home))
        assert done.code == 0, done.err
        before = client.get("/picture/summary").json()["tracks"]
    assert kept.stat().st_mode & 0o077 == 0
    done = alliage("restore", str(kept), "--json", ALLIAGE_HOME=str(copy))
    assert done.code == 0, done.err
    restored, running_on = entry_ids(copy), entry_ids(home)
    assert 0 < len(restored) <= len(running_on)
    assert restored == running_on[: len(restored)]
    with running(copy, "demo") as (_, announced), signed_in(announced) as client:
        assert client.get("/session").json()["user"] == "demo"
        assert client.get("/tracks").json()["items"]
        assert before > 10


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a node's home that has run once, and its backup."""
    folder = tmp_path_factory.mktemp("backed-up")
    home = folder / "home"
    with put_back():
        assert exit_code(home, "init") == 0
        with running(home, "run"):
            pass
        assert exit_code(home, "backup", str(folder / "node.tar.zst")) == 0
    return folder


@pytest.fixture
def backup(backed_up: Path, home: Path, tmp_path: Path) -> Path:
    """A copy of both for one test."""
    shutil.copytree(backed_up / "home", home)
    return Path(shutil.copy2(backed_up / "node.tar.zst", tmp_path))


def test_a_backup_overwrites_nothing(backup: Path, home: Path, alliage: Run) -> None:
    again = alliage("backup", str(backup))
    assert (again.code, "overwrites nothing" in again.err) == (1, True)
    onto = alliage("restore", str(backup))
    assert (onto.code, "is not empty" in onto.err) == (1, True)


def rewritten(backup: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """Write the archive anew, each file as ``change`` makes it; None leaves it out."""
    with pa.CompressedInputStream(str(backup), "zstd") as stream:
        packed = io.BytesIO(stream.read())
    backup.unlink()
    with (
        tarfile.open(fileobj=packed) as old,
        pa.CompressedOutputStream(str(backup), "zstd") as stream,
        tarfile.open(fileobj=stream, mode="w|") as new,
    ):
        for entry in old:
            file = old.extractfile(entry)
            changed = change(entry.name, file.read() if file else b"")
            if changed is not None:
                entry.name, data = changed
                entry.size = len(data)
                new.addfile(entry, io.BytesIO(data))


def flip(name: str, data: bytes) -> tuple[str, bytes]:
    return (name, data[:-1] + bytes([data[-1] ^ 1])) if name == "config.toml" else (name, data)


def without_manifest(name: str, data: bytes) -> tuple[str, bytes] | None:
    return None if name == "manifest.json" else (name, data)


def escaping(name: str, data: bytes) -> tuple[str, bytes]:
    return ("../escaped", data) if name == "config.toml" else (name, data)


def of_the_future(name: str, data: bytes) -> tuple[str, bytes]:
    if name != "manifest.json":
        return name, data
    return name, orjson.dumps({**orjson.loads(data), "format": 2})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (flip, "config.toml is damaged"),
        (without_manifest, "ends before its manifest"),
        (escaping, "which no backup does"),
        (of_the_future, "format 2"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(
    backup: Path,
    tmp_path: Path,
    alliage: Run,
    change: Callable[[str, bytes], tuple[str, bytes] | None],
    said: str,
) -> None:
    rewritten(backup, change)
    there = set(tmp_path.iterdir())
    done = alliage("restore", str(backup), ALLIAGE_HOME=str(tmp_path / "copy"))
    assert (done.code, said in done.err) == (1, True), done.err
    assert set(tmp_path.iterdir()) == there


def test_a_backup_that_was_cut_short_is_refused(backup: Path, tmp_path: Path, alliage: Run) -> None:
    backup.write_bytes(backup.read_bytes()[:-2000])
    done = alliage("restore", str(backup), ALLIAGE_HOME=str(tmp_path / "copy"))
    assert (done.code, "no whole backup" in done.err) == (1, True), done.err
    assert not (tmp_path / "copy").exists()


POLICY = default_policy().text + '@id("none") forbid (principal, action, resource);\n'
SCHEMA = """name: Buoytender
extends: Vessel
title: {en: Buoy tender, fr: Baliseur}
"""


@pytest.fixture(scope="module")
def elsewhere_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node that has run once, in a folder with another that its configuration names."""
    whole = tmp_path_factory.mktemp("elsewhere")
    home, folder = whole / "home", whole / "elsewhere"
    with put_back():
        assert exit_code(home, "init") == 0
    (folder / "schemata").mkdir(parents=True)
    (folder / "access.cedar").write_text(POLICY)
    (folder / "schemata" / "tender.yaml").write_text(SCHEMA)
    shutil.copy(PACKAGED / "tlp.xml", folder / "ours.xml")
    config = (home / "config.toml").read_text()
    (home / "config.toml").write_text(
        f"{config}\n# who sees what\n[access]\npolicy = '{folder}/access.cedar'\n"
        f"[ontology]\nfolders = ['{folder}/schemata']\n[labels]\npolicies = ['{folder}/ours.xml']\n"
        "[[sources]]\nname = 'old'\nformat = 'ais'\n"
        f"transport = {{ kind = 'file', path = '{folder}/old.nmea' }}\n"
    )
    with running(home, "run"):
        pass
    return whole


@pytest.fixture
def elsewhere(elsewhere_once: Path, home: Path, tmp_path: Path) -> Path:
    """A folder beside the node, with the policies and schemata that its configuration names."""
    for name in ("home", "elsewhere"):
        shutil.copytree(elsewhere_once / name, tmp_path / name)
    config = home / "config.toml"
    config.write_text(config.read_text().replace(str(elsewhere_once), str(tmp_path)))
    return tmp_path / "elsewhere"


def test_policies_and_schemata_come_along_from_wherever_they_lie(
    elsewhere: Path, tmp_path: Path, alliage: Run
) -> None:
    kept, copy = tmp_path / "node.tar.zst", tmp_path / "copy"
    done = alliage("backup", str(kept), "--json")
    assert done.code == 0, done.err
    assert done.data()["not_in_it"] == [f"{elsewhere}/old.nmea"]
    shutil.rmtree(elsewhere)
    done = alliage("restore", str(kept), "--json", ALLIAGE_HOME=str(copy))
    assert (done.code, done.data()["problems"]) == (0, []), done.err
    config = Config.load(copy / "config.toml")
    assert config.load_policy().text == POLICY
    assert "Buoytender" in config.ontology.load().schemata
    assert [path.name for path in (copy / "configured" / "policies-1").iterdir()] == ["ours.xml"]
    assert "# who sees what" in (copy / "config.toml").read_text()
    with running(copy, "run"):
        assert alliage("verify", ALLIAGE_HOME=str(copy)).code == 0
    again = tmp_path / "again.tar.zst"  # and what was restored can be backed up
    assert alliage("backup", str(again), ALLIAGE_HOME=str(copy)).code == 0


def test_without_its_access_policy_there_is_no_backup(
    elsewhere: Path, tmp_path: Path, alliage: Run
) -> None:
    (elsewhere / "access.cedar").unlink()
    done = alliage("backup", str(tmp_path / "node.tar.zst"))
    assert (done.code, "access.cedar" in done.err) == (3, True), done.err
    assert not (tmp_path / "node.tar.zst").exists()


def test_a_configuration_that_does_not_do_here_is_told_after_restoring(
    elsewhere: Path, tmp_path: Path, alliage: Run
) -> None:
    kept, copy = tmp_path / "node.tar.zst", tmp_path / "copy"
    assert alliage("backup", str(kept)).code == 0
    elsewhere_now = {"ALLIAGE_HOME": str(copy), "ALLIAGE_ACCESS__POLICY": "/nowhere/access.cedar"}
    done = alliage("restore", str(kept), **elsewhere_now)
    assert done.code == 0
    assert "needs a look" in done.err
    assert "/nowhere/access.cedar" in done.err


def test_a_name_that_leads_out_of_the_folder_is_refused(
    elsewhere: Path, tmp_path: Path, alliage: Run
) -> None:
    kept = tmp_path / "node.tar.zst"
    assert alliage("backup", str(kept)).code == 0

    def escaped(name: str, data: bytes) -> tuple[str, bytes]:
        return name.replace("schemata-1/", "schemata-1/../"), data

    rewritten(kept, escaped)
    done = alliage("restore", str(kept), ALLIAGE_HOME=str(tmp_path / "copy"))
    assert (done.code, "which no backup does" in done.err) == (1, True)
