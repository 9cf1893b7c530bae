"""The ASTERIX decoder: blocks, records, times, looks, observations, in this order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from alliage.feeds.asterix.blocks import BlockCutter, Blocks
from alliage.feeds.asterix.days import Days
from alliage.feeds.asterix.looks import LookRows, end_bearings, find_looks
from alliage.feeds.asterix.observations import place_batch, plot_batch
from alliage.feeds.asterix.options import Options
from alliage.feeds.asterix.reports import Event, Reports, blank_report, read_reports
from alliage.feeds.asterix.sensors import Sensors
from alliage.feeds.contract import Chunk, Decoded


class AsterixDecoder:
    """Decodes one connection; see :class:`alliage.feeds.contract.Decoder`.

    A record is counted once: under ``accepted`` when it became a row, else under ``ignored``. A
    block that cannot be used is quarantined whole, and so is what lies between blocks.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.cutter = BlockCutter()
        self.days = Days(options.day)
        self.sensors = Sensors(options)

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take the next bytes; see the contract."""
        return self._decode(self.cutter.cut(chunks))

    def flush(self, now_us: int) -> Decoded:
        """Give up what has begun and not ended: a block, and the looks of direction finders."""
        decoded = self._decode(self.cutter.cut([], at_end=True))
        rows = end_bearings(self.sensors)
        self._give_out(rows, blank_report(), now_us, decoded)
        return decoded

    def _decode(self, blocks: Blocks) -> Decoded:
        decoded = Decoded(quarantined=blocks.quarantined, ignored=blocks.ignored)
        if not blocks.rows:
            return decoded
        options = self.options
        reports = read_reports(blocks, options.simulated)
        valid_us = self.days.times(reports.tick, reports.received_us)
        rows = find_looks(self.sensors, round(options.finder_look_s * 1e6), reports, valid_us)
        if rows.places_told:
            decoded.batches.append(place_batch(rows, reports, valid_us))
        self._give_out(rows, reports, int(reports.received_us[-1]), decoded)
        _count(rows, reports, decoded)
        return decoded

    def _give_out(
        self, rows: LookRows, reports: Reports, received_us: int, decoded: Decoded
    ) -> None:
        if rows.report:
            batch = plot_batch(rows, reports, received_us, self.sensors, self.options)
            decoded.batches.append(batch)


def _count(rows: LookRows, reports: Reports, decoded: Decoded) -> None:
    """Records that became rows, and the others by what they are."""
    made = [report for report in rows.report if report >= 0]
    decoded.accepted += len(made)
    what = reports.says_nothing.astype(object)
    what[reports.event == Event.NORTH] = "first_north_marker"
    what[reports.event == Event.SECTOR] = "sector_crossing"
    what[made] = ""
    for name, count in Counter(what[what != ""].tolist()).items():
        decoded.ignored[name] = decoded.ignored.get(name, 0) + count


def make_decoder(options: Options) -> AsterixDecoder:
    """Return a decoder for one connection."""
    return AsterixDecoder(options)
