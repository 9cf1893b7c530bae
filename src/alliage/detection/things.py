"""Everything that a detection context has heard of: columns, one row a source track."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.claim import Value
from alliage.ontology.schema import Ontology
from alliage.ontology.squawk import EMERGENCIES, SQUAWK

Rows = NDArray[np.int32]

SAMPLES: Final = 40
SPACING_US: Final = 30_000_000
"""The way that is remembered: so many places, so far apart; 20 minutes of what reports often."""

_COLUMNS: Final[dict[str, Any]] = {
    "stream": np.int32(-1),
    "schema": np.int32(-1),
    "stands_for": np.int32(-1),
    "reports": np.int32(0),
    "first_us": np.int64(0),
    "valid_us": np.int64(0),
    "lat": np.float64("nan"),
    "lon": np.float64("nan"),
    "speed_mps": np.float64("nan"),
    "course_deg": np.float64("nan"),
    "heading_deg": np.float64("nan"),
    "turn_rate_degps": np.float64("nan"),
    "altitude_m": np.float64("nan"),
    "std_m": np.float64("nan"),
    "status": np.int32(-1),
    "sampled": np.int32(0),
}

_PUT_BACK: Final = (
    "reports", "first_us", "valid_us", "lat", "lon", "speed_mps", "course_deg", "heading_deg",
    "turn_rate_degps", "altitude_m", "std_m",
)  # fmt: skip


IDENTITY: Final = ("name", "call_sign", "imo_number", "ship_type", "length_m")
"""Words by which people know a ship: what changes of them is told to detectors."""


class Change(NamedTuple):
    """One word of a thing that its source now says otherwise."""

    thing: int
    valid_us: int
    word: str
    before: Value
    now: Value


class Squawk(NamedTuple):
    """An emergency code that a thing's transponder answers, and when that was said."""

    code: str
    since_us: int
    last_us: int


SQUAWK_GAP_US: Final = 300_000_000
"""What was not said for so long begins anew."""


