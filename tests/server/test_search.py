"""Search over HTTP: what it tells, what it refuses, and what a person keeps."""

from __future__ import annotations

import httpx
import pytest

from tests.server.small_node import FRIO, GHOST, HIDDEN_STREAM, OPEN_STREAM, SHARED, SmallNode


@pytest.fixture(scope="module", autouse=True)
def _remarks(node: SmallNode) -> None:
    node.claim(OPEN_STREAM, SHARED, FRIO, name="FRIO NORD")
    node.claim(OPEN_STREAM, SHARED, 219000777, name="MARIA THERESA", call_sign="OXAB2")


def test_a_hit_says_what_it_is_and_why_it_was_found(fleur: httpx.Client) -> None:
    said = fleur.get("search", params={"q": "frio"}).json()
    assert said["total"] == 1
    (hit,) = said["items"]
    assert (hit["title"], hit["schema"], hit["kind"]) == ("FRIO NORD", "Vessel", "track")
    now, earlier = hit["why"]
    assert (now["field"], now["text"], now["marks"]) == ("name", "FRIO NORD", [[0, 4]])
    assert (earlier["text"], earlier["earlier"]) == ("FRIO", True)
    assert said["marking"]["classification"] == "UNCLASSIFIED"


def test_parameters_and_the_line_mean_the_same(bent: httpx.Client) -> None:
    typed = bent.get("search", params={"q": f"kind:Vessel source:{HIDDEN_STREAM} state:live"})
    given = bent.get("search", params={"kind": "Vessel", "source": HIDDEN_STREAM, "state": "live"})
    assert typed.json() == given.json()
    assert typed.json()["total"] == 2
    assert {"value": "DNK", "count": 2} in typed.json()["facets"]["nation"]


def test_near_tells_place_distance_and_bearing(bent: httpx.Client) -> None:
    said = bent.get("search", params={"near": "55.0,11.0<1km"}).json()
    assert said["near"] == {"name": "55.0,11.0", "lon": 11.0, "lat": 55.0, "distance_m": 1000.0}
    assert [(hit["title"], hit["distance_m"]) for hit in said["items"]] == [("FRIO NORD", 0)]


def test_nothing_tells_of_what_is_hidden(bent: httpx.Client, fleur: httpx.Client) -> None:
    absent = fleur.get("search", params={"q": "gh0st"}).json()
    for q in ("ghost", f"{GHOST}", "murmansk"):
        assert bent.get("search", params={"q": q}).json()["total"] == 1
        assert fleur.get("search", params={"q": q}).json() == absent
    assert HIDDEN_STREAM not in fleur.get("search").text
    assert fleur.get("search/suggestions", params={"q": "gho"}).json() == []
    assert bent.get("search/suggestions", params={"q": "gho"}).json()[0]["text"] == "GHOST"


def test_an_unchanged_answer_is_not_sent_again(bent: httpx.Client) -> None:
    first = bent.get("search", params={"q": "maria"})
    again = bent.get(
        "search", params={"q": "maria"}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_pages_and_their_cursor(bent: httpx.Client) -> None:
    first = bent.get("search", params={"limit": 1}).json()
    second = bent.get("search", params={"limit": 1, "cursor": first["next"]}).json()
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert bent.get("search", params={"cursor": "f" * 32}).status_code == 400


@pytest.mark.parametrize("q", ["kind:Unicorn", "near:Atlantis", "state:gone"])
def test_a_filter_without_meaning_is_a_problem(bent: httpx.Client, q: str) -> None:
    answer = bent.get("search", params={"q": q})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.q"


@pytest.mark.parametrize("q", ["(((", "*", '""'])
def test_what_has_nothing_to_look_for_finds_nothing_and_says_why(
    bent: httpx.Client, q: str
) -> None:
    answer = bent.get("search", params={"q": q})
    assert answer.status_code == 422
    assert "no letter and no digit" in answer.json()["errors"][0]["message"]
    assert bent.get("search", params={"q": f"frio {q}"}).json()["total"] == 1


def test_a_word_that_looks_like_a_filter_and_is_none_is_told(bent: httpx.Client) -> None:
    said = bent.get("search", params={"q": "foo:bar kind:Vessel"}).json()
    assert (said["total"], said["no_filters"]) == (0, ["foo"])
    assert bent.get("search", params={"q": "frio"}).json()["no_filters"] == []


def test_saved_searches_are_a_persons_own(bent: httpx.Client, fleur: httpx.Client) -> None:
    query = "kind:Vessel near:Bornholm<20nm"
    assert bent.put("searches/round Bornholm", json={"query": "old"}).status_code == 200
    assert bent.put("searches/round Bornholm", json={"query": query}).status_code == 200
    (kept,) = bent.get("searches").json()
    assert (kept["name"], kept["query"]) == ("round Bornholm", query)
    assert fleur.get("searches").json() == []
    assert fleur.delete("searches/round Bornholm").status_code == 404
    assert bent.delete("searches/round Bornholm").status_code == 204
    assert bent.get("searches").json() == []


def test_saved_searches_are_bounded(bent: httpx.Client) -> None:
    for number in range(50):
        assert bent.put(f"searches/s{number}", json={"query": "x"}).status_code == 200
    assert bent.put("searches/s49", json={"query": "y"}).status_code == 200
    assert bent.put("searches/s50", json={"query": "x"}).status_code == 409
    assert bent.put("searches/long", json={"query": "x" * 201}).status_code == 422
    assert len(bent.get("searches").json()) == 50
