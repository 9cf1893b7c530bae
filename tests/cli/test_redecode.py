"""history redecode: kept bytes read again by a mended decoder; the log keeps both versions."""

from __future__ import annotations

import importlib
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from alliage import feeds
from alliage.config import Config
from alliage.history.selection import Where
from alliage.log import Log, NodeKeys
from alliage.log.entry import Entry
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.reception import had_us
from alliage.ontology.times import WallClock
from tests.cli.conftest import Run

LABEL = 'label = { policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK"] }'
MANIFEST = """
name: pings
title: {en: Pings, fr: Pings}
standard: made for a test
kinds: [position]
schemata: [Vessel]
framing: lines
transports: [file]
clock: true
extensions: [.pings]
reasons: {malformed: {en: No ping, fr: Pas un ping}}
licences: [Apache-2.0]
"""
OPTIONS = '''"""None."""

from pydantic import BaseModel


class Options(BaseModel):
    """None."""
'''
DECODER = '''"""Lines of name, latitude, longitude and seconds."""

from alliage.feeds.lines import LineDecoder
from alliage.ontology.claim import Statement


class Pings(LineDecoder):
    """One row a line."""

    def read(self, line, received_us):
        name, lat, lon, seconds = line.decode().split(",")
        row = {"identifier": f"ping:{name}", "schema": "Vessel", "valid": int(seconds) * 1_000_000}
        if lat == "is":
            times = row["valid"], None, 1.0
            said = Statement(row["identifier"], "Vessel", "name", str(lon).NAMED(), *times)
            self._result.statements.append(said)
            return ()
        return [row | {"latitude_deg": float(LATITUDE), "longitude_deg": float(lon)}]


def make_decoder(options):
    return Pings()
'''
PINGS = "".join(f"{n % 3},{50 + n},{n},{1_700_000_000 + n}\n" for n in range(10))
NAMES = "".join(f"{n},is,Anna-{n},{1_700_000_000 + n}\n" for n in range(3))
Mend = Callable[..., None]


@pytest.fixture
def mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mend]:
    """A feed folder of a user's own; its decoder is faulty first: latitudes are 1 too much."""
    root = tmp_path / "feeds"
    folder = root / "pings"
    folder.mkdir(parents=True)
    monkeypatch.setattr(feeds, "__path__", [*feeds.__path__, str(root)])

    def write(latitude: str, version: int, named: str = "upper") -> None:
        for name in [name for name in sys.modules if name.startswith("alliage.feeds.pings")]:
            del sys.modules[name]
        shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        (folder / "__init__.py").write_text("")
        (folder / "manifest.yaml").write_text(f"{MANIFEST}version: {version}\n")
        (folder / "options.py").write_text(OPTIONS)
        (folder / "decoder.py").write_text(
            DECODER.replace("LATITUDE", latitude).replace("NAMED", named)
        )
        importlib.invalidate_caches()

    write("float(lat) + 1", 1, "lower")
    yield write
    for name in [name for name in sys.modules if name.startswith("alliage.feeds.pings")]:
        del sys.modules[name]


@pytest.fixture
def node(home: Path, tmp_path: Path, alliage: Run, mend: Mend) -> Path:
    """A node whose source `pings` keeps its bytes, with a recording loaded."""
    assert alliage("init", "--nation", "DNK").code == 0
    recording = tmp_path / "day.pings"
    recording.write_text(PINGS)
    with (home / "config.toml").open("a") as config:
        config.write(
            f'\n[[sources]]\nname = "pings"\nformat = "pings"\nkeep_original = true\n{LABEL}\n'
            f'transport = {{ kind = "file", path = "{recording}" }}\n'
        )
    done = alliage("ingest", str(recording), "--stream", "pings", "--json")
    assert done.code == 0, done.err
    return home


def entries(home: Path, *kinds: str, all_of_them: bool = False, up_to: int | None = None):
    log = Log.open(home / "log", NodeKeys.load(home / "keys"), "", WallClock(), read_only=True)
    try:
        assert list(log.verify())[-1].fault is None
        read = log.reader(machine_audience(log.label_sets)).read
        found = read(kinds=kinds, with_gone=all_of_them, up_to=up_to)
        for entry in found:
            entry.content()
        return found
    finally:
        log.close()


def latitudes(found: list[Entry]) -> list[float]:
    rows = [row for entry in found for row in entry_rows(entry)]
    return sorted(row["latitude_deg"] for row in rows)


