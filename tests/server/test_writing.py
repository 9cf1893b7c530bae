"""People write through the API: claims, objects, retractions, reports; checked and labelled."""

from __future__ import annotations

import httpx
import pytest

from tests.server.small_node import FRIO, HIDDEN_STREAM, OPEN_STREAM, SmallNode

LABEL = {"policy": "ALLIAGE", "classification": "UNCLASSIFIED", "releasable_to": ["DNK", "FRA"]}
DANISH = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}
SQUARE = {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56], [10, 56], [10, 55]]]}


@pytest.fixture
def carl(node: SmallNode) -> httpx.Client:
    """A Danish analyst, cleared for SECRET."""
    return node.client("carl")


@pytest.fixture
def frio(node: SmallNode) -> str:
    return node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")


def written(answer: httpx.Response) -> dict:
    assert answer.status_code == 201, answer.text
    return answer.json()


def problem(answer: httpx.Response) -> str:
    return answer.json()["type"].rpartition(":")[2]


def claims_of(client: httpx.Client, object_id: str, name: str) -> list[dict]:
    said = client.get(f"objects/{object_id}").json()["claims"]
    return [claim for claim in said if claim["property"] == name]


def test_a_claim_by_hand_stands_beside_the_feeds_and_gets_all_labels_of_what_was_opened(
    carl: httpx.Client, fleur: httpx.Client, frio: str
) -> None:
    body = {"property": "call_sign", "value": "OXAB", "reason": "heard on channel 16"}
    said = written(carl.post(f"objects/{frio}/claims", json=body))
    assert said["source"] == "person:carl"
    # Carl sees the ship by a hidden stream, too: what he says of it is for Danes only.
    assert said["marking"]["text"] == "ALLIAGE SECRET / REL TO DNK"
    (claim,) = said["claims"]
    assert claim["reason"] == "heard on channel 16"
    assert said["undo"] == [claim["claim_id"]]
    assert carl.get(f"objects/{frio}").json()["properties"]["call_sign"] == "OXAB"
    seen_by_fleur = fleur.get(f"objects/{frio}").json()
    assert "call_sign" not in seen_by_fleur["properties"]
    assert "carl" not in str(seen_by_fleur)


def test_two_people_may_disagree_and_both_stay(
    carl: httpx.Client, fleur: httpx.Client, frio: str
) -> None:
    written(fleur.post(f"objects/{frio}/claims", json={"property": "destination", "value": "KIEL"}))
    written(carl.post(f"objects/{frio}/claims", json={"property": "destination", "value": "RIGA"}))
    sources = {c["source"]: c["value"] for c in claims_of(carl, frio, "destination")}
    assert sources == {
        OPEN_STREAM: "AARHUS",
        HIDDEN_STREAM: "MURMANSK",
        "person:fleur": "KIEL",
        "person:carl": "RIGA",
    }


def test_a_lower_label_than_what_was_opened_is_refused(carl: httpx.Client, frio: str) -> None:
    body = {"property": "name", "value": "FRIO II", "label": LABEL}
    answer = carl.post(f"objects/{frio}/claims", json=body)
    assert answer.status_code == 403
    assert problem(answer) == "label-refused"
    needed = "ALLIAGE SECRET / REL TO DNK"
    assert f"lower than what was opened: '{needed}' is needed" in answer.json()["detail"]
    (why,) = answer.json()["errors"]
    assert (why["code"], why["marking"]) == ("label_lower", needed)


def test_opening_something_higher_for_it_raises_the_label(
    node: SmallNode, carl: httpx.Client, fleur: httpx.Client
) -> None:
    hidden = node.subject_of(HIDDEN_STREAM, "mmsi:219999999")
    body = {"schema": "Place", "properties": {"name": "seen there"}, "opened": [hidden]}
    said = written(carl.post("objects", json=body))
    assert said["marking"]["text"] == "ALLIAGE SECRET / REL TO DNK"
    answer = fleur.post("objects", json=body)
    assert (answer.status_code, problem(answer)) == (404, "not-found")


