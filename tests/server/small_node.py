"""A small real node: two streams under two labels, three people, one source with bad lines."""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
import pyarrow as pa
from argon2 import PasswordHasher
from fastapi import FastAPI

from alliage.access.accounts import Accounts
from alliage.access.audit import Act, Audit, AuditEvent, audit_draft
from alliage.access.authority import rights_said
from alliage.access.binder import Binder
from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.access.rights import Rights
from alliage.access.subjects import subject_id
from alliage.actions.bulk import BulkWriter
from alliage.actions.desk import Actions
from alliage.actions.revising import Revising
from alliage.actions.watching import WatchDesk
from alliage.basemaps.basemap import Basemap
from alliage.detection import Engine
from alliage.detection_context import ContextKey
from alliage.feeds.contract import Decoded
from alliage.feeds.intake import Source, SourceRunner
from alliage.feeds.quarantine import QuarantineStore
from alliage.feeds.registry import load_feeds
from alliage.feeds.transports.file import FileConfig
from alliage.history.audit import AuditStore
from alliage.history.changes import ChangeDetector
from alliage.history.claims import ClaimStore
from alliage.history.store import History
from alliage.log import Draft, Log, NodeKeys
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.log.writer import Writer
from alliage.looking_now import LookingNow
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import Claim
from alliage.ontology.label import CLASSIFICATIONS, UNLABELLED, Label, LabelSet
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock, WallClock
from alliage.picture.clock import PictureClock
from alliage.picture.finder import PictureFinder
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture
from alliage.picture.revised import Revised
from alliage.search.follow import IndexFollower
from alliage.search.mentions import MentionReader
from alliage.search.search import Search
from alliage.search.sqlite_index import SqliteTextIndex
from alliage.server.app import create_app
from alliage.server.models.health import Readiness
from alliage.server.models.session import NodeInfo
from alliage.server.serve import Server, make_server
from alliage.server.services import Services
from alliage.server.settings import ServerSettings
from alliage.server.source_list import SourceList
from alliage.trying import Trying
from alliage.watch.board import Board

PATIENCE_S = 60.0
"""A busy machine is no counterexample: an answer may take its time."""
PASSWORD = "correct horse battery"
SHARED = Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])
NATIONAL = Label.make("ALLIAGE", "SECRET", ["DNK"])
OPEN_STREAM, HIDDEN_STREAM, FILE_STREAM = "denmark", "submarine-net", "escort"
FRIO, NORD, GHOST = 219012345, 219000001, 219999999
"""Two ships that everybody may see, and one that only Danes may."""

SOURCES = {FILE_STREAM: SHARED, HIDDEN_STREAM: NATIONAL}


def _person(nation: str, clearance: str, *roles: str) -> Rights:
    return Rights(nation, CLASSIFICATIONS.index(clearance), roles=frozenset(roles))


PEOPLE = {
    "anna": _person("DNK", "SECRET", Role.VIEWER, Role.ADMINISTRATOR),
    "bent": _person("DNK", "SECRET", Role.VIEWER),
    "fleur": _person("FRA", "SECRET", Role.ANALYST),
    "carl": _person("DNK", "SECRET", Role.ANALYST),
    "ines": _person("DNK", "UNCLASSIFIED", Role.AUDITOR),
    "chief": _person("DNK", "SECRET", Role.COMMANDER),
    "oda": _person("DNK", "SECRET", Role.AUDITOR),
    "dora": _person("DNK", "UNCLASSIFIED", Role.COMMANDER, Role.INSTRUCTOR),
}

_SCHEMA = pa.schema([*COMMON, *POSITION])


@dataclass(frozen=True)
class Ship:
    """One position report."""

    mmsi: int
    lon: float
    lat: float
    receiver: str = "2190067"


def _following(index: SqliteTextIndex, ontology: Ontology, log: LogReader) -> IndexFollower:
    follower = IndexFollower(index, MentionReader(ontology))
    follower.catch_up(log)
    return follower


class Follows(Protocol):
    """What gets entries as they are committed."""

    def apply(self, entries: Sequence[Entry], /) -> None: ...


class HistoryUpkeep:
    """Has the history follow decisions at once, where a node has a thread for that."""

    def __init__(self, history: History, machines: LogReader) -> None:
        self._history, self._machines = history, machines

    def apply(self, _entries: Sequence[Entry]) -> None:
        if self._history.is_to_be_revised:
            self._history.revise(self._machines)


