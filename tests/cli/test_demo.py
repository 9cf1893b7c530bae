"""demo: an exercise in one command. What one and the same demo is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Run
from tests.cli.test_running import DEADLINE_S, running, signed_in, until


@dataclass(frozen=True)
class Demo:
    """A demo that runs in its folder, what it announced, and who is signed in by its link."""

    home: Path
    announced: dict[str, Any]
    client: httpx.Client


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo") / "home"
    with running(home, "demo", "--ships", "80") as (_, announced), signed_in(announced) as client:
        yield Demo(home, announced, client)


def test_demo_shows_an_exercise_in_one_command(demo: Demo) -> None:
    client = demo.client
    assert client.get("/session").json()["node"]["banner"] == "EXERCISE"
    until(lambda: client.get("/picture/summary").json()["tracks"] > 40)
    query = {"limit": 1, "schema": "Vessel"}
    track = client.get("/tracks", params=query).json()["items"][0]
    assert track["identifier"].startswith("mmsi:")
    assert "299" in track["identifier"]


def test_the_link_works_once(demo: Demo) -> None:
    token = demo.announced["link"].split("token=")[1]
    again = httpx.post(
        demo.announced["address"] + "/api/v1/session/one-time",
        json={"token": token},
        timeout=DEADLINE_S,
    )
    assert again.status_code in {400, 401, 403}


def test_two_nodes_do_not_share_a_folder(demo: Demo, alliage: Run) -> None:
    second = alliage("run", "--port", "0", ALLIAGE_HOME=str(demo.home))
    assert second.code == 6
    assert "another process" in second.err
