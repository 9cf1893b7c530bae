"""One node, put together: the place to read how data flow.

    transports -> feeds -> writer -> log -> picture, claims, history, search -> server -> web

Everything that is shared is made here once and handed down; no room finds another by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, Protocol, Self, TypeVar

import structlog

from alliage import __version__
from alliage.access.accounts import Accounts
from alliage.access.audit import Audit
from alliage.access.binder import Binder
from alliage.access.policy import Access
from alliage.access.subjects import subject_id
from alliage.actions.bulk import BulkWriter
from alliage.actions.desk import Actions
from alliage.actions.revising import Revising
from alliage.actions.watching import WatchDesk
from alliage.basemaps.basemap import Basemap, open_basemap
from alliage.config import Config
from alliage.config_sources import ALL_KINDS
from alliage.exercise.control import ExerciseControl
from alliage.exercise.following import Follower, follow_exercises
from alliage.feeds.contract import Decoded
from alliage.feeds.intake import SourceRunner
from alliage.feeds.quarantine import QuarantineStore
from alliage.feeds.registry import load_feeds
from alliage.feeds.sink import LogSink
from alliage.history.audit import AuditStore
from alliage.history.claims import ClaimReader, ClaimStore
from alliage.history.store import History
from alliage.history.upkeep import Upkeep
from alliage.home import Home, HomeError
from alliage.housekeeping import Housekeeping
from alliage.log import Log, NodeKeys
from alliage.log.reader import LogReader
from alliage.log.writer import Writer
from alliage.machines import Machines
from alliage.ontology.audience import machine_audience
from alliage.ontology.observation import BatchCheck
from alliage.ontology.symbol import Context
from alliage.ontology.times import Clock, WallClock
from alliage.picture.clock import PictureClock
from alliage.picture.finder import PictureFinder
from alliage.picture.kept import KeptPicture
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture
from alliage.picture.restore import restore_picture
from alliage.picture.revised import Revised
from alliage.search.open import FollowingSearch
from alliage.server.app import create_app
from alliage.server.models.health import Readiness
from alliage.server.models.session import NodeInfo
from alliage.server.serve import Server, listen, make_server, started
from alliage.server.services import Services
from alliage.server.settings import ServerSettings
from alliage.server.source_list import SourceList
from alliage.streams import Stream, Streams
from alliage.telling import SourcesTold
from alliage.versions import Known, what_changed
from alliage.watch.board import Board

SUBJECTS_REMEMBERED: Final = 50_000  # asked for every claim of a thing, and there are many

_log = structlog.get_logger(__name__)


class Closable(Protocol):
    """Something that holds files."""

    def close(self) -> None:
        """Let go of them."""


Closing = TypeVar("Closing", bound=Closable)


class NodeError(Exception):
    """The node cannot start or go on; says why and what to do."""


class Node:
    """A node that is open: its log is locked, its projections are caught up."""

    def __init__(self, config: Config, home: Home, clock: Clock, stack: ExitStack) -> None:
        """Use :meth:`open`."""
        self.config = config
        self.home = home
        self.clock = clock
        self.feeds, policy = load_feeds(), config.load_policy()  # a bad policy opens nothing
        self._stack = stack
        self._keys = NodeKeys.load(home.keys)
        self.ontology = config.ontology.load()
        for problem in config.ontology.problems(self.ontology):
            _log.warning("ontology: refused", problem=problem)
        self.check = BatchCheck(self.ontology.static_types())
        self.subject_of = lru_cache(SUBJECTS_REMEMBERED)(partial(subject_id, self._keys.stream_key))
        self.log = self._closing(Log.open(home.log, self._keys, config.node.name, clock))
        self.claims = self._closing(ClaimStore(home.claims))
        self.history = History(home.history, clock, config.keep_of)
        self.audit_store = self._closing(AuditStore(home.audit))
        self.accounts = self._closing(Accounts(home.accounts, clock))
        self.quarantine = self._closing(QuarantineStore.open(home.quarantine))
        self.access = Access(config.node.nation, self.log.label_sets, config.labels.use(), policy)
        self.picture = self._empty_picture(PictureClock("live"))
        self.pasts = Pasts(self.log, self.claims, self._empty_past)
        self._closing(Upkeep(self.history, self._machine_reader(), self.log.last_number))
        self.audit_store.catch_up(self._machine_reader())
        if added := self.claims.catch_up(self._machine_reader()):
            _log.info("claims.caught_up", claims=added)
        following = FollowingSearch(home.search, self.log, self.picture, self.ontology)
        self.search = self._closing(following)
        self.streams = Streams(config, self.feeds, self.log, self.claims, self.subject_of)
        self.revised = Revised(self._machine_reader(), self.claims, self.picture, self.pasts)
        self.revised.catch_up()
        announce = partial(self.picture.announce, "incidents")
        self.board = Board(self.log.label_sets, self.ontology, announce)
        self.board.catch_up(self._claims_of_all())
        self.revised.listen(lambda _entries: self.board.rebuild(self._claims_of_all()))
        self._kept = KeptPicture(home.picture, self._machine_reader())
        parts = (self.picture, self.claims, self.history, self.audit_store, self.board)
        followers = [part.apply for part in (*parts, self.revised, self._kept)]
        self.writer = self._closing(Writer(self.log, followers))
        self.audit = Audit(self.writer.submit)
        self.actions = self._actions()
        self.revising = self._revising()
        self.watch = WatchDesk(self.actions, self.access, self.board, self.clock)
        self.bulk = self._bulk()
        self._sink = LogSink(self.writer, self.streams.drafts)
        self._sources_told = SourcesTold(self.picture)
        self.runners = [self._runner(stream) for stream in self.streams]
        self.exercises = self._exercises()
        self.machines = self._machines()
        self.basemaps = self._basemaps()
        self._restore_picture()
        self._let_exercises_run_ahead(self.picture)  # after it: an earlier run's lead is over
        self._sources_started = False
        self._server: Server | None = None

    @classmethod
    def open(cls, config: Config, folder: Path, clock: Clock | None = None) -> Self:
        """Open the node in this folder.

        Raises:
            HomeError: there is no node here.
            ConfigError: a source or the policy is not as it must be.
            LogInUseError: it is running already.
        """
        home = Home(folder)
        if not home.keys.is_dir():
            raise HomeError(f"{folder}: no node here; `alliage init` makes one")
        with ExitStack() as stack:
            node = cls(config, home, clock or WallClock(), stack)
            node._stack = stack.pop_all()
            return node

    def close(self) -> None:
        """Commit what waits, then let go of every file."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def one_time_link(self, user: str, address: str | None = None) -> str:
        """A link that signs this user in once. Its token is in the fragment: no server logs it.

        Raises:
            NodeError: there is no such user.
        """
        found = self.accounts.find(user)
        if found is None:
            raise NodeError(f"there is no user {user!r}")
        token = self.accounts.one_time_token(found.principal.user_id)
        return f"{address or self.config.server.address}/sign-in#token={token}"

    # --- running

    async def serve(self, on_ready: Callable[[str], None] | None = None) -> None:
        """Run sources and server until a signal or :meth:`stop`; then end gracefully.

        Args:
            on_ready: called once with the address, when the server answers.

        Raises:
            AddressError: the address cannot be listened on.
        """
        listener = listen(self.config.server.host, self.config.server.port)
        keeping = self.housekeeping()
        await asyncio.to_thread(keeping.begin)
        server = make_server(create_app(self.services()), *listener.getsockname()[:2])
        self._server = server
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        housekeeping = asyncio.create_task(keeping.run())
        machines = asyncio.create_task(self.machines.run())
        sources: asyncio.Task[None] | None = None
        try:
            await started(server, serving)
            if server.started:  # the page comes first: sources keep the machine busy at once
                sources = asyncio.create_task(self._run_sources())
                if on_ready is not None:
                    on_ready(self._address(listener.getsockname()[1]))
            await serving
        finally:
            housekeeping.cancel()
            self.machines.stop()
            await machines
            await self._stop_sources(sources)
            await asyncio.to_thread(keeping.keep_picture)
            for basemap in self.basemaps.values():
                if basemap.source is not None:
                    await basemap.source.close()
            listener.close()

    def stop(self) -> None:
        """Make :meth:`serve` end; from any thread."""
        if self._server is not None:
            self._server.should_exit = True

    def services(self) -> Services:
        """Everything the server's routes need."""
        server, clock, writer = self.config.server, self.clock, self.writer
        return Services(
            node=NodeInfo(**self.config.node.model_dump(), version=__version__),
            clock=clock,
            ontology=self.ontology,
            feeds=self.feeds,
            access=self.access,
            accounts=self.accounts,
            log=self.log,
            claims=self.claims,
            history=self.history,
            picture=self.picture,
            pasts=self.pasts,
            search=self.search,
            actions=self.actions,
            bulk=self.bulk,
            revising=self.revising,
            board=self.board,
            watch=self.watch,
            detection=self.machines.detecting,
            present=self.machines.present,
            notifiers=self.machines.notifying.notifiers,
            rules=self.machines.trying,
            detector_settings=self.config.detection.detectors,
            audit=self.audit,
            audit_store=self.audit_store,
            binder=Binder(self.home.keys, self.config.node.name, self.config.node.nation),
            sources=SourceList(
                self.runners, self.log.label_sets, self.quarantine, clock, lambda: writer.trouble
            ),
            readiness=self._readiness,
            exercises=self.exercises,
            offsets=self.machines.correlating.systematic,
            basemaps=self.basemaps,
            settings=ServerSettings(
                server.url,
                server.metrics,
                server.late_after_s,
                incidents_per_hour=self.config.detection.incidents_per_hour,
                detects=self.config.detection.enabled,
            ),
        )

    async def _run_sources(self) -> None:
        async with asyncio.TaskGroup() as group:
            for stream, runner in zip(self.streams, self.runners, strict=True):
                group.create_task(self._run_source(stream, runner))
            self._sources_started = True

    async def _run_source(self, stream: Stream, runner: SourceRunner) -> None:
        """Run one source; whatever happens to it, the others go on."""
        name = stream.source.name
        if stream.replay_pace is not None:
            for one in stream.names:
                self.picture.start_replay(one, stream.replay_pace)
        try:
            await asyncio.to_thread(stream.drafts.prepare)  # not before the page is served
            said = list(stream.source.transport.statements(self.clock.now_us()))
            await self._sink.submit(name, Decoded(statements=said))
            await runner.run()
            await self._sink.finish(name)
        except Exception:
            _log.exception("source.failed", source=name)
        finally:
            if stream.replay_pace is not None:
                await asyncio.to_thread(self.writer.drain)
                for one in stream.names:
                    self.picture.end_replay(one)

    def _address(self, port: int) -> str:
        """The address to open; with the port that was taken where any free one was asked for."""
        if self.config.server.port:
            return self.config.server.address
        return f"{self.config.server.address.rpartition(':')[0]}:{port}"

    async def _stop_sources(self, sources: asyncio.Task[None] | None) -> None:
        for runner in self.runners:
            runner.stop()
        if sources is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await sources
        await asyncio.to_thread(self.writer.drain)

    def _readiness(self) -> Readiness:
        log_open = not self.log.closed and self.writer.trouble is None
        return Readiness(
            status="ready" if log_open and self._sources_started else "not ready",
            log_open=log_open,
            trouble=self.writer.trouble,
            sources_started=self._sources_started,
            projections_caught_up=self.history.caught_up,  # picture and claims always are
        )

    # --- putting together

    def _closing(self, part: Closing) -> Closing:
        self._stack.callback(part.close)
        return part

    def _empty_picture(self, clock: PictureClock) -> Picture:
        return Picture(
            self.ontology,
            self.log.label_sets,
            self.subject_of,
            self.clock,
            Context.EXERCISE if self.config.node.banner else Context.REALITY,
            clock,
            combine=self.config.fusion.combine != "latest",
        )

    def _empty_past(self) -> Picture:
        picture = self._empty_picture(PictureClock("past"))
        self._let_exercises_run_ahead(picture)
        return picture

    def _basemaps(self) -> dict[str, Basemap]:
        found = {}
        for one in self.config.basemaps:
            label_set = self.log.label_sets.intern(frozenset([one.to_label()]))
            basemap = open_basemap(one.name, one.title, one.attribution, label_set, one.tiles)
            if basemap.problem is not None:
                _log.warning("basemap refused", basemap=one.name, problem=basemap.problem)
            found[one.name] = basemap
        return found

    def _let_exercises_run_ahead(self, picture: Picture) -> None:
        for stream in self.streams:
            if stream.source.transport.is_exercise:
                for name in stream.names:
                    picture.let_run_ahead(name)

    def _actions(self) -> Actions:
        return Actions(
            ontology=self.ontology,
            access=self.access,
            label_sets=self.log.label_sets,
            claims=self.claims,
            subject_of=self.subject_of,
            finder=PictureFinder(self.picture, self.log.label_sets),
            submit=self.writer.submit,
            clock=self.clock,
            label=self.config.people.to_label(),
        )

    def _machines(self) -> Machines:
        return Machines.of(
            self.config, self.ontology, self.log, self.claims, self.picture, self.streams,
            self.subject_of, self.writer.submit, self.clock, self.home.learned, self.access,
            self.board, self.audit, self.audit_store,
        )  # fmt: skip

    def _revising(self) -> Revising:
        return Revising(
            desk=self.actions,
            ontology=self.ontology,
            access=self.access,
            log=self.log,
            claims=self.claims,
            subject_of=self.subject_of,
            submit=self.writer.submit,
            clock=self.clock,
            node=self.config.node.name,
            standing=lambda: self.audit_store.standing,
        )

    def _bulk(self) -> BulkWriter:
        return BulkWriter(
            ontology=self.ontology,
            access=self.access,
            subject_of=self.subject_of,
            changes_of=self.streams.changes_of,
            submit=self.writer.submit,
            clock=self.clock,
            label=self.config.people.to_label(),
        )

    def _restore_picture(self) -> None:
        """Show again what the log knows. Replays begin again, so they are left out."""
        kept = self._kept.begin(self.log.last_number)
        restore_picture(self.picture, self._machine_reader(), self.streams.replayed, kept=kept)

    def _runner(self, stream: Stream) -> SourceRunner:
        return SourceRunner(
            stream.source,
            self._sink,
            self.quarantine,
            self.clock,
            kinds=ALL_KINDS,
            on_change=partial(self._sources_told.tell, stream.source),
            check=self.check,
        )

    def _exercises(self) -> dict[str, ExerciseControl]:
        """The exercises among the sources; the picture's clock follows their instructors."""
        pairs = zip(self.runners, self.streams, strict=True)
        followers = [Follower(runner, stream.names) for runner, stream in pairs]
        last_valid_us = self._machine_reader().last_valid_us
        return follow_exercises(followers, self.picture, self.writer.drain, last_valid_us)

    def housekeeping(self) -> Housekeeping:
        """What runs beside the server."""
        reader, labels, spool = self._machine_reader(), self.streams.labels, self.home.audit_spool
        log, audited, writer = self.log, self.audit_store, self.writer
        known = Known(self.access, self.accounts, audited, labels, log.label_sets, reader)
        changed = partial(what_changed, self.config, known)
        keep = partial(self._kept.keep, self.picture, self.streams.replayed)
        return Housekeeping(
            self.config, labels, log, reader, writer, spool, self.clock, changed, keep
        )

    def _claims_of_all(self) -> ClaimReader:
        return self.claims.reader(machine_audience(self.log.label_sets))

    def _machine_reader(self) -> LogReader:
        return self.log.reader(machine_audience(self.log.label_sets))