class SmallNode:
    """What node.py wires, with everything flushed at once and nothing running by itself."""

    def __init__(
        self,
        folder: Path,
        settings: ServerSettings | None = None,
        *,
        clock: Clock | None = None,
        keys: NodeKeys | None = None,
        people: Mapping[str, Rights] = PEOPLE,
        sources: Mapping[str, Label] = SOURCES,
    ) -> None:
        self.folder = folder
        self.clock: Clock = clock or WallClock()
        self.keys = keys or NodeKeys.generate()
        self.log = Log.open(folder / "log", self.keys, "test-1", self.clock)
        # Cheap hashing: what is tested is the door, not argon2.
        cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        self.accounts = Accounts(folder / "accounts.sqlite", self.clock, cheap)
        self.quarantine = QuarantineStore.open(folder / "quarantine.sqlite")
        self.ontology = _ontology()
        self.picture = self._empty_picture()
        self.claims = ClaimStore(folder / "claims.sqlite")
        self.pasts = Pasts(self.log, self.claims, lambda: self._empty_picture(PictureClock("past")))
        self.feeds = _feeds()
        self.history = History(folder / "history", self.clock)
        machines = self.log.reader(machine_audience(self.log.label_sets))
        self.history.catch_up(machines, 0)
        self.upkeep = HistoryUpkeep(self.history, machines)
        texts = SqliteTextIndex(folder / "search.sqlite")
        self.search = _following(texts, self.ontology, machines)
        self.audit_store = AuditStore(folder / "audit.sqlite")
        self.revised = Revised(machines, self.claims, self.picture, self.pasts)
        self.board = Board(self.log.label_sets, self.ontology)
        self.writer = Writer(self.log, [part.apply for part in self._parts()], flush_s=0.0)
        self.access = Access("DNK", self.log.label_sets)
        self.ready = True
        self._server: Server | None = None
        self._add_people(people)
        runners = [self._run_source(name, label) for name, label in sources.items()]
        self.actions = self._actions()
        self.services = Services(
            node=NodeInfo(name="test-1", nation="DNK", banner="EXERCISE", version="0"),
            ontology=self.ontology,
            feeds=self.feeds,
            access=self.access,
            accounts=self.accounts,
            log=self.log,
            claims=self.claims,
            history=self.history,
            picture=self.picture,
            pasts=self.pasts,
            clock=self.clock,
            search=Search(texts, self.picture, self.ontology),
            actions=self.actions,
            revising=self._revising(),
            board=self.board,
            watch=WatchDesk(self.actions, self.access, self.board, self.clock),
            present=LookingNow(lambda: self.looking),
            rules=Trying(self.log, self.claims, self.ontology, lambda _: True, lambda _: ""),
            bulk=self._bulk(),
            audit=Audit(self.writer.submit),
            audit_store=self.audit_store,
            binder=Binder(folder / "keys", "test-1", "DNK"),
            sources=SourceList(runners, self.log.label_sets, self.quarantine, self.clock),
            readiness=self._readiness,
            basemaps=self.basemaps,
            settings=settings or ServerSettings(web=folder / "web"),
        )

    @functools.cached_property
    def app(self) -> FastAPI:
        """What the server serves."""
        return create_app(self.services)

    @functools.cached_property
    def basemaps(self) -> dict[str, Basemap]:
        """Those that there are, by name; a test puts some in."""
        return {}

    @functools.cached_property
    def looking(self) -> dict[ContextKey, Engine]:
        """Engines that look; a test puts some in."""
        return {}

    def close(self) -> None:
        """End the server and close every file."""
        self.stop()
        self.writer.close()
        self.log.close()
        self.claims.close()
        self.history.close()
        self.search.close()
        self.audit_store.close()
        self.accounts.close()
        self.quarantine.close()

    def subject_of(self, stream: str, identifier: str) -> str:
        """The subject id of a thing as a stream knows it."""
        return subject_id(self.keys.stream_key, stream, identifier)

    def report(
        self,
        stream: str,
        label: Label,
        ships: Sequence[Ship],
        ago_s: float = 0.0,
        came_ago_s: float = 0.0,
    ) -> int:
        """Have a stream report positions of now, or of so long ago; returns their valid time.

        Their bytes came now, or so long ago: they are read again by a mended decoder.
        """
        now_us = self.clock.now_us()
        valid_us = now_us - round(ago_s * 1_000_000)
        rows = [
            {
                "identifier": f"mmsi:{ship.mmsi}",
                "schema": "Vessel",
                "valid": valid_us,
                "received": now_us - round(came_ago_s * 1_000_000),
                "receivers": [ship.receiver],
                "report": "AIS 1",
                "latitude_deg": ship.lat,
                "longitude_deg": ship.lon,
                "position_std_m": 10.0,
                "speed_mps": 5.0,
            }
            for ship in ships
        ]
        batch = ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pylist(rows, _SCHEMA))
        self._commit([Draft(stream, frozenset([label]), batch)])
        return valid_us

    def claim(self, stream: str, label: Label, mmsi: int, **properties: str | float) -> None:
        """Have a stream claim properties of a vessel, from now on."""
        identifier = f"mmsi:{mmsi}"
        claims = tuple(
            Claim(
                claim_id=f"{stream}-{mmsi}-{name}-{value}",
                subject=self.subject_of(stream, identifier),
                identifier=identifier,
                schema="Vessel",
                property=name,
                value=value,
                valid_from_us=self.clock.now_us(),
            )
            for name, value in properties.items()
        )
        self._commit([Draft(stream, frozenset([label]), claims)])

    @property
    def url(self) -> str:
        """Where the node answers; the server starts when it is first asked for."""
        if self._server is None:
            self._server = make_server(self.app, "127.0.0.1", 0)
            self._thread = threading.Thread(target=self._server.run)
            self._thread.start()
            wait_until(lambda: self._server.started)
        host, port = self._server.servers[0].sockets[0].getsockname()
        return f"http://{host}:{port}"

    def client(self, user: str | None = None) -> httpx.Client:
        """Return an HTTP client, signed in as this person; it sends the CSRF token by itself."""
        client = httpx.Client(base_url=f"{self.url}/api/v1/", timeout=PATIENCE_S)
        if user is not None:
            answer = client.post("session", json={"user": user, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client

    def stop(self) -> None:
        """End the server gracefully."""
        if self._server is not None:
            self._server.should_exit = True
            self._thread.join(10)
            assert not self._thread.is_alive()

    def _empty_picture(self, clock: PictureClock | None = None) -> Picture:
        return Picture(self.ontology, self.log.label_sets, self.subject_of, self.clock, clock=clock)

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
        )

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
            node="test-1",
            standing=lambda: self.audit_store.standing,
        )

    def _bulk(self) -> BulkWriter:
        return BulkWriter(
            ontology=self.ontology,
            access=self.access,
            subject_of=self.subject_of,
            changes_of=self._changes,
            submit=self.writer.submit,
            clock=self.clock,
            label=UNLABELLED,
        )

    def _changes(self, stream: str, labels: LabelSet) -> ChangeDetector:
        changes = ChangeDetector(stream, self.subject_of)
        claims = self.claims.reader(machine_audience(self.log.label_sets))
        changes.restore(claims.latest_of_stream(stream, self.log.label_sets.intern(labels)))
        return changes

    def _add_people(self, people: Mapping[str, Rights]) -> None:
        for name, rights in people.items():
            added = self.accounts.add(
                name,
                nation=rights.nation,
                clearance=CLASSIFICATIONS[rights.clearance_rank],
                roles=frozenset(Role(role) for role in rights.roles),
                communities=rights.communities,
                password=PASSWORD,
            )
            self._note_added(added.principal)

    def _note_added(self, who: Principal) -> None:
        """Say in the audit that an account was made on the node's own machine."""
        event = AuditEvent(
            Act.ACCOUNT_ADDED,
            user="machine:test",
            program="alliage users add",
            on=(who.user_id,),
            details={"user": who.name, "after": rights_said(who)},
        )
        self.writer.submit([audit_draft(event)]).result()

    def _run_source(self, name: str, label: Label) -> SourceRunner:
        """Read a recording with two bad lines to its end."""
        feed = self.feeds["nmea_position"]
        recording = self.folder / f"{name}.nmea"
        good = (feed.folder / "sample.nmea").read_bytes()
        recording.write_bytes(b"$GPGGA,rubbish*00\r\n" + good + b"$GPRMC,more rubbish*00\r\n")
        source = Source(
            name=name,
            feed=feed,
            options=feed.options_model(),
            transport=FileConfig(path=str(recording)),
            label_set=self.log.label_sets.intern(frozenset([label])),
        )
        runner = SourceRunner(source, _Counted(), self.quarantine, self.clock)
        asyncio.run(runner.run())
        return runner

    def _parts(self) -> tuple[Follows, ...]:
        """What follows the log, in the order of a node."""
        return (
            self.picture, self.claims, self.history, self.upkeep, self.search, self.audit_store,
            self.board, self.revised,
        )  # fmt: skip

    def _commit(self, drafts: list[Draft]) -> None:
        entries = self.log.append(drafts)
        for part in self._parts():
            part.apply(entries)

    def _readiness(self) -> Readiness:
        return Readiness(
            status="ready" if self.ready else "not ready",
            log_open=not self.log.closed,
            sources_started=True,
            projections_caught_up=self.ready,
        )


_ontology = functools.cache(Ontology.load)
_feeds = functools.cache(load_feeds)


class _Counted:
    """A sink for the sources' own rows, which no test looks at."""

    async def submit(self, source: str, decoded: Decoded) -> None:
        """Take a result."""


def wait_until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Poll a condition until it holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)