def test_nobody_writes_what_they_could_not_read(node: SmallNode) -> None:
    dora = node.client("dora")
    body = {"schema": "Place", "properties": {"name": "x"}, "label": DANISH}
    answer = dora.post("objects", json=body)
    assert problem(answer) == "label-refused"
    answer = dora.post("objects", json={**body, "label": None})
    assert problem(answer) == "label-refused"
    assert "UNLABELLED" in answer.json()["detail"]
    assert answer.json()["errors"][0]["code"] == "label_unreadable"


def test_viewers_and_strangers_do_not_write(
    bent: httpx.Client, stranger: httpx.Client, frio: str
) -> None:
    body = {"property": "name", "value": "FRIO II"}
    assert problem(bent.post(f"objects/{frio}/claims", json=body)) == "forbidden"
    assert problem(stranger.post(f"objects/{frio}/claims", json=body)) == "not-signed-in"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"property": "colour", "value": "red"}, "body.property"),
        ({"property": "length_m", "value": "long"}, "body.value"),
        ({"property": "length_m", "value": True}, "body.value"),
        ({"property": "length_m", "value": 90, "unit": "ft"}, "body.unit"),
        ({"property": "ship_type", "value": "submarine"}, "body.value"),
        ({"property": "name", "value": ""}, "body.value"),
        ({"property": "name", "value": "x", "confidence": 2}, "body.confidence"),
        (
            {
                "property": "name",
                "value": "x",
                "valid_from": "2026-01-02T00:00:00Z",
                "valid_to": "2026-01-01T00:00:00Z",
            },
            "body.valid_to",
        ),
        ({"property": "name", "value": "x", "valid_from": 1}, "body.valid_from"),
    ],
)
def test_what_the_ontology_does_not_know_is_refused_by_field(
    carl: httpx.Client, frio: str, change: dict, field: str
) -> None:
    answer = carl.post(f"objects/{frio}/claims", json=change)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_retracted_claim_counts_no_more_and_stays_in_the_history(
    carl: httpx.Client, frio: str
) -> None:
    first = written(carl.post(f"objects/{frio}/claims", json={"property": "name", "value": "A"}))
    second = written(carl.post(f"objects/{frio}/claims", json={"property": "name", "value": "B"}))
    assert carl.get(f"objects/{frio}").json()["properties"]["name"] == "B"
    back = carl.post(f"claims/{second['undo'][0]}/retraction", json={"reason": "misread"})
    retraction = written(back)
    said = carl.get(f"objects/{frio}").json()
    assert said["properties"]["name"] == "A"
    assert carl.get(f"tracks/{frio}").json()["name"] == "A"
    marked = {c["claim_id"]: c["retraction"] for c in said["claims"]}
    assert marked[first["undo"][0]] is None
    assert marked[second["undo"][0]]["source"] == "person:carl"
    assert marked[second["undo"][0]]["reason"] == "misread"
    history = carl.get("claims", params={"property": "name", "identifier": f"mmsi:{FRIO}"}).json()
    told = {c["claim_id"]: c["retraction"] for c in history["items"]}
    assert told[second["undo"][0]]["claim_id"] == retraction["undo"][0]

    undone = written(carl.post(f"claims/{retraction['undo'][0]}/retraction", json={}))
    assert carl.get(f"objects/{frio}").json()["properties"]["name"] == "B"
    assert carl.get(f"tracks/{frio}").json()["name"] == "B"
    again = carl.post(f"claims/{undone['undo'][0]}/retraction", json={})
    assert again.status_code == 422
    written(carl.post(f"claims/{second['undo'][0]}/retraction", json={}))
    written(carl.post(f"claims/{first['undo'][0]}/retraction", json={}))
    assert carl.get(f"tracks/{frio}").json()["name"] == "FRIO"


def test_a_retraction_binds_only_those_who_may_see_it(
    carl: httpx.Client, fleur: httpx.Client, frio: str
) -> None:
    said = written(fleur.post(f"objects/{frio}/claims", json={"property": "beam_m", "value": 12}))
    written(
        carl.post(f"claims/{said['undo'][0]}/retraction", json={"label": DANISH, "reason": "no"})
    )
    assert "beam_m" not in carl.get(f"objects/{frio}").json()["properties"]
    assert fleur.get(f"objects/{frio}").json()["properties"]["beam_m"] == 12.0
    assert claims_of(fleur, frio, "beam_m")[0]["retraction"] is None
    assert claims_of(carl, frio, "beam_m")[0]["retraction"]["source"] == "person:carl"


