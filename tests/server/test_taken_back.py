"""What is taken back: objects of which nothing stands, splits, and links that lead nowhere else."""

from __future__ import annotations

import httpx
import pytest

from alliage.ontology.times import WallClock, to_text
from tests.server.small_node import FRIO, NORD, OPEN_STREAM, SmallNode

LOW = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
HIGH = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}

AREA = {
    "type": "Polygon",
    "coordinates": [[[11.0, 56.0], [11.1, 56.0], [11.1, 56.1], [11.0, 56.0]]],
}


@pytest.fixture
def carl(node: SmallNode) -> httpx.Client:
    return node.client("carl")


def draw(client: httpx.Client, **properties: object) -> dict:
    body = {"schema": "Area", "properties": {"geometry": AREA, **properties}, "label": LOW}
    answer = client.post("objects", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def retract(client: httpx.Client, *claims: str, label: dict | None = None) -> list[str]:
    undo = []
    for claim_id in claims:
        body = {} if label is None else {"label": label}
        answer = client.post(f"claims/{claim_id}/retraction", json=body)
        assert answer.status_code == 201, answer.text
        undo += answer.json()["undo"]
    return undo


def shown(client: httpx.Client, object_id: str) -> list[bool]:
    """Whether it is in the list of tracks, the search, the features."""
    states = {"state": ["live", "fading", "ended"]}
    tracks = client.get("tracks", params=states).json()["items"]
    found = client.get("search", params={"q": "kind:Area"}).json()
    features = client.get("features").json()["features"]
    return [
        object_id in [track["object_id"] for track in tracks],
        object_id in str(found),
        object_id in str(features),
    ]


def counts(client: httpx.Client) -> tuple[object, ...]:
    """How many areas there are, in the picture and in the search, with those that have ended."""
    summary = client.get("picture/summary").json()
    found = client.get("search", params={"q": "kind:Area"}).json()
    return summary["by_schema"].get("Area", 0), summary["by_state"], found["total"]


def test_an_object_of_which_everything_is_taken_back_is_there_no_more_until_it_is_said_again(
    carl: httpx.Client, fleur: httpx.Client
) -> None:
    before = counts(carl)
    area = draw(carl, name="Training area")
    assert shown(carl, area["object_id"]) == shown(fleur, area["object_id"]) == [True] * 3
    assert counts(carl) != before
    undo = retract(carl, *area["undo"])
    assert counts(carl) == before
    assert shown(carl, area["object_id"]) == shown(fleur, area["object_id"]) == [False] * 3
    # Its page still says what was taken back, and by whom.
    assert carl.get(f"objects/{area['object_id']}").status_code == 200
    retract(carl, *undo)
    assert shown(carl, area["object_id"]) == shown(fleur, area["object_id"]) == [True] * 3


def test_an_object_of_which_something_stands_stays(carl: httpx.Client) -> None:
    area = draw(carl, name="Training area")
    by_property = {claim["property"]: claim["claim_id"] for claim in area["claims"]}
    retract(carl, by_property["geometry"])
    assert shown(carl, area["object_id"]) == [True, True, False]
    retract(carl, by_property["name"])
    assert shown(carl, area["object_id"]) == [False] * 3
    said = {"property": "name", "value": "Danger area", "label": LOW}
    assert carl.post(f"objects/{area['object_id']}/claims", json=said).status_code == 201
    assert shown(carl, area["object_id"]) == [True, True, False]


def test_who_may_not_see_the_retraction_still_sees_the_object(
    carl: httpx.Client, fleur: httpx.Client
) -> None:
    area = draw(carl, name="Training area")
    retract(carl, *area["undo"], label=HIGH)
    assert shown(carl, area["object_id"]) == [False] * 3
    assert shown(fleur, area["object_id"]) == [True] * 3


def test_a_track_by_hand_that_is_undone_is_there_no_more_and_a_reported_ship_stays(
    node: SmallNode, carl: httpx.Client
) -> None:
    report = {"schema": "Vessel", "position": {"lat": 56.0, "lon": 11.0}, "label": LOW}
    made = carl.post("tracks", json={**report, "properties": {"name": "GREY TRAWLER"}})
    assert made.status_code == 201, made.text
    states = {"state": ["live", "fading", "ended"]}
    tracks = lambda: str(carl.get("tracks", params=states).json()["items"])  # noqa: E731
    assert "GREY TRAWLER" in tracks()
    undo = retract(carl, *made.json()["undo"])
    assert made.json()["object_id"] not in tracks()
    retract(carl, undo[-1])
    assert made.json()["object_id"] in tracks()
    frio = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    claims = carl.get(f"objects/{frio}").json()["claims"]
    retract(carl, *(claim["claim_id"] for claim in claims))
    assert frio in tracks()


def test_a_split_is_told_at_both_and_can_be_taken_back(node: SmallNode, carl: httpx.Client) -> None:
    frio, nord = (node.subject_of(OPEN_STREAM, f"mmsi:{mmsi}") for mmsi in (FRIO, NORD))
    assert carl.post(f"objects/{frio}/same-as", json={"other": nord}).status_code == 201
    pair = {"identifier": f"mmsi:{FRIO}", "other_identifier": f"mmsi:{NORD}"}
    assert carl.post(f"objects/{frio}/parting", json=pair).status_code == 201
    ((one,), (two,)) = (carl.get(f"objects/{name}/same-as").json() for name in (frio, nord))
    assert (one["same"], two["same"]) == (False, False)
    assert one["claim_id"] == two["claim_id"]
    retract(carl, two["claim_id"])
    assert (
        carl.get(f"objects/{nord}").json()["object_id"]
        == (carl.get(f"objects/{frio}").json()["object_id"])
    )


def test_nothing_is_linked_with_itself_under_any_of_its_names(
    node: SmallNode, carl: httpx.Client
) -> None:
    bodies = []
    for name in ("One", "Two"):
        body = {"schema": "Organisation", "properties": {"name": name}, "label": LOW}
        bodies.append(carl.post("objects", json=body).json())
    one, two = (body["object_id"] for body in bodies)

    def link(to: str) -> httpx.Response:
        body = {"property": "parent_organisation", "value": to}
        return carl.post(f"objects/{one}/claims", json=body)

    refused = link(one)
    assert refused.status_code == 422
    assert "the thing itself" in refused.text
    assert link(two).status_code == 201
    carl.post(f"objects/{one}/same-as", json={"other": two}).raise_for_status()
    assert link(two).status_code == 422


def test_what_was_taken_back_later_is_there_as_it_was_known_before(carl: httpx.Client) -> None:
    area = draw(carl, name="Training area")
    moment = to_text(WallClock().now_us())
    retract(carl, *area["undo"])

    def ids(**as_of: str) -> list[str]:
        states = {"state": ["live", "fading", "ended"], **as_of}
        return [one["object_id"] for one in carl.get("tracks", params=states).json()["items"]]

    assert area["object_id"] in ids(valid=moment, known=moment)
    assert area["object_id"] not in ids(valid=moment)
    assert area["object_id"] not in ids()
