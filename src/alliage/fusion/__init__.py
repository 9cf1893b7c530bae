"""Fusion: trackers for sensors that do not know what they see.

The engine stands alone: NumPy, SciPy and Arrow, nothing of a node. ``docs/explanation/fusion.md``
says what it assumes, ``docs/how-to/track-your-own-plots.md`` how it is used.
"""

from alliage.fusion.frame import LocalFrame
from alliage.fusion.hidden import Hidden, Hiding
from alliage.fusion.lasting import Lasting, LastingError
from alliage.fusion.line_table import line_table
from alliage.fusion.lines import LineEstimates
from alliage.fusion.modes import Modes
from alliage.fusion.motion import (
    ConstantVelocity,
    CoordinatedTurn,
    KnownTurn,
    OrnsteinUhlenbeck,
    StraightAhead,
)
from alliage.fusion.plots import Plots, Reading, read_plots
from alliage.fusion.recording import Recording
from alliage.fusion.scan import Kind, Scan, Sensor
from alliage.fusion.settings import Association, ByCount, ByExistence, Settings
from alliage.fusion.step import Estimates
from alliage.fusion.table import PlotsError
from alliage.fusion.track import Tracking, track
from alliage.fusion.track_table import track_table
from alliage.fusion.tracker import TooLateError, Tracker, track_scans

__all__ = [
    "Association",
    "ByCount",
    "ByExistence",
    "ConstantVelocity",
    "CoordinatedTurn",
    "Estimates",
    "Hidden",
    "Hiding",
    "Kind",
    "KnownTurn",
    "Lasting",
    "LastingError",
    "LineEstimates",
    "LocalFrame",
    "Modes",
    "OrnsteinUhlenbeck",
    "Plots",
    "PlotsError",
    "Reading",
    "Recording",
    "Scan",
    "Sensor",
    "Settings",
    "StraightAhead",
    "TooLateError",
    "Tracker",
    "Tracking",
    "line_table",
    "read_plots",
    "track",
    "track_scans",
    "track_table",
]
