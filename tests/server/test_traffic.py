"""What traffic is usual where, through the API; where nothing was learned that is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from alliage.detection import Engine
from alliage.detection.grid import AREA, cells_of
from alliage.detection.hours import HOUR_US
from alliage.detection_context import ContextKey
from tests.server.small_node import NATIONAL, SHARED, SmallNode

HERE = (57.0, 18.0)
DAYS = 6


def learned(node: SmallNode, days: int, ships: int) -> Engine:
    """An engine that has heard some days of a sea in which so many come by in every hour."""
    engine = Engine(node.ontology, list, "here")
    scene, code = engine.scene, engine.scene.things.stream_code("ais")
    things = np.array([scene.things.row(code, f"s:{n}", "Vessel") for n in range(ships)], np.int32)
    area = cells_of(np.array([HERE[0]]), np.array([HERE[1]]), AREA)
    for hour in range(24 * days + 1):
        for minute in range(60 if hour < 24 * days else 30):
            scene.now_us = 20_000 * 24 * HOUR_US + hour * HOUR_US + (minute + 1) * 60_000_000
            coming = things if minute == 0 else things[:0]
            scene.traffic.hours.see(scene, coming, np.repeat(area, len(coming)), 60.0)
    return engine


@pytest.fixture
def sea(node: SmallNode) -> Iterator[SmallNode]:
    """France sees a sea of ten ships an hour, Denmark one of thirty as well."""
    for label, ships in ((SHARED, 10), (NATIONAL, 30)):
        key = ContextKey("", node.log.label_sets.intern(frozenset([label])))
        node.looking[key] = learned(node, DAYS, ships)
    yield node
    node.looking.clear()


def usual(client: httpx.Client, lat: float = HERE[0]) -> dict[str, Any]:
    answer = client.get("traffic/usual", params={"lat": lat, "lon": HERE[1]})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_what_is_usual_at_a_place_is_told_by_the_hour_with_what_is_there_now(
    sea: SmallNode,
) -> None:
    told = usual(sea.client("fleur"))
    assert told["known"]
    assert (told["learned_days"], told["least_days"]) == (DAYS, 5.0)
    assert told["now"]["count"] == told["before"]["count"] == 10
    assert told["now"]["heard_s"] == 1_800
    band = told["now"]["usual"]
    assert band["least"] < band["expected"] == 10 < band["most"]
    assert [one["hour"] for one in told["hours"]] == list(range(24))
    assert told["marking"]["text"] == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
    assert told["outline"][0] == told["outline"][-1]
    assert len(told["outline"]) == 7


def test_each_reader_is_told_of_what_they_may_see_alone(sea: SmallNode) -> None:
    assert usual(sea.client("fleur"))["now"]["count"] == 10
    told = usual(sea.client("bent"))
    assert told["now"]["count"] == 30
    assert told["marking"]["text"] == "ALLIAGE SECRET / REL TO DNK"


def test_what_is_there_now_is_told_before_anything_is_learned(node: SmallNode) -> None:
    key = ContextKey("", node.log.label_sets.intern(frozenset([SHARED])))
    node.looking[key] = learned(node, 0, 4)
    told = usual(node.client("fleur"))
    node.looking.clear()
    assert told["known"]
    now = told["now"]
    assert (now["count"], now["heard_s"], now["usual"]) == (4, 1_800, None)
    assert (told["before"], told["hours"], told["learned_days"]) == (None, [], 0)


def test_where_nothing_was_learned_that_is_said(sea: SmallNode, node: SmallNode) -> None:
    elsewhere = usual(sea.client("fleur"), lat=10.0)
    assert not elsewhere["known"]
    assert (elsewhere["now"], elsewhere["hours"]) == (None, [])
    assert elsewhere["learned_days"] == DAYS
    node.looking.clear()
    nowhere = usual(node.client("fleur"))
    assert (nowhere["known"], nowhere["learned_days"], nowhere["marking"]) == (False, 0, None)
