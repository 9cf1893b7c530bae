"""Counters and rates of a source."""

from __future__ import annotations

import pyarrow as pa
import pytest

from alliage.feeds.contract import Chunk, Decoded, Quarantined
from alliage.feeds.health import Delay, HealthMeter, Rate
from alliage.feeds.transports.base import State, Status
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch


def test_a_steady_rate_is_told_from_the_first_seconds_on() -> None:
    rate = Rate()
    for second in range(3):
        rate.add(50, float(second))
        rate.add(50, second + 0.5)
    assert rate.per_second(3.0) == pytest.approx(100, rel=0.1)
    for second in range(3, 120):
        rate.add(100, float(second))
    assert rate.per_second(120.0) == pytest.approx(100, rel=0.1)


def test_a_rate_fades_when_nothing_comes() -> None:
    rate = Rate()
    for second in range(60):
        rate.add(100, float(second))
    assert rate.per_second(70.0) < 45
    assert rate.per_second(160.0) < 0.01
    assert Rate().per_second(5.0) == 0.0


def test_counters_add_up_by_reason() -> None:
    meter = HealthMeter(Status(State.CONNECTING, 1), lambda: 0.0)
    meter.received([Chunk(b"abc", 5), Chunk(b"de", 9)], lost=2)
    for _ in range(2):
        bad = Quarantined(b"x", "checksum", "", 0)
        meter.decoded(Decoded([], [], [bad], accepted=3, duplicates=1, ignored={"comment": 2}))
        meter.stored(3)
    health = meter.snapshot()
    assert (health.bytes, health.last_received_us, health.lost) == (5, 9, 2)
    assert (health.accepted, health.duplicates) == (6, 2)
    assert health.ignored == {"comment": 4}
    assert health.quarantined == {"checksum": 2}


def test_it_tells_how_long_the_latest_reports_were_on_their_way() -> None:
    meter = HealthMeter(Status(State.CONNECTED, 1))
    assert meter.snapshot().delay is None
    meter.decoded(Decoded([received_after_s([1.0] * 2_000)]))
    meter.decoded(Decoded([received_after_s([2.0] * 890 + [90.0] * 60)]))
    assert meter.snapshot().delay == Delay(median_s=2.0, most_s=90.0)
    meter.decoded(Decoded([received_after_s([-3.0] * 5_000)]))
    assert meter.snapshot().delay == Delay(median_s=-3.0, most_s=-3.0)


def received_after_s(delays_s: list[float]) -> ObservationBatch:
    """Reports that were received so long after they were so."""
    rows = [
        {
            "identifier": "mmsi:219000001",
            "schema": "Vessel",
            "valid": 1_000_000_000,
            "received": 1_000_000_000 + round(delay_s * 1_000_000),
        }
        for delay_s in delays_s
    ]
    schema = pa.schema([*COMMON, *POSITION])
    return ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pylist(rows, schema))


def test_the_last_error_stays_after_the_trouble_is_over() -> None:
    meter = HealthMeter(Status(State.CONNECTING, 1))
    meter.status(Status(State.WAITING, 2, error="refused", next_retry_us=7, reconnects=1))
    assert (meter.snapshot().error, meter.snapshot().next_retry_us) == ("refused", 7)
    meter.status(Status(State.CONNECTED, 3, reconnects=1))
    health = meter.snapshot()
    assert (health.state, health.error, health.last_error) == (State.CONNECTED, None, "refused")
    assert health.reconnects == 1


def test_a_snapshot_does_not_change_afterwards() -> None:
    meter = HealthMeter(Status(State.CONNECTED, 1))
    before = meter.snapshot()
    meter.decoded(Decoded(accepted=1, ignored={"comment": 1}))
    assert (before.accepted, before.ignored) == (0, {})
