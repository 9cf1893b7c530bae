"""Putting what was said under a further label: by one person, and of an entry only what is meant.

An entry that speaks of one thing is raised wholly, and with it what was written with the claim. Of
an entry that speaks of several things only the claim's own row is raised; a report is raised by
itself in any case (docs/decisions/0151, 0282).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliage.access.audit import audit_draft
from alliage.access.policy import Access
from alliage.access.principal import Principal
from alliage.actions.audited import event_of
from alliage.actions.committing import Submit, commit
from alliage.actions.desk import Actions, check_role, random_id
from alliage.actions.kinds import (
    Action,
    ActionError,
    LabelRefusedError,
    NotAllowedError,
    NotThereError,
    RaiseLabel,
    RaiseReport,
    Written,
)
from alliage.actions.quoting import raised_with
from alliage.actions.reports import positions_of
from alliage.actions.resting import CALL_RESTS, is_call_for_help, refuse_unknowing, resting_on
from alliage.actions.writer import Writing
from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.entry import Draft, Entry
from alliage.log.reader import LogReader, pages
from alliage.log.revisions import REVISIONS_STREAM, Raise
from alliage.log.store import Log
from alliage.log.versions import older_versions
from alliage.ontology.claim import REPORT, Claim
from alliage.ontology.label import Label, LabelSet


@dataclass(frozen=True, slots=True)
class _Meant:
    """What is to be raised of an entry, or of a part of it: rows of its body; none for all."""

    entry: Entry
    rows: tuple[int, ...] = ()

    @property
    def places(self) -> Sequence[int]:
        """The same by their places in what was read of it."""
        part = self.entry.part
        if not self.rows:
            return range(self.entry.rows)
        if part is None:
            return self.rows
        places: list[int] = np.flatnonzero(np.isin(part.rows, self.rows)).tolist()
        return places


class Raising:
    """Raises labels for people who are signed in, and checks what they may. For any thread."""

    def __init__(
        self,
        desk: Actions,
        access: Access,
        log: Log,
        claims: ClaimStore,
        subject_of: Callable[[str, str], str],
        submit: Submit,
    ) -> None:
        """See :class:`alliage.actions.desk.Actions`."""
        self._desk = desk
        self._access = access
        self._log = log
        self._claims = claims
        self._subject_of = subject_of
        self._submit = submit

    def raise_label(self, writer: Writing, action: RaiseLabel) -> Written:
        """Put what was written with a claim under a further label.

        Raises:
            NotAllowedError: it is not this person's to raise.
            NotThereError, ActionError, LabelRefusedError, NotWrittenError: as of every action.
        """
        self._check(writer, action, lambda: check_role(writer.person))
        stored = self._desk.claim(writer, action.claim_id)
        return self._raise(writer, action, stored, self._with_claim(writer, stored))

    def raise_report(self, writer: Writing, action: RaiseReport) -> Written:
        """Put one report of a thing under a further label, and no other row of its entry.

        Raises:
            NotAllowedError: it is not this person's to raise.
            NotThereError, ActionError, LabelRefusedError, NotWrittenError: as of every action.
        """
        self._check(writer, action, lambda: check_role(writer.person))
        reader = self._log.reader(self._access.audience(writer.person))
        read = partial(
            reader.read,
            kinds=OBSERVATION_KINDS,
            streams=[action.stream],
            valid_from_us=action.valid_us,
            valid_to_us=action.valid_us + 1,
            all_versions=True,
        )
        found = [
            meant
            for page in pages(read)
            for entry in page
            for meant in _some(entry, _rows_of_report(entry, action.identifier, action.valid_us))
        ]
        if not found:
            raise NotThereError("report", action.identifier)
        about = self._as_claim(found[0].entry, action)
        return self._raise(writer, action, about, [*found, *_older(reader, found)])

    def _raise(
        self,
        writer: Writing,
        action: RaiseLabel | RaiseReport,
        stored: StoredClaim,
        meant: Sequence[_Meant],
    ) -> Written:
        if action.label is None:
            raise ActionError("label", "say under which label it is to be")
        if not (writer.owns(stored.stream) or self._is_own(writer.person)):
            self._refuse(writer, action, "a label is raised by whoever wrote it, or by the node's")
        held: LabelSet = frozenset().union(*(one.entry.labels for one in meant))
        labels = held | {action.label}
        if labels == held:
            raise ActionError("label", "it has this label already")
        self._check_sees(writer, action, labels)
        covers = partial(self._access.policies.covers, low=action.label)
        if all(any(map(covers, one.entry.labels)) for one in meant):
            self._desk.audit(event_of(writer, action, decision="refused by label", done=False))
            raise ActionError("label", "it is under a label as high already: lowering is a release")
        numbers = sorted({one.entry.number for one in meant})
        self._check_alerts(writer, action, stored, numbers, action.label)
        told = raised_with(self._log, self._claims, stored, numbers, action.label)
        decisions = [
            Draft(REVISIONS_STREAM, labels, one)
            for one in _decisions(meant, frozenset([action.label]))
        ]
        names = dict.fromkeys(one.entry.entry_id for one in meant)
        event = event_of(writer, action, labels=labels, on=(_named_by(action), *names))
        commit(self._submit, [*decisions, *told, audit_draft(event)])
        return written_about(stored, stored.stream, labels)

    def _with_claim(self, writer: Writing, stored: StoredClaim) -> list[_Meant]:
        """What is raised with a claim: its entry or its row, its position, what took it back."""
        audience = self._access.audience(writer.person)
        log, claims = self._log.reader(audience), self._claims.reader(audience)
        retractions = claims.retractions([stored.claim.claim_id]).values()
        found: list[_Meant] = []
        for item in (stored, *retractions):
            together = claims.of_entry(item.number)
            is_of_one = len({one.claim.identifier for one in together}) == 1
            meant = {one.claim.claim_id for one in together} if is_of_one else {item.claim.claim_id}
            for entry in log.read(after=item.number - 1, limit=1, up_to=item.number):
                rows = [at for at, one in enumerate(entry.claims()) if one.claim_id in meant]
                found += _some(entry, rows)
        if stored.claim.property == REPORT:
            claim = stored.claim
            for entry in positions_of(log, stored):
                found += _some(entry, _rows_of_report(entry, claim.identifier, claim.valid_from_us))
        return [*found, *_older(log, found)]

    def _as_claim(self, entry: Entry, action: RaiseReport) -> StoredClaim:
        """A report that no claim stands for, as alerts and the answer know reports."""
        rows = entry.observations().rows
        (row, *_) = _rows_of_report(entry, action.identifier, action.valid_us)
        claim = Claim(
            claim_id=random_id(),
            subject=self._subject_of(entry.stream, action.identifier),
            identifier=action.identifier,
            schema=str(rows.column("schema")[row].as_py()),
            property=REPORT,
            value=None,
            valid_from_us=action.valid_us,
        )
        return StoredClaim(claim, entry.stream, entry.label_set, entry.number, entry.known_us)

    def _check_alerts(
        self,
        writer: Writing,
        action: RaiseLabel | RaiseReport,
        said: StoredClaim,
        raised: Sequence[int],
        label: Label,
    ) -> None:
        seen_by = self._access.audience(writer.person)
        alerts = resting_on(self._log, self._claims, seen_by, said, raised, label)
        if any(map(is_call_for_help, alerts)):
            self._refuse(writer, action, CALL_RESTS)
        refuse_unknowing(alerts, action.with_alerts)

    # --- what whoever raises or lowers labels has to keep

    def _is_own(self, person: Principal) -> bool:
        return person.nation == self._access.node_nation

    def _check_sees(self, writer: Writing, action: Action, labels: LabelSet) -> None:
        audience = self._access.audience(writer.person)
        if not audience.sees(self._log.label_sets.intern(labels)):
            self._desk.audit(event_of(writer, action, decision="refused by label", done=False))
            raise LabelRefusedError("you may not use a label that you could not read under")

    def _check(self, writer: Writing, action: Action, check: Callable[[], None]) -> None:
        try:
            check()
        except NotAllowedError:
            self._desk.audit(event_of(writer, action, decision="refused by role", done=False))
            raise

    def _refuse(self, writer: Writing, action: Action, why: str, by: str = "role") -> None:
        self._desk.audit(event_of(writer, action, decision=f"refused by {by}", done=False))
        raise NotAllowedError(why)


def written_about(stored: StoredClaim, stream: str, labels: LabelSet) -> Written:
    """What an action tells that wrote nothing about the thing itself."""
    claim = stored.claim
    return Written(claim.subject, claim.identifier, claim.schema, stream, labels, (), ())


def _some(entry: Entry, places: Sequence[int]) -> Iterator[_Meant]:
    """Rows of an entry by their places in what was read of it."""
    if len(places) == 0:
        return
    if entry.part is not None:
        yield _Meant(entry, tuple(int(entry.part.rows[place]) for place in places))
    elif len(places) == entry.rows:
        yield _Meant(entry)
    else:
        yield _Meant(entry, tuple(places))


def _older(reader: LogReader, meant: Sequence[_Meant]) -> Iterator[_Meant]:
    """Older versions of these reports: they are told to who asks for what was known then."""
    told = [(one.entry, one.places) for one in meant]
    for entry, places in older_versions(reader, told):
        yield from _some(entry, places)


def _decisions(meant: Sequence[_Meant], labels: LabelSet) -> Iterator[Raise]:
    """What puts exactly this under further labels."""
    whole = tuple(dict.fromkeys(one.entry.entry_id for one in meant if not one.rows))
    if whole:
        yield Raise(whole, labels)
    rows: dict[str, set[int]] = {}
    for one in meant:
        if one.rows:
            rows.setdefault(one.entry.entry_id, set()).update(one.rows)
    for name, places in rows.items():
        yield Raise((name,), labels, tuple(sorted(places)))


def _rows_of_report(entry: Entry, identifier: str, valid_us: int) -> list[int]:
    """Where in an entry of observations a thing is told of at one time."""
    rows = entry.observations().rows
    same = pc.equal(rows.column("identifier").cast(pa.utf8()), identifier)
    then = pc.equal(rows.column("valid").cast(pa.int64()), valid_us)
    found: list[int] = np.flatnonzero(pc.and_(same, then).to_numpy(zero_copy_only=False)).tolist()
    return found


def _named_by(action: RaiseLabel | RaiseReport) -> str:
    return action.claim_id if isinstance(action, RaiseLabel) else action.identifier
