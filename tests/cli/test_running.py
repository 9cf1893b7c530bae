"""run: a process that serves, says where, and ends gracefully."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from alliage.log import Log, NodeKeys
from alliage.ontology.times import WallClock
from tests.cli.conftest import ALLIAGE, Run, environment

DEADLINE_S = 60.0


@contextmanager
def running(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A command that serves, and what it announced."""
    process = subprocess.Popen(
        [ALLIAGE, *arguments, "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        yield process, json.loads(line)
    finally:
        process.kill()
        process.communicate()


def open_log(home: Path) -> Log:
    keys = NodeKeys.load(home / "keys")
    return Log.open(home / "log", keys, "demo", WallClock(), read_only=True)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def signed_in(announced: dict[str, Any]) -> Iterator[httpx.Client]:
    token = announced["link"].split("token=")[1]
    with httpx.Client(base_url=announced["address"] + "/api/v1", timeout=DEADLINE_S) as client:
        client.post("/session/one-time", json={"token": token}).raise_for_status()
        yield client


def test_a_node_ends_gracefully_and_starts_again(home: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with running(home, "demo", "--ships", "20") as (process, announced):
            assert httpx.get(
                announced["address"] + "/api/v1/health/live", timeout=DEADLINE_S
            ).is_success
            process.send_signal(number)
            _, errors = process.communicate(timeout=DEADLINE_S)
            assert process.returncode == 0, errors
    walked = list(open_log(home).verify())
    assert walked[-1].good > 0
    assert walked[-1].fault is None


def test_impatience_does_not_spoil_the_end(home: Path) -> None:
    with running(home, "demo", "--ships", "20") as (process, _):
        sent: list[None] = []

        def signalled_again() -> bool:
            process.send_signal(signal.SIGINT)
            sent.append(None)
            return len(sent) == 3

        until(signalled_again)
        _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0, errors
    told = [json.loads(line) for line in errors.splitlines()]
    assert {"server.started", "server.stopped"} <= {line["event"] for line in told}
    assert not [line for line in told if line["level"] in {"error", "critical"}]
    assert not [line for line in told if " " in line["event"]], "a sentence is no event"


def test_a_recording_named_on_the_command_line_is_replayed(
    alliage: Run, home: Path, recording: Path
) -> None:
    alliage("init", "--nation", "DNK")
    alliage("users", "add", "bo")
    arguments = ("--source", str(recording), "--pace", "flat-out", "--label", "UNCLASSIFIED:DNK")
    with (
        running(home, "run", "--link", "admin", "--link", "bo", *arguments) as (_, announced),
        signed_in(announced) as client,
    ):
        assert list(announced["links"]) == ["admin", "bo"]
        assert announced["links"]["admin"] == announced["link"] != announced["links"]["bo"]
        until(lambda: client.get("/picture/summary").json()["tracks"] > 20)
        clock = client.get("/session").json()["clock"]
        assert clock["mode"] == "replay"
        (source,) = client.get("/sources").json()
        assert source["name"] == "exercise"
        assert source["replay"]


def test_running_without_a_node_says_how_to_make_one(alliage: Run) -> None:
    done = alliage("run")
    assert done.code == 4
    assert "alliage init" in done.err


def test_a_link_for_nobody_is_refused(alliage: Run) -> None:
    alliage("init")
    done = alliage("run", "--link", "admin", "--link", "nobody", "--port", "0")
    assert done.code == 5
