"""Bulk writes: many rows at once, and what became of them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from alliage.actions.bulk import ROWS_AT_MOST
from alliage.server.models.actions import LabelIn
from alliage.server.models.common import ApiModel, Marking


class BulkClaims(ApiModel):
    """Claims, one object each: identifier, schema, property, value and, if need be, more."""

    label: LabelIn | None = Field(default=None, description="null: the node's label for people")
    rows: list[Any] = Field(
        min_length=1,
        max_length=ROWS_AT_MOST,
        description="each with identifier, schema, property, value; and unit, valid_from, "
        "valid_to, confidence, reason",
        examples=[
            [
                {
                    "identifier": "mmsi:219012345",
                    "schema": "Vessel",
                    "property": "name",
                    "value": "FRIO",
                }
            ]
        ],
    )


class BulkObservations(ApiModel):
    """Observations of one kind, one object each, with the columns of the contract."""

    kind: Literal["position", "static", "environment", "text", "plot", "line"] = "position"
    label: LabelIn | None = Field(default=None, description="null: the node's label for people")
    rows: list[Any] = Field(
        min_length=1,
        max_length=ROWS_AT_MOST,
        description="columns as docs/reference/observations.md has them, times as RFC 3339",
        examples=[
            [
                {
                    "identifier": "mmsi:219012345",
                    "schema": "Vessel",
                    "valid": "2026-01-31T12:00:00Z",
                    "latitude_deg": 55.1,
                    "longitude_deg": 11.2,
                }
            ]
        ],
    )


class RefusedRow(ApiModel):
    """A row that was not taken."""

    row: int = Field(description="counted from 0")
    field: str
    message: str


class BulkInfo(ApiModel):
    """What became of a bulk write. The accepted rows are durable and visible."""

    source: str = Field(description="the writer's stream", examples=["api:anna/weather importer"])
    marking: Marking
    accepted: int
    refused: int
    refusals: list[RefusedRow] = Field(description="the first thousand of them")
