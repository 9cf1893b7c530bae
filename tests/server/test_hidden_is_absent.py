"""What a reader may not see is, for that reader, not there."""

from __future__ import annotations

import httpx
import pytest

from tests.server.small_node import FRIO, GHOST, HIDDEN_STREAM, OPEN_STREAM, SmallNode

GHOST_ID = f"mmsi:{GHOST}"


def _ghost(node: SmallNode) -> str:
    return node.subject_of(HIDDEN_STREAM, GHOST_ID)


def _items(client: httpx.Client, path: str) -> list[dict[str, object]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    return said if isinstance(said, list) else said["items"]


@pytest.mark.parametrize(
    "path",
    [
        "tracks/{id}",
        "tracks/{id}/trail",
        "objects/{id}",
        "sources/{source}",
        "sources/{source}/quarantine",
    ],
)
def test_by_name_hidden_and_absent_get_the_same_answer(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client, path: str
) -> None:
    hidden = path.format(id=_ghost(node), source=HIDDEN_STREAM)
    absent = path.format(id="f" * 32, source="no-such-source")
    assert bent.get(hidden).status_code == 200
    answers = [fleur.get(hidden), fleur.get(absent)]
    names = [_ghost(node), "f" * 32] if "{id}" in path else [HIDDEN_STREAM, "no-such-source"]
    told = []
    for answer, name in zip(answers, names, strict=True):
        assert answer.status_code == 404
        body = answer.json()
        told.append(body | {"instance": "", "detail": body["detail"].replace(name, "X")})
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "path",
    ["tracks", "claims", "observations", "entries", "sources", "search?q=ghost", "search?q=2199"],
)
def test_no_list_tells_of_it(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client, path: str
) -> None:
    told = str(_items(bent, path))
    assert any(word in told for word in ("GHOST", HIDDEN_STREAM, str(GHOST)))
    untold = str(_items(fleur, path))
    for word in ("GHOST", HIDDEN_STREAM, str(GHOST), _ghost(node), "MURMANSK", "SECRET", "SEA1"):
        assert word not in untold


def test_filters_find_nothing_hidden(node: SmallNode, fleur: httpx.Client) -> None:
    for path in (
        f"claims?subject={_ghost(node)}",
        f"claims?identifier={GHOST_ID}",
        f"observations?identifier={GHOST_ID}",
        f"observations?stream={HIDDEN_STREAM}",
        f"entries?stream={HIDDEN_STREAM}",
        f"tracks?q={GHOST}",
    ):
        assert _items(fleur, path) == []


def test_counts_leave_it_out(bent: httpx.Client, fleur: httpx.Client) -> None:
    assert bent.get("picture/summary").json()["tracks"] == 3
    assert fleur.get("picture/summary").json()["tracks"] == 2


def test_cursors_to_hidden_rows_are_none(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client
) -> None:
    hidden = [entry["entry_id"] for entry in _items(bent, f"entries?stream={HIDDEN_STREAM}")]
    answers = [fleur.get("entries", params={"after": after}) for after in (hidden[0], "f" * 32)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert fleur.get("tracks", params={"cursor": _ghost(node)}).status_code == 400


def test_a_shared_ship_is_joined_only_for_those_who_see_both_streams(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client
) -> None:
    shared = node.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    both, one = bent.get(f"objects/{shared}").json(), fleur.get(f"objects/{shared}").json()
    assert [track["stream"] for track in both["source_tracks"]] == [OPEN_STREAM, HIDDEN_STREAM]
    assert both["marking"]["classification"] == "SECRET"
    assert both["properties"]["destination"] == "MURMANSK"
    assert {claim["source"] for claim in both["claims"]} == {OPEN_STREAM, HIDDEN_STREAM}
    assert [track["stream"] for track in one["source_tracks"]] == [OPEN_STREAM]
    assert one["source_tracks"][0]["receivers"] == ["2190067"]
    assert one["marking"]["classification"] == "UNCLASSIFIED"
    assert one["properties"] == {"destination": "AARHUS", "name": "FRIO"}
    assert one["aliases"] == []