def test_remarks_stand_beside_each_other(fleur: httpx.Client, frio: str) -> None:
    for text in ("rusty", "slow"):
        written(fleur.post(f"objects/{frio}/annotations", json={"text": text}))
    remarks = {c["value"] for c in claims_of(fleur, frio, "@annotation")}
    assert remarks == {"rusty", "slow"}
    assert "@annotation" not in fleur.get(f"objects/{frio}").json()["properties"]


def test_an_area_that_is_drawn_is_a_feature_until_it_is_taken_back(
    node: SmallNode, carl: httpx.Client, fleur: httpx.Client
) -> None:
    body = {"schema": "Area", "properties": {"name": "Box 7"}, "geometry": SQUARE, "label": LABEL}
    said = written(fleur.post("objects", json=body))
    features = carl.get("features").json()
    (feature,) = [f for f in features["features"] if f["id"] == said["object_id"]]
    assert feature["geometry"] == SQUARE
    properties = feature["properties"]
    assert (properties["name"], properties["schema"]) == ("Box 7", "Area")
    assert properties["marking"]["text"] == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
    assert properties["claim_id"] in said["undo"]

    near, far = "9,54,10.5,55.5", "-20,30,-10,40"
    assert said["object_id"] in str(carl.get("features", params={"bbox": near}).json())
    assert said["object_id"] not in str(carl.get("features", params={"bbox": far}).json())
    assert said["object_id"] not in str(carl.get("features", params={"schema": "Route"}).json())
    assert said["object_id"] in str(carl.get("features", params={"schema": "Thing"}).json())

    moved = {**SQUARE, "coordinates": [[[x + 1, y] for x, y in SQUARE["coordinates"][0]]]}
    change = {"property": "geometry", "value": moved}
    written(carl.post(f"objects/{said['object_id']}/claims", json=change))
    assert moved in [f["geometry"] for f in carl.get("features").json()["features"]]

    for claim_id in carl.get(f"objects/{said['object_id']}").json()["claims"]:
        written(carl.post(f"claims/{claim_id['claim_id']}/retraction", json={}))
    assert said["object_id"] not in str(carl.get("features").json())


def test_a_feature_has_the_code_of_the_control_measure_that_is_claimed_last(
    carl: httpx.Client,
) -> None:
    properties = {"name": "Kilo", "control_measure": "assembly_area"}
    body = {"schema": "Area", "properties": properties, "geometry": SQUARE, "label": LABEL}
    object_id = written(carl.post("objects", json=body))["object_id"]

    def code() -> str:
        features = carl.get("features").json()["features"]
        return str(next(f for f in features if f["id"] == object_id)["properties"]["sidc"])

    assert code()[4:16] == "250000150200"
    change = {"property": "control_measure", "value": "restricted_operations_zone"}
    written(carl.post(f"objects/{object_id}/claims", json=change))
    assert code()[4:16] == "250000171000"
    wrong = {"property": "control_measure", "value": "no_such_measure"}
    assert carl.post(f"objects/{object_id}/claims", json=wrong).status_code == 422


def test_features_are_shown_to_those_who_may_see_them(
    carl: httpx.Client, fleur: httpx.Client
) -> None:
    body = {"schema": "Area", "geometry": SQUARE, "label": DANISH}
    said = written(carl.post("objects", json=body))
    assert said["object_id"] in str(carl.get("features").json())
    assert said["object_id"] not in str(fleur.get("features").json())


