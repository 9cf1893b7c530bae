"""The engine: rows of one detection context in, alerts out.

Time is cut into looks of :data:`LOOK_S` by the rows' own times: a look ends when a row of a later
one comes. A call for help does not wait for that. So alerts depend on the rows and their order
alone, not on how they were cut into batches nor on when the engine was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.detection.alert import Alert
from alliage.detection.contract import Detector, Learning, Looker, Prompt
from alliage.detection.failures import Failures
from alliage.detection.forecast import Forecaster
from alliage.detection.intake import (
    Columns,
    columns_of,
    is_calling,
    join,
    take_in,
    valid_us_of,
)
from alliage.detection.learned import Learner, Tables
from alliage.detection.lifecycle import Lifecycle
from alliage.detection.row_clock import APART_US, RowClock
from alliage.detection.rules import RuleBook
from alliage.detection.rules.rule import kinds_of
from alliage.detection.scene import Message, Scene
from alliage.ontology.claim import Claim, Statement, new_claim_id
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch
from alliage.ontology.schema import Ontology

LOOK_S: Final = 10.0
CALL_LATE_US: Final = 86_400_000_000
"""A call for help is heard though it comes so late; what is older is a recording."""

_LOOK_US: Final = round(LOOK_S * 1e6)

_NO_WORDS: Final = frozenset(COMMON.names) | frozenset(POSITION.names)


class Engine:
    """The detectors of one context, and what they have seen."""

    def __init__(
        self,
        ontology: Ontology,
        make_detectors: Callable[[], Sequence[Detector]],
        context: str,
        subject_of: Callable[[str, str], str] | None = None,
    ) -> None:
        """Begin with nothing.

        Args:
            ontology: the words.
            make_detectors: makes them, with nothing seen yet.
            context: names the detection context: alerts of two contexts have different ids.
            subject_of: (stream, identifier) to subject id, for links that name things so.
        """
        self.context = context
        self.scene = Scene.empty(ontology)
        self.scene.subject_of = subject_of
        self.lifecycle = Lifecycle(context)
        self.failures = Failures(context)
        self.rules = RuleBook(kinds_of(ontology))
        self._make_detectors = make_detectors
        self._detectors: list[Detector] = []
        self._prompts: list[Prompt] = []
        self._begin_anew()
        self._clock = RowClock()
        self._waiting: list[Columns] = []
        self._texts: list[Message] = []
        self._rows: dict[int, int] = {}
        self._told: list[Alert] = []
        self._look = 0
        self._learned_look = 0

    @property
    def forecaster(self) -> Forecaster:
        """What was learned of where things go."""
        return self.scene.forecaster

    def ready(self) -> dict[str, float]:
        """By a detector that has to learn the part of what it watches that it could tell of."""
        return {one.name: one.ready for one in self._detectors if isinstance(one, Learning)}

    def take(self, stream: str, batch: ObservationBatch, known_us: int | None = None) -> int:
        """Take in rows of a stream, in the order in which they were known.

        Args:
            stream: whose they are.
            batch: the rows.
            known_us: of what is live, when they became known.

        Returns:
            How many positions were left out, as they are more than an hour older than time is.
        """
        if batch.kind is Kind.STATIC:
            self._take_words(stream, batch.rows)
        elif batch.kind is Kind.TEXT:
            self._take_texts(stream, batch.rows)
        elif batch.kind is Kind.POSITION and batch.rows.num_rows:
            return self._take_positions(stream, batch.rows, known_us)
        return 0

    def _take_positions(self, stream: str, rows: pa.RecordBatch, known_us: int | None) -> int:
        count, valid_us = int(rows.num_rows), valid_us_of(rows)
        newest_us = self._clock.newest_us(valid_us, known_us)
        if self._clock.is_present:
            in_time = valid_us >= newest_us - APART_US
            in_time |= is_calling(rows) & (valid_us >= newest_us - CALL_LATE_US)
            if not in_time.all():
                rows, newest_us = rows.filter(pa.array(in_time)), newest_us[in_time]
        columns = columns_of(rows, stream, self.scene.things)
        code = self.scene.things.stream_code(stream)
        for begin, end, look in _looks(newest_us):
            self._go_to(look)
            part = columns.part(begin, end)
            self._waiting.append(part)
            self._rows[code] = self._rows.get(code, 0) + end - begin
            self._tell_at_once(part, ())
        return count - len(newest_us)

    def say(self, stream: str, claims: Iterable[Claim]) -> None:
        """Take in what a stream claims: words of its things, features, what is taken back."""
        for claim in claims:
            self.scene.features.say(stream, claim)
            self.scene.offsets.say(stream, claim)
            if (rule_id := self.rules.say(claim)) is not None:
                self.failures.forget(rule_id)
            row = self.scene.things.row_of(stream, claim.identifier)
            if row is not None and not claim.property.startswith("@"):
                self.scene.things.learn(row, {claim.property: claim.value}, claim.valid_from_us)

    def state(self, stream: str, statements: Iterable[Statement]) -> None:
        """:meth:`say`, for what a decoder hands out, where there is no log."""
        for said in statements:
            claim = Claim(
                new_claim_id(), "", said.identifier, said.schema, said.property, said.value,
                said.valid_from_us,
            )  # fmt: skip
            self.say(stream, [claim])

    def changes(self) -> list[Alert]:
        """Alerts that began, changed or ended since this was last asked, in that order."""
        told, self._told = self._told, []
        return told

    def finish(self) -> list[Alert]:
        """Look once more at what waits; for a recording that is at its end."""
        if self._waiting or self._texts:
            self._end_look()
        return self.changes()

    # --- what survives a restart

    @property
    def last_look(self) -> int:
        """Number of the last look that has ended."""
        return self._look - 1

    @property
    def has_learned(self) -> bool:
        """Whether anything was learned since the beginning, or since :meth:`load`."""
        return self.scene.now_us > 0 and self.scene.teaches

    def dump(self) -> Tables:
        """What was learned up to the last look, for :meth:`load`."""
        return {
            f"{_key_of(learner)}/{name}": table
            for learner in self._learners()
            for name, table in learner.dump(self.scene).items()
        }

    def load(self, look: int, tables: Tables) -> None:
        """Begin with what was learned up to a look; until then nothing is learned again.

        Raises:
            Exception: something in the tables is not as it must be; the engine is of no use.
        """
        self._learned_look = look
        for learner in self._learners():
            of = f"{_key_of(learner)}/"
            if own := {n.removeprefix(of): t for n, t in tables.items() if n.startswith(of)}:
                learner.load(self.scene, own)

    def learn_from_now_on(self) -> None:
        """Whatever comes next was never seen before."""
        self._learned_look = 0

    def _learners(self) -> Iterator[Learner]:
        yield self.forecaster
        yield self.scene.traffic
        yield from (one for one in self._detectors if isinstance(one, Learner))

    # --- time

    def _go_to(self, look: int) -> None:
        """End the present look where rows of another one come."""
        if look == self._look:
            return
        if self._look:
            self._end_look()
        if look < self._look:  # a recording begins again
            self.scene.things.forget_reports()
            self.scene.heard_us.clear()
            self.scene.offsets.forget()
            self._told += self.lifecycle.end_all()
            self._begin_anew()
            self.rules.begin_anew()
            self.learn_from_now_on()
            self.forecaster.forget_ways()
            self.scene.traffic.forget_ways()
        self._look = look

    def _begin_anew(self) -> None:
        self._detectors = list(self._make_detectors())
        self._prompts = [one for one in self._detectors if isinstance(one, Prompt)]

    def _end_look(self) -> None:
        scene = self.scene
        scene.now_us = (self._look + 1) * _LOOK_US
        scene.messages, self._texts = self._texts, []
        scene.rows_of_stream, self._rows = self._rows, {}
        for code in scene.rows_of_stream:
            scene.heard_us[code] = scene.now_us
        columns = join(self._waiting) if self._waiting else None
        self._waiting = []
        if columns is not None or scene.messages:
            scene.teaches = self._look > self._learned_look
            reports = take_in(columns or _none(), scene.things)
            self.forecaster.learn(scene, reports)
            scene.traffic.see(scene, reports)
            lookers: list[Looker] = [*self._detectors, *self.rules.lookers()]
            found = (
                (one, finding)
                for one in lookers
                for finding in self.failures.asked(one, scene, reports)
            )
            self._told += self.lifecycle.update(scene, found)
            scene.traffic.learn(scene)
            scene.things.changes.clear()

    # --- words

    def _take_words(self, stream: str, rows: pa.RecordBatch) -> None:
        things, code = self.scene.things, self.scene.things.stream_code(stream)
        for said, when_us in zip(rows.to_pylist(), valid_us_of(rows).tolist(), strict=True):
            row = things.row(code, said["identifier"], said["schema"])
            words = {n: v for n, v in said.items() if v is not None and n not in _NO_WORDS}
            things.learn(row, words, when_us)

    def _take_texts(self, stream: str, rows: pa.RecordBatch) -> None:
        things, code = self.scene.things, self.scene.things.stream_code(stream)
        valid_us = valid_us_of(rows).tolist()
        for said, when_us in zip(rows.to_pylist(), valid_us, strict=True):
            if self._clock.is_present and when_us < self.scene.now_us - CALL_LATE_US:
                continue
            row = things.row(code, said["identifier"], said["schema"])
            lat, lon = said.get("latitude_deg"), said.get("longitude_deg")
            place = (np.nan, np.nan) if lat is None or lon is None else (lat, lon)
            report, text = said.get("report") or "", said.get("text") or ""
            message = Message(row, when_us, report, text, *place)
            self._texts.append(message)
            self._tell_at_once(_none(), (message,))

    def _tell_at_once(self, columns: Columns, messages: Sequence[Message]) -> None:
        for one in self._prompts:
            for us, finding in self.failures.asked_at_once(one, self.scene, columns, messages):
                self._told += self.lifecycle.begin(self.scene, one, us, finding)


def _looks(newest_us: NDArray[np.int64]) -> Iterable[tuple[int, int, int]]:
    """The rows as parts, by the time after each: begin, end, number of their look."""
    if not len(newest_us):
        return
    numbers = newest_us // _LOOK_US
    cuts = np.flatnonzero(np.diff(numbers)) + 1
    for begin, end in pairwise([0, *cuts.tolist(), len(numbers)]):
        yield begin, end, int(numbers[begin])


def _key_of(learner: Learner) -> str:
    return f"{learner.name}@{learner.version}"


def _none() -> Columns:
    """No reports at all."""
    empty = np.empty(0, np.int32)
    numbers = {
        name: np.empty(0)
        for name in (
            "lat", "lon", "speed_mps", "course_deg", "heading_deg", "turn_rate_degps",
            "altitude_m", "std_m",
        )
    }  # fmt: skip
    return Columns(empty, np.empty(0, np.int64), empty, numbers)
