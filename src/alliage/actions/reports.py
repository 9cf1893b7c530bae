"""A position that somebody reported by voice, as an observation in the person's stream."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import orjson
import pyarrow as pa

from alliage.actions import checks
from alliage.actions.kinds import ActionError, ReportPosition
from alliage.history.claims import StoredClaim
from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.entry import Draft, Entry
from alliage.log.reader import LogReader
from alliage.ontology.claim import ANNOTATION, REPORT, Claim, is_about_things
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch
from alliage.ontology.schema import Ontology

SIGMAS_OF_95_PERCENT: Final = math.sqrt(-2.0 * math.log(0.05))
"""Radius that holds 95 % of a circular normal distribution, in its standard deviations (2.45)."""

_PAGE: Final = 100
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


def positions_of(log: LogReader, target: StoredClaim) -> list[Entry]:
    """The observations that a report by hand was written as."""
    claim = target.claim
    entries = log.read(
        kinds=OBSERVATION_KINDS,
        streams=[target.stream],
        valid_from_us=claim.valid_from_us,
        valid_to_us=claim.valid_from_us + 1,
        limit=_PAGE,
    )
    return [
        entry
        for entry in entries
        if claim.identifier in entry.observations().rows.column("identifier").to_pylist()
    ]


def check_releasable(targets: Sequence[StoredClaim], ontology: Ontology) -> None:
    """Refuse to say again what is no word about a thing, or about several.

    Raises:
        ActionError: says which.
    """
    for target in targets:
        claim = target.claim
        if not (is_about_things(claim.property) or claim.property in (ANNOTATION, REPORT)):
            raise ActionError("claims", f"{claim.claim_id}: says nothing of a thing")
        if claim.property in ontology.links and ":" not in str(claim.value):
            raise ActionError(
                "claims", f"{claim.property}: leads to an object: release that by itself"
            )
    if len({target.claim.identifier for target in targets}) > 1:
        raise ActionError("claims", "these are about several things: one release for each")
