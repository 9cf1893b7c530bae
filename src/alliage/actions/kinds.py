"""What a person can do to what is known. The set is closed: nothing else writes for people.

Each action becomes claims or observations in the person's own stream, so nothing is ever
overwritten, and every action can be taken back by a further one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from alliage.ontology.claim import Claim
from alliage.ontology.label import Label, LabelSet

REASON_CHARACTERS: Final = 1_000
TEXT_CHARACTERS: Final = 4_000
OPENED_AT_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What all actions have.

    ``opened`` are ids of the objects and claims that the person looked at for it: by default what
    is written gets all of their labels, and a ``label`` that is given must not be lower.
    """

    reason: str = ""
    label: Label | None = None
    opened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertProperty(Action):
    """Say what a property of an object is; others who say otherwise stay."""

    object_id: str
    property: str
    value: Any
    unit: str | None = None
    valid_from_us: int | None = None
    valid_to_us: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract(Action):
    """Take a claim back: it stays in the history and counts no more. Undoes any other action."""

    claim_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotate(Action):
    """Remark on an object, in words."""

    object_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateObject(Action):
    """Say that there is a thing: an area or a route drawn on the map, a place, a facility."""

    schema: str
    properties: Mapping[str, Any]
    valid_from_us: int | None = None
    valid_to_us: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPosition(Action):
    """Say where a thing was, as somebody reported by voice. Begins a track, or carries one on.

    ``uncertainty_m`` is the radius within which it is in 95 of 100 cases, None where nobody knows.
    Speed and course are over ground, degrees from true north. One of ``object_id`` (carry a track
    on) and ``schema`` (begin one) has to be given.
    """

    latitude_deg: float
    longitude_deg: float
    time_us: int | None = None
    object_id: str | None = None
    identifier: str | None = None
    schema: str | None = None
    uncertainty_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None
    altitude_m: float | None = None
    text: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Action):
    """Say that two objects are one and the same; whoever sees this sees one object.

    Identifiers: which of theirs are meant, where they bear several; None: what they are called by.
    """

    object_id: str
    other_id: str
    identifier: str | None = None
    other_identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Action):
    """Say that two identifiers are two things, whatever a machine may find later.

    The other one is borne by the same object, or by the one of ``other_id``. ``wholly``: it is
    another thing than everything else that its object bears, too.
    """

    object_id: str
    identifier: str
    other_identifier: str
    other_id: str | None = None
    wholly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLabel(Action):
    """Put a claim, and all that was written with it, under ``label`` besides its own.

    Of what speaks of several things the claim alone. ``with_alerts``: also where alerts rest on
    it, which then go along.
    """

    claim_id: str
    with_alerts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseReport(Action):
    """Put what a stream reported of a thing at one time under ``label`` besides its own.

    The other rows of its entry stay as they are. ``with_alerts``: as of :class:`RaiseLabel`.
    """

    stream: str
    identifier: str
    valid_us: int
    with_alerts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRelease(Action):
    """Propose to say claims again under the lower ``label``; somebody else has to approve."""

    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRedaction(Action):
    """Propose to destroy what claims or entries say; somebody else has to approve."""

    claims: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Action):
    """Approve or refuse what somebody else proposed."""

    proposal_id: str
    approve: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What an action has written, durable. ``undo`` are the claims whose retraction undoes it."""

    subject: str
    identifier: str
    schema: str
    stream: str
    labels: LabelSet
    claims: tuple[Claim, ...]
    undo: tuple[str, ...]


class ActionError(ValueError):
    """An action that cannot be done as asked; ``field`` says what of it is wrong.

    ``code`` says it for screens that have words for it in every language.
    """

    def __init__(self, name: str, why: str, code: str | None = None) -> None:
        super().__init__(why)
        self.field = name
        self.code = code


class NotThereError(LookupError):
    """An object or claim is not there, or the person may not see it."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"there is no {what} {name!r}, or you may not see it")
        self.what = what
        self.name = name


class NotAllowedError(PermissionError):
    """The person's role does not allow to write."""


class LabelRefusedError(PermissionError):
    """What would be written may not have this label; says why.

    ``code`` says it for screens, with the ``marking`` that it is about.
    """

    def __init__(self, why: str, code: str | None = None, marking: str | None = None) -> None:
        super().__init__(why)
        self.code = code
        self.marking = marking


class NotWrittenError(RuntimeError):
    """The log does not take anything in now."""
