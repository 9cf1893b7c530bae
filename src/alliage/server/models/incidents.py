"""Incidents, detectors and the watch log on the wire."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from alliage.actions.kinds import TEXT_CHARACTERS
from alliage.actions.watch_words import LogAct, Said, State
from alliage.detection.failures import Failure
from alliage.ontology.times import to_text
from alliage.server.models.actions import Basis, MomentIn
from alliage.server.models.common import ApiModel, Marking, Page, Texts, Time
from alliage.server.models.tasks import TaskInfo

Probability = Annotated[float, Field(ge=0, le=1)]
Id = Annotated[str, Field(max_length=200)]


class ThingInfo(ApiModel):
    """A thing that an incident is about."""

    object_id: str | None = Field(description="null where the picture does not show it (any more)")
    identifier: str
    name: str | None
    schema_: str = Field(alias="schema")


class EvidenceInfo(ApiModel):
    """A report that an alert rests on, or a claim."""

    source: str
    identifier: str
    valid: Time = Field(description="of a claim: from when it holds")
    property_: str | None = Field(
        alias="property", description="what a claim is of; null: it is a report"
    )


class TellingInfo(ApiModel):
    """How an alert was told once."""

    known: Time
    probability: Probability
    reason: Texts
    ended: bool


class CalibratedInfo(ApiModel):
    """A probability by what people judged of a detector's incidents: the one to show."""

    probability: Probability
    useful: int = Field(description="incidents of the detector that people called useful")
    useless: int
    marking: Marking = Field(description="of the judgements and of what was judged")


LAST_HELD: Final = (
    "at the last look at which it was so, where that was more than two looks ago and it is not "
    "over yet; null: it is so now, or is over"
)

CALIBRATED: Final = (
    "by the judged incidents of the detector that who asks may see; null: fewer than ten"
)


class AlertInfo(ApiModel):
    """What one detector found."""

    alert_id: str
    detector: str
    version: int
    title: Texts
    start: Time
    end: Time | None = Field(description="null while it goes on")
    last_held: Time | None = Field(description=LAST_HELD)
    probability: Probability = Field(description="as the detector says")
    calibrated: CalibratedInfo | None = Field(description=CALIBRATED)
    priority: bool
    reason: Texts
    latitude_deg: float | None
    longitude_deg: float | None
    figures: dict[str, float] = Field(description="what was measured; SI units in the names")
    area: str = Field(description="identifier of the area or cable that it is about, or empty")
    feature: ThingInfo | None = Field(
        description="that area or cable; null for none, and where the picture does not show it"
    )
    source: str = Field(description="the detector's stream, with its version")
    things: list[ThingInfo]
    evidence: list[EvidenceInfo]
    tellings: list[TellingInfo] = Field(description="how it was told over time, the newest last")
    marking: Marking


class SayingInfo(ApiModel):
    """What somebody said of an incident."""

    claim_id: str
    said: Said
    by: str
    known: Time
    text: str
    reason: str
    state: State | None
    owner: str
    item: str
    done: bool | None
    useful: bool | None
    until: Time | None
    marking: Marking


class StepInfo(ApiModel):
    """A step of the checklist."""

    key: str
    title: Texts
    done: bool


class SuppressionInfo(ApiModel):
    """Why an incident is not shown."""

    until: Time
    reason: str
    by: str


class MarkedByInfo(ApiModel):
    """Something of an incident that raises its marking above that of its chief alert."""

    title: Texts | None = Field(description="of the alert; null: it is what somebody said")
    by: str = Field(description="the detector's stream, or who said it")
    marking: Marking


