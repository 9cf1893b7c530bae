"""API tokens of the signed-in person."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from alliage.access.api_tokens import LIFE_DAYS, NAME_CHARACTERS
from alliage.server.models.common import ApiModel, Time

ScopeName = Literal["read", "write:observations", "write:claims", "admin"]


class TokenInfo(ApiModel):
    """A token without its secret."""

    token_id: str
    name: str
    scopes: list[ScopeName]
    created: Time
    expires: Time
    last_used: Time | None = Field(description="to the minute; null: never")


class NewToken(ApiModel):
    """A token to make."""

    name: str = Field(
        min_length=1,
        max_length=NAME_CHARACTERS,
        pattern=r"^\w[\w.@' -]*$",
        description="what it is for; it names the stream of what the token writes",
        examples=["weather importer"],
    )
    scopes: Annotated[list[ScopeName], Field(min_length=1, max_length=4)]
    expires_in_days: int = Field(default=90, ge=LIFE_DAYS[0], le=LIFE_DAYS[1])


class IssuedToken(TokenInfo):
    """A new token with its secret, which is shown this once."""

    token: str = Field(description="send it as `Authorization: Bearer <token>`")
