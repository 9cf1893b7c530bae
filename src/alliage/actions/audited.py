"""What the audit says of an action."""

from __future__ import annotations

from typing import Any

from alliage.access.audit import Act, AuditEvent
from alliage.actions.kinds import (
    Action,
    Annotate,
    AssertProperty,
    CreateObject,
    Decide,
    Merge,
    Part,
    ProposeRedaction,
    ProposeRelease,
    RaiseLabel,
    RaiseReport,
    ReportPosition,
    Retract,
)
from alliage.actions.watch_words import (
    ChangeTask,
    MakeTask,
    SayOfIncident,
    SayRule,
    WriteWatchLog,
)
from alliage.actions.writer import Writing
from alliage.ontology.label import LabelSet

_ACTS: dict[type[Action], Act] = {
    AssertProperty: Act.CLAIM_ASSERTED,
    Retract: Act.CLAIM_RETRACTED,
    Annotate: Act.OBJECT_REMARKED,
    CreateObject: Act.OBJECT_CREATED,
    ReportPosition: Act.POSITION_REPORTED,
    Merge: Act.OBJECTS_MERGED,
    Part: Act.OBJECTS_PARTED,
    RaiseLabel: Act.LABEL_RAISED,
    RaiseReport: Act.LABEL_RAISED,
    ProposeRelease: Act.RELEASE_PROPOSED,
    ProposeRedaction: Act.REDACTION_PROPOSED,
    Decide: Act.PROPOSAL_REFUSED,
    SayOfIncident: Act.INCIDENT_WORKED,
    MakeTask: Act.INCIDENT_WORKED,
    ChangeTask: Act.INCIDENT_WORKED,
    SayRule: Act.RULE_SAID,
    WriteWatchLog: Act.WATCH_LOGGED,
}


def event_of(
    writer: Writing,
    action: Action,
    labels: LabelSet = frozenset(),
    on: tuple[str, ...] = (),
    decision: str = "",
    done: bool = True,
    act: Act | None = None,
) -> AuditEvent:
    """The event that an action is.

    Args:
        writer: who acts.
        action: what is done; of one that is refused only its kind is told, for what it was to be
            done to may be hidden from whoever reads the event.
        labels: of what is written; they hold all labels of what it was done to.
        on: ids of what it was done to and of what was written.
        decision: which rule decided.
        done: False where it was refused.
        act: where the kind of action does not say it all.
    """
    return AuditEvent(
        act or _ACTS[type(action)],
        by=writer.person,
        program=writer.program,
        on=tuple(dict.fromkeys([*_object_of(action), *on])) if done else (),
        labels=labels,
        reason=action.reason.strip() if done else "",
        decision=decision or decision_of(writer),
        done=done,
        details=_details(action) if done else {},
    )


def decision_of(writer: Writing) -> str:
    """The rule by which somebody may write: the roles that suffice."""
    return f"roles {', '.join(sorted(role.value for role in writer.person.roles))} may write"


def _object_of(action: Action) -> list[str]:
    named: str | None = getattr(action, "object_id", None)
    return [] if named is None else [named]


def _details(action: Action) -> dict[str, Any]:
    if isinstance(action, AssertProperty):
        return {"property": action.property}
    if isinstance(action, Retract):
        return {"claim_id": action.claim_id}
    if isinstance(action, CreateObject):
        return {"schema": action.schema, "properties": sorted(action.properties)}
    return {}
