"""Entries: the log's unit, and what one is made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from alliage.log.bodies import AuditRecord, Body, KeyChange, SourceChange, decode
from alliage.log.original import Original
from alliage.log.revisions import Destroy, Drop, Raise, Revision, Supersede
from alliage.log.signing import Header, hash_body
from alliage.ontology.claim import Claim
from alliage.ontology.label import LabelSet
from alliage.ontology.marking import join_marking
from alliage.ontology.observation import ObservationBatch
from alliage.ontology.times import to_text


class EntryDamagedError(RuntimeError):
    """Stored bytes are not what was signed; names the entry."""


class BodyGoneError(RuntimeError):
    """The body was destroyed or not kept, by a decision that the log holds."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer hands to the log: rows of one stream under one label set."""

    stream: str
    labels: LabelSet
    body: Body


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One entry as a reader gets it.

    ``number``, ``label_set`` and ``chain`` are private to this node: they count what a reader may
    not see, so they never leave it. Outside, an entry is named by ``entry_id``.
    """

    number: int
    label_set: int
    known_us: int
    header: Header
    signature: bytes
    key_id: str
    salt: bytes
    chain: bytes
    _fetch: Callable[[], pa.Buffer] = field(repr=False)
    _content: Body | None = field(default=None, repr=False)
    _gone_since: Callable[[], str | None] = field(default=lambda: None, repr=False)
    raised: LabelSet | None = None
    """The labels that it carries since they were raised; None: those that were signed."""
    superseded: int | None = None
    """Number of the entry that put a newer version in its place; None: it stands."""
    gone: str | None = None
    """The entry that decided that there is no body any more; None: there is one."""

    @property
    def entry_id(self) -> str:
        """32 hexadecimal digits, random."""
        return self.header.entry_id

    @property
    def stream(self) -> str:
        """Name of the stream that the rows come from."""
        return self.header.stream

    @property
    def labels(self) -> LabelSet:
        """Labels that a reader needs to be allowed, every one: as signed, or as raised since."""
        return self.header.labels if self.raised is None else self.raised

    @property
    def kind(self) -> str:
        """``observations:<kind>``, ``claims``, ``source``, ``key``, ``audit`` or ``revision``."""
        return self.header.kind

    @property
    def rows(self) -> int:
        """Number of rows in the body."""
        return self.header.rows

    @property
    def valid_min_us(self) -> int | None:
        """Earliest valid time of the rows; None where they have none."""
        return self.header.valid_min_us

    @property
    def valid_max_us(self) -> int | None:
        """Latest valid time of the rows; None where there is none, or no end."""
        return self.header.valid_max_us

    def body_bytes(self) -> pa.Buffer:
        """The stored body, checked against what was signed.

        Raises:
            BodyGoneError: it is gone by decision.
            EntryDamagedError: the bytes are not those that were signed.
        """
        if self.gone is not None:
            raise self._gone_by(self.gone)
        data = self._fetch()
        if hash_body(self.salt, data) != self.header.body_hash:
            since = self._gone_since()  # decided after this entry was handed out
            if since is not None:
                raise self._gone_by(since)
            raise EntryDamagedError(
                f"entry {self.entry_id}: the stored body is not what was signed"
            )
        return data

    def _gone_by(self, decision: str) -> BodyGoneError:
        return BodyGoneError(
            f"entry {self.entry_id}: its body is gone by the decision of entry {decision}"
        )

    def content(self) -> Body:
        """The body, decoded."""
        if self._content is not None:
            return self._content
        return decode(self.kind, self.body_bytes())

    def observations(self) -> ObservationBatch:
        """The body of an entry whose kind begins with ``observations:``."""
        content = self.content()
        if not isinstance(content, ObservationBatch):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no observations")
        return content

    def claims(self) -> tuple[Claim, ...]:
        """The body of an entry of kind ``claims``."""
        content = self.content()
        if not isinstance(content, tuple):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no claims")
        return content

    def source_change(self) -> SourceChange:
        """The body of an entry of kind ``source``."""
        content = self.content()
        if not isinstance(content, SourceChange):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no source change")
        return content

    def key_change(self) -> KeyChange:
        """The body of an entry of kind ``key``."""
        content = self.content()
        if not isinstance(content, KeyChange):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no change of keys")
        return content

    def audit_record(self) -> AuditRecord:
        """The body of an entry of kind ``audit``."""
        content = self.content()
        if not isinstance(content, AuditRecord):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no audit record")
        return content

    def revision(self) -> Revision:
        """The body of an entry of kind ``revision``."""
        content = self.content()
        if not isinstance(content, Raise | Destroy | Drop | Supersede):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no revision")
        return content

    def original(self) -> Original:
        """The body of an entry of kind ``original``."""
        content = self.content()
        if not isinstance(content, Original):
            raise TypeError(f"entry {self.entry_id} is of kind {self.kind}, no original bytes")
        return content

    def to_json(self) -> dict[str, Any]:
        """What a reader outside may know of it: nothing that counts hidden entries."""
        marking = join_marking(self.labels)
        return {
            **self.header.to_json(),
            "known": to_text(self.known_us),
            "marking": marking.marking if marking else "",
            "key_id": self.key_id,
            "signature": self.signature.hex(),
            "salt": self.salt.hex(),
        }
