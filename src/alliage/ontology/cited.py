"""A claim that an alert rests on, as it stands among the alert's evidence."""

from __future__ import annotations

from typing import NamedTuple


class Cited(NamedTuple):
    """One claim that a finding rests on: who said what of which thing, and from when it holds."""

    stream: str
    identifier: str
    valid_us: int
    property: str

    def written(self) -> str:
        """How it stands among the evidence of an alert, beside reports, which have no property."""
        return f"{self.stream}|{self.identifier}|{self.valid_us}|{self.property}"