class IncidentInfo(ApiModel):
    """One situation, as one reader sees it."""

    incident_id: str
    detector: str = Field(description="the detector of the alert that says what it is")
    title: Texts
    reason: Texts
    state: State
    is_over: bool = Field(description="whether nothing of it goes on")
    is_closed: bool
    priority: bool
    probability: Probability = Field(description="as the detector says")
    calibrated: CalibratedInfo | None = Field(description=CALIBRATED)
    folded: bool = Field(description="beyond the hour's budget: listed, and not pushed")
    alike: int = Field(
        description="further incidents that the same rule gave at once, which are folded"
    )
    owner: str
    start: Time
    begun: Time = Field(description="when it was known first")
    changed: Time
    last_held: Time | None = Field(description=LAST_HELD)
    reopened: Time | None
    acknowledged: bool
    useful: bool | None
    deadline: Time | None
    deadline_text: str
    suppression: SuppressionInfo | None
    latitude_deg: float | None
    longitude_deg: float | None
    things: list[ThingInfo]
    alerts: int
    open_tasks: int = Field(description="that are to be done about it, and who asks may see")
    marking: Marking
    marked_by: list[MarkedByInfo] = Field(
        description="what makes the marking another than that of the alert that says what it is"
    )


class IncidentDetail(ApiModel):
    """One situation with everything that is known of it."""

    incident: IncidentInfo
    found: list[AlertInfo]
    tasks: list[TaskInfo] = Field(description="what is to be done about it; due first, first")
    sayings: list[SayingInfo]
    checklist: list[StepInfo]


class IncidentPage(Page[IncidentInfo]):
    """Incidents in the order in which they deserve a look, and how many there are."""

    open: int = Field(description="that somebody has to look at, folded ones too")
    priority: int = Field(description="calls for help among them")
    unacknowledged: int = Field(description="calls for help whose alarm nobody has heard yet")
    folded: int
    over: int
    suppressed: int


class NewSaying(Basis):
    """What is to be said of an incident."""

    said: Said
    text: str = Field(default="", max_length=TEXT_CHARACTERS)
    state: State | None = None
    owner: str = Field(default="", max_length=200)
    item: str = Field(default="", max_length=100)
    done: bool | None = None
    useful: bool | None = None
    until: MomentIn | None = None


class FailureInfo(ApiModel):
    """How something failed, in the contexts that who asks may see, since the node started."""

    error: str = Field(description="name of the latest error's class")
    times: int
    since: Time
    last: Time
    again: Time | None = Field(description="when it is tried again; null: with what comes next")

    @classmethod
    def of(cls, failure: Failure) -> FailureInfo:
        """Return a failure as it is told."""
        return cls(
            error=failure.error,
            times=failure.times,
            since=to_text(failure.since_us),
            last=to_text(failure.last_us),
            again=None if failure.again_us is None else to_text(failure.again_us),
        )


class LeftOutInfo(ApiModel):
    """Labels under which reports were not looked at, or not all of them."""

    marking: Marking
    failure: FailureInfo


SettingValue = float | bool | str | list[str] | dict[str, float]


class SettingInfo(ApiModel):
    """A setting of a detector: what it is called in the configuration, what it means and is."""

    name: str = Field(examples=["lasts_s"], description="its unit is how it ends: _s, _m, _mps …")
    meaning: Texts
    value: SettingValue
    usual: SettingValue | None = Field(description="where nobody sets it; null: nothing")


class DetectorInfo(ApiModel):
    """A detector, and how people judged what it found."""

    name: str
    version: int
    title: Texts
    description: Texts
    enabled: bool
    settings: list[SettingInfo]
    elsewhere: int = Field(description="other values for some kinds or areas, which are not here")
    incidents: int = Field(description="on the board, visible to who asks")
    going_on: int
    useful: int
    useless: int
    precision: float | None = Field(description="share that was useful; null: nothing was judged")
    ready: float | None = Field(
        description="of a detector that has to learn before it can tell anything the part of the "
        "things it watches, 0 to 1, of which it could tell by now; null: it need not learn"
    )
    failure: FailureInfo | None = Field(description="null: every look of it has ended well")


class DetectorPage(Page[DetectorInfo]):
    """Every detector."""

    left_out: list[LeftOutInfo] = Field(description="where nobody looks, or not at everything")


class LogLineInfo(ApiModel):
    """A line of the watch log."""

    claim_id: str
    act: LogAct
    text: str
    by: str
    known: Time
    marking: Marking


class LogPage(Page[LogLineInfo]):
    """The watch log, the newest first."""


class NewLogLine(Basis):
    """A line for the watch log."""

    act: LogAct = LogAct.NOTE
    text: str = Field(min_length=1, max_length=TEXT_CHARACTERS)


Shown = Literal["open", "over", "suppressed", "all"]
