"""A position that somebody reported by voice, as an observation in the person's stream."""

from __future__ import annotations

import math
from typing import Final

import orjson
import pyarrow as pa

from alliage.actions import checks
from alliage.actions.kinds import ReportPosition
from alliage.log.entry import Draft
from alliage.ontology.claim import Claim
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch

SIGMAS_OF_95_PERCENT: Final = math.sqrt(-2.0 * math.log(0.05))
"""Radius that holds 95 % of a circular normal distribution, in its standard deviations (2.45)."""

MANUAL: Final = "manual"
_COLUMNS: Final = pa.schema([*COMMON, *POSITION])
BOUNDS: Final = {
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "uncertainty_m": (0.1, 1e6),
    "speed_mps": (0.0, 1500.0),
    "course_deg": (0.0, 360.0),
    "altitude_m": (-500.0, 100_000.0),
}


def reported_columns(action: ReportPosition) -> str:
    """What a report says of position and motion, as JSON in the columns of an observation.

    Raises:
        ActionError: a number is out of its bounds.
    """
    said = {
        name: checks.checked_number(getattr(action, name), name, low, high)
        for name, (low, high) in BOUNDS.items()
    }
    uncertainty_m, course_deg = said.pop("uncertainty_m"), said.pop("course_deg")
    columns = {
        "position_std_m": uncertainty_m and uncertainty_m / SIGMAS_OF_95_PERCENT,
        "course_deg": None if course_deg is None else course_deg % 360.0,
        **said,
    }
    return orjson.dumps({k: v for k, v in columns.items() if v is not None}).decode()


def report_draft(stream: str, labels: LabelSet, report: Claim, received_us: int) -> Draft:
    """The observation that a report is.

    Args:
        stream: the person's.
        labels: of the report.
        report: the claim that goes with it.
        received_us: when this was written down.
    """
    row = {
        "identifier": report.identifier,
        "schema": report.schema,
        "valid": report.valid_from_us,
        "received": received_us,
        "report": MANUAL,
        **orjson.loads(str(report.value)),
    }
    rows = pa.RecordBatch.from_pylist([row], _COLUMNS)
    return Draft(stream, labels, ObservationBatch(Kind.POSITION, rows))
