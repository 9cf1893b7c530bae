"""From a table of plots to a table of tracks, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from alliage.fusion.line_table import line_table
from alliage.fusion.plots import Plots, Reading, read_plots
from alliage.fusion.recording import Recording
from alliage.fusion.settings import Settings
from alliage.fusion.track_table import track_table
from alliage.fusion.tracker import Tracker


@dataclass(frozen=True, eq=False)
class Tracking:
    """What became of a table of plots."""

    plots: Plots
    recording: Recording

    @cached_property
    def tracks(self) -> pa.Table:
        """One row for each confirmed track and scan."""
        return track_table(self.recording, self.plots.frame, self.plots.is_clock)

    @cached_property
    def lines(self) -> pa.Table:
        """One row for each confirmed line of bearing and look of its sensor."""
        return line_table(self.recording, self.plots.frame, self.plots.is_clock)


def track(
    table: pa.Table, settings: Settings | None = None, reading: Reading | None = None
) -> Tracking:
    """Follow what a table of plots saw.

    Args:
        table: plots, with the columns that :func:`alliage.fusion.read_plots` takes.
        settings: of the tracker.
        reading: sensors, and what the table does not say.

    Raises:
        PlotsError: the table has no usable plots.
    """
    plots = read_plots(table, reading)
    tracker, recording = Tracker(settings), Recording()
    for scan in plots.scans:
        recording.add(tracker.process(scan))
    return Tracking(plots, recording)
