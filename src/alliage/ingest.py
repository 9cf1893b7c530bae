"""Recordings loaded in bulk: decoded as fast as they go, into the log and nowhere past it."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from alliage.feeds.bulk import Progress, decode_file
from alliage.feeds.contract import Decoded, Feed
from alliage.log import Draft, SourceChange
from alliage.log.bodies import INGESTED, SOURCE
from alliage.log.reader import pages
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import LabelSet
from alliage.ontology.marking import join_marking


@dataclass(slots=True)
class IngestReport:
    """What became of one recording. ``rows`` counts observations, ``claims`` what they changed.

    ``trouble`` says why it was not loaded, or only up to a fault; None where all is well.
    """

    path: Path
    rows: int = 0
    claims: int = 0
    accepted: int = 0
    duplicates: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    read_bytes: int = 0
    seconds: float = 0.0
    trouble: str | None = None

    @property
    def is_useless(self) -> bool:
        """Whether nothing in it could be read: the wrong file, or the wrong format."""
        return bool(self.quarantined) and not (self.accepted or self.ignored or self.duplicates)

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
    keep_original: bool = False


class RefusedError(Exception):
    """A recording is not loaded: it is in the log, or its stream has another label."""


def ingest(
    node: Node,
    recording: Recording,
    on_progress: Callable[[IngestReport, Progress], None] | None = None,
    again: bool = False,
) -> IngestReport:
    """Load one recording; everything in it is durable when this returns.

    That it was loaded stands in the log with the hash of its bytes. Where it is damaged, what
    came before the fault is in the log and the report says so.

    Args:
        node: open, and not serving.
        recording: what to load.
        on_progress: called after each block.
        again: load it also where the log has it already.

    Raises:
        OSError: the file cannot be opened.
        RefusedError: it was loaded before, or under another label.
    """
    sha256 = _sha256(recording.path)
    _refuse_what_is_there(node, recording, None if again else sha256)
    report = IngestReport(recording.path)
    try:
        _load(node, recording, report, on_progress)
    except OSError as error:
        report.trouble = f"{reason_of(error)}; what came before is in the log"
    change = SourceChange({INGESTED: _said(report, sha256)})
    node.writer.submit([Draft(recording.stream, recording.labels, change)]).result()
    return report


def reason_of(error: OSError) -> str:
    """What went wrong, without number and path."""
    return error.strerror or str(error)


def _refuse_what_is_there(node: Node, recording: Recording, sha256: str | None) -> None:
    label_set = node.log.label_sets.intern(recording.labels)
    configured = {source.name for source in node.config.sources}
    for data, known_label_set in _ingested(node, recording.stream):
        if known_label_set != label_set and recording.stream not in configured:
            label = join_marking(node.log.label_sets.labels_of(known_label_set))
            marking = label.marking if label else "UNLABELLED"
            raise RefusedError(
                f"stream {recording.stream!r} is {marking}, and a stream is one source under one "
                "label: name another with --stream"
            )
        if data["sha256"] == sha256:
            raise RefusedError(
                f"loaded already into stream {recording.stream!r} as {data['file']}; "
                "--again loads it a second time"
            )


def _ingested(node: Node, stream: str) -> Iterator[tuple[dict[str, Any], int]]:
    """What was loaded into a stream so far, each with its label set."""
    reader = node.log.reader(machine_audience(node.log.label_sets))
    for page in pages(partial(reader.read, kinds=[SOURCE], streams=[stream])):
        for entry in page:
            data = entry.source_change().data
            if INGESTED in data:
                yield data[INGESTED], entry.label_set


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _said(report: IngestReport, sha256: str) -> dict[str, Any]:
    return {
        "file": report.path.name,
        "size_bytes": report.path.stat().st_size,
        "sha256": sha256,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "quarantined": sum(report.quarantined.values()),
        "observations": report.rows,
        "claims": report.claims,
        "trouble": report.trouble,
    }


def _load(
    node: Node,
    recording: Recording,
    report: IngestReport,
    on_progress: Callable[[IngestReport, Progress], None] | None,
) -> None:
    """Decode and submit; what was submitted is durable at the end, also before a fault.

    Raises:
        OSError: the file cannot be read on.
    """
    began_s = time.monotonic()
    label_set = node.log.label_sets.intern(recording.labels)
    drafts = node.streams.drafts_of(recording.stream, recording.labels)
    commits: list[Future[None]] = []

    def submit(found: list[Draft]) -> None:
        report.claims += sum(len(d.body) for d in found if isinstance(d.body, tuple))
        commits.append(node.writer.submit(found))

    def tell(progress: Progress) -> None:
        report.read_bytes = progress.done_bytes
        report.seconds = time.monotonic() - began_s
        if on_progress is not None:
            on_progress(report, progress)

    try:
        for decoded in decode_file(
            recording.path,
            recording.feed,
            recording.options,
            tell,
            node.clock,
            node.check,
            recording.keep_original,
        ):
            report.add(decoded)
            node.quarantine.add(recording.stream, label_set, decoded.quarantined)
            submit(drafts.take(decoded))
    finally:
        submit(drafts.finish())
        for commit in commits:
            commit.result()
