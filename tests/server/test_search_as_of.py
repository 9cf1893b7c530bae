"""Search of another time: what was said later is not found, what was taken back later is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.server.small_node import (
    FRIO,
    HIDDEN_STREAM,
    NATIONAL,
    NORD,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)

BEGIN = datetime(2026, 11, 28, 12, tzinfo=UTC)
WORDS = ("frio", "frios", "emma", "kiel", "ema", "nord", "219")


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.minute = 0

    def now_us(self) -> int:
        """Microseconds since 1970."""
        return round((BEGIN + timedelta(minutes=self.minute)).timestamp() * 1_000_000)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallNode, dict[str, object]]]:
    """A node to which something was told each minute, and what a reader found meanwhile."""
    hand = Hand()
    node = SmallNode(tmp_path_factory.mktemp("told"), clock=hand)
    meanwhile: dict[str, object] = {}
    node.report(OPEN_STREAM, SHARED, [Ship(FRIO, 11.0, 55.0), Ship(NORD, 12.0, 56.0)])
    steps = (
        lambda: node.claim(OPEN_STREAM, SHARED, FRIO, name="FRIO", destination="KIEL"),
        lambda: node.claim(HIDDEN_STREAM, NATIONAL, FRIO, name="EMMA"),
        lambda: node.claim(OPEN_STREAM, SHARED, NORD, name="FRIOS"),
        lambda: node.claim(OPEN_STREAM, SHARED, FRIO, name="EMA", destination="OSLO"),
    )
    carl = node.client("carl")
    for hand.minute, step in enumerate(steps, start=1):
        step()
        meanwhile |= {key: get(carl, **key_of(key)) for key in keys(hand.minute)}
    hand.minute += 1
    yield node, meanwhile
    node.close()


def at(minute: float) -> str:
    return (BEGIN + timedelta(minutes=minute)).isoformat()


def keys(minute: int) -> list[str]:
    return [f"{word} {minute}" for word in WORDS]


def key_of(key: str) -> dict[str, str]:
    word, minute = key.split()
    return {"q": word, "valid": at(int(minute)), "known": at(int(minute))}


def get(client: httpx.Client, **params: str) -> dict:
    found: dict = client.get("search", params=params).raise_for_status().json()
    return found


def names(client: httpx.Client, **params: str) -> list[str]:
    return [hit["title"] for hit in get(client, **params)["items"]]


@pytest.fixture
def node(told: tuple[SmallNode, dict[str, object]]) -> SmallNode:
    return told[0]


@pytest.fixture
def carl(node: SmallNode) -> httpx.Client:
    return node.client("carl")


def test_what_is_found_of_then_does_not_change_by_what_is_said_later(
    told: tuple[SmallNode, dict[str, object]], carl: httpx.Client
) -> None:
    for key, found_then in told[1].items():
        assert get(carl, **key_of(key)) == found_then, key


def test_a_name_of_later_is_not_found_and_one_of_then_is_no_earlier_name(
    carl: httpx.Client,
) -> None:
    assert names(carl, q="oslo", valid=at(1)) == []
    assert names(carl, q="oslo") != []
    (hit,) = get(carl, q="kiel", valid=at(1.5))["items"]
    assert (hit["title"], hit["why"][0]["earlier"]) == ("FRIO", False)
    (hit,) = get(carl, q="kiel")["items"]
    assert hit["why"][0]["earlier"] is True


def test_words_spelt_alike_are_those_of_then(carl: httpx.Client) -> None:
    assert names(carl, q="fryo", valid=at(1.5), known=at(1.5)) == ["FRIO"]
    assert len(names(carl, q="fryo", valid=at(3.5))) == 2
    suggested = carl.get("search/suggestions", params={"q": "fri", "known": at(1.5)}).json()
    assert [one["text"] for one in suggested if one["kind"] == "name"] == ["FRIO"]


def test_the_answer_says_for_which_time_it_is(carl: httpx.Client) -> None:
    assert get(carl, q="frio")["valid"] is None
    assert get(carl, q="frio", valid=at(2))["valid"] == "2026-11-28T12:02:00Z"


def test_what_was_taken_back_since_is_found_as_it_was_known_then(
    node: SmallNode, carl: httpx.Client
) -> None:
    said = carl.post(
        f"objects/{node.subject_of(OPEN_STREAM, f'mmsi:{NORD}')}/claims",
        json={"property": "description", "value": "derelict"},
    )
    claim = said.raise_for_status().json()["undo"][0]
    node.clock.minute += 1  # type: ignore[attr-defined]
    carl.post(f"claims/{claim}/retraction", json={}).raise_for_status()
    assert names(carl, q="derelict", known=at(5.5)) != []


def test_a_hidden_name_of_then_stays_hidden(node: SmallNode) -> None:
    then = {"q": "emma", "valid": at(2), "known": at(2)}
    assert names(node.client("carl"), **then) == ["EMMA"]
    assert names(node.client("fleur"), **then) == []
