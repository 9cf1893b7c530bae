"""Recordings loaded in bulk: decoded as fast as they go, into the log and nowhere past it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from alliage.feeds.bulk import Progress, decode_file
from alliage.feeds.contract import Decoded, Feed
from alliage.log import Draft
from alliage.node import Node
from alliage.ontology.label import LabelSet


@dataclass(slots=True)
class IngestReport:
    """What became of one recording. ``rows`` counts observations, ``claims`` what they changed."""

    path: Path
    rows: int = 0
    claims: int = 0
    accepted: int = 0
    duplicates: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    read_bytes: int = 0
    seconds: float = 0.0

    def add(self, decoded: Decoded) -> None:
        """Count one block."""
        self.rows += sum(batch.rows.num_rows for batch in decoded.batches)
        self.accepted += decoded.accepted
        self.duplicates += decoded.duplicates
        self.ignored.update(decoded.ignored)
        self.quarantined.update(item.reason for item in decoded.quarantined)


@dataclass(frozen=True, slots=True)
class Recording:
    """A file, what it is and whose words it holds."""

    path: Path
    stream: str
    feed: Feed
    options: BaseModel
    labels: LabelSet


def ingest(
    node: Node,
    recording: Recording,
    on_progress: Callable[[IngestReport, Progress], None] | None = None,
) -> IngestReport:
    """Load one recording; everything in it is durable when this returns.

    Args:
        node: open, and not serving.
        recording: what to load.
        on_progress: called after each block.

    Raises:
        OSError: the file cannot be read; what came before the fault is in the log.
    """
    report = IngestReport(recording.path)
    began_s = time.monotonic()
    label_set = node.log.label_sets.intern(recording.labels)
    drafts = node.drafts(recording.stream, recording.labels)
    commits: list[Future[None]] = []

    def submit(found: list[Draft]) -> None:
        report.claims += sum(len(d.body) for d in found if isinstance(d.body, tuple))
        commits.append(node.writer.submit(found))

    def tell(progress: Progress) -> None:
        report.read_bytes = progress.done_bytes
        report.seconds = time.monotonic() - began_s
        if on_progress is not None:
            on_progress(report, progress)

    for decoded in decode_file(
        recording.path, recording.feed, recording.options, tell, node.clock, node.check
    ):
        report.add(decoded)
        node.quarantine.add(recording.stream, label_set, decoded.quarantined)
        submit(drafts.take(decoded))
    submit(drafts.finish())
    for commit in commits:
        commit.result()
    return report
