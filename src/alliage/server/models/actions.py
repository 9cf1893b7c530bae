"""What people write: objects, claims, retractions, remarks, reports by voice."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from alliage.actions.kinds import OPENED_AT_MOST, REASON_CHARACTERS, TEXT_CHARACTERS
from alliage.ontology.label import (
    RELEASABLE_TO,
    WORD_CHARACTERS,
    Category,
    CategoryKind,
    Label,
    check_word,
    combined,
)
from alliage.server.models.common import ApiModel, Marking
from alliage.server.models.objects import ClaimInfo
from alliage.server.models.tracks import Position
from alliage.server.models.users import Nation
from alliage.server.paging import only_rfc_3339


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a time is text after RFC 3339")
    return only_rfc_3339(value)


MomentIn = Annotated[AwareDatetime, BeforeValidator(_moment)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=100)]
Said = str | int | float | bool | dict[str, Any]
"""A property's value; a geometry as a GeoJSON geometry object, or as its text."""
Values = Annotated[dict[Name, Said], Field(max_length=100)]
SeveralSaid = Annotated[list[str | int | float | bool], Field(max_length=100)]
"""At least one, which is checked with the property's name."""
Confidence = Annotated[float, Field(ge=0, le=1)]


LabelWord = Annotated[
    str,
    Field(min_length=1, max_length=WORD_CHARACTERS),
    AfterValidator(partial(check_word, "word")),
]


class CategoryIn(ApiModel):
    """One category of a label chosen by hand."""

    tag: LabelWord = Field(examples=["Handling"])
    kind: CategoryKind = Field(description="as its policy has it")
    values: list[LabelWord] = Field(min_length=1, max_length=300, examples=[["PERSONAL DATA"]])


class LabelIn(ApiModel):
    """A confidentiality label chosen by hand; `/markings/policies` says what there is to choose."""

    policy: LabelWord = Field(examples=["ALLIAGE"])
    classification: LabelWord = Field(description="one of its policy's", examples=["RESTRICTED"])
    releasable_to: list[Nation] | None = Field(
        default=None, max_length=300, description="null: not restricted by nation"
    )
    categories: list[CategoryIn] = Field(
        default=[],
        max_length=50,
        description="further ones; values of one tag and kind count together, and so do those of "
        "Releasable To and `releasable_to`",
    )

    def to_label(self) -> Label:
        """Return the ontology's label."""
        categories = [Category(one.tag, one.kind, tuple(one.values)) for one in self.categories]
        if self.releasable_to is not None:
            nations = tuple(self.releasable_to)
            categories.append(Category(RELEASABLE_TO, CategoryKind.PERMISSIVE, nations))
        return Label(self.policy, self.classification, combined(categories))


class Basis(ApiModel):
    """What everything that is written has."""

    label: LabelIn | None = Field(
        default=None,
        description="null: all the labels of what was opened; a lower one is refused, and so is "
        "one that the writer may not see",
    )
    opened: list[Annotated[str, Field(max_length=200)]] = Field(
        default=[],
        max_length=OPENED_AT_MOST,
        description="ids of further objects and claims that were looked at for this",
    )
    reason: str = Field(default="", max_length=REASON_CHARACTERS, description="why")


class NewClaim(Basis):
    """A property of an object, as the writer knows it."""

    property: Name = Field(examples=["destination"])
    value: Said = Field(examples=["AARHUS"])
    unit: str | None = Field(
        default=None, max_length=40, description="if given, it must be the property's own"
    )
    valid_from: MomentIn | None = Field(default=None, description="null: now")
    valid_to: MomentIn | None = Field(default=None, description="null: until further notice")
    confidence: Confidence = 1.0


class NewObject(Basis):
    """A thing that was drawn or reported."""

    schema_name: Name = Field(alias="schema", examples=["Area"])
    properties: Annotated[dict[Name, Said | SeveralSaid], Field(max_length=100)] = Field(
        default={},
        examples=[{"name": "Exercise area 4"}],
        description="a list says several values, of properties that may have them",
    )
    geometry: dict[str, Any] | None = Field(
        default=None, description="GeoJSON geometry; the same as the property `geometry`"
    )
    valid_from: MomentIn | None = Field(default=None, description="null: now")
    valid_to: MomentIn | None = Field(default=None, description="null: until further notice")
    confidence: Confidence = 1.0


class NewRetraction(Basis):
    """Take a claim back."""


class NewAnnotation(Basis):
    """A remark on an object."""

    text: str = Field(min_length=1, max_length=TEXT_CHARACTERS)


class NewReport(Basis):
    """Where something was, as somebody reported."""

    track_id: str | None = Field(
        default=None, max_length=200, description="carries on this track; null begins one"
    )
    identifier: str | None = Field(
        default=None,
        max_length=133,
        description="scheme:value where it is known; null makes one up",
        examples=["mmsi:219012345"],
    )
    schema_name: Name | None = Field(
        default=None,
        alias="schema",
        examples=["Vessel"],
        description="needed where a track begins",
    )
    position: Position
    uncertainty_m: float | None = Field(
        default=None,
        description="radius within which it is in 95 of 100 cases, metres; null: not known",
    )
    speed_mps: float | None = Field(default=None, description="over ground")
    course_deg: float | None = Field(default=None, description="over ground, from true north")
    altitude_m: float | None = None
    time: MomentIn | None = Field(default=None, description="null: now, by the picture's clock")
    text: str = Field(default="", max_length=TEXT_CHARACTERS, description="the report's words")
    properties: Values = Field(default={}, examples=[{"name": "Unknown yacht"}])


class WrittenInfo(ApiModel):
    """What was written; it is durable and visible."""

    object_id: str
    identifier: str = Field(examples=["object:5f3c9a0b1d2e4f605f3c9a0b1d2e4f60"])
    schema_name: str = Field(alias="schema")
    source: str = Field(description="the writer's stream", examples=["person:anna"])
    marking: Marking
    claims: list[ClaimInfo] = Field(description="the claims that were written")
    undo: list[str] = Field(
        description="claims whose retraction undoes this: POST /claims/{claim_id}/retraction"
    )
    joined_by: list[str] = Field(
        default=[],
        description="of a parting: the identifiers through which the two are one object still, "
        "since they were parted from neither; part with `wholly` to take one out of the group",
    )
