"""A faulty decoder harms nobody but itself."""

from __future__ import annotations

import pyarrow as pa

from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk, Decoded
from alliage.feeds.registry import load_feeds
from alliage.ontology.observation import BatchCheck, ObservationBatch
from alliage.ontology.schema import Ontology
from tests.log.support import positions, static


def refused(batch: ObservationBatch) -> Decoded:
    """What becomes of a batch that a decoder hands out for one line."""
    feed = load_feeds()["nmea_position"]
    check = BatchCheck(Ontology.load().static_types())
    connection = Connection(feed, feed.options_model(), check=lambda _batch: check(batch))
    return connection.feed([Chunk(feed_sample(), 0)])


def feed_sample() -> bytes:
    feed = load_feeds()["nmea_position"]
    return (feed.folder / "sample.nmea").read_bytes()


def test_a_batch_with_a_column_that_no_schema_knows_is_quarantined_with_its_bytes() -> None:
    wrong = static([{"identifier": "mmsi:1", "valid": 0, "shoe_size": 44.0}])
    decoded = refused(wrong)
    assert not decoded.batches
    assert [item.reason for item in decoded.quarantined] == ["internal"]
    assert "shoe_size" in decoded.quarantined[0].detail
    assert decoded.quarantined[0].data == feed_sample()


def test_a_batch_with_a_column_of_the_wrong_type_is_quarantined() -> None:
    batch = positions(["mmsi:1"])
    at = batch.rows.schema.get_field_index("latitude_deg")
    rows = batch.rows.set_column(at, "latitude_deg", pa.array([55], pa.int32()))
    decoded = refused(ObservationBatch(batch.kind, rows))
    assert "latitude_deg" in decoded.quarantined[0].detail


def test_a_batch_that_keeps_the_contract_passes() -> None:
    decoded = refused(positions(["mmsi:1"]))
    assert decoded.batches
    assert "internal" not in {item.reason for item in decoded.quarantined}
