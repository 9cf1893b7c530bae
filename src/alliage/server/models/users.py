"""Local accounts, which administrators keep."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from alliage.server.models.common import ApiModel, Page, Time
from alliage.server.models.session import Language, RoleName

UserName = Annotated[
    str, Field(pattern=r"^\w[\w.@' -]{0,63}$", max_length=64, examples=["anna.berg"])
]
Nation = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 3166-1 alpha-3")]
Clearance = Literal[
    "UNMARKED", "UNCLASSIFIED", "RESTRICTED", "CONFIDENTIAL", "SECRET", "TOP SECRET"
]
Password = Annotated[SecretStr, Field(min_length=12, max_length=1024)]
Community = Annotated[
    str,
    Field(
        min_length=4,
        max_length=130,
        description="a value of a label's category that the reader holds",
        examples=["Compartment: NORTH"],
    ),
]
Communities = Annotated[list[Community], Field(max_length=64)]
Purpose = Annotated[
    str, Field(max_length=64, description="what the reader reads for; empty: nothing is said")
]
Roles = Annotated[list[RoleName], Field(min_length=1, max_length=7)]


class UserInfo(ApiModel):
    """One local account, without its secrets."""

    user_id: str
    user: str = Field(description="the name to sign in with")
    nation: str
    clearance: str
    roles: list[RoleName]
    communities: list[str]
    purpose: str
    language: Language
    has_password: bool = Field(description="false: may only sign in with a one-time token")
    created: Time


class NewUser(ApiModel):
    """A local account to make."""

    user: UserName
    password: Password
    nation: Nation
    clearance: Clearance
    roles: Roles
    communities: Communities = Field(default=[])
    purpose: Purpose = ""
    language: Language = "en"


class UserChange(ApiModel):
    """What to change of an account; what is left out stays.

    Rights change with the next request; a new password ends the account's sessions.
    """

    password: Password | None = None
    nation: Nation | None = None
    clearance: Clearance | None = None
    roles: Roles | None = None
    communities: Communities | None = None
    purpose: Purpose | None = None
    language: Language | None = None


class UserPage(Page[UserInfo]):
    """Accounts by name."""
