"""Detection in a node: an engine for each detection context, fed from the log, alerts as claims.

A context is a label set. It sees the entries whose labels are all among its own, and what it finds
bears its labels: nothing that a reader may not see has any influence on what that reader is told of
(the law of non-interference). Each label set under which positions come is a context, and so are
those that the configuration declares. A recording that is replayed has contexts of its own: its
time is another one.

What a live context has learned is written down now and then and at the end, and read at the next
start: see :mod:`alliage.detection.learned`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from alliage.config_detection import DetectionConfig
from alliage.detection import (
    DETECTORS,
    Alert,
    Engine,
    alert_claim,
    alert_of,
    make_detectors,
)
from alliage.detection.failures import Failure
from alliage.detection.forecast import Forecaster
from alliage.detection.learned import Learned, LearnedFiles
from alliage.detection.retrying import Retries
from alliage.detection_context import (
    ASKS_FOR_ROOM,
    ENTRIES,
    LIVE,
    Context,
    ContextKey,
    room_for,
)
from alliage.history.claims import ClaimReader, StoredClaim
from alliage.log.bodies import CLAIMS, Body
from alliage.log.entry import BodyGoneError, Draft, Entry, EntryDamagedError
from alliage.log.reader import LogReader, Subscription
from alliage.log.revisions import REVISION, Drop
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.claim import ALERT, DETECTOR, Claim
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import Kind
from alliage.ontology.schema import Ontology
from alliage.ontology.times import Clock

POSITIONS: Final = f"observations:{Kind.POSITION}"
REPORTS: Final = (POSITIONS, f"observations:{Kind.STATIC}", f"observations:{Kind.TEXT}")
KINDS: Final = (*REPORTS, CLAIMS)
MOST_RULE_CONTEXTS: Final = 8
"""Each is an engine of its own that follows everything live."""

AT_ONCE: Final = 50
"""Entries that are looked at before alerts are written."""

SAVED_US: Final = 600_000_000
"""So often what was learned is written down."""

LOOKED_BACK_US: Final = 86_400_000_000
"""What was missed for longer, while detection was off, is not looked at afterwards."""

LINGER_S: Final = {detector.name: detector.linger_s for detector in DETECTORS}

DECLARED: Final = ("declared",)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Detecting:
    """The detectors of a node. One thread follows the log.

    Attributes:
        reader: reads the log, of all labels.
        ontology: the words.
        label_sets: the log's.
        told: claims as an audience may see them.
        subject_of: (stream, identifier) to subject id.
        submit: writes drafts to the log.
        clock: the node's.
        sources: by name the labels of each configured source.
        replays: names of the streams that are replays.
        config: the node's.
        learned_files: where what was learned is kept.
    """

    reader: LogReader
    ontology: Ontology
    label_sets: LabelSets
    told: Callable[[Audience], ClaimReader]
    subject_of: Callable[[str, str], str]
    submit: Callable[[list[Draft]], Future[None]]
    clock: Clock
    sources: Mapping[str, LabelSet]
    replays: frozenset[str]
    config: DetectionConfig
    learned_files: LearnedFiles
    _contexts: dict[ContextKey, Context] = field(default_factory=dict)
    _unmade: Retries[ContextKey] = field(default_factory=Retries)
    _undeclared: Retries[tuple[str]] = field(default_factory=Retries)
    _feeds: dict[tuple[ContextKey, bool], list[Context]] = field(default_factory=dict)
    _following: list[Subscription] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    async def run(self) -> None:
        """Follow the log until :meth:`stop`."""
        if self.config.enabled:
            await asyncio.to_thread(self.follow)

    def stop(self) -> None:
        """Let :meth:`run` end, also where it has hardly begun."""
        self._stopping.set()
        for one in self._following:
            one.close()

    def follow(self) -> None:
        """Look at what is known lately, and then at each new entry, until the log is closed."""
        start = self._start()
        self._declare(start)
        following = self.reader.subscribe(after=start, kinds=(*KINDS, REVISION))
        self._following.append(following)
        if self._stopping.is_set():  # it was asked while there was nothing to close
            following.close()
        known, saved_us = start, self.clock.now_us()
        while not following.is_over:
            entries = following.next(self._wait_s(), limit=AT_ONCE)
            known = entries[-1].number if entries else known
            try:
                self.take(entries)
                self.try_again(known)
            except Exception:
                _log.exception("detection: entries were left out, and the next are looked at")
            if self.clock.now_us() - saved_us >= SAVED_US:
                saved_us = self.clock.now_us()
                self.save(known)
        self.save(known)

    def save(self, known: int) -> None:
        """Write down what was learned from everything up to an entry of the log."""
        for key, context in self._contexts.items():
            engine = context.engine
            if not key.learns or not engine.has_learned:
                continue
            try:
                learned = Learned(known, self.clock.now_us(), engine.last_look, engine.dump())
                self.learned_files.write(context.learned_name, learned)
            except Exception as error:  # whatever a detector cannot dump, the rest goes on
                _log.warning("detection: what was learned is not kept", problem=str(error))

    def _start(self) -> int:
        """After which entry to begin: some time before now, or before what was learned ends."""
        now_us = self.clock.now_us()
        saved_us = max(self.learned_files.saved_us() or now_us, now_us - LOOKED_BACK_US)
        since_us = min(now_us, saved_us) - round(self.config.warm_up_s * 1e6)
        return self.reader.number_known_by(since_us)

    def take(self, entries: Sequence[Entry]) -> int:
        """Look at entries, in order; what is to be told is one commit.

        Returns:
            How many claims were written.
        """
        for entry in entries:
            if entry.stream.startswith(DETECTOR):
                continue
            if entry.kind == REVISION:
                self._begin_anew(entry)
                continue
            try:
                content = entry.content()
            except BodyGoneError:
                continue
            except EntryDamagedError as error:
                _log.error("detection: an entry is left out", problem=str(error))
                continue
            said = {c.property for c in content} if isinstance(content, tuple) else set()
            for word in sorted(said.intersection(ASKS_FOR_ROOM)):
                self._make_room(word, entry.label_set, entry.number - 1)
            for context in self._fed_by(entry):
                self._give(context, entry, content)
        drafts = list(self._drafts())
        if drafts:
            self.submit(drafts).result()
        return sum(len(draft.body) for draft in drafts if isinstance(draft.body, tuple))

    def contexts(self) -> dict[ContextKey, Engine]:
        """The engines by their contexts, for those who show how they do."""
        return {key: context.engine for key, context in list(self._contexts.items())}

    def failures(self, audience: Audience) -> dict[str, Failure]:
        """By the name of what looks how it failed, in the contexts that these readers see."""
        found: dict[str, Failure] = {}
        for key, context in list(self._contexts.items()):
            if audience.sees(key.label_set):
                for name, failure in list(context.engine.failures.by_name.items()):
                    if name != ENTRIES:
                        found[name] = failure.joined(found.get(name))
        return found

    def left_out(self, audience: Audience) -> list[tuple[LabelSet, Failure]]:
        """Under which labels reports were not looked at, or not all of them, and why."""
        failing = self._unmade.failures()
        for key, context in list(self._contexts.items()):
            if ENTRIES in context.engine.failures.by_name:
                failing[key] = context.engine.failures.by_name[ENTRIES]
        return [
            (self.label_sets.labels_of(key.label_set), failure)
            for key, failure in sorted(failing.items())
            if audience.sees(key.label_set)
        ]

    def learned(self, audience: Audience) -> tuple[Forecaster, LabelSet] | None:
        """What was learned in the largest live context that these readers see; None: in none.

        Which one that is depends on contexts that they see alone.
        """
        seen = [
            context
            for key, context in list(self._contexts.items())
            if key.timeline == LIVE and not key.rules_only and audience.sees(key.label_set)
        ]
        best = max(seen, key=lambda one: (len(one.labels), one.engine.context), default=None)
        return None if best is None else (best.engine.forecaster, best.labels)

    def looks_for(self, labels: LabelSet) -> bool:
        """Whether there is a live context in which a rule under these labels is looked for."""
        return any(
            key.timeline == LIVE and labels <= context.labels
            for key, context in list(self._contexts.items())
        )

    # --- contexts

    def _declare(self, known_before: int) -> None:
        """The contexts that the configuration names; by default one of all that is live."""
        try:
            live = self._live_sources()
            for names in self.config.contexts or ([live] if live else []):
                self._context(ContextKey(LIVE, self._labels_of(names)), known_before)
            for item in self.told(self.reader.audience).said_since(ASKS_FOR_ROOM, 0):
                self._make_room(item.claim.property, item.label_set, known_before)
        except Exception as error:
            self._undeclared.failed(DECLARED, error, self.clock.now_us())
            _log.exception("detection: not every context could be declared; it is tried again")
        else:
            self._undeclared.made(DECLARED)

    def _wait_s(self) -> float | None:
        """How long to wait for entries: until something that failed is due."""
        now_us = self.clock.now_us()
        waits = [one.wait_s(now_us) for one in (self._unmade, self._undeclared)]
        return min((one for one in waits if one is not None), default=None)

    def try_again(self, known: int) -> None:
        """Make what could not be made, where that is due; it looks at what came lately.

        Args:
            known: number of the last entry that was looked at.
        """
        now_us = self.clock.now_us()
        if self._undeclared.due(now_us):
            self._declare(known)
        for key in self._unmade.due(now_us):
            context = self._context(key, known, again=True)
            if context is not None:
                self._look_back(key, context, known)
                self.take([])

    def _look_back(self, key: ContextKey, context: Context, known: int) -> None:
        since_us = self.clock.now_us() - round(self.config.warm_up_s * 1e6)
        after = self.reader.number_known_by(since_us)
        while entries := self.reader.read(after, AT_ONCE, REPORTS, up_to=known):
            after = entries[-1].number
            for entry in entries:
                if entry.labels <= context.labels and self.timeline(entry.stream) == key.timeline:
                    with suppress(BodyGoneError):
                        self._give(context, entry, entry.content())

    def _live_sources(self) -> list[str]:
        return [name for name in self.sources if name not in self.replays]

    def _labels_of(self, names: Sequence[str]) -> int:
        return self.label_sets.intern(LabelSet().union(*(self.sources[name] for name in names)))

    def _make_room(self, word: str, label_set: int, known_before: int) -> None:
        """A context for what somebody wants looked for under labels that are in none."""
        live = [self.sources[name] for name in self._live_sources()]
        known = [one.labels for key, one in self._contexts.items() if key.timeline == LIVE]
        room = room_for(word, self.label_sets.labels_of(label_set), live, known)
        if room is None:
            return
        if sum(key.rules_only for key in self._contexts) >= MOST_RULE_CONTEXTS:
            _log.warning("detection: a rule or plan is not looked for: its label is one too many")
            return
        key = ContextKey(LIVE, self.label_sets.intern(room), rules_only=True)
        self._context(key, known_before)

    def _give(self, context: Context, entry: Entry, content: Body) -> None:
        try:
            context.take(entry, content)
        except Exception as error:
            context.engine.failures.note(ENTRIES, error, self.clock.now_us())

    def _fed_by(self, entry: Entry) -> list[Context]:
        """The contexts that see an entry; one of its own labels is made for positions."""
        timeline = self.timeline(entry.stream)
        key = ContextKey(timeline, entry.label_set)
        if entry.kind == POSITIONS:
            self._context(key, entry.number - 1)
        is_said = entry.kind == CLAIMS  # words hold in every time, reports in their own
        found = self._feeds.get((key, is_said))
        if found is None:
            labels = self.label_sets.labels_of(entry.label_set)
            found = self._feeds[key, is_said] = [
                context
                for of, context in sorted(self._contexts.items())
                if labels <= context.labels and (is_said or of.timeline == timeline)
            ]
        return found

    def timeline(self, stream: str) -> str:
        """Whose time a stream follows: that of everything live, or its own."""
        origin = stream.removeprefix("tracker:").rpartition("@")[0] if "@" in stream else stream
        return origin if origin in self.replays else LIVE

    def _context(
        self, key: ContextKey, known_before: int, *, again: bool = False
    ) -> Context | None:
        """Make a context; what cannot be made is said, and keeps no other from looking.

        Args:
            key: of which.
            known_before: claims up to this number are read.
            again: also if it could not be made before.

        Returns:
            What was made now.
        """
        if key in self._contexts or (key in self._unmade and not again):
            return None
        self._feeds.clear()
        try:
            made = self._contexts[key] = self._made(key, known_before)
        except Exception as error:
            self._unmade.failed(key, error, self.clock.now_us())
            _log.exception("detection: a context could not be made; it is tried again")
            return None
        self._unmade.made(key)
        return made

    def _begin_anew(self, decided: Entry) -> None:
        """Contexts that were given what is raised or destroyed now: of that nothing is left there.

        What was learned stays if only words are concerned; of reports it goes with them.
        """
        revision = decided.revision()
        if isinstance(revision, Drop):
            return
        entries = [e for e in map(self.reader.entry, revision.entries) if e is not None]
        of_reports = any(entry.kind != CLAIMS for entry in entries)
        given = [
            key
            for key, context in self._contexts.items()
            if any(_is_lost(entry, context.labels) for entry in entries)
        ]
        if not of_reports:
            self.save(decided.number)
        for key in given:
            context = self._contexts.pop(key)
            if of_reports:
                self.learned_files.forget(context.learned_name)
        for key in given:
            self._context(key, decided.number)

    def _made(self, key: ContextKey, known_before: int) -> Context:
        labels = self.label_sets.labels_of(key.label_set)
        audience = Audience(f"detection:{key}", labels.__contains__, self.label_sets)
        told = self.told(audience)
        context = self._begun(key, audience, labels)
        context.read_back(told, known_before)
        context.restore(self._stood(told, key), LINGER_S)
        return context

    def _begun(self, key: ContextKey, audience: Audience, labels: LabelSet) -> Context:
        """A context that begins with what it has learned, where that is kept and can be read."""
        make = partial(make_detectors, self.config.detectors, key.detectors)
        begin = partial(Context, self.ontology, make, key, audience, labels, self.subject_of)
        context = begin()
        learned = self.learned_files.read(context.learned_name) if key.learns else None
        if learned is None:
            return context
        try:
            context.load(learned)
        except Exception as error:  # as of a file that is damaged
            self.learned_files.refuse(context.learned_name, error)
            return begin()
        return context

    def _stood(self, told: ClaimReader, key: ContextKey) -> Iterator[Alert]:
        for item in told.said_since((ALERT,), 0):
            if item.label_set == key.label_set:
                for alert in _readable(item):
                    is_of_time = self.timeline(alert.streams[0]) == key.timeline
                    if is_of_time and key.tells(alert.detector):
                        yield alert

    # --- claims

    def _drafts(self) -> Iterator[Draft]:
        for key, context in sorted(self._contexts.items()):
            by_stream: dict[str, list[Claim]] = {}
            others = (one for of, one in self._contexts.items() if of.timeline == key.timeline)
            for alert in context.changes(others):
                stream = stream_of(alert.detector, alert.version)
                claim = alert_claim(alert, stream, self.subject_of)
                by_stream.setdefault(stream, []).append(claim)
            for stream, claims in by_stream.items():
                yield Draft(stream, context.labels, tuple(claims))


def stream_of(detector: str, version: int) -> str:
    """The stream in which a detector's alerts stand."""
    return f"{DETECTOR}{detector}@{version}"


def _is_lost(entry: Entry, labels: LabelSet) -> bool:
    """Whether a context of these labels was given an entry that is not for it any more."""
    counts = entry.gone is None and entry.superseded is None
    return entry.header.labels <= labels and not (counts and entry.labels <= labels)


def _readable(item: StoredClaim) -> Iterator[Alert]:
    try:
        yield alert_of(item.claim)
    except ValueError as error:
        _log.warning("detection: an alert was left out", problem=str(error))
