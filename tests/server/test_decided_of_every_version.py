"""What people decide about a report is decided about its older versions, too."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import NamedTuple

import httpx
import pyarrow as pa
import pytest

from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Supersede
from alliage.ontology.audience import machine_audience
from alliage.ontology.observation import Kind, ObservationBatch
from alliage.ontology.times import WallClock, to_text
from tests.server.small_node import OPEN_STREAM, SHARED, Ship, SmallNode

HOUR_US = 3_600_000_000
NUMBERS = count(219111121)
HIGH = {"policy": "ALLIAGE", "classification": "SECRET", "releasable_to": ["DNK"]}


class Told(NamedTuple):
    """The ships, and a time at which only the older version was known."""

    known: str
    ships: tuple[str, str]


@pytest.fixture
def chief(node: SmallNode) -> httpx.Client:
    return node.client("chief")


def machines(node: SmallNode):
    return node.log.reader(machine_audience(node.log.label_sets))


@pytest.fixture
def told_twice(node: SmallNode) -> Told:
    """Two ships were reported, and their bytes were read again since.

    The mended decoder puts them elsewhere, and the first of them at another time.
    """
    first, second = next(NUMBERS), next(NUMBERS)
    node.report(OPEN_STREAM, SHARED, [Ship(first, 10.0, 55.0), Ship(second, 10.5, 55.5)])
    before_us = node.clock.now_us()
    old = machines(node).latest(["observations:position"], [OPEN_STREAM], 1)[0]
    rows = old.observations().rows.to_pylist()
    for row in rows:
        row["latitude_deg"] += 0.1
    rows[0]["valid"] += timedelta(seconds=1)
    again = pa.RecordBatch.from_pylist(rows, old.observations().rows.schema)
    drafts = [
        Draft(OPEN_STREAM, old.labels, ObservationBatch(Kind.POSITION, again)),
        Draft(REVISIONS_STREAM, old.labels, Supersede((old.entry_id,), "ais@2", "mended")),
    ]
    node.writer.submit(drafts).result()
    return Told(to_text(before_us), (f"mmsi:{first}", f"mmsi:{second}"))


def span() -> dict[str, str]:
    """The hour until now, and a little more."""
    now_us = WallClock().now_us()
    return {"from": to_text(now_us - HOUR_US), "to": to_text(now_us + HOUR_US)}


def told(reader: httpx.Client, ships: tuple[str, str], known: str | None = None) -> dict:
    """Which of these ships the history tells of, and at which latitude."""
    asked = span() | {"stream": OPEN_STREAM} | ({"known": known} if known else {})
    answer = reader.get("history/positions", params=asked | {"limit": "1000"})
    assert answer.status_code == 200, answer.text
    mine = [one for one in answer.json()["items"] if one["identifier"] in ships]
    assert len({one["identifier"] for one in mine}) == len(mine)
    return {one["identifier"]: round(one["position"]["lat"], 3) for one in mine}


@pytest.mark.parametrize("nth", [0, 1])
def test_a_report_that_is_raised_is_raised_in_every_version_and_no_other_row_is(
    node: SmallNode, told_twice: Told, fleur: httpx.Client, nth: int
) -> None:
    carl, (known, ships) = node.client("carl"), told_twice
    raised, other = ships[nth], ships[1 - nth]
    assert told(fleur, ships, known) == {ships[0]: 55.0, ships[1]: 55.5}
    assert told(fleur, ships) == {ships[0]: 55.1, ships[1]: 55.6}
    found = carl.get("observations", params={"identifier": raised}).json()["items"]
    body = {
        "stream": OPEN_STREAM,
        "identifier": raised,
        "valid": found[-1]["values"]["valid"],
        "label": HIGH,
    }
    assert carl.post("observations/label", json=body).status_code == 201
    for then in (None, known):
        assert set(told(fleur, ships, then)) == {other}
        assert set(told(carl, ships, then)) == set(ships)


def test_what_is_redacted_is_gone_in_every_version_and_the_newest_has_to_be_named(
    node: SmallNode, told_twice: Told, anna: httpx.Client, chief: httpx.Client
) -> None:
    known, ships = told_twice
    seen = anna.get("entries", params={"stream": OPEN_STREAM, "limit": 1000}).json()["items"]
    old = [one for one in seen if one["superseded"]][-1]
    new = [one for one in seen if one["kind"] == "observations:position"][-1]
    body = {"entries": [old["entry_id"]], "reason": "a private yacht"}
    refused = anna.post("proposals/redactions", json=body)
    assert refused.status_code == 422
    assert "a newer version stands in its place" in refused.text
    body["entries"] = [new["entry_id"]]
    (proposal_id,) = anna.post("proposals/redactions", json=body).json()["undo"]
    decided = chief.post(f"proposals/{proposal_id}/decision", json={"approve": True})
    assert decided.status_code == 201, decided.text
    assert told(anna, ships) == told(anna, ships, known) == {}
    seen = anna.get("entries", params={"stream": OPEN_STREAM, "limit": 1000}).json()["items"]
    gone = {one["entry_id"] for one in seen if one["gone"]}
    assert gone == {old["entry_id"], new["entry_id"]}
    lacking = anna.get("history/positions", params=span() | {"known": known}).json()["not_kept"]
    assert [one["why"] for one in lacking if one["stream"] == OPEN_STREAM] == ["redacted"] * 2
