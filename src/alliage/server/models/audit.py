"""Audit: who did what, when, why, and by which decision."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Page, Time


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
    marking: Marking


class AuditPage(Page[AuditInfo]):
    """Acts, the latest first."""
