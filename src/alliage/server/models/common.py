"""What all nouns share: the base model, times, labels, pages."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from alliage.ontology.claim import Value
from alliage.ontology.label import LabelSet
from alliage.ontology.marking import join_marking

ItemT = TypeVar("ItemT")


class ApiModel(BaseModel):
    """Base of everything that is sent; unknown fields are refused when received."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True
    )


Time = Annotated[
    str,
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2013-11-12T12:00:00Z"]}),
]
"""A moment on the wire: RFC 3339, UTC, with ``Z``."""

PropertyValue = Value
"""Value of a property: text, number, boolean or null."""

Texts = Annotated[dict[str, str], Field(description="text by language: en, fr")]


class Page(ApiModel, Generic[ItemT]):
    """Some items, and where to go on."""

    items: list[ItemT]
    next: str | None = Field(
        description="opaque cursor of the next page; null when this was the last one"
    )


class NotKept(ApiModel):
    """A stream that was asked for and of which something is no longer kept."""

    stream: str = Field(examples=["denmark"])
    before: Time = Field(description="before this valid time there was more")
    since: Time | None = Field(
        description="and nothing that is lacking was before this time; null: not known"
    )
    why: Literal["not kept", "redacted"] = Field(
        description="redacted: destroyed by a decision, which the stream's entries name"
    )


NotKeptList = Annotated[
    list[NotKept],
    Field(
        description="streams of which some of the time that was asked for is no longer kept; "
        "empty: the answer is whole"
    ),
]


class MarkingWords(ApiModel):
    """A marking as its policies write it; for display."""

    text: str = Field(examples=["NATO RESTRICTED / REL TO DNK, FRA"])
    classification: str = Field(examples=["RESTRICTED"])
    page: Texts = Field(
        examples=[
            {
                "en": "NATO RESTRICTED / RELEASABLE TO DNK, FRA",
                "fr": "NATO DIFFUSION RESTREINTE / COMMUNICABLE À DNK, FRA",
            }
        ]
    )
    portion: Texts = Field(examples=[{"en": "(NR/REL TO DNK)", "fr": "(NR/COMMUNICABLE À DNK)"}])


class Marking(ApiModel):
    """The joined confidentiality marking of what is shown, for display.

    ``text`` says everything, in any language the same; ``/markings/words`` writes it in words.
    """

    text: str = Field(examples=["ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"])
    classification: str = Field(
        examples=["UNCLASSIFIED"],
        description="the highest, in the words of clearances where a policy says it",
    )

    @classmethod
    def of(cls, labels: LabelSet) -> Marking:
        """Return the marking of a label set.

        Raises:
            ValueError: the set is empty.
        """
        joined = join_marking(labels)
        if joined is None:
            raise ValueError("nothing to mark: the label set is empty")
        return cls(text=joined.marking, classification=joined.classification)
