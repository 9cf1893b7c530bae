"""Claims: immutable statements by a source about a subject, written when something changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Statement:
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

    def to_json(self) -> dict[str, Any]:
        """Return plain data, as signed and as sent, its keys in order."""
        return {
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
