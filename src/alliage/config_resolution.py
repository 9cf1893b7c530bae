"""The table of the configuration for resolution."""

from __future__ import annotations

from pydantic import Field

from alliage.config_section import Section


class ResolutionConfig(Section):
    """``[resolution]``: finding out by their words which things of different streams are one."""

    enabled: bool = Field(default=True, description="Whether streams are compared at all.")
    every_s: float = Field(default=30.0, ge=1.0, description="How often what is new is compared.")
    join: float = Field(
        default=0.99, gt=0.5, lt=1, description="Probability from which on two are one thing."
    )
    review: float = Field(
        default=0.3, gt=0, le=0.5, description="Probability from which on people are asked."
    )
    exclude: tuple[str, ...] = Field(
        default=(), description="Streams whose things are never compared."
    )