def entry_rows(entry: Entry) -> list[dict]:
    return entry.observations().rows.to_pylist()


def in_history(home: Path, known_us: int | None = None) -> list[float]:
    with Node.open(Config.load(home / "config.toml"), home) as node:
        reader = node.log.reader(machine_audience(node.log.label_sets))
        while not node.history.caught_up or node.history.is_to_be_revised:
            threading.Event().wait(0.005)
        found = node.history.reader(reader.audience).rows(
            Where(known_us=known_us), ["latitude_deg"]
        )
        return sorted(found.table.column("latitude_deg").to_pylist())


def test_a_mended_decoder_changes_the_history_and_the_log_keeps_both(
    node: Path, alliage: Run, mend: Mend
) -> None:
    wrong = [float(51 + n) for n in range(10)]
    right = [float(50 + n) for n in range(10)]
    assert in_history(node) == wrong
    done = alliage("history", "redecode", "pings", "--json")
    assert (done.data()["same"], done.data()["newly_said"]) == (10, 0)
    mend("lat", 2)
    done = alliage("history", "redecode", "pings", "--json")
    said = done.data()
    assert (said["decoder"], said["read_then_by"]) == ("pings@2", "pings@1")
    assert (said["same"], said["no_longer_said"], said["newly_said"]) == (0, 10, 10)
    assert said["applied"] is False
    assert in_history(node) == wrong  # it was only said

    arguments = ("history", "redecode", "pings", "--apply", "--json")
    assert alliage(*arguments).code == 2  # nobody said why
    done = alliage(*arguments, "--reason", "latitudes were 1 too much")
    assert done.data()["applied"] is True
    assert in_history(node) == right
    now = entries(node, "observations:position")
    assert latitudes(now) == right
    ever = entries(node, "observations:position", all_of_them=True)
    assert latitudes(ever) == sorted([*wrong, *right])
    (old,) = [entry for entry in ever if entry.superseded]
    known_then = entries(node, "observations:position", up_to=old.number)
    assert latitudes(known_then) == wrong  # what was known before is as it was
    assert in_history(node, old.known_us) == wrong
    assert in_history(node, old.known_us - 1) == []
    (decided,) = entries(node, "revision")
    revision = decided.revision()
    assert in_history(node, now[0].known_us - 1) == wrong  # until the new version was known
    assert in_history(node, decided.known_us) == right
    assert (revision.decoder, revision.entries) == ("pings@2", (old.entry_id,))
    (act,) = [
        data
        for one in entries(node, "audit")
        if (data := one.audit_record().data)["act"] == "source.redecoded"
    ]
    assert act["reason"] == "latitudes were 1 too much"
    again = alliage(*arguments, "--reason", "once more")
    assert (again.data()["applied"], again.data()["same"]) == (False, 10)


