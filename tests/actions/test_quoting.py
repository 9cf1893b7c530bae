"""Which alerts go along where what they were judged by is raised or destroyed."""

from __future__ import annotations

from alliage.actions.quoting import rests_on
from alliage.detection import alert_claim
from alliage.detection.alert import Alert
from alliage.history.claims import StoredClaim
from alliage.ontology.cited import Cited
from alliage.ontology.claim import OFFSET, Claim, new_claim_id

STREAM, NAME = "correlator:ais+tracker:radar@1", "streams:ais+tracker:radar@1"


def offset(valid_us: int) -> StoredClaim:
    claim = Claim(new_claim_id(), "", NAME, "Sensor", OFFSET, "{}", valid_us)
    return StoredClaim(claim, STREAM, 0, 1, valid_us)


def test_an_alert_rests_on_what_a_correlator_said_if_it_cites_it_and_on_no_other_word() -> None:
    alert = Alert(
        alert_id="0" * 32, detector="source_bias", version=1,
        identifiers=("stream:tracker:radar@1",), streams=("tracker:radar@1",), schema="Sensor",
        start_us=1, end_us=None, told_us=2, probability=0.9, lat=float("nan"), lon=float("nan"),
        reason_en="radar is off", reason_fr="radar est décalée",
        claims=(Cited(STREAM, NAME, 1, OFFSET),),
    )  # fmt: skip
    told = alert_claim(alert, "detector:source_bias@1", lambda _stream, _name: "")
    assert rests_on(told, offset(1))
    assert not rests_on(told, offset(2))
