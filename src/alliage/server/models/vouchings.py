"""Accounts that do not count where something takes two people, and who may vouch for them."""

from __future__ import annotations

from pydantic import Field, SecretStr

from alliage.actions.kinds import REASON_CHARACTERS
from alliage.server.models.common import ApiModel, Page
from alliage.server.models.users import Password


class NewVouching(ApiModel):
    """Somebody answers for an account."""

    user: str = Field(min_length=1, max_length=64, description="whose account it is")
    reason: str = Field(default="", max_length=REASON_CHARACTERS, description="how it is known")


class WaitingInfo(ApiModel):
    """An account that does not count where something takes two people."""

    user: str
    touched_by: list[str] = Field(description="who could act by it: they made or changed it")
    needs_password: bool = Field(description="its owner has to choose a new password first")
    own: bool = Field(description="it is the reader's own")
    why_not: str = Field(description="why the reader may not vouch for it; empty: may")


class WaitingPage(Page[WaitingInfo]):
    """Accounts by name."""


class NewPassword(ApiModel):
    """A password of one's own choice."""

    before: SecretStr | None = Field(
        default=None, description="the password until now; null where there was none"
    )
    password: Password
