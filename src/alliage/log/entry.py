"""Entries: the log's unit, and what one is made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from alliage.log.bodies import AuditRecord, Body, KeyChange, SourceChange, decode
from alliage.log.original import Original
from alliage.log.parts import Groups, Part, all_rows, rows_of
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
    """What a writer hands to the log: rows of one stream under one label set.

    ``alone``: an entry of its own, not joined with what comes at the same moment.
    """

    stream: str
    labels: LabelSet
    body: Body
    alone: bool = False


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
    parts: tuple[Part, ...] = ()
    """Of an entry as a whole, whose rows carry several label sets: each with its rows."""
    part: Part | None = None
    """The rows that this is limited to; None: it is the entry as a whole."""

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
        """Number of rows in the body, or in this part of it."""
        return self.header.rows if self.part is None else len(self.part.rows)

    @property
    def valid_min_us(self) -> int | None:
        """Earliest valid time of the rows; None where they have none."""
        return self.header.valid_min_us if self.part is None else self.part.valid_min_us

    @property
    def valid_max_us(self) -> int | None:
        """Latest valid time of the rows; None where there is none, or no end."""
        return self.header.valid_max_us if self.part is None else self.part.valid_max_us

    def seen_in_parts(self, sees: Callable[[int], bool]) -> list[Entry]:
        """The entry itself, or those of its parts whose label sets are seen."""
        if not self.parts:
            return [self]
        return [
            replace(self, label_set=one.label_set, raised=one.labels, part=one, parts=())
            for one in self.parts
            if sees(one.label_set)
        ]

    def groups(self) -> Groups:
        """Of an entry as a whole: by labels, the rows that carry them."""
        if self.parts:
            return {part.labels: part.rows for part in self.parts}
        return {self.labels: all_rows(self.header.rows)}

    def body_bytes(self) -> pa.Buffer:
        """The stored body, checked against what was signed.

        Raises:
            BodyGoneError: it is gone by decision.
            EntryDamagedError: the bytes are not those that were signed.
            TypeError: this is a part of it: the signature is of the whole.
        """
        if self.part is not None:
            raise TypeError(f"entry {self.entry_id}: of this part no bytes were signed")
        return self._body_bytes()

    def _body_bytes(self) -> pa.Buffer:
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
        """The body, decoded; of a part its rows alone."""
        content = self._content
        if content is None:
            content = decode(self.kind, self._body_bytes())
        return content if self.part is None else rows_of(content, self.part.rows)

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
        """What a reader outside may know of it: nothing that counts hidden entries.

        Raises:
            TypeError: this is a part of it: the header tells of the other rows, too.
        """
        if self.part is not None:
            raise TypeError(f"entry {self.entry_id}: its header is of more than this part")
        marking = join_marking(self.labels)
        return {
            **self.header.to_json(),
            "known": to_text(self.known_us),
            "marking": marking.marking if marking else "",
            "key_id": self.key_id,
            "signature": self.signature.hex(),
            "salt": self.salt.hex(),
        }
