"""Exercises in the hands of their instructors, over HTTP."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import httpx
import pytest

from alliage.exercise.transport import SimulationConfig, SimulationTransport
from alliage.ontology.times import from_text
from tests.server.small_node import FILE_STREAM, HIDDEN_STREAM, SHARED, Ship, SmallNode


class Noon:
    def now_us(self) -> int:
        return from_text("2026-06-01T12:00:00Z")


@pytest.fixture
def dora(node: SmallNode) -> httpx.Client:
    """An instructor, with an exercise of forty ships running on her node."""
    # At a fixed time: at which of forty ships something can happen depends on where they are.
    transport = SimulationTransport(SimulationConfig(ships=40), Noon())
    node.services.exercises[FILE_STREAM] = transport.control  # type: ignore[index]
    return node.client("dora")


def test_only_instructors_learn_what_is_true(dora: httpx.Client, anna: httpx.Client) -> None:
    (exercise,) = dora.get("exercises").json()
    assert exercise["source"] == FILE_STREAM
    assert exercise["ships"] == 40
    assert (exercise["live"], exercise["paused"], exercise["factor"]) == (True, False, 1.0)
    for one in exercise["going_on"] + exercise["to_come"]:
        assert one["ships"][0].startswith("EX")
        assert one["begins"] < one["ends"]
    assert anna.get("exercises").status_code == 403
    assert anna.post("exercises/escort/pace", json={"paused": True}).status_code == 403


def test_time_stands_runs_faster_and_leaps(dora: httpx.Client) -> None:
    paused = dora.post("exercises/escort/pace", json={"paused": True}).json()
    assert (paused["paused"], paused["live"]) == (True, False)
    assert dora.get("exercises").json()[0]["now"] == paused["now"]
    faster = dora.post("exercises/escort/pace", json={"factor": 30, "paused": False}).json()
    assert (faster["factor"], faster["paused"]) == (30.0, False)
    later = "2026-06-01T17:00:00Z"
    leapt = dora.post("exercises/escort/seek", json={"time": later}).json()
    assert from_text(leapt["now"]) >= from_text(later)


def test_an_incident_happens_at_the_instructors_click(dora: httpx.Client) -> None:
    place = {"lat": 57.0, "lon": 19.5}
    made = dora.post("exercises/escort/injects", json={"kind": "goes_dark", "near": place})
    assert made.status_code == 201
    assert made.json()["kind"] == "goes_dark"
    going_on = dora.get("exercises").json()[0]["going_on"]
    assert made.json()["mmsis"] in [one["mmsis"] for one in going_on]
    nobody = dora.post("exercises/escort/injects", json={"kind": "drifts", "ship": "NOBODY"})
    assert nobody.status_code == 422
    (error,) = nobody.json()["errors"]
    assert (error["field"], error["code"]) == ("body.ship", "ship_unknown")


def test_what_a_scenario_plans_is_told_as_a_click_would_inject_it(
    node: SmallNode, dora: httpx.Client, tmp_path: Path
) -> None:
    scenario = tmp_path / "evening.yaml"
    scenario.write_text(
        (resources.files("alliage.exercise") / "scenarios/baltic.yaml").read_text() + "\ninjects:\n"
        "  - {at: '02:00:00', kind: goes_dark, lasts: '00:20:00', near: [19.5, 57.0]}\n"
        "  - {at: '03:00:00', kind: drifts}\n"
    )
    played = SimulationTransport(SimulationConfig(ships=120, scenario=str(scenario)), Noon())
    node.services.exercises[FILE_STREAM] = played.control  # type: ignore[index]
    dark, drifter = dora.get("exercises").json()[0]["planned"]
    assert from_text(drifter.pop("at")) - from_text(dark.pop("at")) == 3_600_000_000
    assert (dark.pop("refused"), drifter["refused"]) == (None, None)
    assert dark == {
        "kind": "goes_dark",
        "lasts_s": 1200.0,
        "near": {"lat": 57.0, "lon": 19.5},
        "ship": None,
    }
    made = dora.post("exercises/escort/injects", json=dark).json()
    assert from_text(made["ends"]) - from_text(made["begins"]) == 1_200_000_000


def test_what_a_scenario_plans_and_no_ship_can_do_is_told_with_its_reason(
    node: SmallNode, dora: httpx.Client, tmp_path: Path
) -> None:
    scenario = tmp_path / "evening.yaml"
    scenario.write_text(
        (resources.files("alliage.exercise") / "scenarios/baltic.yaml").read_text() + "\ninjects:\n"
        "  - {at: '03:00:00', kind: goes_dark, ship: EX NO SUCH SHIP}\n"
        "  - {at: '02:00:00', kind: goes_dark, near: [19.5, 57.0]}\n"
    )
    played = SimulationTransport(SimulationConfig(ships=120, scenario=str(scenario)), Noon())
    node.services.exercises[FILE_STREAM] = played.control  # type: ignore[index]
    planned = dora.get("exercises").json()[0]["planned"]
    assert [one["refused"] for one in planned] == ["ship_unknown", None]


def test_a_time_out_of_reach_is_refused_by_a_name_that_screens_know(dora: httpx.Client) -> None:
    refused = dora.post("exercises/escort/seek", json={"time": "2001-01-01T00:00:00Z"}).json()
    assert refused["errors"][0]["code"] == "time_out_of_reach"


def test_an_exercise_has_the_label_of_its_source_and_the_way_back_to_the_wall(
    dora: httpx.Client,
) -> None:
    (exercise,) = dora.get("exercises").json()
    assert exercise["marking"]["text"] == SHARED.marking
    dora.post("exercises/escort/pace", json={"paused": True}).raise_for_status()
    back = dora.post("exercises/escort/seek", json={}).json()
    assert (back["live"], back["paused"], back["may_join_wall"]) == (True, False, False)


def test_who_may_not_see_the_source_sees_no_exercise(node: SmallNode, dora: httpx.Client) -> None:
    node.services.exercises[HIDDEN_STREAM] = node.services.exercises[FILE_STREAM]  # type: ignore[index]
    assert [one["source"] for one in dora.get("exercises").json()] == [FILE_STREAM]
    assert dora.post(f"exercises/{HIDDEN_STREAM}/pace", json={"paused": True}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("exercises/none/pace", {"paused": True}, 404),
        ("exercises/escort/pace", {"factor": 0}, 422),
        ("exercises/escort/seek", {"time": "2001-01-01T00:00:00Z"}, 422),
        ("exercises/escort/injects", {"kind": "attack"}, 422),
    ],
)
def test_what_cannot_be_is_refused(
    dora: httpx.Client, path: str, body: dict[str, object], status: int
) -> None:
    assert dora.post(path, json=body).status_code == status


def test_the_picture_is_measured_against_the_truth_for_instructors_alone(
    node: SmallNode, dora: httpx.Client, anna: httpx.Client
) -> None:
    control = node.services.exercises[FILE_STREAM]
    now_us = node.services.clock.now_us()
    motions = control.truth.motions(now_us)
    there = [
        Ship(230_500_000 + place, float(motions.lon[place]), float(motions.lat[place]) + 0.0005)
        for place in range(len(motions.lon))
        if motions.present[place]
    ]
    node.report("sight", SHARED, there[1:])
    measures = dora.get("exercises/escort/measures", params={"cutoff_m": 300}).json()
    assert measures["ships"] == len(there)
    assert measures["measured"][0]["source"] is None
    (sight,) = [one for one in measures["measured"] if one["source"] == "sight"]
    assert (sight["tracks"], sight["missed"], sight["false"]) == (len(there) - 1, 1, 0)
    assert sight["completeness"] == pytest.approx(1 - 1 / len(there))
    assert 20.0 < sight["position_error_m"] < 120.0
    nowhere = dora.get("exercises/escort/measures", params={"bbox": "-10,-10,-9,-9"}).json()
    assert (nowhere["ships"], nowhere["measured"][0]["completeness"]) == (0, None)
    assert anna.get("exercises/escort/measures").status_code == 403
    assert dora.get("exercises/none/measures").status_code == 404
