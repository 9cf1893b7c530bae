"""What a source of NMEA positions may be told."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """Whose position it is, and how good a range measurement is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identifier: str = Field(
        default="own:ship",
        pattern=r"^[a-z][a-z0-9_]*:\S+$",
        description="Identifier of the thing that carries the receiver",
    )
    schema_name: str = Field(default="Vessel", description="Ontology schema of that thing")
    range_error_m: float | None = Field(
        default=7.1,
        gt=0,
        description="Standard deviation of one range measurement; null: no uncertainty is claimed",
    )
