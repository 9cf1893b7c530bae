"""A real node on a real small disk that fills up: it says so, waits, and goes on by itself."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from alliage.history.claims import ClaimStore
from alliage.log.bodies import CLAIMS
from alliage.log.reader import pages
from alliage.ontology.audience import machine_audience
from tests.cli.test_running import open_log, running, signed_in, until

DISK_MIB = 16
SPARED_BYTES = 100_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave little room; what is returned is in the way.

    The node writes meanwhile: what it took after the room was read is asked for in vain, and the
    room is read again.
    """
    filler = disk / "filler"
    with filler.open("wb") as file:
        for _ in range(100):
            room = os.statvfs(disk)
            wanted = room.f_bavail * room.f_bsize - SPARED_BYTES
            if wanted <= 0:
                return filler
            try:
                os.posix_fallocate(file.fileno(), 0, wanted)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            else:
                return filler
    raise AssertionError("the node takes room faster than it can be read")


def test_a_full_disk_stops_intake_and_recovers(small_disk: Path) -> None:
    home = small_disk / "home"
    with running(home, "demo", "--ships", "200") as (process, announced):
        health = announced["address"] + "/api/v1/health/ready"

        def trouble() -> str | None:
            answer = httpx.get(health, timeout=60)
            said: str | None = answer.json()["trouble"]
            assert said is None or answer.status_code == 503
            return said

        with signed_in(announced) as client:

            def source() -> dict[str, Any]:
                listed: list[dict[str, Any]] = client.get("/sources").json()
                return next(one for one in listed if one["name"] == "exercise")

            def accepted() -> int:
                return int(source()["accepted"])

            until(lambda: httpx.get(health, timeout=60).status_code == 200 and accepted() > 0)
            filler = fill(small_disk)
            until(lambda: trouble() is not None)
            assert "Intake waits" in (trouble() or "")
            stood = source()
            assert "Intake waits" in stood["error"]
            assert stood["state"] == "waiting"
            # More comes in, and nothing that could still be lost is called accepted.
            until(lambda: source()["last_received"] > stood["last_received"])
            assert accepted() == stood["accepted"]
            assert client.get("/picture/summary").json()["tracks"] > 0  # it still shows what it has
            filler.unlink()
            until(lambda: httpx.get(health, timeout=60).status_code == 200)
            before = accepted()
            until(lambda: accepted() > before)
            assert source()["error"] is None
            assert source()["state"] == "connected"
        process.terminate()
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert "log.blocked" in errors
        assert "a commit failed" not in errors
    log, claims = open_log(home), ClaimStore(home / "projections/claims.sqlite")
    walked = list(log.verify())[-1]
    assert (walked.good, walked.fault) == (walked.total, None)
    machine = machine_audience(log.label_sets)
    said = [
        claim.claim_id
        for page in pages(partial(log.reader(machine).read, kinds=[CLAIMS]))
        for entry in page
        for claim in entry.claims()
    ]
    assert said
    reader = claims.reader(machine)
    assert [claim_id for claim_id in said if reader.find(claim_id) is None] == []
    claims.close()
    log.close()
