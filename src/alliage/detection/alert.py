"""Alerts: a detection that wants attention, with its evidence, and how the log keeps it.

An alert is a claim of the property :data:`~alliage.ontology.claim.ALERT` about its chief thing.
What changes of it is a further claim with the same alert id: the newest stands. Its words are those
of the detector's version that said it, in both languages, so that they can be read for ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from alliage.ontology.cited import Cited
from alliage.ontology.claim import ALERT, Claim, new_claim_id

MOST_EVIDENCE: Final = 64
"""Reports named in one alert; the first and the last ones where there are more."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands. Identifiers are the sources' own names of the things.

    Attributes:
        alert_id: 32 hexadecimal digits; the same through all its changes.
        detector: name of the detector.
        version: of the detector.
        identifiers: the things it is about, the chief one first.
        streams: the stream of each.
        schema: kind of the chief thing.
        start_us: since when it has been so.
        end_us: when it was over; None while it goes on.
        told_us: when it was last said to be so.
        probability: that it is so, 0 to 1.
        lat: where; degrees.
        lon: the same.
        reason_en: why.
        reason_fr: the same.
        figures: what was measured.
        evidence: stream, identifier and valid time of reports that it rests on.
        claims: what was said that it rests on.
        area: identifier of the feature it is about; "" for none.
        priority: whether it is to be seen first.
        called: identifiers of other tracks of these things by whose names its words call them.
    """

    alert_id: str
    detector: str
    version: int
    identifiers: tuple[str, ...]
    streams: tuple[str, ...]
    schema: str
    start_us: int
    end_us: int | None
    told_us: int
    probability: float
    lat: float
    lon: float
    reason_en: str
    reason_fr: str
    figures: dict[str, float] = field(default_factory=dict)
    evidence: tuple[tuple[str, str, int], ...] = ()
    claims: tuple[Cited, ...] = ()
    area: str = ""
    priority: bool = False
    called: tuple[str, ...] = ()


def alert_claim(alert: Alert, stream: str, subject_of: Callable[[str, str], str]) -> Claim:
    """The claim that says an alert, for the log."""
    value: dict[str, Any] = {
        "alert": alert.alert_id,
        "area": alert.area,
        "called": alert.called,
        "detector": alert.detector,
        "figures": alert.figures,
        "identifiers": alert.identifiers,
        "lat": None if math.isnan(alert.lat) else round(alert.lat, 6),
        "lon": None if math.isnan(alert.lon) else round(alert.lon, 6),
        "priority": alert.priority,
        "reason": {"en": alert.reason_en, "fr": alert.reason_fr},
        "streams": alert.streams,
        "told_us": alert.told_us,
        "version": alert.version,
    }
    chief = alert.identifiers[0]
    return Claim(
        claim_id=new_claim_id(),
        subject=subject_of(stream, chief),
        identifier=chief,
        schema=alert.schema,
        property=ALERT,
        value=orjson.dumps(value).decode(),
        valid_from_us=alert.start_us,
        valid_to_us=alert.end_us,
        confidence=round(alert.probability, 3),
        evidence=(
            *(f"{s}|{i}|{us}" for s, i, us in alert.evidence),
            *(one.written() for one in alert.claims),
        ),
    )


def alert_of(claim: Claim) -> Alert:
    """Inverse of :func:`alert_claim`.

    Raises:
        ValueError: the claim says no alert, or not as this version of Alliage does.
    """
    if claim.property != ALERT:
        raise ValueError(f"claim {claim.claim_id} is of {claim.property}, no alert")
    try:
        value = orjson.loads(str(claim.value))
        lat, lon = value["lat"], value["lon"]
        rests_on = [text.split("|") for text in claim.evidence]
        return Alert(
            alert_id=value["alert"],
            detector=value["detector"],
            version=value["version"],
            identifiers=tuple(value["identifiers"]),
            streams=tuple(value["streams"]),
            schema=claim.schema,
            start_us=claim.valid_from_us,
            end_us=claim.valid_to_us,
            told_us=value["told_us"],
            probability=claim.confidence,
            lat=math.nan if lat is None else lat,
            lon=math.nan if lon is None else lon,
            reason_en=value["reason"]["en"],
            reason_fr=value["reason"]["fr"],
            figures=value["figures"],
            evidence=tuple(_report(of) for of in rests_on if len(of) != 4),
            claims=tuple(Cited(of[0], of[1], int(of[2]), of[3]) for of in rests_on if len(of) == 4),
            area=value["area"],
            priority=value["priority"],
            called=tuple(value.get("called", ())),
        )
    except (KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise ValueError(
            f"claim {claim.claim_id} says no alert that can be read: {error}"
        ) from None


def _report(parts: list[str]) -> tuple[str, str, int]:
    stream, identifier, valid_us = parts
    return stream, identifier, int(valid_us)
