"""Why two tracks are one thing is told to who sees both, with people's word over the machine's."""

from __future__ import annotations

from itertools import count

import httpx
import pytest

from alliage.correlating import evidence_texts
from alliage.fusion.correlation import Evidence
from alliage.log import Draft
from alliage.ontology.claim import DIFFERENT, RIVAL, SAME_AS, Claim, new_claim_id
from alliage.ontology.label import Label
from tests.server.small_node import NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode

STREAM = "correlator:denmark+submarine-net@1"
EVIDENCE = ("positions=41", "span_s=400", "mean_distance_m=35.2", "agrees=name", "differs=length_m")
NUMBERS = count(230_000_001)


@pytest.fixture
def ships(node: SmallNode) -> list[int]:
    """Three ships that everybody sees and of which nothing was judged."""
    found = [next(NUMBERS) for _ in range(3)]
    node.report(OPEN_STREAM, SHARED, [Ship(mmsi, 10.0 + mmsi % 100, 57.0) for mmsi in found])
    return found


def judge(
    node: SmallNode, prop: str, one: int, other: int, confidence: float, *labels: Label
) -> None:
    identifier = f"mmsi:{one}"
    claim = Claim(
        claim_id=new_claim_id(),
        subject=node.subject_of(STREAM, identifier),
        identifier=identifier,
        schema="Vessel",
        property=prop,
        value=f"mmsi:{other}",
        valid_from_us=node.clock.now_us(),
        confidence=confidence,
        evidence=EVIDENCE,
    )
    node.writer.submit([Draft(STREAM, frozenset(labels or [SHARED]), (claim,))]).result()


def correlations(client: httpx.Client, node: SmallNode, mmsi: int) -> list[dict]:
    answer = client.get(f"objects/{node.subject_of(OPEN_STREAM, f'mmsi:{mmsi}')}/correlations")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_evidence_and_score_are_told_and_what_is_said_later_takes_their_place(
    node: SmallNode, fleur: httpx.Client, ships: list[int]
) -> None:
    one, two, _ = ships
    judge(node, RIVAL, one, two, 0.6)
    (apart,) = correlations(fleur, node, two)
    assert apart["verdict"] == "rival"
    objects = {node.subject_of(OPEN_STREAM, f"mmsi:{mmsi}") for mmsi in (one, two)}
    assert {apart["object_id"], apart["other_object_id"]} == objects
    degree_m = 60_780.0  # of longitude, at 57 north
    assert apart["apart_m"] == pytest.approx(abs(one % 100 - two % 100) * degree_m, rel=0.01)
    judge(node, SAME_AS, one, two, 0.97)
    (said,) = correlations(fleur, node, two)
    assert (said["verdict"], said["score"], said["people"]) == ("same", 0.97, None)
    assert said["object_id"] == said["other_object_id"]
    assert said["apart_m"] is None
    assert said["evidence"] == {
        "positions": 41,
        "span_s": 400.0,
        "mean_distance_m": 35.2,
        "speed_difference_mps": None,
        "agreed": ["name"],
        "differed": ["length_m"],
        "expected_m": None,
        "others_per_km2": None,
    }


def test_a_person_parts_what_a_correlator_joined_and_its_reasons_stay_to_be_seen(
    node: SmallNode, fleur: httpx.Client, ships: list[int]
) -> None:
    one, two, _ = ships
    judge(node, SAME_AS, one, two, 0.97)
    path = f"objects/{node.subject_of(OPEN_STREAM, f'mmsi:{one}')}"
    assert len(fleur.get(path).json()["source_tracks"]) == 2
    body = {"identifier": f"mmsi:{one}", "other_identifier": f"mmsi:{two}", "reason": "two masts"}
    answer = fleur.post(f"{path}/parting", json=body)
    assert answer.status_code == 201, answer.text
    assert len(fleur.get(path).json()["source_tracks"]) == 1
    for mmsi in (one, two):
        (said,) = correlations(fleur, node, mmsi)
        assert said["verdict"] == "same"
        assert (said["people"]["same"], said["people"]["reason"]) == (False, "two masts")


def test_rivals_are_no_judgement_that_something_is_another_thing(
    node: SmallNode, fleur: httpx.Client, ships: list[int]
) -> None:
    one, two, three = ships
    judge(node, RIVAL, one, two, 0.5)
    judge(node, RIVAL, one, three, 0.4)
    path = f"objects/{node.subject_of(OPEN_STREAM, f'mmsi:{one}')}"
    assert fleur.get(f"{path}/same-as").json() == []
    assert [said["score"] for said in correlations(fleur, node, one)] == [0.4, 0.5]


