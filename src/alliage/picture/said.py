"""What each stream claims of its things, as far as every screen needs it; and what is taken back.

Of each property the newest few claims are kept, since a retraction brings the one before to
light again. Whether a claim is taken back is asked per audience: a retraction counts only for
those who may see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from alliage.ontology.audience import Audience
from alliage.ontology.claim import REPORT, RETRACTION, Claim, Value

KEPT: Final = 8


class Said(NamedTuple):
    """One claimed value; the later in time, then in the log, stands before the earlier."""

    valid_from_us: int
    number: int
    value: Value
    claim_id: str


Sayings = dict[str, list[Said]]
"""By property; the newest last."""


def add_saying(sayings: Sayings, claim: Claim, number: int) -> bool:
    """Keep a claim's value. Returns whether it is among the newest."""
    kept = sayings.setdefault(claim.property, [])
    said = Said(claim.valid_from_us, number, claim.value, claim.claim_id)
    place = len(kept)
    while place and kept[place - 1][:2] > said[:2]:
        place -= 1
    if place == 0 and len(kept) == KEPT:
        return False
    kept.insert(place, said)
    if len(kept) > KEPT:
        del kept[0]
    return True


class Retractions:
    """Who took back what. Used under the picture's lock."""

    def __init__(self) -> None:
        self._of: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._about: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, claim: Claim, label_set: int) -> None:
        """Note a retraction; any other claim is none."""
        if claim.property == RETRACTION:
            self._of[str(claim.value)].append((label_set, claim.claim_id))
            self._about[claim.identifier].add(str(claim.value))

    def forget(self, identifier: str) -> None:
        """Forget what was taken back of a thing, to be said again."""
        for claim_id in self._about.pop(identifier, ()):
            self._of.pop(claim_id, None)

    def take_back(self, claim_id: str, audience: Audience) -> bool:
        """Whether this claim is taken back for these readers, and the retraction stands."""
        if claim_id not in self._of:
            return False
        return any(
            audience.sees(label_set) and not self._is_named(retraction, audience)
            for label_set, retraction in self._of[claim_id]
        )

    def newest_standing(self, said: list[Said], audience: Audience) -> Said | None:
        """The newest of these values that stands for these readers."""
        for one in reversed(said):
            if not self.take_back(one.claim_id, audience):
                return one
        return None

    def _is_named(self, claim_id: str, audience: Audience) -> bool:
        return any(audience.sees(label_set) for label_set, _ in self._of.get(claim_id, ()))


class Reported(NamedTuple):
    """Which position was reported by hand."""

    stream: str
    label_set: int
    identifier: str
    valid_us: int


class Withdrawn:
    """Positions reported by hand that were taken back, so that they count no more.

    A source track is what one stream says under one label set. A report is therefore taken back
    under its own label set only: whoever sees the track sees that, too.
    """

    def __init__(self) -> None:
        self._reports: dict[str, Reported] = {}
        self._until: dict[tuple[str, int], dict[tuple[str, int], int]] = {}

    def add(self, claim: Claim, stream: str, label_set: int, number: int) -> Reported | None:
        """Note a report, or the retraction of one.

        Returns:
            The report that was taken back, if one was.
        """
        if claim.property == REPORT:
            said = Reported(stream, label_set, claim.identifier, claim.valid_from_us)
            self._reports[claim.claim_id] = said
        report = self._reports.get(str(claim.value)) if claim.property == RETRACTION else None
        if report is None or report.label_set != label_set:
            return None
        until = self._until.setdefault((report.stream, label_set), {})
        until[report.identifier, report.valid_us] = number
        return report

    def of_stream(self, stream: str, label_set: int) -> Mapping[tuple[str, int], int]:
        """(identifier, time) of what was withdrawn to the number of the entry that did it.

        What was reported anew after that counts.
        """
        return self._until.get((stream, label_set), {})
