"""Correlation in a node: a correlator for each pair of streams, and its judgements as claims.

What a correlator says stands in a stream of its own under the labels of both streams, and nothing
but the rows of these two has any influence on it (the law of non-interference). What is said of
the identifiers of one stream alone is said under its own labels, likewise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import combinations
from math import log
from typing import Final, Protocol

import numpy as np
import structlog

from alliage.config_tables import CorrelationConfig
from alliage.detection import alert_of
from alliage.fusion.correlation import (
    CorrelationSettings,
    Evidence,
    Judgement,
    PairCorrelator,
    SourceRows,
    Systematic,
    Twins,
    Verdict,
    source_rows,
)
from alliage.fusion.correlation.telling import OffsetTold
from alliage.history.claims import StoredClaim
from alliage.log.entry import Draft
from alliage.ontology.audience import LabelSets
from alliage.ontology.claim import (
    ALERT,
    CONFLICT,
    CORRELATOR,
    DIFFERENT,
    OFFSET,
    ONE_OF,
    RIVAL,
    SAME_AS,
    Claim,
    new_claim_id,
)
from alliage.ontology.derived import plots_of
from alliage.ontology.folding import fold
from alliage.ontology.identifiers import SECOND
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology
from alliage.picture.picture import Picture
from alliage.picture.shared import second_of
from alliage.picture.staleness import FALLBACK_SCHEMA
from alliage.picture.stream_rows import StreamKey, StreamRows, StreamWords

VERSION: Final = 1
LOOKS_S: Final = 2.0
"""How often it is looked whether the streams' time has gone on far enough for a round."""

BACK_US: Final = 60_000_000
"""Time that goes back by more than this begins again: a recording is replayed once more."""

NEVER: Final = ("person:", "api:", "release:", CORRELATOR)
"""How the streams begin that are never correlated: people's words and what was judged already."""

SHARED: Final = "shared_identity"
"""The detector that finds two things which use one identifier within a stream."""

SENSOR: Final = "Sensor"
"""The schema of what is said of streams themselves."""

MOVES: Final = "Platform"
"""Only these have source tracks that may be another's: no persons, places, sensors or marks."""

PROPERTIES: Final = {
    Verdict.SAME: SAME_AS,
    Verdict.DIFFERENT: DIFFERENT,
    Verdict.RIVAL: RIVAL,
    Verdict.ONE_OF: ONE_OF,
    Verdict.CONFLICT: CONFLICT,
}
_VERDICTS: Final = {name: verdict for verdict, name in PROPERTIES.items() if name != ONE_OF}
"""What stands after a restart, too; trackers then begin anew with other numbers."""

_log = structlog.get_logger(__name__)


class Told(Protocol):
    """Everything that was claimed before, of all labels."""

    def of_stream(self, stream: str, label_set: int) -> Iterable[StoredClaim]:
        """What a stream said under a label set, as it came."""

    def said_since(self, properties: Collection[str], number: int) -> Iterable[StoredClaim]:
        """Claims of these properties in entries after that of a number, as they came."""


@dataclass
class _Pair:
    """The correlator of two streams, and when they were last compared."""

    correlator: PairCorrelator
    last_us: int
    told: OffsetTold = field(default_factory=OffsetTold)


@dataclass
class _Alone:
    """What looks at one stream alone, and when it last did."""

    twins: Twins
    last_us: int


