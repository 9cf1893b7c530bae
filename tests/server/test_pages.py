"""Lists in pages: each item once, bounds, cursors that say nothing."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.server.small_node import NATIONAL, SHARED, Ship, SmallNode

SHIPS = 57


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """A node with many ships in two streams, reported in several entries."""
    node = SmallNode(tmp_path_factory.mktemp("busy"))
    for first in range(0, SHIPS, 10):
        ships = [
            Ship(219000000 + n, 10.0 + n / 100, 55.0) for n in range(first, min(first + 10, SHIPS))
        ]
        node.report("open", SHARED, ships)
        node.report("hidden", NATIONAL, ships)
        for ship in ships[:3]:
            node.claim("open", SHARED, ship.mmsi, name=f"SHIP {ship.mmsi}")
    for number in range(12):
        node.accounts.add(
            f"user{number}", nation="DNK", clearance="SECRET", roles=frozenset({"viewer"})
        )
    yield node
    node.close()


def _walk(client: httpx.Client, path: str, key: str, limit: int, parameter: str) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = client.get(path, params={"limit": limit, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += [str(item[key]) for item in page["items"]]
        if page["next"] is None:
            return found
        cursor = {parameter: page["next"]}


@pytest.mark.parametrize("limit", [1, 7, 10, 1000])
@pytest.mark.parametrize(
    ("path", "key", "parameter"),
    [
        ("tracks", "track_id", "cursor"),
        ("claims", "claim_id", "cursor"),
        ("entries", "entry_id", "after"),
        ("users", "user_id", "cursor"),
    ],
)
def test_a_walk_meets_everything_once(
    busy: SmallNode, path: str, key: str, parameter: str, limit: int
) -> None:
    client = busy.client("anna")
    whole = [item[key] for item in client.get(path, params={"limit": 1000}).json()["items"]]
    walked = _walk(client, path, key, limit, parameter)
    assert walked == whole
    assert len(set(walked)) == len(walked) > 10


@pytest.mark.parametrize("limit", [1, 9, 10, 11, 1000])
def test_a_walk_over_observations_meets_every_visible_row_once(busy: SmallNode, limit: int) -> None:
    client = busy.client("fleur")
    rows: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("observations", params={"limit": limit, **cursor}).json()
        rows += [item["values"]["identifier"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert rows == [f"mmsi:{219000000 + n}" for n in range(SHIPS)]


def test_observations_are_bounded_by_identifier_and_time(busy: SmallNode) -> None:
    client = busy.client("anna")
    one = {"identifier": "mmsi:219000005"}
    rows = client.get("observations", params=one).json()["items"]
    assert [row["stream"] for row in rows] == ["open", "hidden"]
    valid = rows[0]["values"]["valid"]
    assert len(client.get("observations", params={**one, "from": valid}).json()["items"]) == 2
    assert client.get("observations", params={**one, "to": valid}).json()["items"] == []
    assert client.get("observations", params={"kind": "text"}).json()["items"] == []


@pytest.mark.parametrize("moment", ["0.5", "1700000000", "2026-01-31", "2026-01-31T12:00:00"])
def test_a_time_has_a_date_and_a_zone(busy: SmallNode, moment: str) -> None:
    answer = busy.client("anna").get("observations", params={"from": moment})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.from"


def test_quarantine_is_walked_newest_first(busy: SmallNode) -> None:
    client = busy.client("fleur")
    assert len(_walk(client, "sources/escort/quarantine", "id", 1, "cursor")) == 3
    item = client.get("sources/escort/quarantine").json()["items"][0]
    assert item["reason"] == "checksum"
    assert item["reason_text"]["fr"]
    assert bytes.fromhex(item["bytes_hex"]) == b"$GPRMC,more rubbish*00"
    assert item["text"] == "$GPRMC,more rubbish*00"


@pytest.mark.parametrize(
    "path",
    [
        "tracks?cursor=x",
        "claims?cursor=x",
        "observations?cursor=x",
        "observations?cursor=00",
        "entries?after=x",
        "users?cursor=x",
        "sources/escort/quarantine?cursor=x",
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(busy: SmallNode, path: str) -> None:
    answer = busy.client("anna").get(path)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:alliage:problem:bad-cursor"


def test_a_sealed_cursor_is_good_for_its_reader_and_its_list_only(busy: SmallNode) -> None:
    anna, fleur = busy.client("anna"), busy.client("fleur")
    path = "sources/escort/quarantine"
    sealed = anna.get(path, params={"limit": 1}).json()["next"]
    assert len(anna.get(path, params={"cursor": sealed}).json()["items"]) == 2
    assert fleur.get(path, params={"cursor": sealed}).status_code == 400
    other = "sources/submarine-net/quarantine"
    assert anna.get(other, params={"cursor": sealed}).status_code == 400


def test_numbers_of_quarantined_items_do_not_count_hidden_ones(busy: SmallNode) -> None:
    items = busy.client("fleur").get("sources/escort/quarantine").json()["items"]
    assert len({item["id"] for item in items}) == 3
    assert not any(item["id"].isdecimal() and len(item["id"]) < 5 for item in items)


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many", "1e3"])
def test_a_page_is_bounded(busy: SmallNode, limit: str) -> None:
    answer = busy.client("anna").get("tracks", params={"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.limit"


def test_tracks_are_found_by_place_kind_state_and_words(busy: SmallNode) -> None:
    client = busy.client("anna")

    def count(**params: str) -> int:
        return len(client.get("tracks", params={"limit": 1000, **params}).json()["items"])

    assert count() == SHIPS
    assert count(bbox="10.095,54,10.195,56") == 10
    assert count(bbox="170,54,-170,56") == 0
    assert count(schema="Vessel") == count(schema="Platform") == SHIPS
    assert count(schema="Aircraft") == count(state="ended") == 0
    assert count(q="ship 219000001") == 1


@pytest.mark.parametrize(
    "bbox", ["1,2,3", "1,2,3,x", "0,80,10,70", "0,0,0,91", "nan,0,1,1", "-.,1,1,1"]
)
def test_a_box_that_is_none_is_refused(busy: SmallNode, bbox: str) -> None:
    answer = busy.client("anna").get("tracks", params={"bbox": bbox})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.bbox"
