"""Any transport carries any format: every pair of them, over real sockets, files and a pty."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from alliage.feeds.contract import Feed
from alliage.feeds.intake import Source, SourceRunner
from alliage.feeds.quarantine import QuarantineStore
from alliage.feeds.registry import load_feeds
from alliage.feeds.transports.base import State
from alliage.feeds.transports.registry import parse_transport
from alliage.feeds.validate import decode_whole, sample_of
from alliage.ontology.times import WallClock
from tests.feeds.links import LINKS, QUICK, Sink, link, until

FEEDS = load_feeds()


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
@pytest.mark.parametrize("kind", LINKS)
def test_any_transport_carries_any_format(kind: str, feed: Feed, tmp_path: Path) -> None:
    data = sample_of(feed.folder).read_bytes()
    expected = decode_whole(feed, feed.options_model(), data)

    async def run() -> tuple[SourceRunner, Sink]:
        sink, store = Sink(), QuarantineStore.open(tmp_path / "quarantine.sqlite")
        async with link(kind, data, tmp_path) as (config, send):
            source = Source("one", feed, feed.options_model(), parse_transport(config | QUICK), 0)
            runner = SourceRunner(source, sink, store, WallClock(), flush_after_s=0.2)
            task = asyncio.create_task(runner.run())
            await until(lambda: runner.health.state in {State.CONNECTED, State.ENDED})
            await send()
            await until(lambda: runner.health.accepted >= expected.accepted)
            runner.stop()
            await task
        store.close()
        return runner, sink

    runner, sink = asyncio.run(run())
    health = runner.health
    assert health.state is State.ENDED
    assert health.accepted == expected.accepted
    assert sink.rows == sum(batch.rows.num_rows for batch in expected.batches)
    assert sum(health.quarantined.values()) == len(expected.quarantined)
    assert health.lost == 0
