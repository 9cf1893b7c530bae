"""Where people's actions are done: checked, labelled, written to the log, durable when answered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from alliage.access.audit import Audit, audit_draft
from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.actions import checks
from alliage.actions.audited import event_of
from alliage.actions.committing import Submit, commit
from alliage.actions.identities import check_borne, parted_from
from alliage.actions.kinds import (
    OPENED_AT_MOST,
    Action,
    ActionError,
    Annotate,
    AssertProperty,
    CreateObject,
    LabelRefusedError,
    Merge,
    NotAllowedError,
    NotThereError,
    Part,
    ReportPosition,
    Retract,
    Written,
)
from alliage.actions.labels import labels_of_words
from alliage.actions.links import Finder, SeenObject, labels_of_links
from alliage.actions.planned import check_corners
from alliage.actions.reports import report_draft, reported_columns
from alliage.actions.writer import RELEASE_STREAM, Writing
from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.entry import Draft
from alliage.ontology.audience import LabelSets
from alliage.ontology.claim import (
    ANNOTATION,
    APPROVAL,
    DIFFERENT,
    REDACTION,
    REFUSAL,
    RELEASE,
    REPORT,
    RETRACTION,
    SAME_AS,
    Claim,
    Value,
)
from alliage.ontology.label import UNLABELLED, Label, LabelSet
from alliage.ontology.schema import Ontology, Schema
from alliage.ontology.times import Clock

WRITERS: Final = frozenset({Role.ANALYST, Role.PLANNER, Role.COMMANDER})
MAX_REPORTS: Final = 1_000
CLAIM_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class _Words:
    """What is to be said of one thing: the makings of its claims."""

    identifier: str
    schema: str
    reason: str
    from_us: int
    to_us: int | None = None
    confidence: float = 1.0


class Actions:
    """Does actions for people who are signed in. Any thread may use it; it waits for the log."""

    def __init__(
        self,
        ontology: Ontology,
        access: Access,
        label_sets: LabelSets,
        claims: ClaimStore,
        subject_of: Callable[[str, str], str],
        finder: Finder,
        submit: Submit,
        clock: Clock,
        label: Label = UNLABELLED,
    ) -> None:
        """Fill the room's needs.

        Args:
            ontology: the words that there are.
            access: who may see what.
            label_sets: the log's interned label sets.
            claims: every claim, to be read as the person who acts.
            subject_of: (stream, identifier) to subject id.
            finder: the picture.
            submit: the writer's; its future is done when everything is durable and visible.
            clock: real time.
            label: of words that rest on nothing opened and get no label by hand.
        """
        self._ontology = ontology
        self._access = access
        self._label_sets = label_sets
        self._claims = claims
        self._subject_of = subject_of
        self._finder = finder
        self._submit = submit
        self._clock = clock
        self._label = label
        self.audit = Audit(submit)

    def do(self, writer: Writing, action: Action) -> Written:
        """Do one action; what it writes is durable, and in the picture, when this returns.

        Raises:
            NotAllowedError: the person's role does not allow to write.
            NotThereError: the object or claim is not there for this person.
            ActionError: something about the action is not as it must be.
            LabelRefusedError: the label is too low or too high.
            NotWrittenError: the log takes nothing in now.
        """
        try:
            if not isinstance(action, Retract):  # of those it depends on the claim
                check_role(writer.person)
            return self._do(writer, action)
        except (NotAllowedError, LabelRefusedError) as error:
            rule = "role" if isinstance(error, NotAllowedError) else "label"
            self.audit(event_of(writer, action, decision=f"refused by {rule}", done=False))
            raise

    def _do(self, writer: Writing, action: Action) -> Written:
        if isinstance(action, AssertProperty):
            return self._assert(writer, action)
        if isinstance(action, Retract):
            return self._retract(writer, action)
        if isinstance(action, Annotate):
            return self._annotate(writer, action)
        if isinstance(action, CreateObject):
            return self._create(writer, action)
        if isinstance(action, ReportPosition):
            return self._report(writer, action)
        if isinstance(action, Merge):
            return self._merge(writer, action)
        if isinstance(action, Part):
            return self._part(writer, action)
        raise TypeError(f"{type(action).__name__} is no action")

    # --- one method an action

    def _assert(self, writer: Writing, action: AssertProperty) -> Written:
        seen = self.seen(writer, action.object_id)
        schema = checks.schema_of(self._ontology, seen.schema)
        value = checks.checked_property(schema, action.property, action.value, action.unit)
        words = self.words(
            seen.identifier, seen.schema, action, action.valid_from_us, action.valid_to_us
        )
        words = _sure(words, action.confidence)
        about = seen.labels | self._linked(
            writer, schema, [(action.property, value)], seen, "value"
        )
        labels = self.labels(writer, action, about)
        return self.write(writer, action, words, labels, {action.property: value})

    def _annotate(self, writer: Writing, action: Annotate) -> Written:
        seen = self.seen(writer, action.object_id)
        text = checks.checked_text(action.text, "text")
        words = self.words(seen.identifier, seen.schema, action)
        labels = self.labels(writer, action, seen.labels)
        return self.write(writer, action, words, labels, {ANNOTATION: text})

    def _retract(self, writer: Writing, action: Retract) -> Written:
        stored = self.claim(writer, action.claim_id)
        if not (stored.claim.property == REDACTION and writer.owns(stored.stream)):
            check_role(writer.person)
        if stored.claim.property == REPORT:
            return self._withdraw(writer, action, stored)
        self._refuse_to_go_in_circles(writer, stored)
        words = self.words(stored.claim.identifier, stored.claim.schema, action)
        labels = self.labels(writer, action, self._label_sets.labels_of(stored.label_set))
        if stored.claim.property in (RELEASE, REDACTION) and not writer.owns(stored.stream):
            raise ActionError("claim_id", "a proposal is withdrawn by whoever made it: refuse it")
        if stored.claim.property in (APPROVAL, REFUSAL):
            raise ActionError("claim_id", "a decision stands: propose anew")
        return self.write(writer, action, words, labels, {RETRACTION: stored.claim.claim_id})

    def _withdraw(self, writer: Writing, action: Retract, stored: StoredClaim) -> Written:
        """Take back a position that was reported by hand; the one before it counts again."""
        roles = writer.person.roles
        is_released = stored.stream.startswith(RELEASE_STREAM) and Role.COMMANDER in roles
        if not (writer.owns(stored.stream) or is_released):
            raise ActionError(
                "claim_id",
                "a position is taken back by whoever reported it: report it as you know it",
            )
        own = self._label_sets.labels_of(stored.label_set)
        if self.labels(writer, action, own) != own:
            raise LabelRefusedError("a report is taken back under its own label: choose none")
        words = self.words(stored.claim.identifier, stored.claim.schema, action)
        written = self.write(writer, action, words, own, {RETRACTION: stored.claim.claim_id})
        before = self._last_report(writer, stored)
        if before is not None:
            now_us = self._clock.now_us()
            commit(self._submit, [report_draft(stored.stream, own, before.claim, now_us)])
        return written

    def _last_report(self, writer: Writing, like: StoredClaim) -> StoredClaim | None:
        """The latest standing report of the same thing in the same stream under the same labels."""
        reader = self._claims.reader(self._access.audience(writer.person))
        page = reader.page(identifier=like.claim.identifier, property=REPORT, limit=MAX_REPORTS)
        standing = reader.standing(page.claims)
        same = [
            item
            for item in standing
            if (item.stream, item.label_set) == (like.stream, like.label_set)
        ]
        return max(same, key=lambda item: (item.claim.valid_from_us, item.number), default=None)

    def _create(self, writer: Writing, action: CreateObject) -> Written:
        schema = checks.schema_of(self._ontology, action.schema)
        pairs = checks.checked_pairs(schema, action.properties)
        if not pairs:
            raise ActionError("properties", "say something about it: a name, a geometry, …")
        words = self.words(
            f"object:{random_id()}", schema.name, action, action.valid_from_us, action.valid_to_us
        )
        words = _sure(words, action.confidence)
        labels = self.labels(writer, action, self._linked(writer, schema, pairs))
        return self.write(writer, action, words, labels, {}, pairs)

    def _report(self, writer: Writing, action: ReportPosition) -> Written:
        seen = None if action.object_id is None else self.seen(writer, action.object_id)
        identifier = self._identifier(action, seen)
        schema_name = action.schema or (seen.schema if seen else None)
        if schema_name is None:
            raise ActionError("schema", "say what kind of thing it is, e.g. Vessel")
        schema = checks.schema_of(self._ontology, schema_name)
        values = checks.checked_properties(schema, action.properties)
        if action.text.strip():
            values[ANNOTATION] = checks.checked_text(action.text, "text")
        now_us = self._clock.now_us()
        time_us = now_us if action.time_us is None else action.time_us
        if time_us > now_us + checks.FUTURE_US:
            raise ActionError("time", "this is in the future: when was it there?")
        linked = self._linked(writer, schema, values.items(), seen)
        about = linked if seen is None else seen.labels | linked
        labels = self.labels(writer, action, about)
        words = self.words(identifier, schema.name, action, time_us)
        return self.write(
            writer, action, words, labels, {REPORT: reported_columns(action), **values}
        )

    def _merge(self, writer: Writing, action: Merge) -> Written:
        one, two = self.seen(writer, action.object_id), self.seen(writer, action.other_id)
        if one.object_id == two.object_id:
            raise ActionError("other_id", "these are one object already")
        check_borne(action, one, two)
        words = self.words(action.identifier or one.identifier, one.schema, action)
        labels = self.labels(writer, action, one.labels | two.labels)
        other = action.other_identifier or two.identifier
        return self.write(writer, action, words, labels, {SAME_AS: other})

    def _part(self, writer: Writing, action: Part) -> Written:
        seen = self.seen(writer, action.object_id)
        other = seen if action.other_id is None else self.seen(writer, action.other_id)
        reader = self._claims.reader(self._access.audience(writer.person))
        apart = [(DIFFERENT, name) for name in parted_from(reader, action, seen, other)]
        words = self.words(action.identifier, seen.schema, action)
        labels = self.labels(writer, action, seen.labels | other.labels)
        return self.write(writer, action, words, labels, {}, apart)

    # --- what they share

    def write(
        self,
        writer: Writing,
        action: Action,
        words: _Words,
        labels: LabelSet,
        values: Mapping[str, Value],
        more: Sequence[tuple[str, Value]] = (),
    ) -> Written:
        """Write claims, the positions that are reported and what the audit says of it.

        All of it is on the disk when this returns.
        """
        stream, now_us = writer.stream, self._clock.now_us()
        subject = self._subject_of(stream, words.identifier)
        make = partial(_claim, subject, words)
        claims = tuple(make(name, value) for name, value in (*values.items(), *more))
        reports = [claim for claim in claims if claim.property == REPORT]
        positions = [report_draft(stream, labels, report, now_us) for report in reports]
        ids = tuple(claim.claim_id for claim in claims)
        event = event_of(writer, action, labels=labels, on=(subject, words.identifier, *ids))
        drafts = [*positions, Draft(stream, labels, claims), audit_draft(event)]
        commit(self._submit, drafts)
        return Written(subject, words.identifier, words.schema, stream, labels, claims, ids)

    def words(
        self,
        identifier: str,
        schema: str,
        action: Action,
        from_us: int | None = None,
        to_us: int | None = None,
    ) -> _Words:
        """The makings of claims about one thing; from now on, where no time is given."""
        begin_us = self._clock.now_us() if from_us is None else from_us
        checks.checked_times(begin_us, to_us)
        return _Words(identifier, schema, checks.checked_reason(action.reason), begin_us, to_us)

    def labels(self, writer: Writing, action: Action, about: LabelSet = frozenset()) -> LabelSet:
        """Labels of what an action writes, checked; see :func:`labels_of_words`."""
        if len(action.opened) > OPENED_AT_MOST:
            raise ActionError("opened", f"at most {OPENED_AT_MOST} ids")
        opened = about.union(*(self._labels_of(writer, name) for name in action.opened))
        may_see = self._access.may_see(writer.person)
        return labels_of_words(action.label, opened, self._label, may_see, self._access.policies)

    def _linked(
        self,
        writer: Writing,
        schema: Schema,
        values: Iterable[tuple[str, Value]],
        of: SeenObject | None = None,
        field: str | None = None,
    ) -> LabelSet:
        """Labels of the things that these values link to; the writer has to see each."""
        audience = self._access.audience(writer.person)
        check_corners(values, of, self._claims.reader(audience), field)
        find = partial(self._finder.find_named, audience)
        return labels_of_links(self._ontology, schema, values, find, of, field)

    def _labels_of(self, writer: Writing, name: str) -> LabelSet:
        """Labels of an object or claim that the person opened."""
        audience = self._access.audience(writer.person)
        seen = self._finder.find(audience, name)
        if seen is not None:
            return seen.labels
        stored = self._claims.reader(audience).find(name)
        if stored is None:
            raise NotThereError("object or claim", name)
        return self._label_sets.labels_of(stored.label_set)

    def seen(self, writer: Writing, object_id: str) -> SeenObject:
        """The object as the writer sees it.

        Raises:
            NotThereError: the writer sees none by that id.
        """
        seen = self._finder.find(self._access.audience(writer.person), object_id)
        if seen is None:
            raise NotThereError("object", object_id)
        return seen

    def claim(self, writer: Writing, claim_id: str) -> StoredClaim:
        """A claim that the writer may see.

        Raises:
            NotThereError: there is none for the writer.
        """
        stored = self._claims.reader(self._access.audience(writer.person)).find(claim_id)
        if stored is None:
            raise NotThereError("claim", claim_id)
        return stored

    def _refuse_to_go_in_circles(self, writer: Writing, stored: StoredClaim) -> None:
        """A retraction may be taken back, but not the taking back of it: retract anew instead."""
        if stored.claim.property != RETRACTION:
            return
        target = self.claim(writer, str(stored.claim.value))
        if target.claim.property == REPORT:
            raise ActionError("claim_id", "a position was taken back: report it again instead")
        if target.claim.property == RETRACTION:
            raise ActionError(
                "claim_id",
                "this took a retraction back: to retract the first claim again, retract that claim",
            )

    def _identifier(self, action: ReportPosition, seen: SeenObject | None) -> str:
        if seen is not None:
            if action.identifier not in (None, seen.identifier):
                raise ActionError("identifier", f"this track is {seen.identifier}")
            return seen.identifier
        if action.identifier is None:
            return f"report:{random_id()}"
        return checks.checked_identifier(action.identifier)


def check_role(person: Principal) -> None:
    """Refuse whoever may only look.

    Raises:
        NotAllowedError: names the roles that may write.
    """
    if not WRITERS.intersection(person.roles):
        needed = ", ".join(sorted(WRITERS))
        raise NotAllowedError(f"writing needs one of the roles {needed}")


def _sure(words: _Words, confidence: float) -> _Words:
    checks.checked_number(confidence, "confidence", 0.0, 1.0)
    return _Words(
        words.identifier, words.schema, words.reason, words.from_us, words.to_us, confidence
    )


def _claim(subject: str, words: _Words, name: str, value: Value) -> Claim:
    return Claim(
        claim_id=random_id(),
        subject=subject,
        identifier=words.identifier,
        schema=words.schema,
        property=name,
        value=value,
        valid_from_us=words.from_us,
        valid_to_us=words.to_us,
        confidence=words.confidence,
        reason=words.reason,
    )


def random_id() -> str:
    """Thirty-two hexadecimal digits that nobody can guess."""
    return os.urandom(CLAIM_ID_BYTES).hex()