@dataclass(frozen=True)
class Correlating:
    """The correlators of a node. One thread at a time makes rounds.

    Attributes:
        picture: whose source tracks are compared.
        ontology: which kinds there are.
        label_sets: the log's.
        told: the claims of all labels, from which is read back what was told before.
        subject_of: (stream, identifier) to subject id.
        submit: writes drafts to the log.
        config: the node's.
    """

    picture: Picture
    ontology: Ontology
    label_sets: LabelSets
    told: Callable[[], Told]
    subject_of: Callable[[str, str], str]
    submit: Callable[[list[Draft]], Future[None]]
    config: CorrelationConfig
    settings: CorrelationSettings = field(default_factory=CorrelationSettings)
    _pairs: dict[tuple[StreamKey, StreamKey], _Pair] = field(default_factory=dict)
    _alone: dict[StreamKey, _Alone] = field(default_factory=dict)
    _words: StreamWords = field(default_factory=StreamWords)
    _alerts: list[int] = field(default_factory=lambda: [0])  # entry up to which they were read
    _sensors: dict[StreamKey, tuple[float, float]] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Make rounds until :meth:`stop`; a round that fails is told, and the next is made."""
        while self.config.enabled and not self._stopping.is_set():
            try:
                await asyncio.to_thread(self.round)
            except Exception:
                _log.exception("correlation: a round failed, and the next is tried")
            try:
                await asyncio.wait_for(self._stopping.wait(), LOOKS_S)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Let :meth:`run` end after its round."""
        self._stopping.set()

    def systematic(self) -> Iterator[tuple[StreamKey, StreamKey, Systematic]]:
        """For each pair of streams by how much the one lies off the other."""
        for (one, other), pair in list(self._pairs.items()):
            yield one, other, pair.correlator.systematic

    def round(self) -> int:
        """Compare the streams whose time has gone on; all that changed is one commit.

        Returns:
            How many claims were written.
        """
        streams, kinds = self._streams(), self._kinds()
        if not streams:
            return 0
        max_age_us = round(self.settings.max_age_s * 1e6)
        rows = self.picture.stream_rows(self._words, streams, kinds, max_age_us)
        made: dict[StreamKey, SourceRows] = {}
        self._sensors.update(self.picture.sensors())  # also of those that are silent now
        drafts = [*self._shared(rows), *self._twins(rows, made)]
        for one, other in combinations(sorted(rows), 2):
            if origin_of(one.stream) == origin_of(other.stream):
                continue
            newest = [rows[key].newest_us for key in (one, other)]
            if max(newest) - min(newest) > max_age_us:
                continue  # a recording of another day, or a stream that has ended
            pair = self._pair(one, other, max(newest))
            if max(newest) - pair.last_us < self.config.every_s * 1e6:
                continue
            for key in (one, other):
                if key not in made:
                    made[key] = _columns(rows[key])
            pair.last_us = max(newest)
            stand = self._sensor(one), self._sensor(other)
            said = pair.correlator.update(max(newest) / 1e6, made[one], made[other], stand)
            if said:
                drafts.append(self._draft((one, other), rows[one], said, max(newest)))
            drafts += self._offset((one, other), pair, max(newest))
        if drafts:
            self.submit(drafts).result()
        return sum(len(draft.body) for draft in drafts if isinstance(draft.body, tuple))

    # --- which streams, and what was said of them before

    def _streams(self) -> frozenset[str]:
        return frozenset(
            name
            for name in self.picture.stream_names()
            if not name.startswith(NEVER) and origin_of(name) not in self.config.exclude
        )

    def _kinds(self) -> frozenset[str]:
        known = self.ontology.schemata
        return frozenset(name for name in known if self.ontology.is_a(name, MOVES)) | {
            FALLBACK_SCHEMA
        }

    def _sensor(self, key: StreamKey) -> tuple[float, float] | None:
        """Where the sensor stands whose plots a tracker's stream follows, if that is known."""
        plots = plots_of(key.stream)
        return None if plots is None else self._sensors.get(StreamKey(plots, key.label_set))

    def _are_related(self, one: str, other: str) -> bool:
        if FALLBACK_SCHEMA in (one, other):
            return True
        return self.ontology.is_a(one, other) or self.ontology.is_a(other, one)

    def _pair(self, one: StreamKey, other: StreamKey, now_us: int) -> _Pair:
        pair = self._pairs.get((one, other))
        if pair is None or now_us < pair.last_us - BACK_US:
            anonymous = is_anonymous(one.stream), is_anonymous(other.stream)
            correlator = PairCorrelator(self.settings, self._are_related, anonymous)
            correlator.restore(self._stood((one, other)))
            pair = self._pairs[one, other] = _Pair(correlator, now_us - round(1e12))
        return pair

    def _stood(self, keys: Sequence[StreamKey]) -> list[tuple[str, str, Verdict]]:
        label_set = self.label_sets.intern(self._labels(keys))
        latest = {}
        for item in self.told().of_stream(stream_of(*(key.stream for key in keys)), label_set):
            claim = item.claim
            if claim.property in _VERDICTS:
                latest[claim.identifier, str(claim.value)] = _VERDICTS[claim.property]
        return [(*pair, verdict) for pair, verdict in latest.items()]

    def _labels(self, keys: Iterable[StreamKey]) -> LabelSet:
        return frozenset().union(*(self.label_sets.labels_of(key.label_set) for key in keys))

    # --- one stream alone

    def _shared(self, rows: Mapping[StreamKey, StreamRows]) -> Iterator[Draft]:
        """Say that two things use one identifier of a stream, where a detector says it.

        It counts where it was found in that stream's label set alone: whoever sees the stream may
        know of it, and nothing else has had a part in it.
        """
        for item in self.told().said_since((ALERT,), self._alerts[0]):
            self._alerts[0] = item.number
            try:
                alert = alert_of(item.claim)
            except ValueError as error:
                _log.warning("correlation: an alert was left out", problem=str(error))
                continue
            key, name = StreamKey(alert.streams[0], item.label_set), alert.identifiers[0]
            if alert.detector != SHARED or key not in rows or name not in rows[key].identifier:
                continue
            stream = stream_of(key.stream)
            before = self.told().of_stream(stream, key.label_set)
            if any(one.claim.identifier == name for one in before):
                continue  # people have been told, and say what it is
            apart_m = float(alert.figures.get("distance_m", 0.0))
            evidence = Evidence(
                positions=int(alert.figures.get("changes", 0)),
                span_s=(alert.told_us - alert.start_us) / 1e6,
                mean_distance_m=apart_m,
                expected_m=self._std_m(rows[key], name) * 2.0**0.5,
            )
            score = 1.0 - alert.probability
            said = Judgement(name, second_of(name), Verdict.CONFLICT, score, evidence)
            schemata = {name: alert.schema}
            claim = self._claim(stream, said, schemata, alert.told_us)
            yield Draft(stream, self.label_sets.labels_of(key.label_set), (claim,))

    def _std_m(self, rows: StreamRows, name: str) -> float:
        """How far wrong a position of one thing may be, along its longer axis."""
        std_m = float(rows.numbers["std"][rows.identifier.index(name)])
        return std_m if std_m > 0.0 else self.settings.position_std_m  # NaN: not known

    def _twins(
        self, rows: Mapping[StreamKey, StreamRows], made: dict[StreamKey, SourceRows]
    ) -> Iterator[Draft]:
        """Say which two identifiers of a stream one thing bears."""
        for key in sorted(rows):
            now_us, alone = rows[key].newest_us, self._alone.get(key)
            if alone is None or now_us < alone.last_us - BACK_US:
                alone = _Alone(Twins(self.settings, self._are_related), now_us - round(1e12))
                told = [one for one in self._stood((key,)) if not one[1].endswith(SECOND)]
                alone.twins.restore(told)
                self._alone[key] = alone
            if now_us - alone.last_us < self.config.every_s * 1e6:
                continue
            alone.last_us = now_us
            made[key] = _columns(rows[key])
            own = [not name.endswith(SECOND) for name in made[key].identifier]
            said = alone.twins.update(now_us / 1e6, made[key].take(np.array(own, np.bool_)))
            if said:
                yield self._draft((key,), rows[key], said, now_us)

    # --- claims

    def _offset(
        self, keys: tuple[StreamKey, StreamKey], pair: _Pair, now_us: int
    ) -> Iterator[Draft]:
        """Say by how much the one stream lies off the other, where that has changed."""
        one, other = (key.stream for key in keys)
        found = pair.told.due(one, other, pair.correlator.systematic, now_us / 1e6)
        if found is None:
            return
        stream, name = stream_of(one, other), f"streams:{one}+{other}"
        claim = Claim(
            claim_id=new_claim_id(),
            subject=self.subject_of(stream, name),
            identifier=name,
            schema=SENSOR,
            property=OFFSET,
            value=found.to_text(),
            valid_from_us=now_us,
        )
        yield Draft(stream, self._labels(keys), (claim,))

    def _draft(
        self, keys: Sequence[StreamKey], rows: StreamRows, said: Sequence[Judgement], now_us: int
    ) -> Draft:
        stream = stream_of(*(key.stream for key in keys))
        schemata = dict(zip(rows.identifier, rows.schema, strict=True))
        claims = tuple(self._claim(stream, item, schemata, now_us) for item in said)
        return Draft(stream, self._labels(keys), claims)

    def _claim(
        self, stream: str, said: Judgement, schemata: Mapping[str, str], now_us: int
    ) -> Claim:
        apart = said.verdict in (Verdict.DIFFERENT, Verdict.CONFLICT)
        return Claim(
            claim_id=new_claim_id(),
            subject=self.subject_of(stream, said.one),
            identifier=said.one,
            schema=schemata.get(said.one, FALLBACK_SCHEMA),
            property=PROPERTIES[said.verdict],
            value=said.other or None,
            valid_from_us=now_us,
            confidence=round(1.0 - said.score if apart else said.score, 4),
            evidence=evidence_texts(said.evidence),
        )


