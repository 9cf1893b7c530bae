"""Claims: immutable statements by a source about a subject, written when something changes."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

Value = str | int | float | bool | None

GEOMETRY: Final = "geometry"
"""The property that is a thing's place on the map: a GeoJSON geometry as text."""

RETRACTION: Final = "@retraction"
"""Property of a claim that takes another one back; its value is that claim's id."""

ANNOTATION: Final = "@annotation"
"""Property of a claim that is a remark on a thing; each stands beside the others."""
REPORT: Final = "@report"
"""Property of a claim that goes with a position reported by hand; its value is the report as JSON.
Its retraction takes the position off the picture, for a report has no other id than this."""
SAME_AS: Final = "@same_as"
"""Property of a claim that two identifiers are one thing; its value is the other identifier."""
DIFFERENT: Final = "@different"
"""Property of a claim that two identifiers are two things; its value is the other identifier."""
RIVAL: Final = "@rival"
"""Property of a claim that two identifiers may be one thing, as may others; value as above."""
ONE_OF: Final = "@one_of"
"""Property of a claim that a track without a name is one of the things that the other stream
follows, whichever, and no third one; its value is the likeliest of these, or nothing: not now."""
CONFLICT: Final = "@conflict"
"""Property of a claim that identifiers contradict what is seen: two things bear one, which is its
value too, or one thing bears two that are each borne by one thing alone; value as above."""
POSSIBLE: Final = "@possible"
"""Property of a claim that two identifiers may be one thing, as people decide; value as above."""
OFFSET: Final = "@offset"
"""Property of a claim by how much one stream lies off another, as a correlator estimates it from
what both follow; its value is JSON, see :mod:`alliage.ontology.offset`."""
RELEASE: Final = "@release"
"""Property of a claim that proposes to say claims again under a lower label; JSON as its value."""
REDACTION: Final = "@redaction"
"""Property of a claim that proposes to destroy bodies of the log; its value is JSON."""
APPROVAL: Final = "@approval"
REFUSAL: Final = "@refusal"
"""Properties of claims by which a second person decides; their value is the proposal's id."""
ALERT: Final = "@alert"
"""Property of a claim that a detector makes; its value is the alert as JSON."""
RULE: Final = "@rule"
"""Property of a claim that says a version of a watch rule; JSON as its value."""
RULE_ID: Final = "rule:"
"""How identifiers of rules begin, and names of what looks for them."""
INCIDENT: Final = "@incident"
"""Property of a claim that somebody on watch makes of an alert's incident; JSON as its value."""
WATCH: Final = "@watch"
"""Property of a claim that is a line of the watch log; its value is JSON."""
CORRELATOR: Final = "correlator:"
"""How the streams begin in which correlators judge identifiers."""
RESOLVER: Final = "resolver:"
"""How the streams begin in which identifiers are judged by what is said of their things."""
DETECTOR: Final = "detector:"
"""How the streams begin in which detectors tell of alerts."""
OF_NO_THING: Final = frozenset(
    {SAME_AS, DIFFERENT, RIVAL, ONE_OF, CONFLICT, POSSIBLE, RELEASE, REDACTION, APPROVAL, REFUSAL}
    | {ALERT, INCIDENT, RULE, WATCH, OFFSET}
)
"""What is said of claims and identities: none of these makes a thing appear."""
# No schema can name a property so: what is about claims stays apart from what is about things.


def is_about_things(property: str) -> bool:  # noqa: A002
    """Whether a claim of this property says something of its thing, rather than of claims."""
    return not property.startswith("@")


def judged_streams(stream: str) -> tuple[str, str]:
    """The two streams whose things a machine judges in this stream; empty: it is no machine's."""
    for prefix in (CORRELATOR, RESOLVER):
        if stream.startswith(prefix):
            both = stream.removeprefix(prefix).rpartition("@")[0]
            one, _, other = both.partition("+")
            return one, other
    return "", ""


def new_claim_id() -> str:
    """Return a UUID of version 7 (RFC 9562, section 5.7) as 32 hexadecimal digits.

    Random, and those made later sort behind: an index of many claims then grows at its end.
    """
    random = os.urandom(10).hex()
    variant = "89ab"[int(random[3], 16) & 3]
    return f"{time.time_ns() // 1_000_000:012x}7{random[:3]}{variant}{random[5:]}"


class Statement(NamedTuple):
    """What a source says of a thing, in the source's own terms, before it has a subject id.

    A decoder hands these out when a format carries statements rather than reports. Times are
    microseconds since the epoch; ``valid_to_us=None`` means until further notice.
    """

    identifier: str
    schema: str
    property: str
    value: Value
    valid_from_us: int
    valid_to_us: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement as the log keeps it. Its stream and labels are those of its entry.

    ``count`` and ``values`` are for flapping: a property that jumps to and fro becomes one claim
    over the interval with the number of changes and the values seen, the latest in ``value``.
    ``reason`` is why a person says so; machines give none.
    """

    claim_id: str
    subject: str
    identifier: str
    schema: str
    property: str
    value: Value
    valid_from_us: int
    valid_to_us: int | None = None
    confidence: float = 1.0
    count: int = 1
    values: tuple[Value, ...] = ()
    evidence: tuple[str, ...] = field(default=())
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain data, as signed and as sent, its keys in order; no reason, no such key."""
        data: dict[str, Any] = {
            "claim_id": self.claim_id,
            "confidence": self.confidence,
            "count": self.count,
            "evidence": list(self.evidence),
            "identifier": self.identifier,
            "property": self.property,
            "schema": self.schema,
            "subject": self.subject,
            "valid_from_us": self.valid_from_us,
            "valid_to_us": self.valid_to_us,
            "value": self.value,
            "values": list(self.values),
        }
        return dict(sorted({**data, "reason": self.reason}.items())) if self.reason else data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Claim:
        """Inverse of :meth:`to_json`."""
        return cls(
            **{
                **data,
                "values": tuple(data["values"]),
                "evidence": tuple(data["evidence"]),
            }
        )