def test_what_is_read_again_came_when_its_bytes_came() -> None:
    minute = 60_000_000
    known = np.array([2, 90, 90, 90]) * minute
    received = np.array([2, 2, 2, 90]) * minute
    streams = ["ais", "ais", "tracker:ais@1", "person:anna"]
    # A machine that makes something of them only now had it no earlier.
    assert (had_us(streams, known, received) // minute).tolist() == [2, 2, 90, 90]
    assert (had_us("ais", 90 * minute, received) // minute).tolist() == [2, 2, 2, 90]


def test_it_is_as_if_the_mended_decoder_had_read_them_first(
    node: Path, alliage: Run, mend: Mend, tmp_path: Path
) -> None:
    mend("lat", 2)
    assert alliage("history", "redecode", "pings", "--apply", "--reason", "mended").code == 0
    assert alliage("history", "rebuild").code == 0
    assert in_history(node) == [float(50 + n) for n in range(10)]
    kept, copy = tmp_path / "node.tar.zst", tmp_path / "copy"
    assert alliage("backup", str(kept)).code == 0
    assert alliage("restore", str(kept), ALLIAGE_HOME=str(copy)).code == 0
    assert in_history(copy) == in_history(node)


def test_what_is_read_again_lies_in_entries_of_an_hour(
    node: Path, alliage: Run, mend: Mend, tmp_path: Path
) -> None:
    later = tmp_path / "later.pings"
    times = [1_700_000_000 + hours * 3_600 for hours in (30, 30, 31, 55)]
    later.write_text("".join(f"{n},{60 + n},{n},{at}\n" for n, at in enumerate(times)))
    assert alliage("ingest", str(later), "--stream", "pings").code == 0
    mend("lat", 2)
    assert alliage("history", "redecode", "pings", "--apply", "--reason", "mended").code == 0
    stands = entries(node, "observations:position")
    assert [entry.rows for entry in stands] == [10, 2, 1, 1]
    assert in_history(node) == [float(n) for n in range(50, 64) if n < 64]


def names(home: Path, up_to: int | None = None) -> list[tuple[str, str]]:
    with Node.open(Config.load(home / "config.toml"), home) as node:
        reader = node.claims.reader(machine_audience(node.log.label_sets), up_to)
        said = [one for n in range(3) for one in reader.of_identifier(f"ping:{n}")]
        said = [one for one in said if one.claim.property == "name"]
        return [(one.claim.identifier, str(one.claim.value)) for one in reader.standing(said)]


def test_a_mended_decoder_takes_back_what_it_claims_no_longer(
    node: Path, alliage: Run, mend: Mend, tmp_path: Path
) -> None:
    recording = tmp_path / "names.pings"
    recording.write_text(NAMES)
    assert alliage("ingest", str(recording), "--stream", "pings").code == 0
    wrong, right = ([(f"ping:{n}", f"{word}-{n}") for n in range(3)] for word in ("anna", "ANNA"))
    assert names(node) == wrong
    mend("float(lat) + 1", 2)
    arguments = ("history", "redecode", "pings", "--json")
    said = alliage(*arguments).data()
    assert (said["claims_no_longer_made"], said["claims_newly_made"]) == (3, 3)
    assert names(node) == wrong  # it was only said
    before = entries(node, "claims")[-1].number
    done = alliage(*arguments, "--apply", "--reason", "names were in small letters")
    assert done.data()["applied"] is True
    assert names(node) == right
    assert names(node, up_to=before) == wrong  # what was known before is as it was
    (act,) = [
        data
        for one in entries(node, "audit")
        if (data := one.audit_record().data)["act"] == "source.redecoded"
    ]
    assert (act["details"]["claims_gone"], act["details"]["claims_fresh"]) == (3, 3)
    again = alliage(*arguments, "--apply", "--reason", "once more").data()
    assert (again["applied"], again["claims_newly_made"]) == (False, 0)
    assert alliage("ingest", str(recording), "--stream", "pings", "--again").code == 0
    assert names(node) == right  # the source says nothing new


def test_what_a_node_said_before_and_after_it_started_anew_is_no_flapping(
    node: Path, alliage: Run, tmp_path: Path
) -> None:
    for begin in (0, 20):  # each time by a process of its own, which knows the last name alone
        recording = tmp_path / f"{begin}.pings"
        lines = [f"0,is,{name},{1_700_000_000 + begin + n}" for n, name in enumerate("ab")]
        recording.write_text("\n".join(lines) + "\n")
        assert alliage("ingest", str(recording), "--stream", "pings").code == 0
    before = names(node)
    assert len(before) == 4
    said = alliage("history", "redecode", "pings", "--json").data()
    assert (said["claims_no_longer_made"], said["claims_newly_made"]) == (0, 0)
    assert names(node) == before


def test_without_kept_bytes_it_says_what_to_do(alliage: Run, home: Path, recording: Path) -> None:
    assert alliage("init", "--nation", "DNK").code == 0
    assert alliage("ingest", str(recording), "--stream", "coast").code == 0
    done = alliage("history", "redecode", "coast")
    assert (done.code, "keep_original" in done.err) == (1, True)
    done = alliage("history", "redecode", "coast", "--from", "2001-01-01T00:00Z")
    assert done.code == 1


def test_bytes_of_ais_read_again_by_the_same_decoder_say_the_same(
    alliage: Run, home: Path, recording: Path
) -> None:
    assert alliage("init", "--nation", "DNK").code == 0
    with (home / "config.toml").open("a") as config:
        config.write(
            f'\n[[sources]]\nname = "coast"\nformat = "ais"\nkeep_original = true\n{LABEL}\n'
            f'transport = {{ kind = "file", path = "{recording}" }}\n'
        )
    done = alliage("ingest", str(recording), "--stream", "coast", "--json")
    (report,) = done.data()["recordings"]
    said = alliage("history", "redecode", "coast", "--json").data()
    assert (said["same"], said["no_longer_said"], said["newly_said"]) == (
        report["observations"],
        0,
        0,
    )
    assert (said["claims_no_longer_made"], said["claims_newly_made"]) == (0, 0)
    assert said["bytes"] >= recording.stat().st_size
