"""The table of the configuration for detection."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from alliage.config_section import Section
from alliage.detection.registry import make_detectors


class DetectionConfig(Section):
    """``[detection]``: what in the reports wants attention; see the how-to on alerts."""

    enabled: bool = Field(default=True, description="Whether detectors look at all.")
    warm_up_s: float = Field(
        default=1_800.0,
        ge=0,
        le=86_400,
        description="How much of what was known before a start they look at again.",
    )
    contexts: tuple[tuple[str, ...], ...] = Field(
        default=(),
        description="Detection contexts beside those of each label set: lists of sources that "
        "detectors see together. None: one of all sources that are not replays.",
    )
    incidents_per_hour: int = Field(
        default=12, ge=1, description="How many are put before a reader; the rest is folded."
    )
    detectors: dict[str, dict[str, Any]] = Field(
        default={},
        description="By a detector's name its settings, as `[detection.detectors.NAME]`.",
    )

    @field_validator("detectors")
    @classmethod
    def _are_known(cls, value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        make_detectors(value)
        return value
