"""From what a decoder found to drafts for the log: observations as they are, claims on change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import Final, Protocol

from alliage.feeds.contract import Decoded
from alliage.history.changes import ChangeDetector
from alliage.log.entry import Draft
from alliage.log.writer import Writer
from alliage.ontology.claim import Claim
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import Kind, ObservationBatch

MAX_CLAIMS_A_DRAFT: Final = 5_000
IN_THREAD_ROWS: Final = 2_000


class Deriver(Protocol):
    """What makes observations of a stream's own observations: a tracker."""

    @property
    def stream(self) -> str:
        """The name of the stream in which they stand."""

    def take(self, batches: Sequence[ObservationBatch]) -> list[ObservationBatch]:
        """What follows from these, which come in the order of the stream."""


class StreamDrafts:
    """One stream under one label set: what its decoder found, as drafts. Used by one at a time."""

    def __init__(
        self,
        stream: str,
        labels: LabelSet,
        remember: Callable[[], ChangeDetector],
        deriver: Deriver | None = None,
        remember_derived: Callable[[], ChangeDetector] | None = None,
    ) -> None:
        """Begin with nothing in hand.

        Args:
            stream: its name.
            labels: of everything it says.
            remember: reads what it has said so far; it is asked once, at first use.
            deriver: makes rows of another stream of its rows.
            remember_derived: reads what that stream has said so far; None: it makes no claims.
        """
        self.deriver = deriver
        self._remember_derived = remember_derived
        self._derived: ChangeDetector | None = None  # once the deriver has said words
        self._stream = stream
        self._labels = labels
        self._remember = remember

    def prepare(self) -> None:
        """Remember now, where there is time for it."""
        _ = self._changes

    @cached_property
    def _changes(self) -> ChangeDetector:
        return self._remember()

    def take(self, decoded: Decoded) -> list[Draft]:
        """Drafts of observations, and of the claims that they and the statements give rise to."""
        drafts = [
            Draft(self._stream, self._labels, batch)
            for batch in decoded.batches
            if batch.rows.num_rows
        ]
        claims = [claim for batch in decoded.batches for claim in self._changes.observe(batch)]
        if decoded.statements:
            claims += self._changes.state(decoded.statements)
        drafts += self._claim_drafts(claims)
        if self.deriver is not None:
            derived, stream = self.deriver.take(decoded.batches), self.deriver.stream
            drafts += [Draft(stream, self._labels, batch) for batch in derived]
            drafts += self._claim_drafts(self._derived_claims(derived), stream)
        return drafts + [Draft(self._stream, self._labels, one) for one in decoded.originals]

    def finish(self) -> list[Draft]:
        """The stream ends: claims for what was still undecided."""
        drafts = self._claim_drafts(self._changes.finish())
        if self.deriver is not None and self._derived is not None:
            drafts += self._claim_drafts(self._derived.finish(), self.deriver.stream)
        return drafts

    def _derived_claims(self, batches: Sequence[ObservationBatch]) -> list[Claim]:
        said = [batch for batch in batches if batch.kind is Kind.STATIC]
        if said and self._derived is None and self._remember_derived is not None:
            self._derived = self._remember_derived()
        changes = self._derived
        return [] if changes is None else [claim for one in said for claim in changes.observe(one)]

    def _claim_drafts(self, claims: Sequence[Claim], stream: str | None = None) -> list[Draft]:
        return [
            Draft(
                stream or self._stream,
                self._labels,
                tuple(claims[start : start + MAX_CLAIMS_A_DRAFT]),
            )
            for start in range(0, len(claims), MAX_CLAIMS_A_DRAFT)
        ]


class LogSink:
    """Where the runners of all sources hand in their rows: the node's writer."""

    def __init__(self, writer: Writer, streams: Mapping[str, StreamDrafts]) -> None:
        self._writer = writer
        self._streams = streams

    async def submit(self, source: str, decoded: Decoded) -> Future[None]:
        """Take a result; returns when there is room for the next one.

        The future is done when everything of it is on the disk.
        """
        stream = self._streams[source]
        plots = any(batch.kind is Kind.PLOT for batch in decoded.batches)
        rows = sum(batch.rows.num_rows for batch in decoded.batches)
        if rows < IN_THREAD_ROWS and not plots:
            drafts = stream.take(decoded)
        else:
            drafts = await asyncio.to_thread(stream.take, decoded)
        return await self._writer.submit_async(drafts)

    async def finish(self, source: str) -> None:
        """A source has ended."""
        await self._writer.submit_async(self._streams[source].finish())
