"""Recordings that nobody here wrote, through guessing, bulk and paced replay."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from alliage.feeds.bulk import decode_file
from alliage.feeds.contract import merge
from alliage.feeds.intake import Source, SourceRunner
from alliage.feeds.quarantine import QuarantineStore
from alliage.feeds.registry import guess_feed, load_feeds
from alliage.feeds.transports.registry import parse_transport
from alliage.ontology.times import WallClock
from tests.feeds.links import Sink

AIS = load_feeds()["ais"]
DENMARK = "ais/denmark-2013-11-12-5min.nmea.gz"


@pytest.mark.parametrize(
    "name",
    [
        DENMARK,
        "ais/denmark-2010-06-11-29s.nmea",
        "ais/frio-drift-2014-09-28.nmea",
        "ais/mixed-message-types.nmea",
    ],
)
def test_the_format_of_a_real_recording_is_found(data_dir: Path, name: str) -> None:
    assert guess_feed(data_dir / name).manifest.name == "ais"


def test_a_paced_replay_of_a_real_recording_takes_its_time_and_loses_nothing(
    data_dir: Path, tmp_path: Path
) -> None:
    path, factor, recording_s = data_dir / DENMARK, 100.0, 300.0
    whole = merge(decode_file(path, AIS, AIS.options_model()))
    sink, store = Sink(), QuarantineStore.open(tmp_path / "q.sqlite")
    transport = parse_transport({"kind": "file", "path": str(path), "pace": factor})
    source = Source("denmark", AIS, AIS.options_model(), transport, 0)
    runner = SourceRunner(source, sink, store, WallClock())
    before_s = time.monotonic()
    asyncio.run(runner.run())
    took_s = time.monotonic() - before_s
    store.close()
    assert recording_s / factor * 0.8 < took_s < recording_s / factor + 15
    assert runner.health.accepted == whole.accepted
    assert sink.rows == sum(batch.rows.num_rows for batch in whole.batches)