def test_features_say_when_nothing_changed(carl: httpx.Client) -> None:
    first = carl.get("features")
    assert first.headers["cache-control"] == "no-store"
    again = carl.get("features", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    written(carl.post("objects", json={"schema": "Area", "geometry": SQUARE, "label": LABEL}))
    changed = carl.get("features", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56]]]},
        {"type": "Polygon", "coordinates": [[[10, 55], [11, 55], [11, 56], [10, 56]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "LineString", "coordinates": [[10, 55]]},
        {"type": "LineString", "coordinates": [[10, 55], [11, 95]]},
        {"type": "LineString", "coordinates": [[10, 55], [11, "x"]]},
        {"type": "LineString", "coordinates": 7},
        {"type": "Circle", "coordinates": [10, 55]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Point", "coordinates": [10, True]},
        {"type": "MultiPoint", "coordinates": [[0, 0]] * 2001},
    ],
)
def test_what_is_no_geometry_is_refused(carl: httpx.Client, geometry: dict) -> None:
    body = {"schema": "Area", "geometry": geometry, "label": LABEL}
    answer = carl.post("objects", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "body.properties.geometry"


def test_a_track_is_begun_by_hand_and_carried_on(carl: httpx.Client, fleur: httpx.Client) -> None:
    report = {
        "schema": "Vessel",
        "position": {"lon": 12.5, "lat": 55.5},
        "uncertainty_m": 500,
        "speed_mps": 3,
        "course_deg": 360,
        "text": "white yacht, one mast",
        "properties": {"name": "Unknown yacht", "affiliation": "unknown"},
        "label": LABEL,
    }
    said = written(carl.post("tracks", json=report))
    assert said["source"] == "person:carl"
    assert said["identifier"].startswith("report:")
    track = fleur.get(f"tracks/{said['object_id']}").json()
    assert (track["name"], track["schema"], track["state"]) == ("Unknown yacht", "Vessel", "live")
    assert track["position"] == {"lon": 12.5, "lat": 55.5}
    assert track["std_m"] == pytest.approx(500 / 2.4477, rel=1e-3)
    assert (track["speed_mps"], track["course_deg"]) == (3.0, 0.0)
    assert claims_of(fleur, said["object_id"], "@annotation")[0]["value"] == "white yacht, one mast"

    further = {"track_id": said["object_id"], "position": {"lon": 12.6, "lat": 55.6}}
    more = written(carl.post("tracks", json=further))
    assert more["object_id"] == said["object_id"]
    assert more["marking"] == said["marking"]
    assert carl.get(f"tracks/{said['object_id']}").json()["position"] == {"lon": 12.6, "lat": 55.6}
    late = {**further, "position": {"lon": 12.4, "lat": 55.4}, "time": "2026-01-01T00:00:00Z"}
    written(carl.post("tracks", json=late))
    assert carl.get(f"tracks/{said['object_id']}").json()["position"] == {"lon": 12.6, "lat": 55.6}


def test_a_report_on_a_known_ship_is_a_further_source_of_it(
    node: SmallNode, fleur: httpx.Client, frio: str
) -> None:
    body = {"track_id": frio, "position": {"lon": 11.01, "lat": 55.01}}
    written(fleur.post("tracks", json=body))
    streams = [t["stream"] for t in fleur.get(f"objects/{frio}").json()["source_tracks"]]
    assert streams[:1] == [OPEN_STREAM]
    assert "person:fleur" in streams


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time": "2100-01-01T00:00:00Z"}, "body.time"),
        ({"position": {"lon": 190, "lat": 55}}, "body.position.lon"),
        ({"speed_mps": -1}, "body.speed_mps"),
        ({"uncertainty_m": 0}, "body.uncertainty_m"),
        ({"identifier": "no scheme"}, "body.identifier"),
        ({"schema": None}, "body.schema"),
        ({"schema": "Dragon"}, "body.schema"),
    ],
)
def test_a_report_that_cannot_be_is_refused(carl: httpx.Client, change: dict, field: str) -> None:
    report = {"schema": "Vessel", "position": {"lon": 12.5, "lat": 55.5}, "label": LABEL}
    answer = carl.post("tracks", json={**report, **change})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_a_label_may_be_of_any_policy_with_categories_of_every_kind(carl: httpx.Client) -> None:
    label = {
        "policy": "NATO",
        "classification": "RESTRICTED",
        "releasable_to": ["FRA"],
        "categories": [
            {"tag": "Releasable To", "kind": "permissive", "values": ["DNK"]},
            {"tag": "Administrative", "kind": "informative", "values": ["STAFF"]},
        ],
    }
    body = {"schema": "Organisation", "properties": {"name": "Staff"}, "label": label}
    said = written(carl.post("objects", json=body))
    marking = "NATO RESTRICTED / Administrative (note): STAFF / REL TO DNK, FRA"
    assert said["marking"]["text"] == marking
    beyond = {"tag": "Additional Sensitivity", "kind": "restrictive", "values": ["NORTH"]}
    refused = carl.post("objects", json=body | {"label": label | {"categories": [beyond]}})
    assert problem(refused) == "label-refused"
