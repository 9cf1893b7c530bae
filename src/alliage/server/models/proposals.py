"""Merging, labels and redaction: what is asked for, and what waits for a second person."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from alliage.actions.kinds import REASON_CHARACTERS
from alliage.actions.revising import CLAIMS_AT_MOST, ENTRIES_AT_MOST
from alliage.server.models.actions import Basis, LabelIn
from alliage.server.models.common import ApiModel, Marking, Page, Time
from alliage.server.paging import TimeIn

Id = Annotated[str, Field(min_length=1, max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=REASON_CHARACTERS, description="why")]


class NewMerge(Basis):
    """Two objects are one and the same."""

    other: Id = Field(description="id of the other object")
    identifier: Id | None = Field(
        default=None, description="which of its identifiers is meant; null: what it is called by"
    )
    other_identifier: Id | None = Field(default=None, description="likewise, of the other")


class NewParting(Basis):
    """Two identifiers are two things."""

    identifier: Id = Field(examples=["mmsi:219012345"])
    other_identifier: Id = Field(examples=["track:7"])
    other: Id | None = Field(
        default=None, description="the object that bears the other one; null: the same object"
    )
    wholly: bool = Field(
        default=False,
        description="`identifier` is none of the other identifiers of its object either: it leaves "
        "a group that others would hold together",
    )


class NewLabel(ApiModel):
    """A further label for what was written."""

    label: LabelIn = Field(description="it is put beside the label that the claim has")
    reason: str = Field(default="", max_length=REASON_CHARACTERS, description="why")
    alerts: bool = Field(
        default=False,
        description="also where alerts rest on it: they go under the label too, for good",
    )


class NewReportLabel(NewLabel):
    """A further label for what a stream reported of a thing at one time."""

    stream: Id = Field(examples=["ais-kattegat"])
    identifier: Id = Field(examples=["mmsi:219012345"])
    valid: TimeIn = Field(description="the report's own time, to the microsecond")


class NewRelease(ApiModel):
    """Claims of one thing, to be said again under a lower label."""

    claims: list[Id] = Field(min_length=1, max_length=CLAIMS_AT_MOST)
    label: LabelIn
    reason: Reason


class NewRedaction(ApiModel):
    """What is to be destroyed."""

    claims: list[Id] = Field(default=[], max_length=CLAIMS_AT_MOST)
    entries: list[Id] = Field(default=[], max_length=ENTRIES_AT_MOST)
    reason: Reason


class NewDecision(ApiModel):
    """What somebody decides of another's proposal."""

    approve: bool
    reason: str = Field(default="", max_length=REASON_CHARACTERS, description="why")


class ProposalInfo(ApiModel):
    """A release or redaction that somebody proposed."""

    proposal_id: str
    kind: Literal["release", "redaction"]
    state: Literal["pending", "expired", "approved", "refused"]
    by: str = Field(description="the proposer's stream", examples=["person:anna"])
    own: bool = Field(description="it is the reader's own: somebody else has to decide")
    reason: str
    proposed: Time
    expires: Time
    identifier: str = Field(description="of the thing, or entry:<id>")
    object_id: str | None = Field(description="the object, as far as the reader sees one")
    name: str | None
    claims: list[str]
    entries: list[str]
    label: str | None = Field(description="marking of the label to release under")
    decided_by: str | None = Field(description="stream of who decided")
    decided: Time | None
    decision_reason: str
    marking: Marking


class ProposalPage(Page[ProposalInfo]):
    """Proposals, the latest first."""


class SameAsInfo(ApiModel):
    """Somebody's judgement whether two identifiers are one thing."""

    claim_id: str
    same: bool
    identifier: str
    other_identifier: str
    source: str = Field(examples=["person:anna"])
    reason: str
    known: Time
    marking: Marking
