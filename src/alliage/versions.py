"""What of a node's authority is another than its log says: looked for whenever the node starts.

Policy, configuration, sources and accounts live in files of their own, which can be changed while
the node stands still. What changed is written down as versions before anybody can act by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson

from alliage import __version__
from alliage.access.accounts import Accounts
from alliage.access.audit import AUDIT_LABEL, Act, AuditEvent, audit_draft
from alliage.access.authority import (
    ACCOUNT,
    NODE,
    POLICY,
    SOURCE,
    policy_version,
    rights_said,
    rules_of,
)
from alliage.access.policy import Access
from alliage.config import Config, mask_secrets
from alliage.history.audit import AuditStore
from alliage.log import Draft, SourceChange
from alliage.log.bodies import INGESTED
from alliage.log.bodies import SOURCE as SOURCE_KIND
from alliage.log.reader import LogReader, pages
from alliage.ontology.audience import LabelSets
from alliage.ontology.label import LabelSet

PROGRAM: Final = "alliage run"
FOUND: Final = "found when the node started"


@dataclass(frozen=True, slots=True)
class Known:
    """What a node goes by now, and what its log says of that.

    Attributes:
        access: with the policies that are in force now.
        accounts: as they are now.
        audit: the versions that the log holds.
        labels: of each source.
        label_sets: the log's.
        reader: reads the log as the node's machines do.
    """

    access: Access
    accounts: Accounts
    audit: AuditStore
    labels: Mapping[str, LabelSet]
    label_sets: LabelSets
    reader: LogReader


def what_changed(config: Config, known: Known) -> Iterator[Draft]:
    """A version of everything that is another now; and that the node starts."""
    for event in [*_policy(known), *_node(config, known), *_accounts(known)]:
        yield audit_draft(event)
    yield from _sources(config, known)
    text = mask_secrets(config.model_dump(mode="json", exclude_none=True))
    digest = hashlib.sha256(orjson.dumps(text, option=orjson.OPT_SORT_KEYS)).hexdigest()
    details = {"version": __version__, "configuration_sha256": digest}
    yield audit_draft(AuditEvent(Act.NODE_STARTED, details=details))


def _policy(known: Known) -> Iterator[AuditEvent]:
    now = rules_of(known.access.policy, known.access.policies)
    before = _said(known, POLICY)
    if now != before:
        yield policy_version(before, now, PROGRAM)


def _node(config: Config, known: Known) -> Iterator[AuditEvent]:
    now = mask_secrets(config.model_dump(mode="json", exclude_none=True, exclude={"sources"}))
    before = _said(known, NODE)
    if now != before:
        yield _version(Act.NODE_CONFIGURED, "", before, now)


def _accounts(known: Known) -> Iterator[AuditEvent]:
    now = {one.principal.user_id: one.principal for one in known.accounts.users()}
    for user_id, principal in now.items():
        before, after = _said(known, ACCOUNT, user_id), rights_said(principal)
        if before != after:
            act = Act.ACCOUNT_CHANGED if before else Act.ACCOUNT_ADDED
            yield _version(act, user_id, before, after, user=principal.name)
    for user_id in known.audit.in_force.subjects(ACCOUNT):
        if user_id not in now:
            yield _version(Act.ACCOUNT_REMOVED, user_id, _said(known, ACCOUNT, user_id), {})


def _sources(config: Config, known: Known) -> Iterator[Draft]:
    for source in config.sources:
        now = mask_secrets(source.model_dump(mode="json", exclude_none=True))
        labels = known.labels[source.name]
        if now != _last_told(known.reader, source.name):
            yield Draft(source.name, labels, SourceChange(now))
        before = _said(known, SOURCE, source.name)
        if now != before:
            configured = Act.SOURCE_CONFIGURED
            yield audit_draft(_version(configured, source.name, before, now, labels))
    for name in known.audit.in_force.subjects(SOURCE):
        version = known.audit.in_force.of(SOURCE, name)
        if name not in known.labels and version is not None:
            labels = known.label_sets.labels_of(version.label_set)
            gone = _version(Act.SOURCE_REMOVED, name, version.after, {}, labels)
            yield audit_draft(gone)


def _last_told(reader: LogReader, stream: str) -> dict[str, Any] | None:
    """How the stream itself says that it is configured."""
    known = None
    for page in pages(partial(reader.read, kinds=[SOURCE_KIND], streams=[stream])):
        told = [entry.source_change().data for entry in page]
        known = next((data for data in reversed(told) if INGESTED not in data), known)
    return known


def _said(known: Known, kind: str, subject: str = "") -> Mapping[str, Any]:
    version = known.audit.in_force.of(kind, subject)
    return {} if version is None else version.after


def _version(
    act: Act,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    labels: LabelSet = frozenset(),
    **more: Any,
) -> AuditEvent:
    return AuditEvent(
        act,
        program=PROGRAM,
        on=(subject,) if subject else (),
        labels=labels - {AUDIT_LABEL},
        decision=FOUND,
        details={**more, "before": dict(before), "after": dict(after)},
    )
