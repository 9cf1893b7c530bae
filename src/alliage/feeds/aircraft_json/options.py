"""What a source of aircraft as JSON may be told: nothing so far."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """No choice: every object says all."""

    model_config = ConfigDict(extra="forbid", frozen=True)
