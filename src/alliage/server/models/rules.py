"""Watch rules on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from alliage.detection.rules.rule import MOST_CHARACTERS
from alliage.server.models.actions import Basis, MomentIn
from alliage.server.models.common import ApiModel, Marking, Page, Texts, Time
from alliage.server.models.incidents import FailureInfo, Id, Probability

RuleText = Annotated[
    str,
    Field(
        max_length=MOST_CHARACTERS,
        description="one line says one thing; see the reference of watch rules",
    ),
]


class FieldInfo(ApiModel):
    """What may stand in one gap of a line."""

    name: str
    kind: str = Field(description="number, count, time, choice, area, property, link, kinds, …")
    choices: list[str]


class FormInfo(ApiModel):
    """One kind of line that a rule may have."""

    name: str
    template: str = Field(description="the line with its gaps: `speed {side} {value} {unit}`")
    shown: Texts = Field(description="the same as people read it; what is kept is the template")
    title: Texts
    fields: list[FieldInfo]
    once: bool = Field(description="at most once in a rule, lines with `or` aside")
    joins: bool = Field(description="whether such a line may be joined with another by `or`")


class FormPage(Page[FormInfo]):
    """Every kind of line, in the order in which they are tried."""


class LineInfo(ApiModel):
    """One line of a rule, as it was read."""

    number: int
    form: str
    said: dict[str, str] = Field(description="by gap what stood there")
    is_other: bool = Field(description="it begins with `or`: it or the condition before holds")


class RuleProblem(ApiModel):
    """Why a text is no rule."""

    line: int = Field(description="from 1; 0: the text as a whole")
    message: Texts


class RuleReading(ApiModel):
    """A text, read as a rule."""

    title: str = Field(description="empty where there is none")
    lines: list[LineInfo]
    problem: RuleProblem | None
    unknown: list[str] = Field(
        description="names of areas and such that nobody has said of anything that who asks sees"
    )


class TextToRead(ApiModel):
    """A text to be read as a rule."""

    text: RuleText


class RuleInfo(ApiModel):
    """A watch rule as it stands, and how people judged what it found."""

    rule_id: str
    version: int
    title: str
    text: str
    on: bool = Field(description="whether it is to be looked for")
    gone: bool = Field(description="whether it was put away")
    looked_for: bool = Field(description="whether anything looks for it now in what is live")
    reading: RuleReading
    by: str
    known: Time
    reason: str
    claim_id: str
    incidents: int = Field(description="on the board, visible to who asks")
    going_on: int
    floods: bool = Field(description="it holds of so much that only a part is told")
    failure: FailureInfo | None = Field(
        description="of the version that is looked for; null: every look for it has ended well"
    )
    useful: int
    useless: int
    marking: Marking


class RulePage(Page[RuleInfo]):
    """Watch rules, by their titles."""


class NewRule(Basis):
    """How a rule is to be from now on."""

    text: RuleText
    on: bool = True
    gone: bool = False
    floods: bool = Field(
        default=False,
        description="keep it although it would give more incidents at once than an hour's budget",
    )


class TrialIn(ApiModel):
    """What to try out, and over which time."""

    text: RuleText
    begin: MomentIn
    end: MomentIn


class TrialAlert(ApiModel):
    """What a rule would have told of."""

    identifiers: list[Id]
    names: list[str]
    start: Time
    end: Time | None
    reason: Texts
    probability: Probability
    latitude_deg: float | None
    longitude_deg: float | None


class TrialInfo(ApiModel):
    """How far a trial is; the last line has all that was found."""

    share: Probability
    reports: int
    hours: float = Field(description="of the time that was asked for, from first report to last")
    is_done: bool
    is_cut: bool
    at_once: int = Field(description="of what it would have told the most that went on at once")
    holds_of: int = Field(
        description="of how many things its conditions hold right now, in the end; for how long "
        "they have to is not asked"
    )
    floods: bool = Field(description="whether that is more at once than an hour's budget")
    alerts: list[TrialAlert]
