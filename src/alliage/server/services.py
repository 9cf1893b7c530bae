"""What the routes need of a node: node.py fills it in, the tests too.

Data are only to be had with an :class:`Audience`; everything here that answers with data takes
one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alliage.access.accounts import Accounts
from alliage.access.audit import Audit
from alliage.access.policy import Access
from alliage.actions.bulk import BulkWriter
from alliage.actions.desk import Actions
from alliage.actions.revising import Revising
from alliage.basemaps.basemap import Basemap
from alliage.exercise.control import ExerciseControl
from alliage.feeds.contract import Feed
from alliage.history.audit import AuditStore
from alliage.history.claims import ClaimStore
from alliage.history.store import History
from alliage.log.store import Log
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock, WallClock
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture
from alliage.search.search import Search
from alliage.server.cursors import Cursors
from alliage.server.metrics import ServerMetrics
from alliage.server.models.health import Readiness
from alliage.server.models.session import NodeInfo
from alliage.server.settings import ServerSettings
from alliage.server.source_list import SourceList


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
    audit: Audit
    audit_store: AuditStore
    readiness: Callable[[], Readiness]
    exercises: Mapping[str, ExerciseControl] = field(default_factory=dict)
    """By the source that plays it."""
    basemaps: Mapping[str, Basemap] = field(default_factory=dict)
    """By name."""
    clock: Clock = field(default_factory=WallClock)
    """Real time; the picture has a clock of its own."""
    settings: ServerSettings = field(default_factory=ServerSettings)
    cursors: Cursors = field(default_factory=Cursors)
    metrics: ServerMetrics = field(default_factory=ServerMetrics)
