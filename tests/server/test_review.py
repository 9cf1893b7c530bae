"""The queue of pairs that machines leave to people."""

from __future__ import annotations

from itertools import count

import httpx
import pytest

from alliage.log import Draft
from alliage.ontology.claim import (
    CONFLICT,
    DIFFERENT,
    POSSIBLE,
    RIVAL,
    SAME_AS,
    Claim,
    new_claim_id,
)
from alliage.ontology.label import Label
from tests.server.small_node import NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode

STREAM = "resolver:denmark+submarine-net@1"
EVIDENCE = ("prior=:-9.97", "name=nearly_same:+6.64", "call_sign=same:+5.00")
NUMBERS = count(231_000_001)


@pytest.fixture
def ships(node: SmallNode) -> list[str]:
    """Three ships that everybody sees and of which nothing was judged."""
    found = [next(NUMBERS) for _ in range(3)]
    node.report(OPEN_STREAM, SHARED, [Ship(mmsi, 10.0 + mmsi % 100, 57.0) for mmsi in found])
    names = [f"mmsi:{mmsi}" for mmsi in found]
    say(node, OPEN_STREAM, names[0], "name", f"STAR {found[0]}")
    return names


def say(
    node: SmallNode,
    stream: str,
    identifier: str,
    prop: str,
    value: str,
    confidence: float = 1.0,
    labels: tuple[Label, ...] = (SHARED,),
    evidence: tuple[str, ...] = (),
) -> None:
    claim = Claim(
        claim_id=new_claim_id(),
        subject=node.subject_of(stream, identifier),
        identifier=identifier,
        schema="Vessel",
        property=prop,
        value=value,
        valid_from_us=node.clock.now_us(),
        confidence=confidence,
        evidence=evidence,
    )
    node.writer.submit([Draft(stream, frozenset(labels), (claim,))]).result()


def judge(node: SmallNode, prop: str, one: str, other: str, score: float, *labels: Label) -> None:
    say(node, STREAM, one, prop, other, score, labels or (SHARED,), EVIDENCE)


def queue(client: httpx.Client, ships: list[str]) -> list[dict]:
    answer = client.get("review", params={"limit": 1000})
    assert answer.status_code == 200, answer.text
    assert answer.json()["waiting"] >= len(answer.json()["items"])
    return [item for item in answer.json()["items"] if item["one"]["identifier"] in ships]


