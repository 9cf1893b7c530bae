"""The past over HTTP and over the picture's socket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.server.small_node import SmallNode


def _hour(**more: object) -> dict[str, object]:
    now = datetime.now(UTC)
    first, last = now - timedelta(minutes=30), now + timedelta(minutes=30)
    return {"from": first.isoformat(), "to": last.isoformat(), "bins": 60} | more


def test_it_tells_how_far_back_a_reader_can_look(bent: httpx.Client, fleur: httpx.Client) -> None:
    for reader in (bent, fleur):
        extent = reader.get("history/extent").json()
        assert extent["earliest"] <= extent["latest"]


def test_density_counts_what_the_reader_may_see(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client
) -> None:
    everything = bent.get("history/density", params=_hour()).json()
    part = fleur.get("history/density", params=_hour()).json()
    assert len(everything["reports"]) == len(part["statements"]) == 60
    assert sum(everything["reports"]) > sum(part["reports"]) > 0
    assert sum(everything["statements"]) > sum(part["statements"]) > 0


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"to": "2020-01-01T00:00:00Z"}, "query.to"),
        ({"from": "yesterday"}, "query.from"),
        ({"bins": 5000}, "query.bins"),
    ],
)
def test_a_time_that_makes_no_sense_is_named(
    bent: httpx.Client, wrong: dict[str, object], named: str
) -> None:
    answer = bent.get("history/density", params=_hour(**wrong))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [named]


def test_how_a_track_moved_is_told_to_who_may_see_it(
    node: SmallNode, bent: httpx.Client, fleur: httpx.Client
) -> None:
    tracks = bent.get("tracks").json()["items"]
    shared = {track["track_id"] for track in fleur.get("tracks").json()["items"]}
    hidden = [track["track_id"] for track in tracks if track["track_id"] not in shared]
    assert hidden
    assert shared
    window = {key: value for key, value in _hour().items() if key != "bins"}
    for track in tracks:
        path = f"tracks/{track['track_id']}/movement"
        moved = bent.get(path, params=window).json()
        assert moved["complete"] is True
        assert len(moved["valid"]) == len(moved["speed_mps"]) >= (track["position"] is not None)
        expected = 200 if track["track_id"] in shared else 404
        assert fleur.get(path, params=window).status_code == expected
    assert bent.get(path, params=window | {"to": "2020-01-01T00:00:00Z"}).status_code == 422
