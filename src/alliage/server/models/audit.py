"""Audit: who did what, when, why, and by which decision."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Page, Time


class PolicyThen(ApiModel):
    """The rules by which labels were shown to readers."""

    version: str = Field(description="the beginning of the hash over all rules")
    entry_id: str = Field(description="of the entry that put them in force")


class RightsThen(ApiModel):
    """What somebody was given, when they acted."""

    nation: str
    clearance: str
    roles: list[str]
    communities: list[str]
    purpose: str
    entry_id: str = Field(description="of the entry that gave it")


class AuthorityThen(ApiModel):
    """By what something was done; null: the log does not say."""

    policy: PolicyThen | None
    rights: RightsThen | None = Field(description="null also where nobody with an account did it")


class ChangeInfo(ApiModel):
    """A part of the rules, of somebody's rights, or of a configuration, before and after."""

    what: str = Field(examples=["clearance", "rule nation", "transport.address"])
    before: Any = Field(description="null: it was not there")
    after: Any = Field(description="null: it is no more")


class AuditInfo(ApiModel):
    """One act, as the log holds it."""

    entry_id: str = Field(description="of the entry that says so")
    known: Time = Field(description="when it was written down")
    at: Time = Field(description="when it was done")
    act: str = Field(examples=["claim.retracted", "session.refused"])
    user: str = Field(description="by whom; empty: the node itself")
    nation: str | None = Field(description="of who did it; null: not known")
    roles: list[str] = Field(description="that they had then")
    program: str = Field(description="API token or command; empty: by hand")
    on: list[str] = Field(description="ids of what it was done to")
    reason: str = Field(description="why, in their words")
    decision: str = Field(description="the rule that allowed or refused it")
    done: bool = Field(description="false: it was refused")
    details: dict[str, Any]
    authority: AuthorityThen = Field(description="in force when it was done")
    changes: list[ChangeInfo] = Field(description="where this is a new version of authority")
    marking: Marking


class AuditPage(Page[AuditInfo]):
    """Acts, the latest first."""
