"""Resolution in a node: which things of two streams are one, by what the streams say of them.

What is judged stands in a stream of its own under the labels of both streams, and nothing but what
these two say has any influence on it. Two things that both report positions are left alone: the
correlators see where they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np
import structlog

from alliage.config_resolution import ResolutionConfig
from alliage.correlating import Correlating, Told
from alliage.fusion.resolution import (
    MODELS,
    Evidence,
    Matches,
    Model,
    Records,
    make_records,
    resolve,
)
from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.entry import Draft
from alliage.ontology.audience import LabelSets
from alliage.ontology.claim import (
    CORRELATOR,
    DIFFERENT,
    POSSIBLE,
    RESOLVER,
    SAME_AS,
    Claim,
    Value,
    new_claim_id,
)
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock
from alliage.picture.picture import Picture
from alliage.picture.stream_rows import StreamKey

VERSION: Final = 1
NEVER: Final = (CORRELATOR, RESOLVER)
"""How the streams begin in which nothing is said of things."""

OF_IDENTIFIER: Final = {"mmsi": "mmsi", "imo": "imo_number", "icao": "icao_address"}
"""By the scheme of an identifier the property that it is, where nothing else is claimed."""

FIELDS: Final = frozenset(name for model in MODELS.values() for name in model.fields) | {"name"}

_log = structlog.get_logger(__name__)


@dataclass
class _Things:
    """What one stream under one label set says: by identifier its schema, and by property when."""

    schema: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, tuple[int, Value]]] = field(default_factory=dict)
    changes: int = 0

    def add(self, claim: Claim) -> None:
        """The latest by valid time counts, of equals the one that came last."""
        self.schema[claim.identifier] = claim.schema
        said = self.said.setdefault(claim.identifier, {})
        before = said.get(claim.property)
        if before is None or before[0] <= claim.valid_from_us:
            said[claim.property] = (claim.valid_from_us, claim.value)
            self.changes += before is None or before[1] != claim.value

    def value(self, identifier: str, name: str) -> Value:
        """Of a property; None where nothing is said."""
        said = self.said[identifier].get(name)
        if said is not None and said[1] is not None:
            return said[1]
        scheme, _, rest = identifier.partition(":")
        return rest if OF_IDENTIFIER.get(scheme) == name else None


@dataclass(frozen=True)
class Resolving:
    """The resolvers of a node. One thread at a time makes rounds.

    Attributes:
        picture: tells which things report positions.
        ontology: which kinds there are.
        label_sets: the log's.
        claims: tells when what was read has to be read anew.
        told: the claims of all labels: what streams say, and what was judged before.
        subject_of: (stream, identifier) to subject id.
        submit: writes drafts to the log.
        clock: the node's.
        config: the node's.
    """

    picture: Picture
    ontology: Ontology
    label_sets: LabelSets
    claims: ClaimStore
    told: Callable[[], Told]
    subject_of: Callable[[str, str], str]
    submit: Callable[[list[Draft]], Future[None]]
    clock: Clock
    config: ResolutionConfig
    _things: dict[StreamKey, _Things] = field(default_factory=dict)
    _read: list[int] = field(default_factory=lambda: [0, -1])  # entry, revisions of the claims
    _compared: dict[tuple[str, StreamKey, StreamKey], tuple[int, int]] = field(default_factory=dict)
    _told: dict[tuple[StreamKey, StreamKey], dict[tuple[str, str], str]] = field(
        default_factory=dict
    )
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def beside(
        cls, other: Correlating, claims: ClaimStore, clock: Clock, config: ResolutionConfig
    ) -> Resolving:
        """Resolvers of the same node as the correlators'."""
        return cls(
            other.picture, other.ontology, other.label_sets, claims, other.told,
            other.subject_of, other.submit, clock, config,
        )  # fmt: skip

    async def run(self) -> None:
        """Make rounds until :meth:`stop`; a round that fails is told, and the next is made."""
        while self.config.enabled and not self._stopping.is_set():
            try:
                await asyncio.to_thread(self.round)
            except Exception:
                _log.exception("resolution: a round failed, and the next is tried")
            try:
                await asyncio.wait_for(self._stopping.wait(), self.config.every_s)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Let :meth:`run` end after its round."""
        self._stopping.set()

    def round(self) -> int:
        """Compare the streams that say something new; all that changed is one commit.

        Returns:
            How many claims were written.
        """
        self._catch_up()
        drafts = []
        placed: dict[StreamKey, frozenset[str]] | None = None
        for model in MODELS.values():
            keys = sorted(key for key in self._things if self._of(key, model))
            for one, other in combinations(keys, 2):
                changes = self._things[one].changes, self._things[other].changes
                if one.stream == other.stream or (
                    self._compared.get((model.schema, one, other)) == changes
                ):
                    continue
                placed = self.picture.placed() if placed is None else placed
                said = self._judged(one, other, model, placed)
                if said:
                    stream = stream_of(one.stream, other.stream)
                    drafts.append(Draft(stream, self._labels(one, other), tuple(said)))
                self._compared[model.schema, one, other] = changes
        if drafts:
            self.submit(drafts).result()
        return sum(len(draft.body) for draft in drafts if isinstance(draft.body, tuple))

    # --- what the streams say

    def _catch_up(self) -> None:
        """Read what was claimed since; everything anew where labels or bodies have changed."""
        if self._read[1] != self.claims.revisions:
            self._things.clear()
            self._compared.clear()
            self._read[:] = 0, self.claims.revisions
        for item in self.told().said_since(FIELDS, self._read[0]):
            self._read[0] = item.number
            if not item.stream.startswith(NEVER) and item.stream not in self.config.exclude:
                key = StreamKey(item.stream, item.label_set)
                self._things.setdefault(key, _Things()).add(item.claim)

    def _of(self, key: StreamKey, model: Model) -> list[str]:
        """The identifiers of a stream's things that a model is for."""
        things = self._things[key]
        fits = {name: self._fits(name, model) for name in set(things.schema.values())}
        return [name for name, schema in things.schema.items() if fits[schema]]

    def _fits(self, schema: str, model: Model) -> bool:
        return schema in self.ontology.schemata and self.ontology.is_a(schema, model.schema)

    # --- judging

    def _judged(
        self,
        one: StreamKey,
        other: StreamKey,
        model: Model,
        placed: dict[StreamKey, frozenset[str]],
    ) -> list[Claim]:
        """What has changed of what is said of the pairs of two streams."""
        mine, yours = self._of(one, model), self._of(other, model)
        all_placed = placed.get(one, frozenset()).issuperset(mine)
        all_placed &= placed.get(other, frozenset()).issuperset(yours)
        if all_placed and not self._told_of(one, other):
            return []  # two streams of reports: the correlators' alone
        both = set(mine) & set(yours)  # one thing already
        tables = self._records(one, mine, both, model), self._records(other, yours, both, model)
        apart = tuple(
            np.array([name in placed.get(key, ()) for name in table.identifier], np.bool_)
            for key, table in zip((one, other), tables, strict=True)
        )
        matches = resolve(*tables, model, self.config.review, True, (apart[0], apart[1]))
        return self._changes(one, other, matches, set(mine))

    def _records(self, key: StreamKey, names: list[str], but: set[str], model: Model) -> Records:
        kept = [name for name in names if name not in but]
        wanted = (*model.fields, *(["name"] if "given_name" in model.fields else []))
        things = self._things[key]
        columns = {field: [things.value(name, field) for name in kept] for field in wanted}
        if "given_name" in columns and not any(columns["given_name"] + columns["family_name"]):
            del columns["given_name"], columns["family_name"]
        return make_records(kept, columns, model)

    def _changes(
        self, one: StreamKey, other: StreamKey, matches: Matches, mine: set[str]
    ) -> list[Claim]:
        told = self._told_of(one, other)
        stream, now_us = stream_of(one.stream, other.stream), self.clock.now_us()
        schemata = self._things[one].schema
        said, found = [], set()
        for row, (name, another, score) in enumerate(matches.pairs()):
            pair = (name, another)
            found.add(pair)
            verdict = SAME_AS if score >= self.config.join else POSSIBLE
            if told.get(pair) in (verdict, SAME_AS):
                continue  # what was joined stays until it falls below what people are asked about
            told[pair] = verdict
            texts = evidence_texts(matches.evidence(row))
            said.append(self._claim(stream, pair, schemata, verdict, score, texts, now_us))
        for pair, before in list(told.items()):
            if before != DIFFERENT and pair[0] in mine and pair not in found:
                told[pair] = DIFFERENT
                least = 1.0 - self.config.review
                said.append(self._claim(stream, pair, schemata, DIFFERENT, least, (), now_us))
        return said

    def _claim(
        self,
        stream: str,
        pair: tuple[str, str],
        schemata: dict[str, str],
        verdict: str,
        confidence: float,
        evidence: tuple[str, ...],
        now_us: int,
    ) -> Claim:
        return Claim(
            claim_id=new_claim_id(),
            subject=self.subject_of(stream, pair[0]),
            identifier=pair[0],
            schema=schemata[pair[0]],
            property=verdict,
            value=pair[1],
            valid_from_us=now_us,
            confidence=round(confidence, 4),
            evidence=evidence,
        )

    def _told_of(self, one: StreamKey, other: StreamKey) -> dict[tuple[str, str], str]:
        """By pair what was last said of it; after a restart as it stands in the log."""
        told = self._told.get((one, other))
        if told is None:
            label_set = self.label_sets.intern(self._labels(one, other))
            stood = self.told().of_stream(stream_of(one.stream, other.stream), label_set)
            told = self._told[one, other] = dict(_verdicts(stood))
        return told

    def _labels(self, one: StreamKey, other: StreamKey) -> LabelSet:
        labels_of = self.label_sets.labels_of
        return labels_of(one.label_set) | labels_of(other.label_set)


def stream_of(one: str, other: str) -> str:
    """The stream in which the judgements of two streams stand."""
    return f"{RESOLVER}{one}+{other}@{VERSION}"


def evidence_texts(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Evidence as a claim carries it: ``name=same:+10.64``, in bits; what rounds to 0 is left."""
    told = (one for one in evidence if round(one.bits, 2) != 0.0)
    return tuple(f"{one.field}={one.level}:{one.bits:+.2f}" for one in told)


def _verdicts(stood: Iterable[StoredClaim]) -> Iterator[tuple[tuple[str, str], str]]:
    for item in stood:
        if item.claim.property in (SAME_AS, POSSIBLE, DIFFERENT):
            yield (item.claim.identifier, str(item.claim.value)), item.claim.property
