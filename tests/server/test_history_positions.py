"""The history's positions over HTTP: by place and time, by thing, in cells, the latest before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Drop
from tests.server.small_node import (
    FRIO,
    GHOST,
    HIDDEN_STREAM,
    NATIONAL,
    NORD,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = NOW - timedelta(minutes=10)

    def now_us(self) -> int:
        """Microseconds since 1970."""
        return round(self.moment.timestamp() * 1_000_000)


@pytest.fixture(scope="module")
def sailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """FRIO sails straight east for ten minutes, NORD lies, and only Danes see GHOST."""
    hand = Hand()
    node = SmallNode(tmp_path_factory.mktemp("sailed"), clock=hand)
    for minute in range(10):
        hand.moment = NOW + timedelta(minutes=minute)
        frio, nord = Ship(FRIO, 10.0 + minute / 100, 55.0), Ship(NORD, 12.0, 56.0)
        node.report(OPEN_STREAM, SHARED, [frio, nord])
        node.report(HIDDEN_STREAM, NATIONAL, [Ship(GHOST, 10.0, 55.0 + minute / 100)])
    yield node
    node.close()


@pytest.fixture
def dane(sailed: SmallNode) -> httpx.Client:
    return sailed.client("bent")


@pytest.fixture
def french(sailed: SmallNode) -> httpx.Client:
    return sailed.client("fleur")


def at(minute: float) -> str:
    return (NOW + timedelta(minutes=minute)).isoformat()


def hour(**more: object) -> dict[str, object]:
    return {"from": at(0), "to": at(60)} | more


def get(client: httpx.Client, path: str, **params: object) -> dict:
    answer = client.get(f"history/{path}", params=params)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    found: dict = answer.json()
    return found


def test_positions_come_by_time_page_after_page_to_who_may_see_them(
    dane: httpx.Client, french: httpx.Client
) -> None:
    for client, count in ((dane, 30), (french, 20)):
        items, cursor = [], None
        while True:
            page = get(
                client, "positions", **hour(limit=7), **({"cursor": cursor} if cursor else {})
            )
            assert len(page["items"]) <= 7
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(items) == count
        assert items == get(client, "positions", **hour())["items"]
        assert [item["valid"] for item in items] == sorted(item["valid"] for item in items)


def test_a_box_a_thing_a_stream_and_what_was_known_narrow_it(dane: httpx.Client) -> None:
    def names(**more: object) -> list[str]:
        return [item["identifier"] for item in get(dane, "positions", **hour(**more))["items"]]

    assert set(names(bbox="11,55,13,57")) == {f"mmsi:{NORD}"}
    assert names(identifier=f"mmsi:{FRIO}") == [f"mmsi:{FRIO}"] * 10
    assert names(stream=HIDDEN_STREAM) == [f"mmsi:{GHOST}"] * 10
    assert len(names(known=at(4.5))) == 15
    assert names(to=at(1)) != []
    assert len(names(**{"from": at(1), "to": at(2)})) == 3


def test_the_same_answer_is_not_sent_twice(dane: httpx.Client) -> None:
    first = dane.get("history/positions", params=hour())
    tag = {"If-None-Match": first.headers["etag"]}
    assert dane.get("history/positions", params=hour(), headers=tag).status_code == 304


def test_the_latest_before_a_time_is_one_a_source_track(
    dane: httpx.Client, french: httpx.Client
) -> None:
    found = get(dane, "latest", before=at(5.5))["items"]
    assert [item["identifier"] for item in found] == [
        f"mmsi:{NORD}", f"mmsi:{FRIO}", f"mmsi:{GHOST}",
    ]  # fmt: skip
    assert {item["valid"] for item in found} == {"2026-11-28T12:05:00Z"}
    assert len(get(french, "latest", before=at(5.5))["items"]) == 2
    page = get(dane, "latest", before=at(5.5), limit=2)
    rest = get(dane, "latest", before=at(5.5), limit=2, cursor=page["next"])
    assert page["items"] + rest["items"] == found
    assert rest["next"] is None
    in_box = get(dane, "latest", before=at(5.5), bbox="10.04,54,10.06,56")["items"]
    assert [item["identifier"] for item in in_box] == [f"mmsi:{FRIO}"]


def test_cells_count_reports_and_source_tracks_as_json_and_geojson(
    dane: httpx.Client, french: httpx.Client
) -> None:
    told = get(dane, "cells", **hour(resolution=2))
    assert sum(item["reports"] for item in told["items"]) == 30
    assert sum(item["source_tracks"] for item in told["items"]) == 3
    assert told["marking"]["classification"] == "SECRET"
    less = get(french, "cells", **hour(resolution=2))
    assert sum(item["reports"] for item in less["items"]) == 20
    assert less["marking"]["classification"] == "UNCLASSIFIED"
    drawn = get(dane, "cells", **hour(resolution=2, format="geojson"))
    assert [feature["properties"] for feature in drawn["features"]] == told["items"]
    for feature in drawn["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]


def test_a_trajectory_is_a_line_a_stream_and_simplified_in_metres(dane: httpx.Client) -> None:
    whole = get(dane, "trajectory", **hour(identifier=f"mmsi:{FRIO}"))
    (line,) = whole["lines"]
    assert (line["stream"], len(line["valid"]), whole["reports"]) == (OPEN_STREAM, 10, 10)
    thin = get(dane, "trajectory", **hour(identifier=f"mmsi:{FRIO}", simplify_m=50))
    assert thin["reports"] == 10
    assert [thin["lines"][0]["valid"][at] for at in (0, -1)] == [
        line["valid"][0],
        line["valid"][-1],
    ]
    assert len(thin["lines"][0]["valid"]) == 2


def test_what_is_hidden_and_what_is_not_there_have_the_same_bytes(french: httpx.Client) -> None:
    for path in ("positions", "trajectory"):
        hidden, absent = (
            french.get(f"history/{path}", params=hour(identifier=f"mmsi:{number}")).text
            for number in (GHOST, 999_999_999)
        )
        assert hidden.replace(str(GHOST), "999999999") == absent


@pytest.mark.parametrize(
    ("path", "wrong", "named"),
    [
        ("positions", {"to": at(-1)}, "query.to"),
        ("positions", {"bbox": "1,60,2,50"}, "query.bbox"),
        ("positions", {"limit": 5000}, "query.limit"),
        ("cells", {"resolution": 16}, "query.resolution"),
        ("cells", {"to": at(60 * 24 * 40)}, "query.to"),
        ("trajectory", {"identifier": "mmsi:1", "simplify_m": 0}, "query.simplify_m"),
        ("trajectory", {"identifier": "mmsi:1", "to": at(60 * 24 * 400)}, "query.to"),
    ],
)
def test_what_cannot_be_asked_is_named(
    dane: httpx.Client, path: str, wrong: dict[str, object], named: str
) -> None:
    answer = dane.get(f"history/{path}", params=hour(**wrong))  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [named]


@pytest.mark.parametrize("cursor", ["x", "1-1", "-1-0", "00", "5b315d"])
def test_a_made_up_cursor_is_none(dane: httpx.Client, cursor: str) -> None:
    for path, params in (("positions", hour()), ("latest", {"before": at(5)})):
        answer = dane.get(f"history/{path}", params=params | {"cursor": cursor})  # type: ignore[arg-type]
        assert answer.status_code == 400


def test_what_is_no_longer_kept_is_said_to_who_may_see_the_stream(
    sailed: SmallNode, dane: httpx.Client, french: httpx.Client
) -> None:
    before_us = round((NOW - timedelta(hours=1)).timestamp() * 1e6)
    for stream, label in ((OPEN_STREAM, SHARED), (HIDDEN_STREAM, NATIONAL)):
        labels = frozenset({label})
        sailed.log.append([Draft(REVISIONS_STREAM, labels, Drop(stream, before_us, 1))])
    earlier = {"from": at(-120), "to": at(60)}
    for path, params in (
        ("positions", earlier),
        ("cells", earlier),
        ("latest", {"before": at(5), "from": at(-120)}),
        ("trajectory", earlier | {"identifier": f"mmsi:{FRIO}"}),
    ):
        told = get(dane, path, **params)["not_kept"]
        when = "2026-11-28T11:00:00Z"
        gone = {"before": when, "since": None, "why": "not kept"}
        assert told == [{"stream": OPEN_STREAM, **gone}, {"stream": HIDDEN_STREAM, **gone}]
        assert [one["stream"] for one in get(french, path, **params)["not_kept"]] == [OPEN_STREAM]
    assert get(dane, "positions", **hour())["not_kept"] == []
