"""Exercises in the hands of their instructors, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from alliage.exercise.transport import SimulationConfig, SimulationTransport
from alliage.ontology.times import from_text
from tests.server.small_node import SmallNode


@pytest.fixture
def dora(node: SmallNode) -> httpx.Client:
    """An instructor, with an exercise of forty ships running on her node."""
    transport = SimulationTransport(SimulationConfig(ships=40), node.clock)
    node.services.exercises["drill"] = transport.control  # type: ignore[index]
    return node.client("dora")


def test_only_instructors_learn_what_is_true(dora: httpx.Client, anna: httpx.Client) -> None:
    (exercise,) = dora.get("exercises").json()
    assert exercise["source"] == "drill"
    assert exercise["ships"] == 40
    assert (exercise["live"], exercise["paused"], exercise["factor"]) == (True, False, 1.0)
    for one in exercise["going_on"] + exercise["to_come"]:
        assert one["ships"][0].startswith("EX ")
        assert one["begins"] < one["ends"]
    assert anna.get("exercises").status_code == 403
    assert anna.post("exercises/drill/pace", json={"paused": True}).status_code == 403


def test_time_stands_runs_faster_and_leaps(dora: httpx.Client) -> None:
    paused = dora.post("exercises/drill/pace", json={"paused": True}).json()
    assert (paused["paused"], paused["live"]) == (True, False)
    assert dora.get("exercises").json()[0]["now"] == paused["now"]
    faster = dora.post("exercises/drill/pace", json={"factor": 30, "paused": False}).json()
    assert (faster["factor"], faster["paused"]) == (30.0, False)
    later = datetime.now(UTC) + timedelta(hours=5)
    leapt = dora.post("exercises/drill/seek", json={"time": later.isoformat()}).json()
    assert from_text(leapt["now"]) >= from_text(later.isoformat())


def test_an_incident_happens_at_the_instructors_click(dora: httpx.Client) -> None:
    place = {"lat": 57.0, "lon": 19.5}
    made = dora.post("exercises/drill/injects", json={"kind": "goes_dark", "near": place})
    assert made.status_code == 201
    assert made.json()["kind"] == "goes_dark"
    going_on = dora.get("exercises").json()[0]["going_on"]
    assert made.json()["mmsis"] in [one["mmsis"] for one in going_on]
    nobody = dora.post("exercises/drill/injects", json={"kind": "drifts", "ship": "NOBODY"})
    assert nobody.status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("exercises/none/pace", {"paused": True}, 404),
        ("exercises/drill/pace", {"factor": 0}, 422),
        ("exercises/drill/seek", {"time": "2001-01-01T00:00:00Z"}, 422),
        ("exercises/drill/injects", {"kind": "attack"}, 422),
    ],
)
def test_what_cannot_be_is_refused(
    dora: httpx.Client, path: str, body: dict[str, object], status: int
) -> None:
    assert dora.post(path, json=body).status_code == status
