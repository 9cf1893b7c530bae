"""A node that runs for long: it keeps up, answers quickly, loses nothing, and does not grow.

``make soak`` runs it for ALLIAGE_SOAK_MINUTES (10) with a clock that is hurried twenty times.
"""

from __future__ import annotations

import itertools
import os
import statistics
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from alliage.log import Log, NodeKeys
from alliage.ontology.times import WallClock
from tests.cli.test_running import running, signed_in

MINUTES = float(os.environ.get("ALLIAGE_SOAK_MINUTES", "10"))
WARM_UP_PART = 0.4
SLOWEST_ANSWER_S = 1.0
GROWTH_AT_MOST = 1.25
HURRIED = 'transport = { kind = "simulation", seed = 1, ships = 320, speed_factor = 20.0 }'


def hurry(home: Path) -> None:
    """Make the demo's exercise twenty times as fast."""
    path = home / "config.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    played = HURRIED.partition(", ")[0]
    hurried = [HURRIED if line.startswith(played) else line for line in lines]
    path.write_text("\n".join(hurried) + "\n", encoding="utf-8")


def measure(client: httpx.Client, process: psutil.Process) -> dict[str, float]:
    began = time.monotonic()
    client.get("/tracks", params={"limit": 100}).raise_for_status()
    answer_s = time.monotonic() - began
    sources = {source["name"]: source for source in client.get("/sources").json()}
    source = sources["exercise"]
    return {
        "answer_s": answer_s,
        "rss_bytes": process.memory_info().rss,
        "accepted": source["accepted"],
        "quarantined": source["quarantined"],
    }


@pytest.mark.soak
def test_a_node_keeps_up_and_does_not_grow(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home, "demo", "--ships", "1") as (process, _):
        pass
    hurry(home)
    samples: list[dict[str, float]] = []
    with (
        running(home, "demo") as (process, announced),
        signed_in(announced) as client,
    ):
        watched = psutil.Process(process.pid)
        end = time.monotonic() + MINUTES * 60
        while time.monotonic() < end:
            samples.append(measure(client, watched))
            time.sleep(min(5.0, MINUTES))
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0
    judge(samples)
    check_log(home)


def judge(samples: list[dict[str, Any]]) -> None:
    settled = samples[int(len(samples) * WARM_UP_PART) :]
    half = len(settled) // 2
    before = statistics.median(sample["rss_bytes"] for sample in settled[:half])
    after = statistics.median(sample["rss_bytes"] for sample in settled[half:])
    assert after < before * GROWTH_AT_MOST, f"memory grew from {before:,.0f} to {after:,.0f} bytes"
    assert max(sample["answer_s"] for sample in settled) < SLOWEST_ANSWER_S
    assert all(a["accepted"] < b["accepted"] for a, b in itertools.pairwise(samples))
    assert samples[-1]["quarantined"] == 0


def check_log(home: Path) -> None:
    keys = NodeKeys.load(home / "keys")
    log = Log.open(home / "log", keys, "demo", WallClock(), read_only=True)
    *_, walked = log.verify()
    log.close()
    assert walked.fault is None
    assert walked.good == walked.total > 0