class Things:
    """Columns over all things, of which the first ``count`` rows are in use.

    ``stands_for`` is the row of the object that a source track belongs to, as the context joins
    them: two rows of one object are the same thing. ``trail_*`` are rings of :data:`SAMPLES`
    places; :meth:`trail` gives one in order.
    """

    def __init__(self, ontology: Ontology) -> None:
        self.count = 0
        self.identifiers: list[str] = []
        self.streams: list[str] = []
        self.schemata: list[str] = []
        self.statuses: list[str] = []
        self.words: list[dict[str, Value]] = []
        self.changes: list[Change] = []
        """Of identities, in this look."""
        self.squawks: dict[int, Squawk] = {}
        """By row the emergency code that was said last of it; none where another one was."""
        self._ontology = ontology
        self._row: dict[tuple[int, str], int] = {}
        self._root: dict[str, str] = {}
        self._chief: dict[str, int] = {}
        self._codes: dict[str, dict[str, int]] = {"stream": {}, "schema": {}, "status": {}}
        self.stream = self.schema = self.stands_for = self.reports = self.status = self.sampled = (
            np.empty(0, np.int32)
        )
        self.first_us = self.valid_us = np.empty(0, np.int64)
        self.lat = self.lon = self.speed_mps = self.course_deg = self.heading_deg = np.empty(0)
        self.turn_rate_degps = self.altitude_m = self.std_m = np.empty(0)
        self.trail_us = np.empty((0, SAMPLES), np.int64)
        self.trail_lat = self.trail_lon = np.empty((0, SAMPLES))
        self.trail_speed = self.trail_course = np.empty((0, SAMPLES), np.float32)

    # --- finding and making rows

    def stream_code(self, stream: str) -> int:
        """The code of a stream, made if it is new."""
        return self._code("stream", self.streams, stream)

    def status_code(self, status: str) -> int:
        """The code of a navigation status, made if it is new."""
        return self._code("status", self.statuses, status)

    def row_of(self, stream: str, identifier: str) -> int | None:
        """The row of a source track; None where nothing was heard of it."""
        code = self._codes["stream"].get(stream)
        return None if code is None else self._row.get((code, identifier))

    def row(self, stream: int, identifier: str, schema: str) -> int:
        """The row of a source track, made if it is new."""
        row = self._row.get((stream, identifier))
        if row is None:
            row = self._row[stream, identifier] = self._add(stream, identifier, schema)
        return row

    def _add(self, stream: int, identifier: str, schema: str) -> int:
        row, self.count = self.count, self.count + 1
        if row == len(self.lat):
            self._grow()
        self.identifiers.append(identifier)
        self.words.append({})
        self.stream[row] = stream
        self._stand(row)
        self.schema[row] = self._code("schema", self.schemata, schema)
        return row

    def join(self, roots: dict[str, str]) -> None:
        """Say which identifiers are one thing: by identifier that which stands for them all.

        What bears one identifier in two streams is one thing as well.
        """
        self._root, self._chief = roots, {}
        for row in range(self.count):
            self._stand(row)

    def _stand(self, row: int) -> None:
        name = self.identifiers[row]
        self.stands_for[row] = self._chief.setdefault(self._root.get(name, name), row)

    def _code(self, name: str, words: list[str], word: str) -> int:
        code = self._codes[name].get(word)
        if code is None:
            code = self._codes[name][word] = len(words)
            words.append(word)
        return code

    def _grow(self) -> None:
        size = max(256, len(self.lat) * 2)
        for name, empty in _COLUMNS.items():
            old = getattr(self, name)
            column = np.full(size, empty)
            column[: len(old)] = old
            setattr(self, name, column)
        for name in ("trail_us", "trail_lat", "trail_lon", "trail_speed", "trail_course"):
            old = getattr(self, name)
            ring = np.zeros((size, SAMPLES), old.dtype)
            ring[: len(old)] = old
            setattr(self, name, ring)

    def told_of(self, row: int) -> dict[str, Any]:
        """Everything of a thing but the way it came, for :meth:`put_back`."""
        status = int(self.status[row])
        return {
            "stream": self.streams[self.stream[row]],
            "identifier": self.identifiers[row],
            "schema": self.schemata[self.schema[row]],
            "words": self.words[row],
            "status": self.statuses[status] if status >= 0 else None,
            "columns": {name: getattr(self, name)[row].item() for name in _PUT_BACK},
        }

    def put_back(self, told: Mapping[str, Any]) -> int:
        """Know again what was known of a thing; the row that it has now.

        Raises:
            KeyError: something is missing.
        """
        row = self.row(self.stream_code(told["stream"]), told["identifier"], told["schema"])
        self.words[row].update(told["words"])
        if told["status"] is not None:
            self.status[row] = self.status_code(told["status"])
        for name in _PUT_BACK:
            value = told["columns"][name]
            getattr(self, name)[row] = np.nan if value is None else value
        return row

    def learn(self, row: int, words: Mapping[str, Value], valid_us: int) -> None:
        """Take in words of a thing."""
        known = self.words[row]
        for word in IDENTITY:
            now, before = words.get(word), known.get(word)
            if now is not None and before is not None and now != before:
                self.changes.append(Change(row, valid_us, word, before, now))
        if SQUAWK in words:
            self._answer(row, str(words[SQUAWK]), valid_us)
        known.update(words)

    def _answer(self, row: int, code: str, valid_us: int) -> None:
        known = self.squawks.get(row, Squawk("", 0, 0))
        if valid_us < known.last_us:
            return
        goes_on = known.code == code and valid_us - known.last_us <= SQUAWK_GAP_US
        if code in EMERGENCIES:
            since_us = known.since_us if goes_on else valid_us
            self.squawks[row] = Squawk(code, since_us, valid_us)
        else:
            self.squawks.pop(row, None)

    # --- asking

    def is_a(self, schema: str, rows: Rows) -> NDArray[np.bool_]:
        """Whether each of some things is of a schema, or of one that extends it; (n,)."""
        known = self._ontology.schemata
        of = [name in known and self._ontology.is_a(name, schema) for name in self.schemata]
        return np.asarray(np.array([*of, False], np.bool_)[self.schema[rows]])

    def is_of(self, kinds: Collection[str], rows: Rows) -> NDArray[np.bool_]:
        """Whether each of some things is of one of these schemata or ship types; (n,)."""
        found = np.zeros(len(rows), np.bool_)
        for kind in kinds:
            if kind in self._ontology.schemata:
                found |= self.is_a(kind, rows)
        types = [self.words[row].get("ship_type") in kinds for row in rows.tolist()]
        return found | np.array(types, np.bool_)

    def has_status(self, statuses: Collection[str], rows: Rows) -> NDArray[np.bool_]:
        """Whether each of some things reports one of these navigation statuses; (n,)."""
        of = [status in statuses for status in self.statuses]
        return np.asarray(np.array([*of, False], np.bool_)[self.status[rows]])

    def name_of(self, row: int) -> str:
        """What people call a thing: its name, else its call sign, else its identifier.

        What it does not say itself counts as any of its object's other tracks says it.
        """
        return self.named_by(row)[0]

    def named_by(self, row: int) -> tuple[str, int]:
        """:meth:`name_of`, and the row of the track that says so."""
        if name := self.words[row].get("name"):
            return str(name), row
        joined = np.flatnonzero(self.stands_for[: self.count] == self.stands_for[row])
        for word in ("name", "call_sign"):
            for one in (row, *joined.tolist()):
                if name := self.words[one].get(word):
                    return str(name), one
        return self.identifiers[row], row

    def trail(self, row: int) -> NDArray[np.intp]:
        """Places in the rings of a thing's remembered way, oldest first."""
        taken = int(self.sampled[row])
        if taken <= SAMPLES:
            return np.arange(taken)
        return (np.arange(SAMPLES) + taken) % SAMPLES

    def forget_reports(self) -> None:
        """Forget where everything was: a recording begins again. Words stay."""
        self.squawks.clear()
        for name in set(_COLUMNS) - {"stream", "schema", "stands_for"}:
            getattr(self, name)[:] = _COLUMNS[name]

    def remember(self, rows: Rows) -> None:
        """Add the present places of some things to their ways, where the last is old enough."""
        last = (self.sampled[rows] - 1) % SAMPLES
        due = self.valid_us[rows] - self.trail_us[rows, last] >= SPACING_US
        due = rows[due | (self.sampled[rows] == 0)]
        at = self.sampled[due] % SAMPLES
        self.trail_us[due, at] = self.valid_us[due]
        self.trail_lat[due, at], self.trail_lon[due, at] = self.lat[due], self.lon[due]
        self.trail_speed[due, at] = self.speed_mps[due]
        self.trail_course[due, at] = self.course_deg[due]
        self.sampled[due] += 1
