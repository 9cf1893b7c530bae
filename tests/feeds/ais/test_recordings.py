"""What real recordings hold, counted by others before us (see the recordings' own README)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alliage.feeds.ais.decoder import make_decoder
from alliage.feeds.ais.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge
from alliage.ontology.observation import Kind, check_batch
from alliage.ontology.schema import Ontology
from tests.feeds.ais.conftest import read_recording

READ_US = 1_760_000_000_000_000
HALF_KNOT_MPS = 0.5 * 1852 / 3600 + 1e-6  # columns are float32: half a knot itself is not more


def decode_recording(data: bytes, block: int = 1 << 18) -> Decoded:
    decoder = make_decoder(Options())
    cuts = range(0, len(data), block)
    parts = [decoder.feed([Chunk(data[cut : cut + block], READ_US)]) for cut in cuts]
    return merge([*parts, decoder.flush(READ_US)])


def rows(decoded: Decoded, kind: Kind) -> Iterator[dict[str, Any]]:
    for batch in decoded.batches:
        if batch.kind is kind:
            yield from batch.rows.to_pylist()


@pytest.fixture(scope="module")
def denmark(data_dir: Path) -> Decoded:
    return decode_recording(read_recording(data_dir, "denmark-2013-11-12-5min.nmea.gz"))


def test_the_danish_recording_gives_the_ships_that_are_in_it(denmark: Decoded) -> None:
    positions = list(rows(denmark, Kind.POSITION))
    statics = list(rows(denmark, Kind.STATIC))
    located = [row for row in positions if row["latitude_deg"] is not None]
    ships = {row["identifier"] for row in located if row["schema"] == "Vessel"}
    moving = {
        row["identifier"]
        for row in located
        if row["schema"] == "Vessel" and (row["speed_mps"] or 0) > HALF_KNOT_MPS
    }
    named = {row["identifier"] for row in statics if row.get("name") and row["schema"] == "Vessel"}
    assert len({row["identifier"] for row in positions + statics}) == 1508
    assert (len(ships), len(moving), len(named)) == (1438, 458, 98)


def test_the_danish_recording_gives_its_stations_and_aids(denmark: Decoded) -> None:
    positions = list(rows(denmark, Kind.POSITION))
    stations = {row["identifier"] for row in positions if row["schema"] == "CoastStation"}
    aids = {row["identifier"] for row in positions if row["schema"] == "AidToNavigation"}
    danish = {name for name in stations if name.startswith("mmsi:00219")}
    assert (len(stations), len(aids)) == (52, 13)
    assert len(danish | aids) == 31  # Denmark's own; the other stations are its neighbours'


def test_the_danish_recording_says_when_and_where_it_was_heard(denmark: Decoded) -> None:
    positions = list(rows(denmark, Kind.POSITION))
    assert all(row["recorded"] is not None for row in positions)
    first, last = min(r["valid"] for r in positions), max(r["valid"] for r in positions)
    assert first.isoformat() > "2013-11-12T11:59:45"
    assert last.isoformat() < "2013-11-12T12:05:02"
    heard_by = {station for row in positions for station in row["receivers"]}
    assert {"2190067", "2190047"} <= heard_by


def test_the_drifting_ship_is_one_track_with_many_receivers(read: Callable[[str], bytes]) -> None:
    decoded = decode_recording(read("frio-drift-2014-09-28.nmea"))
    positions = list(rows(decoded, Kind.POSITION))
    assert {row["identifier"] for row in positions} == {"mmsi:538004030"}
    assert decoded.duplicates > 4 * decoded.accepted
    assert max(len(row["receivers"]) for row in positions) >= 4
    assert all(len(set(row["receivers"])) == len(row["receivers"]) for row in positions)


def test_every_line_of_every_recording_is_counted_once(recording: bytes) -> None:
    decoded = decode_recording(recording)
    lines = sum(1 for line in recording.splitlines() if line.strip())
    counted = decoded.accepted + decoded.duplicates + sum(decoded.ignored.values())
    assert counted + len(decoded.quarantined) == lines


def test_batches_of_every_recording_keep_the_contract(recording: bytes) -> None:
    static_types = Ontology.load().static_types()
    batches = decode_recording(recording).batches
    assert batches
    for batch in batches:
        check_batch(batch, static_types)
        batch.rows.validate(full=True)


def test_the_cut_of_a_recording_does_not_matter(read: Callable[[str], bytes]) -> None:
    data = read("frio-drift-2014-09-28.nmea")
    whole, cut = decode_recording(data, len(data)), decode_recording(data, 9973)
    assert list(rows(whole, Kind.POSITION)) == list(rows(cut, Kind.POSITION))
    assert list(rows(whole, Kind.STATIC)) == list(rows(cut, Kind.STATIC))
    assert (whole.accepted, whole.duplicates, whole.ignored) == (
        cut.accepted,
        cut.duplicates,
        cut.ignored,
    )
