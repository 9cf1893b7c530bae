"""Whether the node is alive and ready."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel


class Alive(ApiModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(ApiModel):
    """Whether the node can do its work. Says nothing of any source by name or number."""

    status: Literal["ready", "not ready"]
    log_open: bool = Field(description="the log can be written and read")
    trouble: str | None = Field(None, description="why nothing can be written, as on a full disk")
    sources_started: bool = Field(description="every configured source has been started")
    projections_caught_up: bool = Field(
        description="picture, claims and history have consumed the log"
    )
