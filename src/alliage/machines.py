"""What runs beside the sources: correlators, resolvers, detectors and notifiers of a node."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from alliage.access.audit import Audit
from alliage.access.policy import Access
from alliage.config import Config
from alliage.correlating import Correlating
from alliage.detecting import Detecting
from alliage.detection.learned import LearnedFiles
from alliage.detection.rules import kinds_of
from alliage.history.audit import AuditStore
from alliage.history.claims import ClaimStore
from alliage.log import Log
from alliage.log.entry import Draft
from alliage.looking_now import LookingNow
from alliage.notifying import Notifying
from alliage.ontology.audience import machine_audience
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock
from alliage.picture.picture import Picture
from alliage.resolving import Resolving
from alliage.streams import Streams
from alliage.trying import Trying
from alliage.watch.board import Board
from alliage.watch.told import TellingMemory


@dataclass(frozen=True)
class Machines:
    """They run together, none in another's way."""

    correlating: Correlating
    resolving: Resolving
    detecting: Detecting
    trying: Trying
    present: LookingNow
    notifying: Notifying

    @classmethod
    def of(
        cls,
        config: Config,
        ontology: Ontology,
        log: Log,
        claims: ClaimStore,
        picture: Picture,
        streams: Streams,
        subject_of: Callable[[str, str], str],
        submit: Callable[[list[Draft]], Future[None]],
        clock: Clock,
        learned: Path,
        access: Access,
        board: Board,
        audit: Audit,
        audit_store: AuditStore,
    ) -> Machines:
        """Those of a node, all writing through ``submit``; ``learned`` is detection's folder."""
        everything = machine_audience(log.label_sets)
        correlating = Correlating(
            picture=picture,
            ontology=ontology,
            label_sets=log.label_sets,
            told=lambda: claims.reader(everything),
            subject_of=subject_of,
            submit=submit,
            config=config.correlation,
        )
        detecting = Detecting(
            reader=log.reader(everything),
            ontology=ontology,
            label_sets=log.label_sets,
            told=claims.reader,
            subject_of=subject_of,
            submit=submit,
            clock=clock,
            sources=streams.labels,
            replays=streams.replays,
            config=config.detection,
            learned_files=LearnedFiles(learned),
        )
        resolving = Resolving.beside(correlating, claims, clock, config.resolution)
        trying = Trying(log, claims, ontology, detecting.looks_for, detecting.timeline)
        notifying = Notifying(
            config=config,
            access=access,
            label_sets=log.label_sets,
            board=board,
            picture=picture,
            memory=lambda name: TellingMemory(name, audit, audit_store, everything, clock),
            kinds=kinds_of(ontology),
            exercises=streams.exercises,
            clock=clock,
        )
        present = LookingNow(detecting.contexts)
        return cls(correlating, resolving, detecting, trying, present, notifying)

    async def run(self) -> None:
        """Judge and tell until :meth:`stop`."""
        await asyncio.gather(
            self.correlating.run(),
            self.resolving.run(),
            self.detecting.run(),
            self.notifying.run(),
        )

    def stop(self) -> None:
        """Let :meth:`run` end once what is being looked at is done."""
        self.correlating.stop()
        self.resolving.stop()
        self.detecting.stop()
        self.notifying.stop()
