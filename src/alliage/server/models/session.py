"""Sign-in and what the signed-in person is told about the session."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from alliage.picture.clock import ClockMode
from alliage.server.models.access import SeenAs
from alliage.server.models.common import ApiModel, Time

Language = Literal["en", "fr"]
RoleName = Literal[
    "viewer", "analyst", "planner", "commander", "instructor", "auditor", "administrator"
]


class SignIn(ApiModel):
    """Name and password of a local account."""

    user: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(min_length=1, max_length=1024)


class OneTimeSignIn(ApiModel):
    """A one-time token, as the node printed it; it comes to the page in the URL's fragment."""

    token: SecretStr = Field(min_length=16, max_length=256)


class SessionChange(ApiModel):
    """What a person may change about the own session; what is left out stays."""

    language: Language | None = None


class NodeInfo(ApiModel):
    """The node that answers."""

    name: str = Field(examples=["baltic-1"])
    nation: str = Field(description="authority, ISO 3166-1 alpha-3", examples=["DNK"])
    banner: str = Field(description="EXERCISE, or empty", examples=["EXERCISE"])
    version: str = Field(examples=["0.1.0"])


class ClockInfo(ApiModel):
    """The picture's clock, against which ages are counted."""

    mode: ClockMode
    now_us: int = Field(description="microseconds since 1970-01-01T00:00:00Z")
    pace: float = Field(description="seconds of it in one of the wall; 0 where it stands")


class SessionInfo(ApiModel):
    """The signed-in person, the node and its clock."""

    user: str
    nation: str = Field(description="ISO 3166-1 alpha-3", examples=["DNK"])
    clearance: str = Field(examples=["SECRET"])
    roles: list[RoleName]
    communities: list[str] = Field(description="values of labels' categories that you hold")
    purpose: str = Field(description="what you read for; empty: nothing is said")
    may_see_as: bool = Field(description="you may look at the picture as somebody else")
    seen_as: SeenAs | None = Field(description="as whom this request looks; null: as yourself")
    csrf_token: str = Field(description="send it as X-CSRF-Token with every unsafe method")
    language: Language
    expires: Time = Field(description="when this session ends")
    node: NodeInfo
    clock: ClockInfo