def test_what_may_be_one_thing_waits_with_both_sides_and_every_weight(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    one, two, three = ships
    judge(node, POSSIBLE, one, three, 0.5)
    judge(node, POSSIBLE, one, two, 0.76)
    first, second = queue(fleur, ships)
    assert (first["other"]["identifier"], second["other"]["identifier"]) == (two, three)
    said = first["judgement"]
    assert (said["verdict"], said["score"]) == ("possible", 0.76)
    assert [w["bits"] for w in said["weights"]] == [-9.97, 6.64, 5.0]
    assert said["weights"][1] == {"property": "name", "level": "nearly_same", "bits": 6.64}
    assert first["one"]["values"]["name"].startswith("STAR ")
    assert first["one"]["object_id"] == node.subject_of(OPEN_STREAM, one)


def test_confirming_joins_the_two_and_takes_the_pair_out_of_the_queue(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    judge(node, POSSIBLE, ships[0], ships[1], 0.6)
    (item,) = queue(fleur, ships)
    ends = [item[side]["object_id"] for side in ("one", "other")]
    answer = fleur.post(f"objects/{ends[0]}/same-as", json={"other": ends[1]})
    assert answer.status_code == 201, answer.text
    assert queue(fleur, ships) == []
    (undo,) = answer.json()["undo"]
    assert fleur.post(f"claims/{undo}/retraction", json={}).status_code == 201
    assert len(queue(fleur, ships)) == 1


def test_rejecting_takes_it_out_and_no_machine_joins_them_after_that(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    judge(node, POSSIBLE, ships[0], ships[1], 0.6)
    (item,) = queue(fleur, ships)
    one, other = item["one"], item["other"]
    body = {
        "identifier": one["identifier"],
        "other_identifier": other["identifier"],
        "other": other["object_id"],
    }
    assert (
        fleur.post(f"objects/{one['object_id']}/parting", json={**body, "other": None}).status_code
        == 422
    )
    answer = fleur.post(f"objects/{one['object_id']}/parting", json=body)
    assert answer.status_code == 201, answer.text
    assert queue(fleur, ships) == []
    judge(node, SAME_AS, ships[0], ships[1], 0.999)
    assert len(fleur.get(f"objects/{one['object_id']}").json()["source_tracks"]) == 1
    assert queue(fleur, ships) == []


def test_rivals_of_correlators_wait_too_and_what_is_decided_since_does_not(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    one, two, three = ships
    say(node, "correlator:denmark+x@1", one, RIVAL, two, 0.5, evidence=("positions=41",))
    judge(node, POSSIBLE, one, three, 0.4)
    judge(node, DIFFERENT, one, three, 0.7)
    (item,) = queue(fleur, ships)
    assert item["judgement"]["verdict"] == "rival"
    assert item["judgement"]["evidence"]["positions"] == 41


def test_who_may_not_see_both_streams_is_told_nothing(
    node: SmallNode, fleur: httpx.Client, bent: httpx.Client, ships: list[str]
) -> None:
    judge(node, POSSIBLE, ships[0], ships[1], 0.6, SHARED, NATIONAL)
    assert queue(fleur, ships) == []
    assert len(queue(bent, ships)) == 1


@pytest.fixture
def torn(node: SmallNode, ships: list[str]) -> str:
    """A number that two feeds, which everybody sees, report in two places."""
    mmsi = int(ships[0].partition(":")[2])
    node.report("harbour", SHARED, [Ship(mmsi, 30.0, 60.0)])
    stream = f"correlator:{OPEN_STREAM}+harbour@1"
    say(node, stream, ships[0], CONFLICT, ships[0], 1.0, evidence=("mean_distance_m=900000",))
    return ships[0]


def test_a_number_that_two_ships_use_waits_with_each_of_them_until_somebody_decides(
    node: SmallNode, fleur: httpx.Client, torn: str
) -> None:
    (item,) = queue(fleur, [torn])
    ends = [item[side]["object_id"] for side in ("one", "other")]
    assert ends == [node.subject_of(stream, torn) for stream in (OPEN_STREAM, "harbour")]
    assert ends == [item["judgement"][key] for key in ("object_id", "other_object_id")]
    assert (item["judgement"]["verdict"], item["judgement"]["score"]) == ("conflict", 0.0)
    assert [item[side]["sources"] for side in ("one", "other")] == [[OPEN_STREAM], ["harbour"]]
    assert item["one"]["name"].startswith("STAR ")
    assert item["other"]["name"] is None  # it was said of the first
    for end, place in zip(ends, (57.0, 60.0), strict=True):
        state = fleur.get(f"objects/{end}").json()["state"]
        assert state["position"]["lat"] == pytest.approx(place, abs=1e-4)
        (told,) = fleur.get(f"objects/{end}/correlations").json()
        assert told["verdict"] == "conflict"
    body = {"identifier": torn, "other_identifier": torn, "other": ends[1]}
    joined = fleur.post(f"objects/{ends[0]}/same-as", json=body)
    assert joined.status_code == 201, joined.text
    assert queue(fleur, [torn]) == []
    assert len(fleur.get(f"objects/{ends[0]}").json()["source_tracks"]) == 2
    (undo,) = joined.json()["undo"]
    assert fleur.post(f"claims/{undo}/retraction", json={}).status_code == 201
    assert len(queue(fleur, [torn])) == 1
    parted = fleur.post(f"objects/{ends[0]}/parting", json=body)
    assert parted.status_code == 201, parted.text
    assert queue(fleur, [torn]) == []
    assert len(fleur.get(f"objects/{ends[0]}").json()["source_tracks"]) == 1


def test_the_search_finds_each_of_two_ships_with_one_number_and_says_why(
    node: SmallNode, fleur: httpx.Client, torn: str
) -> None:
    number = torn.partition(":")[2]
    found = fleur.get("search", params={"q": number}).json()["items"][:2]  # others are like it
    ends = [node.subject_of(stream, torn) for stream in (OPEN_STREAM, "harbour")]
    assert sorted(hit["id"] for hit in found) == sorted(ends)
    why = {hit["id"]: hit["why"] for hit in found}
    assert [one["text"] for one in why[ends[0]]] == [f"STAR {number}"]  # its own source says so
    (own,) = why[ends[1]]
    assert (own["field"], own["text"], own["source"]) == ("identifier", number, "harbour")
    assert own["marks"] == [[0, len(number)]]


def test_a_number_that_nobody_found_twice_is_not_parted_from_itself(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    path = f"objects/{node.subject_of(OPEN_STREAM, ships[0])}/parting"
    body = {"identifier": ships[0], "other_identifier": ships[0]}
    assert fleur.post(path, json=body).status_code == 422


def test_a_ship_with_two_numbers_comes_before_what_is_only_possible(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    one, two, three = ships
    judge(node, POSSIBLE, one, three, 0.9)
    say(node, "correlator:denmark+x@1", one, CONFLICT, two, 0.02)
    first, second = queue(fleur, ships)
    assert (first["judgement"]["verdict"], second["judgement"]["verdict"]) == (
        "conflict",
        "possible",
    )
    assert first["judgement"]["score"] == pytest.approx(0.98)


def test_deciding_is_about_the_numbers_of_the_pair_whatever_else_their_objects_bear(
    node: SmallNode, fleur: httpx.Client, ships: list[str]
) -> None:
    one, two, radar = ships
    say(node, "correlator:denmark+radar@1", radar, SAME_AS, two, 0.99)
    say(node, "correlator:denmark+x@1", one, CONFLICT, two, 0.02)
    (item,) = queue(fleur, ships)
    ends = [item[side]["object_id"] for side in ("one", "other")]
    body = {"identifier": one, "other_identifier": two, "other": ends[1]}
    assert fleur.post(f"objects/{ends[0]}/same-as", json=body).status_code == 201
    assert queue(fleur, ships) == []
    sources = fleur.get(f"objects/{ends[0]}").json()["source_tracks"]
    assert {source["identifier"] for source in sources} == {one, two, radar}
    wrong = {**body, "identifier": "mmsi:1"}
    assert fleur.post(f"objects/{ends[0]}/same-as", json=wrong).status_code == 422


def test_the_route_says_by_which_keys_a_pair_is_decided(fleur: httpx.Client) -> None:
    text = fleur.get("openapi.json").json()["paths"]["/api/v1/review"]["get"]["description"]
    for key in ("`other`", "`identifier`", "`other_identifier`"):
        assert key in text
