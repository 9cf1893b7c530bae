"""What the routes need of a node: node.py fills it in, the tests too.

Data are only to be had with an :class:`Audience`; everything here that answers with data takes
one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from alliage.access.accounts import Accounts
from alliage.access.audit import Audit
from alliage.access.binder import Binder
from alliage.access.policy import Access
from alliage.actions.bulk import BulkWriter
from alliage.actions.desk import Actions
from alliage.actions.revising import Revising
from alliage.actions.watching import WatchDesk
from alliage.basemaps.basemap import Basemap
from alliage.detection.rules import Rule, Tried
from alliage.exercise.control import ExerciseControl
from alliage.feeds.contract import Feed
from alliage.fusion.correlation import Systematic
from alliage.history.audit import AuditStore
from alliage.history.claims import ClaimStore
from alliage.history.store import History
from alliage.log.store import Log
from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock, WallClock
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture
from alliage.picture.stream_rows import StreamKey
from alliage.search.search import Search
from alliage.server.cursors import Cursors
from alliage.server.detection_work import (
    DetectionWork,
    NobodyLooks,
    NoDetectionWork,
    PresentWork,
)
from alliage.server.export_turns import ExportTurns
from alliage.server.metrics import ServerMetrics
from alliage.server.models.health import Readiness
from alliage.server.models.session import NodeInfo
from alliage.server.quality_series import QualitySeries
from alliage.server.settings import ServerSettings
from alliage.server.source_list import SourceList
from alliage.watch.board import Board
from alliage.watch.notifier import Notifier
from alliage.watch.seen import Memory

Offset = tuple[StreamKey, StreamKey, Systematic]
"""Two streams under a label set each, and by how much the one lies off the other."""


class RuleWork(Protocol):
    """Where rules are looked for and tried out."""

    def looks_for(self, labels: LabelSet) -> bool:
        """Whether a rule under these labels is looked for in what is live."""
        ...

    def try_out(
        self, audience: Audience, text: str, rule: Rule, from_us: int, to_us: int
    ) -> Iterator[Tried]:
        """Look for a rule in what these readers may see of a time."""
        ...


class NoRuleWork:
    """A node in which nothing is looked for."""

    def looks_for(self, labels: LabelSet) -> bool:
        """It is not."""
        return False

    def try_out(
        self, audience: Audience, text: str, rule: Rule, from_us: int, to_us: int
    ) -> Iterator[Tried]:
        """Nothing is found."""
        return iter(())


@dataclass(frozen=True)
class Services:
    """One node, as the server sees it."""

    node: NodeInfo
    ontology: Ontology
    feeds: Mapping[str, Feed]
    access: Access
    accounts: Accounts
    log: Log
    claims: ClaimStore
    history: History
    picture: Picture
    pasts: Pasts
    search: Search
    actions: Actions
    bulk: BulkWriter
    sources: SourceList
    revising: Revising
    board: Board
    watch: WatchDesk
    audit: Audit
    audit_store: AuditStore
    binder: Binder
    readiness: Callable[[], Readiness]
    offsets: Callable[[], Iterable[Offset]] = tuple
    seen: Memory = field(default_factory=Memory)
    """The incidents of the readers who asked last."""

    detection: DetectionWork = field(default_factory=NoDetectionWork)
    """How detectors do, and what was learned."""
    present: PresentWork = field(default_factory=NobodyLooks)
    """What holds right now."""
    rules: RuleWork = field(default_factory=NoRuleWork)
    """Looks for watch rules, and tries them out."""
    detector_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By a detector's name what the configuration sets of it."""
    notifiers: Sequence[Notifier] = ()
    """Who is told of incidents outside of the node."""
    exercises: Mapping[str, ExerciseControl] = field(default_factory=dict)
    """By the source that plays it."""
    basemaps: Mapping[str, Basemap] = field(default_factory=dict)
    """By name."""
    clock: Clock = field(default_factory=WallClock)
    """Real time; the picture has a clock of its own."""
    settings: ServerSettings = field(default_factory=ServerSettings)
    exports: ExportTurns = field(default_factory=ExportTurns)
    """Who may write files that leave the node right now."""
    cursors: Cursors = field(default_factory=Cursors)
    quality_series: QualitySeries = field(default_factory=QualitySeries)
    metrics: ServerMetrics = field(default_factory=ServerMetrics)
