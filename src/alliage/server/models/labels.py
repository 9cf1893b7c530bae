"""What there is to choose a label from."""

from __future__ import annotations

from pydantic import Field

from alliage.ontology.label import CategoryKind
from alliage.server.models.common import ApiModel, Texts


class LabelWordInfo(ApiModel):
    """A classification, or a value of a category."""

    name: str = Field(description="as a label says it", examples=["RESTRICTED"])
    title: Texts = Field(description="as it stands in a marking on a page")


class ClassificationInfo(LabelWordInfo):
    """A classification, and how high it is beside those of other policies."""

    level: str | None = Field(
        description="the lowest clearance that reaches it, UNMARKED to TOP SECRET; null: no policy "
        "says so"
    )


class CategoryInfo(ApiModel):
    """A kind of category of one policy."""

    tag: str = Field(examples=["Handling"])
    kind: CategoryKind = Field(
        description="restrictive: a reader needs every value; permissive: any one; informative: "
        "it binds nobody"
    )
    values: list[LabelWordInfo] = Field(description="to choose from; see `is_open`")
    is_open: bool = Field(description="its policy lists no values: any will do")
    at_most: int | None = Field(description="how many values; null: any number")


class LabelPolicyInfo(ApiModel):
    """A security policy, as far as one may write under it."""

    name: str = Field(examples=["NATO"])
    classifications: list[ClassificationInfo] = Field(description="from lowest to highest")
    categories: list[CategoryInfo]
