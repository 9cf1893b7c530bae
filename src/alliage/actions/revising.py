"""Changing who may see what was said: raised by one person, lowered or destroyed by two.

A label is raised by a revision of the log. It is lowered by saying the same again under another
label (a release), in the node's own stream: what was said first stays as it was, and who said it
is not told. What is destroyed leaves its hash (docs/decisions/0151, 0152).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from alliage.access.audit import Act, audit_draft
from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.access.standing import Standing
from alliage.actions import checks
from alliage.actions.audited import event_of
from alliage.actions.committing import Submit, commit
from alliage.actions.desk import Actions, check_role, random_id
from alliage.actions.kinds import (
    ActionError,
    Decide,
    NotAllowedError,
    NotThereError,
    ProposeRedaction,
    ProposeRelease,
    Written,
)
from alliage.actions.proposals import LIFE_US, Proposal, State, proposal_of, value_of
from alliage.actions.raising import Raising, written_about
from alliage.actions.reports import check_releasable, positions_of, report_draft
from alliage.actions.resting import destroyed_with
from alliage.actions.two_people import why_not_two
from alliage.actions.writer import RELEASE_STREAM, Writing, author_of
from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.bodies import AUDIT
from alliage.log.entry import Draft, Entry
from alliage.log.originals import originals_of
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISION, REVISIONS_STREAM, Destroy
from alliage.log.store import Log
from alliage.log.versions import older_versions
from alliage.ontology.claim import (
    APPROVAL,
    REDACTION,
    REFUSAL,
    RELEASE,
    REPORT,
    Claim,
)
from alliage.ontology.label import Label, LabelSet
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock

CLAIMS_AT_MOST: Final = 200
ENTRIES_AT_MOST: Final = 50
NOT_ALONE: Final = (
    "this was written together with what is said of other things, and an entry is destroyed whole "
    "or not at all: raise the label of what should not be seen"
)
NOT_THE_NEWEST: Final = (
    "a newer version stands in its place: name the entries of that, older versions go with them"
)
_PAGE: Final = 100
_ENTRY: Final = "entry:"


class Revising(Raising):
    """Does these actions for people who are signed in. Any thread may use it."""

    def __init__(
        self,
        desk: Actions,
        ontology: Ontology,
        access: Access,
        log: Log,
        claims: ClaimStore,
        subject_of: Callable[[str, str], str],
        submit: Submit,
        clock: Clock,
        node: str,
        standing: Callable[[], Standing],
    ) -> None:
        """See :class:`alliage.actions.desk.Actions`; ``node`` is the node's name."""
        super().__init__(desk, access, log, claims, subject_of, submit)
        self._ontology = ontology
        self._clock = clock
        self._standing = standing
        self._stream = f"{RELEASE_STREAM}{node}"
        self._deciding = threading.Lock()

    def propose(self, writer: Writing, action: ProposeRelease | ProposeRedaction) -> Written:
        """Propose a release or a redaction.

        Raises:
            NotAllowedError: the person's role does not allow it.
            NotThereError, ActionError, LabelRefusedError, NotWrittenError: as of every action.
        """
        if not action.reason.strip():
            raise ActionError("reason", "say why: two people answer for it")
        if isinstance(action, ProposeRelease):
            self._check(writer, action, lambda: check_role(writer.person))
            return self._propose_release(writer, action)
        self._check(
            writer, action, lambda: self._check_redactor(writer.person, [Role.ADMINISTRATOR])
        )
        return self._propose_redaction(writer, action)

    def decide(self, writer: Writing, action: Decide) -> Written:
        """Approve or refuse what somebody else proposed; nobody approves their own proposal.

        Raises:
            NotAllowedError: it is their own, or their role does not allow it.
            NotThereError, ActionError, LabelRefusedError, NotWrittenError: as of every action.
        """
        with self._deciding:  # a proposal is decided once
            stored = self._proposed(writer, action.proposal_id)
            reader = self._claims.reader(self._access.audience(writer.person))
            decision = reader.decisions([stored.claim.claim_id]).get(stored.claim.claim_id)
            proposal = proposal_of(stored, decision, self._clock.now_us())
            if not reader.standing([stored]):
                raise ActionError("proposal_id", "this proposal was withdrawn")
            if proposal.state is not State.PENDING:
                raise ActionError("proposal_id", f"this proposal is {proposal.state.value}")
            self._check_second(writer, action, proposal)
            if not action.approve:
                return self._refuse_proposal(writer, action, proposal)
            if proposal.is_redaction:
                return self._destroy(writer, action, proposal)
            return self._release(writer, action, proposal)

    # --- proposing

    def _propose_release(self, writer: Writing, action: ProposeRelease) -> Written:
        if action.label is None:
            raise ActionError("label", "say under which label it is to be released")
        targets = self._targets(writer, action.claims)
        check_releasable(targets, self._ontology)
        self._check_sees(writer, action, frozenset([action.label]))
        labels = self._labels_of(targets)
        if labels == {action.label}:
            raise ActionError("label", "it has this label already")
        value = value_of(tuple(t.claim.claim_id for t in targets), (), action.label)
        return self._write_proposal(writer, action, targets[0], labels, RELEASE, value)

    def _propose_redaction(self, writer: Writing, action: ProposeRedaction) -> Written:
        targets = self._targets(writer, action.claims) if action.claims else []
        entries = {entry.entry_id: entry for entry in self._named(writer, action.entries)}
        entries |= {entry.entry_id: entry for entry in self._entries_of(writer, targets)}
        if not entries:
            raise ActionError("claims", "name what is to be destroyed: claims or entries")
        for entry in entries.values():
            if entry.kind in (AUDIT, REVISION):
                raise ActionError("entries", "the audit and decisions about the log are for ever")
            if entry.gone is not None:
                raise ActionError("entries", f"{entry.entry_id}: is gone already")
            if entry.superseded is not None:
                raise ActionError("entries", f"{entry.entry_id}: {NOT_THE_NEWEST}")
        labels: LabelSet = frozenset().union(*(entry.labels for entry in entries.values()))
        value = value_of(tuple(t.claim.claim_id for t in targets), tuple(entries), None)
        first = targets[0] if targets else _about_entry(next(iter(entries.values())))
        return self._write_proposal(writer, action, first, labels, REDACTION, value)

    def _write_proposal(
        self,
        writer: Writing,
        action: ProposeRelease | ProposeRedaction,
        about: StoredClaim,
        labels: LabelSet,
        name: str,
        value: str,
    ) -> Written:
        now_us = self._clock.now_us()
        proposal = Claim(
            claim_id=random_id(),
            subject=self._subject_of(writer.stream, about.claim.identifier),
            identifier=about.claim.identifier,
            schema=about.claim.schema,
            property=name,
            value=value,
            valid_from_us=now_us,
            valid_to_us=now_us + LIFE_US,
            reason=checks.checked_reason(action.reason),
        )
        on = (proposal.claim_id, *(action.claims), *getattr(action, "entries", ()))
        event = event_of(writer, action, labels=labels, on=on)
        commit(self._submit, [Draft(writer.stream, labels, (proposal,)), audit_draft(event)])
        return replace(
            written_about(about, writer.stream, labels),
            claims=(proposal,),
            undo=(proposal.claim_id,),
        )

    # --- deciding

    def _proposed(self, writer: Writing, proposal_id: str) -> StoredClaim:
        try:
            stored = self._desk.claim(writer, proposal_id)
        except NotThereError:
            raise NotThereError("proposal", proposal_id) from None
        if stored.claim.property not in (RELEASE, REDACTION):
            raise NotThereError("proposal", proposal_id)
        return stored

    def _check_second(self, writer: Writing, action: Decide, proposal: Proposal) -> None:
        if writer.owns(proposal.stored.stream):
            self._attempted(writer, action, proposal, "second person")
            raise NotAllowedError("it takes a second person: nobody decides on their own")
        roles = [Role.ADMINISTRATOR, Role.COMMANDER] if proposal.is_redaction else [Role.COMMANDER]
        try:
            self._check_redactor(writer.person, roles)
        except NotAllowedError:
            self._attempted(writer, action, proposal, "role")
            raise
        why = why_not_two(self._standing(), writer, proposal) if action.approve else ""
        if why:
            self._attempted(writer, action, proposal, "accounts")
            raise NotAllowedError(why)

    def _attempted(self, writer: Writing, action: Decide, proposal: Proposal, by: str) -> None:
        """Audit that somebody tried to decide who may not: of the proposal its random id alone."""
        approved = Act.REDACTION_APPROVED if proposal.is_redaction else Act.RELEASE_APPROVED
        event = event_of(
            writer,
            action,
            decision=f"refused by {by}",
            done=False,
            act=approved if action.approve else Act.PROPOSAL_REFUSED,
        )
        self._desk.audit(replace(event, on=(proposal.proposal_id,)))

    def _release(self, writer: Writing, action: Decide, proposal: Proposal) -> Written:
        if proposal.label is None:
            raise ActionError("proposal_id", "this proposal names no label")
        released = frozenset([proposal.label])
        self._check_sees(writer, action, released)
        targets = self._targets(writer, proposal.claims)
        check_releasable(targets, self._ontology)
        again = tuple(self._said_again(target.claim) for target in targets)
        now_us = self._clock.now_us()
        reports = [
            report_draft(self._stream, released, claim, now_us)
            for claim in again
            if claim.property == REPORT
        ]
        approved = self._decision(writer, action, proposal, APPROVAL)
        labels = self._desk_labels(proposal)
        ids = tuple(claim.claim_id for claim in again)
        event = event_of(
            writer,
            action,
            labels=labels,
            on=(proposal.proposal_id, *proposal.claims, *ids),
            decision="two people: " + " and ".join(self._both(writer, proposal)),
            act=Act.RELEASE_APPROVED,
        )
        drafts = [
            *reports,
            Draft(self._stream, released, again),
            Draft(writer.stream, labels, (approved,)),
            audit_draft(event),
        ]
        commit(self._submit, drafts)
        about = replace(
            written_about(proposal.stored, self._stream, released), claims=again, undo=ids
        )
        return replace(about, subject=again[0].subject)

    def _destroy(self, writer: Writing, action: Decide, proposal: Proposal) -> Written:
        named = self._named(writer, proposal.entries)
        seen_by = self._access.audience(writer.person)
        entries = [*named, *self._older(self._log.reader(seen_by), named)]
        alerts, again = destroyed_with(self._log, self._claims, seen_by, entries)
        labels = self._desk_labels(proposal).union(*(one.labels for one in [*entries, *alerts]))
        by = self._both(writer, proposal)
        event = event_of(
            writer,
            action,
            labels=labels,
            on=(proposal.proposal_id, *proposal.entries),
            decision="two people: " + " and ".join(by),
            act=Act.REDACTION_APPROVED,
        )
        originals = originals_of(self._log.reader(seen_by), entries)
        others = [one.entry_id for one in [*entries, *originals, *alerts]]
        gone = tuple(dict.fromkeys([*proposal.entries, *others]))
        revision = Destroy(gone, by, proposal.stored.claim.reason)
        approved = self._decision(writer, action, proposal, APPROVAL)
        drafts = [
            Draft(writer.stream, labels, (approved,)),
            audit_draft(event),
            Draft(REVISIONS_STREAM, labels, revision),
            *again,
        ]
        commit(self._submit, drafts)
        return written_about(proposal.stored, writer.stream, labels)

    def _refuse_proposal(self, writer: Writing, action: Decide, proposal: Proposal) -> Written:
        labels = self._desk_labels(proposal)
        refusal = self._decision(writer, action, proposal, REFUSAL)
        event = event_of(writer, action, labels=labels, on=(proposal.proposal_id,))
        commit(self._submit, [Draft(writer.stream, labels, (refusal,)), audit_draft(event)])
        return written_about(proposal.stored, writer.stream, labels)

    def _decision(self, writer: Writing, action: Decide, proposal: Proposal, name: str) -> Claim:
        about = proposal.stored.claim
        return Claim(
            claim_id=random_id(),
            subject=self._subject_of(writer.stream, about.identifier),
            identifier=about.identifier,
            schema=about.schema,
            property=name,
            value=proposal.proposal_id,
            valid_from_us=self._clock.now_us(),
            reason=checks.checked_reason(action.reason),
        )

    def _said_again(self, claim: Claim) -> Claim:
        """The same words of the same thing, by the node; they name the first by its id."""
        return replace(
            claim,
            claim_id=random_id(),
            subject=self._subject_of(self._stream, claim.identifier),
            evidence=(claim.claim_id,),
            reason="",
        )

    # --- what they share

    def _targets(self, writer: Writing, claims: Sequence[str]) -> list[StoredClaim]:
        names = list(dict.fromkeys(claims))
        if not 1 <= len(names) <= CLAIMS_AT_MOST:
            raise ActionError("claims", f"1 to {CLAIMS_AT_MOST} claims")
        return [self._desk.claim(writer, name) for name in names]

    def _entries_of(self, writer: Writing, targets: Iterable[StoredClaim]) -> list[Entry]:
        """What was written with these claims: their entries, positions and retractions.

        Raises:
            ActionError: an entry speaks of several things, so that others would change with it.
        """
        audience = self._access.audience(writer.person)
        log, claims = self._log.reader(audience), self._claims.reader(audience)
        found: dict[int, Entry] = {}
        for target in targets:
            if len({item.claim.identifier for item in claims.of_entry(target.number)}) > 1:
                raise ActionError("claims", NOT_ALONE)
            retractions = claims.retractions([target.claim.claim_id]).values()
            for number in (target.number, *(item.number for item in retractions)):
                whole = log.read(after=number - 1, limit=1, up_to=number, whole=True)
                if not whole:  # more stands in it than this person sees
                    raise ActionError("claims", NOT_ALONE)
                found[number] = whole[0]
            if target.claim.property == REPORT:
                found |= {entry.number: entry for entry in positions_of(log, target)}
        return [found[number] for number in sorted(found)]

    def _named(self, writer: Writing, entries: Sequence[str]) -> list[Entry]:
        if len(entries) > ENTRIES_AT_MOST:
            raise ActionError("entries", f"at most {ENTRIES_AT_MOST} entries")
        reader = self._log.reader(self._access.audience(writer.person))
        found = []
        for name in entries:
            entry = reader.entry(name)
            if entry is None:
                raise NotThereError("entry", name)
            if entry.part is not None:  # more stands in it than this person sees
                raise ActionError("entries", NOT_ALONE)
            found.append(entry)
        return found

    def _older(self, log: LogReader, entries: Sequence[Entry]) -> list[Entry]:
        """Older versions of the same reports, which would still be told as known then.

        Raises:
            ActionError: more stands in one of them than this person sees.
        """
        told = [(entry, range(entry.rows)) for entry in entries]
        whole = {one.entry_id: one for one, _ in older_versions(log, told, whole=True)}
        if any(one.entry_id not in whole for one, _ in older_versions(log, told)):
            raise ActionError("entries", NOT_ALONE)
        return list(whole.values())

    def _labels_of(self, targets: Sequence[StoredClaim]) -> LabelSet:
        sets = (self._log.label_sets.labels_of(target.label_set) for target in targets)
        return frozenset[Label]().union(*sets)

    def _desk_labels(self, proposal: Proposal) -> LabelSet:
        return self._log.label_sets.labels_of(proposal.stored.label_set)

    def _both(self, writer: Writing, proposal: Proposal) -> tuple[str, str]:
        return author_of(proposal.stored.stream), writer.person.name

    def _check_redactor(self, person: Principal, roles: Sequence[Role]) -> None:
        if not (self._is_own(person) and set(roles) & person.roles):
            needed = " or ".join(role.value for role in roles)
            nation = self._access.node_nation
            raise NotAllowedError(f"this needs the role {needed}, of {nation}, whose node this is")


def _about_entry(entry: Entry) -> StoredClaim:
    """What stands for an entry of the log where a claim has to be about something."""
    name = f"{_ENTRY}{entry.entry_id}"
    claim = Claim(random_id(), name, name, "Thing", REDACTION, None, 0)
    return StoredClaim(claim, entry.stream, entry.label_set, entry.number, entry.known_us)
