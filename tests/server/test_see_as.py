"""Seeing as somebody else: exactly what is released to them, never more than one sees oneself."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from alliage.access.cedar import Policy, default_policy
from alliage.ontology.times import to_text
from alliage.server.settings import ServerSettings
from tests.server.small_node import (
    FRIO,
    GHOST,
    HIDDEN_STREAM,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)
from tests.server.test_picture_socket import VIEW, _close_code, _next_tracks, _say

FRENCH = {"Alliage-See-As": "nation=FRA"}
READS = (
    "picture/summary", "tracks", "claims", "entries", "observations", "features", "sources",
    "search?q=2190", "search?q=ghost", "history/extent", "basemaps",
    "history/density?from=2020-01-01T00:00:00Z&to=2040-01-01T00:00:00Z",
)  # fmt: skip


def _said(answer: httpx.Response) -> object:
    said = answer.json()
    if isinstance(said, dict):
        said.pop("clock", None)
        said.pop("instance", None)
    if isinstance(said, list):
        said = [{**one, "rates": None} if "rates" in one else one for one in said]
    return answer.status_code, said


def _without_ages(said: object) -> str:
    return "".join(part for part in str(said).split(", ") if "age_s" not in part)


@pytest.mark.parametrize("path", READS)
def test_every_read_is_that_of_the_one_who_is_imagined(
    anna: httpx.Client, fleur: httpx.Client, path: str
) -> None:
    imagined = _said(anna.get(path, headers=FRENCH))
    assert _without_ages(imagined) == _without_ages(_said(fleur.get(path)))


def test_a_given_user_is_seen_as_by_administrators(anna: httpx.Client, node: SmallNode) -> None:
    as_fleur = {"Alliage-See-As": "user=fleur"}
    assert anna.get("session", headers=as_fleur).json()["seen_as"]["nation"] == "FRA"
    assert anna.get("picture/summary", headers=as_fleur).json()["tracks"] == 2
    dora = node.client("dora")  # a commander, and no administrator
    assert dora.get("session", headers=FRENCH).status_code == 200
    assert dora.get("session", headers=as_fleur).status_code == 403


def test_nobody_sees_more_than_as_themselves(node: SmallNode) -> None:
    dora = node.client("dora")  # cleared for UNCLASSIFIED
    high = {"Alliage-See-As": "nation=DNK&clearance=TOP+SECRET&role=administrator"}
    seen = [dora.get("tracks", headers=headers).json()["items"] for headers in (high, {})]
    as_somebody, as_oneself = ([track["track_id"] for track in some] for some in seen)
    assert as_somebody == as_oneself
    assert dora.get("claims", headers=high).json() == dora.get("claims").json()
    ghost = node.subject_of(HIDDEN_STREAM, f"mmsi:{GHOST}")
    assert dora.get(f"objects/{ghost}", headers=high).status_code == 404


@pytest.mark.parametrize("who", ["bent", "fleur", "carl"])
def test_without_the_right_it_is_refused(node: SmallNode, who: str) -> None:
    client = node.client(who)
    assert client.get("tracks", headers=FRENCH).status_code == 403
    assert client.get("session").json()["may_see_as"] is False


def test_nothing_is_written_and_no_role_is_kept_as_somebody_else(anna: httpx.Client) -> None:
    body = {"schema": "Vessel", "properties": {"name": "X"}}
    answer = anna.post("objects", json=body, headers=FRENCH)
    assert answer.status_code == 403
    assert "as yourself" in answer.json()["detail"]
    assert anna.get("users", headers=FRENCH).status_code == 403
    assert anna.get("users").status_code == 200
    assert anna.patch("session", json={"language": "en"}, headers=FRENCH).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        "nation=France",
        "nation=ZZZ",
        "clearance=COSMIC",
        "role=king",
        "colour=red",
        "nation=FRA&nation=DNK",
        "nation",
        "community=NORTH",
        "user=nobody",
        "user=fleur&nation=FRA",
        "community=" + "x" * 2000,
        "&".join(["role=viewer"] * 100),
    ],
)
def test_what_is_not_understood_is_refused(anna: httpx.Client, said: str) -> None:
    answer = anna.get("tracks", headers={"Alliage-See-As": said})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "header.Alliage-See-As"


def test_what_is_withheld_is_counted_by_reason(anna: httpx.Client) -> None:
    own = anna.get("access/withheld").json()
    assert (own["tracks"], own["tracks_seen"], own["source_tracks"]["withheld"]) == (3, 3, 0)
    low = {"Alliage-See-As": "nation=FRA&clearance=RESTRICTED"}
    counted = anna.get("access/withheld", headers=low).json()
    assert (counted["tracks"], counted["tracks_seen"]) == (3, 2)
    # The one that is hidden, and the one of which something else is said as well.
    assert counted["tracks_touched"] == 2
    assert own["tracks_touched"] == 0
    hidden = {"total": 4, "withheld": 2, "by_reason": {"clearance": 2, "nation": 2}}
    assert counted["source_tracks"] == hidden
    assert counted["claims"] == hidden


def test_what_was_withheld_is_counted_and_explained_as_of_a_time(
    node: SmallNode, anna: httpx.Client
) -> None:
    low = {"Alliage-See-As": "nation=FRA&clearance=RESTRICTED"}
    before = {"valid": "2020-01-01T00:00:00Z"}
    counted = anna.get("access/withheld", headers=low, params=before).json()
    assert (counted["tracks"], counted["tracks_seen"], counted["tracks_touched"]) == (0, 0, 0)
    assert counted["source_tracks"] == counted["claims"]
    assert counted["claims"] == {"total": 0, "withheld": 0, "by_reason": {}}
    shared = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    path = f"access/explanations/{shared}"
    assert anna.get(path, headers=low, params=before).status_code == 404
    now = {"valid": to_text(node.clock.now_us())}
    assert anna.get(path, headers=low, params=now).json() == anna.get(path, headers=low).json()


def test_counts_and_explanations_tell_nobody_of_what_they_do_not_see(
    node: SmallNode, fleur: httpx.Client
) -> None:
    assert fleur.get("access/withheld").json()["source_tracks"] == {
        "total": 2,
        "withheld": 0,
        "by_reason": {},
    }
    ghost = node.subject_of(HIDDEN_STREAM, f"mmsi:{GHOST}")
    assert fleur.get(f"access/explanations/{ghost}").status_code == 404
    shared = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    assert "MURMANSK" not in fleur.get(f"access/explanations/{shared}").text


def test_each_thing_that_is_told_of_an_object_is_explained(
    node: SmallNode, anna: httpx.Client
) -> None:
    shared = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    told = anna.get(f"access/explanations/{shared}", headers=FRENCH).json()["items"]
    by_kind = {
        kind: {(item["name"], item["value"]): item for item in told if item["kind"] == kind}
        for kind in ("field", "claim", "source_track")
    }
    hidden = by_kind["claim"]["destination", "MURMANSK"]
    assert (hidden["visible"], hidden["reasons"]) == (False, ["nation"])
    assert hidden["marking"]["classification"] == "SECRET"
    assert by_kind["claim"]["destination", "AARHUS"]["visible"] is True
    destination = by_kind["field"]["destination", "MURMANSK"]
    assert (destination["visible"], destination["seen_value"]) == (False, "AARHUS")
    assert destination["reasons"] == ["nation"]
    assert by_kind["field"]["name", "FRIO"]["visible"] is True
    own = anna.get(f"access/explanations/{shared}").json()["items"]
    assert all(item["visible"] for item in own)


def test_the_socket_shows_the_same(node: SmallNode, anna: httpx.Client) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in anna.cookies.items())

    def opened(said: str) -> ClientConnection:
        return connect(
            f"{node.url.replace('http', 'ws')}/api/v1/picture?see_as={quote(said)}",
            additional_headers={"Cookie": cookie},
            origin=Origin(node.url),
            compression=None,
        )

    with opened("nation=FRA") as socket:
        _say(socket, VIEW)
        assert _next_tracks(socket)[0]["total"] == 2
    with opened("") as socket:
        _say(socket, VIEW)
        assert _next_tracks(socket)[0]["total"] == 3
    with opened("nation=France") as socket:
        assert _close_code(socket) == 4403


def test_another_policy_reaches_who_is_connected(tmp_path: Path) -> None:
    settings = dataclasses.replace(ServerSettings(), check_session_s=0.05)
    node = SmallNode(tmp_path, settings)
    try:
        node.report(OPEN_STREAM, SHARED, [Ship(FRIO, 11.0, 55.0)])
        client = node.client("fleur")
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        with connect(
            f"{node.url.replace('http', 'ws')}/api/v1/picture",
            additional_headers={"Cookie": cookie},
            origin=Origin(node.url),
            compression=None,
        ) as socket:
            _say(socket, VIEW)
            assert _next_tracks(socket)[0]["total"] == 1
            nobody = 'forbid (principal, action == Action::"read", resource);'
            node.access.use(Policy(default_policy().text + nobody, "own"))
            while _next_tracks(socket)[0]["total"]:
                pass
        assert client.get("picture/summary").json()["tracks"] == 0
    finally:
        node.close()


def _looks(node: SmallNode) -> list[dict]:
    node.writer.drain()
    found = node.client("ines").get("audit", params={"act": "session.seen-as", "limit": 1000})
    return found.json()["items"]


def test_it_is_audited_once_in_a_session_and_not_with_each_request(node: SmallNode) -> None:
    before = len(_looks(node))
    anna = node.client("anna")
    for path in ("tracks", "claims", "session", "picture/summary"):
        assert anna.get(path, headers=FRENCH).status_code == 200
    assert anna.get("tracks", headers={"Alliage-See-As": "user=fleur"}).status_code == 200
    assert anna.get("tracks").status_code == 200
    as_user, as_nation = _looks(node)[: -before or None]
    assert (as_nation["user"], as_nation["done"]) == ("anna", True)
    assert as_nation["details"]["as"]["nation"] == "FRA"
    assert as_nation["details"]["as"]["clearance"] == "SECRET"
    assert as_user["details"]["user"] == "fleur"
    assert node.client("anna").get("tracks", headers=FRENCH).status_code == 200
    assert len(_looks(node)) == before + 3  # another session is another look


def test_that_it_was_refused_is_audited_too(node: SmallNode) -> None:
    before = len(_looks(node))
    carl = node.client("carl")
    for _ in range(3):
        assert carl.get("tracks", headers=FRENCH).status_code == 403
    assert carl.get("tracks", headers={"Alliage-See-As": "nonsense"}).status_code == 422
    after = _looks(node)
    assert len(after) == before + 1
    assert (after[0]["user"], after[0]["done"]) == ("carl", False)