def stream_of(*streams: str) -> str:
    """The stream in which the judgements of two streams stand, or of one alone."""
    return f"{CORRELATOR}{'+'.join(streams)}@{VERSION}"


def is_anonymous(stream: str) -> bool:
    """Whether a stream's things have numbers for names: a tracker follows them by plots alone."""
    return plots_of(stream) is not None


def origin_of(stream: str) -> str:
    """The source from which a tracker's stream follows; any other stream itself."""
    name = stream.removeprefix("tracker:")
    return name if name == stream else name.rpartition("@")[0]


def evidence_texts(evidence: Evidence) -> tuple[str, ...]:
    """Evidence as a claim carries it: ``key=value``, figures in SI units, weights in bits."""
    figures = {
        "positions": evidence.positions,
        "span_s": round(evidence.span_s),
        "mean_distance_m": evidence.mean_distance_m,
        "speed_difference_mps": evidence.speed_difference_mps,
        "expected_m": evidence.expected_m,
        "density": evidence.density,
    }
    said = [f"{key}={value:.4g}" for key, value in figures.items() if value is not None]
    said += [f"weight={name}:{nats / log(2.0):+.2f}" for name, nats in evidence.weights]
    said += [f"agrees={name}" for name in evidence.agreed]
    return (*said, *(f"differs={name}" for name in evidence.differed))


def _columns(rows: StreamRows) -> SourceRows:
    """As the correlator takes them, names folded as the search folds them."""
    numbers, words = rows.numbers, rows.words
    return source_rows(
        rows.identifier,
        time_s=numbers["valid_us"] / 1e6,
        latitude_deg=numbers["lat"],
        longitude_deg=numbers["lon"],
        std_m=numbers["std"],
        minor_std_m=numbers["minor"],
        axis_deg=numbers["axis"],
        speed_mps=numbers["speed"],
        course_deg=numbers["course"],
        speed_std_mps=numbers["speed_std"],
        schema=rows.schema,
        name=[fold(str(name)) if name else "" for name in words["name"]],
        call_sign=[fold(str(sign)) if sign else "" for sign in words["call_sign"]],
        kind=[str(kind) if kind else "" for kind in words["ship_type"]],
        length_m=np.array([_number(length) for length in words["length_m"]]),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else np.nan
