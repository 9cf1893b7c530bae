"""Why two tracks are one thing is told to who sees both, with people's word over the machine's."""

from __future__ import annotations

from itertools import count

import httpx
import pytest

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
    judge(node, SAME_AS, one, two, 0.97)
    (said,) = correlations(fleur, node, two)
    assert (said["verdict"], said["score"], said["people"]) == ("same", 0.97, None)
    assert said["object_id"] == said["other_object_id"]
    assert said["evidence"] == {
        "positions": 41,
        "span_s": 400.0,
        "mean_distance_m": 35.2,
        "speed_difference_mps": None,
        "agreed": ["name"],
        "differed": ["length_m"],
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
