"""What somebody proposed and somebody else decides: releases and redactions, as claims."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson

from alliage.history.claims import ClaimReader, StoredClaim
from alliage.log.signing import labels_from_json, labels_to_json
from alliage.ontology.claim import APPROVAL, REDACTION
from alliage.ontology.label import Label

LIFE_US: Final = 7 * 86_400_000_000
"""So long a proposal waits for somebody to decide; then it has to be made anew."""


class State(StrEnum):
    """Of a proposal. One that was withdrawn is not there any more."""

    PENDING = "pending"
    EXPIRED = "expired"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as one reader sees it.

    ``label`` is what claims are to be released under, None for a redaction. ``claims`` and
    ``entries`` are ids of what it is about.
    """

    stored: StoredClaim
    is_redaction: bool
    label: Label | None
    claims: tuple[str, ...]
    entries: tuple[str, ...]
    state: State
    decision: StoredClaim | None

    @property
    def proposal_id(self) -> str:
        """The id of the claim that it is."""
        return self.stored.claim.claim_id


def value_of(claims: tuple[str, ...], entries: tuple[str, ...], label: Label | None) -> str:
    """What a proposal says, as its claim's value."""
    said: dict[str, Any] = {"claims": list(claims), "entries": list(entries)}
    if label is not None:
        said["label"] = labels_to_json(frozenset([label]))
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def proposals(reader: ClaimReader, now_us: int) -> list[Proposal]:
    """Every proposal that this reader sees and nobody has withdrawn, latest first."""
    found = reader.proposals()
    decisions = reader.decisions([item.claim.claim_id for item in found])
    return [proposal_of(item, decisions.get(item.claim.claim_id), now_us) for item in found]


def proposal_of(stored: StoredClaim, decision: StoredClaim | None, now_us: int) -> Proposal:
    """A proposal with what became of it."""
    said = orjson.loads(str(stored.claim.value))
    label = next(iter(labels_from_json(said["label"]))) if "label" in said else None
    ends_us = stored.claim.valid_to_us
    if decision is not None:
        approved = decision.claim.property == APPROVAL
        state = State.APPROVED if approved else State.REFUSED
    else:
        state = State.EXPIRED if ends_us is not None and ends_us <= now_us else State.PENDING
    return Proposal(
        stored,
        stored.claim.property == REDACTION,
        label,
        tuple(said["claims"]),
        tuple(said["entries"]),
        state,
        decision,
    )
