"""What a source of such tables may be told: nothing so far."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """No choice: the heading row says all."""

    model_config = ConfigDict(extra="forbid", frozen=True)
