"""Audit: who did what, when, why, and by which decision, as entries of the node's own log.

An audit entry is signed and chained like every other, so nobody can take it away or change it
without the log saying so; there is nothing to switch on and nothing that switches it off. It
carries the label AUDIT and every label of what was acted on: who may not see the thing does not
learn of the act (docs/decisions/0150).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import structlog

from alliage.access.principal import Principal, Role
from alliage.log.bodies import AuditRecord
from alliage.log.entry import Draft
from alliage.log.submitted import Fate, fate_of
from alliage.ontology.audience import Audience
from alliage.ontology.label import Label, LabelSet

AUDIT_STREAM: Final = "audit"
AUDIT_LABEL: Final = Label.make("NODE", "UNMARKED", restrictive={"Handling": ["AUDIT"]})
"""A category that no reader holds: audit entries are read through :func:`as_auditor` only."""
ON_AT_MOST: Final = 200
WORDS_CHARACTERS: Final = 1_000
PATIENCE_S: Final = 2.0

Submit = Callable[[Sequence[Draft]], "Future[None]"]

_log = structlog.get_logger("alliage.access")


class Act(StrEnum):
    """What can be done; one word for each in both languages stands in the web's words."""

    CLAIM_ASSERTED = "claim.asserted"
    CLAIM_RETRACTED = "claim.retracted"
    OBJECT_REMARKED = "object.remarked"
    OBJECT_CREATED = "object.created"
    POSITION_REPORTED = "position.reported"
    OBSERVATIONS_WRITTEN = "observations.written"
    CLAIMS_WRITTEN = "claims.written"
    OBJECTS_MERGED = "objects.merged"
    OBJECTS_PARTED = "objects.parted"
    LABEL_RAISED = "label.raised"
    LABEL_BOUND = "label.bound"
    RELEASE_PROPOSED = "release.proposed"
    RELEASE_APPROVED = "release.approved"
    REDACTION_PROPOSED = "redaction.proposed"
    REDACTION_APPROVED = "redaction.approved"
    PROPOSAL_REFUSED = "proposal.refused"
    PROPOSAL_WITHDRAWN = "proposal.withdrawn"
    RETENTION_APPLIED = "retention.applied"
    SIGNED_IN = "session.started"
    SIGN_IN_REFUSED = "session.refused"
    SIGNED_OUT = "session.ended"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_REMOVED = "account.removed"
    ACCOUNT_VOUCHED = "account.vouched"
    PASSWORD_RESET = "account.password-reset"  # noqa: S105 - the name of an act
    ONE_TIME_LINK_MADE = "account.one-time-link"
    TOKEN_MADE = "token.made"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
    EXPORTED = "data.exported"
    SEEN_AS = "session.seen-as"
    AUDIT_READ = "audit.read"
    AUDIT_MISSING = "audit.missing"
    BACKED_UP = "node.backed-up"
    KEY_ROTATED = "node.key-rotated"
    NODE_STARTED = "node.started"
    NODE_CONFIGURED = "node.configured"
    SOURCE_CONFIGURED = "source.configured"
    SOURCE_REMOVED = "source.removed"
    SOURCE_REDECODED = "source.redecoded"
    POLICY_CHANGED = "policy.changed"
    INCIDENT_WORKED = "incident.worked"
    RULE_SAID = "rule.said"
    INCIDENT_NOTIFIED = "incident.notified"
    NOTIFICATION_BEGUN = "notification.begun"
    NOTIFICATION_TESTED = "notification.tested"
    WATCH_LOGGED = "watch.logged"
    EXERCISE_STEERED = "exercise.steered"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act.

    Attributes:
        act: what was done.
        by: who did it; None where it was the node itself or nobody is known.
        user: the name that was given, where nobody is known by it.
        program: the API token's name, or the command, where it was no browser.
        on: ids of what it was done to.
        labels: of what it was done to; who may not see them does not see the event.
        reason: why, in the person's words.
        decision: which rule of the policy allowed or refused it.
        done: False where it was refused.
        details: further plain data, such as rights before and after.
        at_us: when, where that was before it could be written; None: when it is written.
    """

    act: Act
    by: Principal | None = None
    user: str = ""
    program: str = ""
    on: tuple[str, ...] = ()
    labels: LabelSet = frozenset()
    reason: str = ""
    decision: str = ""
    done: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)
    at_us: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data, as the log keeps it."""
        by = self.by
        who = {"user": self.user[:WORDS_CHARACTERS]}
        if by is not None:
            who = {"user": by.name, "user_id": by.user_id, "nation": by.nation}
        return {
            "act": self.act.value,
            **who,
            "roles": sorted(by.roles) if by is not None else [],
            "program": self.program,
            "on": list(self.on[:ON_AT_MOST]),
            "reason": self.reason,
            "decision": self.decision,
            "done": self.done,
            "details": dict(self.details),
            "at_us": self.at_us,
        }


class NotAuditedError(RuntimeError):
    """The log takes no record in now: what has to be audited first may not be done."""

    def __init__(self) -> None:
        """One sentence for all."""
        super().__init__(
            "the log takes nothing in now (is the disk full?), and what leaves the node has to be "
            "in the audit first; try again once there is room"
        )


class Audit:
    """Writes events to the log. Any thread may use it."""

    def __init__(self, submit: Submit) -> None:
        """``submit`` is the writer's."""
        self._submit = submit

    def __call__(self, event: AuditEvent) -> None:
        """Write an event down; it is on the disk when this returns.

        What cannot be written now (a full disk) is written as soon as the log takes it, and nobody
        waits longer than two seconds for that; a node that is stopping says it in its own log.
        """
        if not self.write([audit_draft(event)]):
            _log.error("audit: not written", **event.to_json())

    def first(self, event: AuditEvent) -> None:
        """Write an event down before what it says is done; it is on the disk when this returns.

        Raises:
            NotAuditedError: the log does not take it in within two seconds, or is closing. Then
                the record is taken back: it says nothing of what was not done.
        """
        try:
            fate = fate_of(self._submit([audit_draft(event)]), PATIENCE_S)
        except (RuntimeError, OSError):
            raise NotAuditedError from None
        if fate not in {Fate.SHOWN, Fate.WRITTEN}:
            raise NotAuditedError

    def write(self, drafts: Sequence[Draft]) -> bool:
        """Write several drafts at once, as one event is; False where the node is stopping."""
        try:
            self._submit(drafts).result(PATIENCE_S)
        except TimeoutError:
            _log.warning("audit: the log takes nothing in now; written as soon as it does")
        except (RuntimeError, OSError):
            return False
        return True


def audit_draft(event: AuditEvent) -> Draft:
    """The event as an entry, to be committed together with what it is about."""
    labels = event.labels | {AUDIT_LABEL}
    return Draft(AUDIT_STREAM, labels, AuditRecord(event.to_json()))


def may_audit(principal: Principal, node_nation: str) -> bool:
    """Whether somebody may read the audit: auditors of the authority whose node this is."""
    return Role.AUDITOR in principal.roles and principal.nation == node_nation


def as_auditor(own: Audience) -> Audience:
    """What an auditor with this audience reads audit entries as. For nothing else to be read."""
    return own.with_label("audit", AUDIT_LABEL)
