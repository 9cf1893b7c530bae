"""What came late is visible as late: positions, claims, and the sources that it comes from."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from alliage.feeds.contract import Decoded
from alliage.feeds.intake import Source, SourceRunner
from alliage.feeds.transports.file import FileConfig
from alliage.history.claims import StoredClaim
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import Claim
from alliage.server.delay import delay_of_claim
from alliage.server.quality_view import quality_info
from alliage.server.settings import ServerSettings
from alliage.server.source_list import SourceList
from tests.server.small_node import FRIO, NORD, OPEN_STREAM, SHARED, Ship, SmallNode

WAIT_S = 90.0
READ_AGAIN = 219000077
"""Its report came in time, and a mended decoder has read it again 90 s later."""


class Nowhere:
    """A sink for rows that no test looks at."""

    async def submit(self, source: str, decoded: Decoded) -> None:
        """Take a result."""


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """A node whose bound is a minute: one ship is told of at once, one 90 s later, one anew."""
    folder = tmp_path_factory.mktemp("late")
    node = SmallNode(folder, ServerSettings(late_after_s=60.0))
    node.report(OPEN_STREAM, SHARED, [Ship(FRIO, 11.0, 55.0)])
    node.report(OPEN_STREAM, SHARED, [Ship(NORD, 12.0, 56.0)], ago_s=WAIT_S)
    node.report(OPEN_STREAM, SHARED, [Ship(READ_AGAIN, 13.0, 56.0)], WAIT_S + 2, WAIT_S)
    yield node
    node.close()


def with_a_replay(node: SmallNode) -> SourceList:
    """One source, "replay", whose recording has been played."""
    feed = node.feeds["nmea_position"]
    source = Source(
        name="replay",
        feed=feed,
        options=feed.options_model(),
        transport=FileConfig(path=str(feed.folder / "sample.nmea"), pace="flat-out"),
        label_set=node.log.label_sets.intern(frozenset([SHARED])),
    )
    runner = SourceRunner(source, Nowhere(), node.quarantine, node.clock)
    asyncio.run(runner.run())
    return SourceList([runner], node.log.label_sets, node.quarantine, node.clock)


def test_a_position_that_came_late_says_so(late: SmallNode) -> None:
    bent = late.client("bent")
    marks = {}
    for ship in (FRIO, NORD, READ_AGAIN):
        found = bent.get(f"objects/{late.subject_of(OPEN_STREAM, f'mmsi:{ship}')}").json()
        (track,) = found["source_tracks"]
        marks[ship] = (track["late"], round(track["delay_s"]))
    assert marks == {FRIO: (False, 0), NORD: (True, 90), READ_AGAIN: (False, 2)}
    now = datetime.now(UTC)
    span = {
        "from": (now - timedelta(minutes=10)).isoformat(),
        "to": (now + timedelta(minutes=1)).isoformat(),
    }
    rows = bent.get("history/positions", params=span).json()["items"]
    told = [(row["late"], round(row["delay_s"])) for row in rows]
    assert told == [(False, 2), (True, 90), (False, 0)]


def test_a_claim_about_an_earlier_time_says_so(late: SmallNode) -> None:
    carl = late.client("carl")
    frio = late.subject_of(OPEN_STREAM, f"mmsi:{FRIO}")
    earlier = (datetime.now(UTC) - timedelta(seconds=WAIT_S)).isoformat()
    for name, more in (("destination", {"valid_from": earlier}), ("name", {})):
        body = {"property": name, "value": "KIEL", **more}
        carl.post(f"objects/{frio}/claims", json=body).raise_for_status()
    said = {claim["property"]: claim for claim in carl.get(f"objects/{frio}").json()["claims"]}
    assert said["destination"]["late"] is True
    assert round(said["destination"]["delay_s"]) == 90
    assert said["name"]["late"] is False


def test_a_claim_that_a_mended_decoder_made_of_older_bytes_is_not_late(late: SmallNode) -> None:
    claim = Claim("again", "s", "mmsi:1", "Vessel", "name", "ANNA", 0, reason="decoder mended")
    services = late.services
    for stream, is_late in ((OPEN_STREAM, False), ("person:carl", True)):
        assert delay_of_claim(services, StoredClaim(claim, stream, 0, 1, 10**15))[1] is is_late
    by_itself = StoredClaim(dataclasses.replace(claim, reason=""), OPEN_STREAM, 0, 1, 10**15)
    assert delay_of_claim(services, by_itself)[1] is True


def test_sources_tell_how_late_their_reports_are_and_replays_do_not(late: SmallNode) -> None:
    told = {one["name"]: one for one in late.client("bent").get("sources").json()}
    once = told["escort"]  # an old recording that was read at once: known today
    assert once["late"] is True
    assert once["delay"]["most_s"] >= once["delay"]["median_s"] > WAIT_S
    sources = with_a_replay(late)
    (replay,) = sources.visible(machine_audience(late.log.label_sets), late_after_s=60.0)
    assert replay.accepted > 0
    assert (replay.delay, replay.late) == (None, False)
    assert sources.plays_recording("replay")


def test_a_recording_that_is_replayed_has_no_latency(late: SmallNode) -> None:
    """It would be the time since it was made."""
    late.report("replay", SHARED, [Ship(NORD + 1, 12.0, 56.0)], ago_s=WAIT_S)
    services = dataclasses.replace(late.services, sources=with_a_replay(late))
    audience = machine_audience(late.log.label_sets)
    latency = {one.source: one.latency_s for one in quality_info(services, audience).sources}
    assert latency["replay"] is None
    assert latency[OPEN_STREAM] is not None
