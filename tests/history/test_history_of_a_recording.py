"""The history of a real recording: everything that its decoder said of places, small."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path

from alliage.feeds.bulk import decode_file
from alliage.feeds.registry import load_feeds
from alliage.history.positions import ROWS
from alliage.history.selection import Where
from alliage.log import Draft
from alliage.ontology.box import Box
from alliage.ontology.observation import Kind
from tests.history.world import LABELS, as_set, scanned, us, world

LINES = 16_000  # a minute of the recording
DANES = frozenset([LABELS[0]])


def test_a_minute_of_denmark_is_found_as_the_decoder_gave_it(
    data_dir: Path, tmp_path: Path
) -> None:
    feed = load_feeds()["ais"]
    path = tmp_path / "denmark.nmea"
    with gzip.open(data_dir / "ais" / "denmark-2013-11-12-5min.nmea.gz") as recording:
        path.write_bytes(b"".join(islice(recording, LINES)))
    with world() as one:
        for decoded in decode_file(path, feed, feed.options_model(), clock=one.clock):
            some = [batch for batch in decoded.batches if batch.kind is Kind.POSITION]
            one.history.apply(one.log.append([Draft("denmark", DANES, batch) for batch in some]))
        audience = one.audience()
        reader = one.history.reader(audience)
        everything = as_set(scanned(one.log, audience, Where()))
        sizes = []
        for step in (lambda: None, one.history.seal):
            step()
            assert as_set(reader.rows(Where(), ROWS.names).table.to_pylist()) == everything
            sizes.append(sum(info.bytes for info in one.history.manifest.segments))
        straits = Where(box=Box(10.5, 54.5, 13.0, 56.2))
        found = reader.rows(straits, ROWS.names).table.to_pylist()
        assert as_set(found) == as_set(scanned(one.log, audience, straits))
        moments = sorted(us(row["valid"]) for row in found)
        latest = reader.latest(moments[-1] + 1).table
        assert latest.num_rows == len(
            {row["identifier"] for row in scanned(one.log, audience, Where())}
        )
        assert sizes[-1] / len(everything) < 36
        assert not one.history.manifest.segments[0].exact  # every place is a whole step of AIS
        assert (
            reader.rows(straits).table.num_rows
            > sum(reader.counts(5, straits).table["things"].to_pylist())
            > 0
        )