def test_who_may_not_see_both_streams_is_told_nothing(
    node: SmallNode, fleur: httpx.Client, bent: httpx.Client, ships: list[int]
) -> None:
    one, two, three = ships
    judge(node, SAME_AS, one, two, 0.97, SHARED, NATIONAL)
    judge(node, DIFFERENT, one, three, 0.9, SHARED, NATIONAL)
    assert correlations(fleur, node, one) == []
    different, same = correlations(bent, node, one)
    assert (different["verdict"], same["verdict"]) == ("different", "same")
    assert different["score"] == pytest.approx(0.1)


def test_a_ship_that_a_radar_saw_first_is_called_by_her_number(
    node: SmallNode, fleur: httpx.Client
) -> None:
    mmsi = next(NUMBERS)
    name, track = f"mmsi:{mmsi}", f"track:radar-{mmsi}"
    say_as(node, "radar", track, "name", "CONTACT")  # known before the ship is
    node.report(OPEN_STREAM, SHARED, [Ship(mmsi, 10.0, 57.0)])
    say_as(node, "correlator:denmark+radar@1", name, SAME_AS, track)
    found = fleur.get(f"objects/{node.subject_of('radar', track)}").json()
    assert found["object_id"] == node.subject_of("radar", track)
    assert found["identifier"] == name
    (item,) = fleur.get("tracks", params={"q": str(mmsi)}).json()["items"]
    assert item["identifier"] == name


def test_splitting_and_undoing_it_leaves_no_source_behind(
    node: SmallNode, fleur: httpx.Client, ships: list[int]
) -> None:
    one, two, _ = ships
    judge(node, SAME_AS, one, two, 0.97)
    path = f"objects/{node.subject_of(OPEN_STREAM, f'mmsi:{one}')}"
    body = {"identifier": f"mmsi:{one}", "other_identifier": f"mmsi:{two}"}
    (undo,) = fleur.post(f"{path}/parting", json=body).json()["undo"]
    assert fleur.post(f"claims/{undo}/retraction", json={}).status_code == 201
    sources = fleur.get(path).json()["source_tracks"]
    assert [(s["stream"], s["identifier"]) for s in sources] == [
        (OPEN_STREAM, f"mmsi:{mmsi}") for mmsi in (one, two)
    ]


def test_two_that_a_third_holds_together_say_so_and_one_may_leave_it_in_one_step(
    node: SmallNode, fleur: httpx.Client, ships: list[int]
) -> None:
    one, two, three = [f"mmsi:{mmsi}" for mmsi in ships]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        judge(node, SAME_AS, ships[a], ships[b], 0.97)
    path = f"objects/{node.subject_of(OPEN_STREAM, one)}"
    body = {"identifier": two, "other_identifier": one}
    said = fleur.post(f"{path}/parting", json=body).json()
    assert said["joined_by"] == [three]
    assert len(fleur.get(path).json()["source_tracks"]) == 3
    said = fleur.post(f"{path}/parting", json={**body, "wholly": True}).json()
    assert (said["joined_by"], len(said["undo"])) == ([], 2)
    kept = fleur.get(path).json()["source_tracks"]
    assert [source["identifier"] for source in kept] == [one, three]
    alone = fleur.get(f"objects/{node.subject_of(OPEN_STREAM, two)}").json()["source_tracks"]
    assert [source["identifier"] for source in alone] == [two]


def say_as(
    node: SmallNode,
    stream: str,
    identifier: str,
    prop: str,
    value: str,
    evidence: tuple[str, ...] = (),
) -> None:
    subject, at_us = node.subject_of(stream, identifier), node.clock.now_us()
    claim = Claim(
        new_claim_id(), subject, identifier, "Vessel", prop, value, at_us, evidence=evidence
    )
    node.writer.submit([Draft(stream, frozenset([SHARED]), (claim,))]).result()


def test_a_pair_judged_by_its_ways_tells_what_place_and_way_weigh(
    node: SmallNode, fleur: httpx.Client, ships: list[int]
) -> None:
    one, two, _ = ships
    texts = evidence_texts(
        Evidence(
            positions=6,
            span_s=50.0,
            mean_distance_m=35.0,
            agreed=("kind",),
            expected_m=28.4,
            density=4e-10,
            weights=(("place", 6.931), ("way", -0.6931), ("kind", 0.7), ("rivals", -2.0)),
        )
    )
    say_as(node, STREAM, f"mmsi:{one}", RIVAL, f"mmsi:{two}", texts)
    (said,) = correlations(fleur, node, one)
    assert said["weights"] == [
        {"property": "place", "level": "", "bits": 10.0},
        {"property": "way", "level": "", "bits": -1.0},
        {"property": "ship_type", "level": "alike", "bits": 1.01},
        {"property": "rivals", "level": "", "bits": -2.89},
    ]
    assert said["evidence"]["expected_m"] == 28.4
    assert said["evidence"]["others_per_km2"] == pytest.approx(0.0004)
