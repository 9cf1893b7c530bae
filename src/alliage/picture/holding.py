"""What one client has been sent, and the frames that bring it up to the picture as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.box import Box
from alliage.picture.encode import Column, encode_frame
from alliage.picture.messages import ViewMessage
from alliage.picture.objects import Rows
from alliage.picture.staleness import ENDED
from alliage.picture.view import PictureView

READABLE: Final = 1500
"""Above this many tracks in view cells are sent; below 90 % of it tracks again."""

OUT: Final = 0  # the client does not have the track
HELD: Final = 1
SAID_ENDED: Final = 2  # it was sent as ended; the next batch removes it
WANTED: Final = 3  # only while two batches are compared

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
NO_ROWS: Final[Rows] = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class _Difference:
    """Objects to send, objects among them that are new to the client, objects to remove."""

    rows: Rows
    fresh: Rows
    removed: Rows


class Holding:
    """One client's copy of its view. Used under the picture's lock.

    Most of the work is with rows in view, some hundreds; only looking for them costs by how many
    objects there are. ``Rows`` are in ascending order throughout.
    """

    def __init__(self, view: PictureView, given: int = 0) -> None:
        """Begin with nothing sent; ``given`` numbers were given on this connection before."""
        self._view = view
        self.given = given
        self._numbers: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)  # by object; 0: none
        self._phase: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)  # by object
        self.forget()

    @property
    def is_aggregated(self) -> bool:
        """Whether the client is sent cells, which are counted over all objects."""
        return self._aggregated

    def forget(self) -> None:
        """The next batch tells the client to forget all it has; numbers keep their meaning."""
        self._reset = True
        self._phase[:] = OUT
        self._has = NO_ROWS  # every object whose phase is not OUT
        self._label_numbers: NDArray[np.int32] = np.zeros(0, dtype=np.int32)  # by label; 0: none
        self._labels = 0
        self._version = -1
        self._aggregated = False
        self._trails = False

    def frames(
        self, looks: ViewMessage, box: Box, seq: int, told: Mapping[str, Any] = NOTHING
    ) -> list[bytes]:
        """Everything that changed since the last call, as one batch of frames.

        ``told`` stands in the headers beside what the view says.
        """
        view = self._view
        in_view = np.flatnonzero(view.mask(box, looks.schemata))
        self._choose_mode(len(in_view))
        reading = view.reading
        header = {
            "seq": seq,
            "clock_us": reading.now_us,
            "clock": reading.mode,
            "total": len(in_view),
            "banner": self._banner(in_view),
            **told,
        }
        frames = [self._cells(header, looks, box)] if self._aggregated else []
        wanted = self._with_selected(NO_ROWS if self._aggregated else in_view, looks)
        difference = self._differ(wanted)
        frames.append(self._tracks(header, difference))
        if looks.trails:
            frames += self._grown_trails(header, difference, wanted)
        self._version, self._reset, self._trails = view.objects.version, False, looks.trails
        return frames

    def _choose_mode(self, total: int) -> None:
        aggregated = total > READABLE * (0.9 if self._aggregated else 1.0)
        if aggregated != self._aggregated:
            self.forget()
            self._aggregated = aggregated

    def _banner(self, in_view: Rows) -> dict[str, str] | None:
        label = self._view.marking(in_view)
        if label is None:
            return None
        return {"text": label.marking, "classification": label.classification}

    def _with_selected(self, in_view: Rows, looks: ViewMessage) -> Rows:
        objects = self._view.objects
        rows = [self._view.row_of(track_id) for track_id in looks.selected]
        shown = [
            row
            for row in rows
            if row is not None and not np.isnan(objects.lon[row]) and objects.state[row] != ENDED
        ]
        return np.union1d(in_view, np.array(shown, dtype=np.intp)) if shown else in_view

    def _differ(self, wanted: Rows) -> _Difference:
        """Compare what is wanted with what the client has, and note what it will have."""
        objects = self._view.objects
        self._widen(objects.count)
        phase = self._phase
        is_new = phase[wanted] != HELD
        changed = is_new | (objects.changed_at[wanted] > self._version)
        was = phase[self._has]
        phase[wanted] = WANTED
        left = phase[self._has] != WANTED
        gone, was_held = self._has[left], was[left] == HELD
        ended = was_held & (objects.state[gone] == ENDED) & ~np.isnan(objects.lon[gone])
        phase[wanted], phase[gone] = HELD, np.where(ended, SAID_ENDED, OUT)
        ending = gone[ended]
        self._has = _together(wanted, ending)
        return _Difference(
            rows=_together(wanted[changed], ending), fresh=wanted[is_new], removed=gone[~ended]
        )

    def _widen(self, objects: int) -> None:
        more = objects - len(self._phase)
        if more > 0:
            self._phase = np.concatenate([self._phase, np.zeros(more, np.uint8)])
            self._numbers = np.concatenate([self._numbers, np.zeros(more, np.uint32)])

    def _tracks(self, header: dict[str, Any], difference: _Difference) -> bytes:
        objects, rows = self._view.objects, difference.rows
        self._give_numbers(difference.fresh)
        fresh_labels = self._number_labels(rows)
        return encode_frame(
            {
                "type": "tracks",
                **header,
                "reset": self._reset,
                "aggregated": self._aggregated,
                "rows": len(rows),
                "removed": self._numbers[difference.removed].tolist(),
                "labels": fresh_labels,
                "strings": self._strings(difference),
            },
            [
                ("id", "u4", self._numbers[rows]),
                ("lon", "f8", objects.lon[rows]),
                ("lat", "f8", objects.lat[rows]),
                ("speed", "f4", objects.speed[rows]),
                ("course", "f4", objects.course[rows]),
                ("heading", "f4", objects.heading[rows]),
                ("std", "f4", objects.std[rows]),
                *self._ellipses(rows),
                ("altitude", "f4", objects.altitude[rows]),
                ("valid", "f8", objects.valid_us[rows]),
                ("state", "u1", objects.state[rows]),
                ("label", "i4", self._label_numbers[objects.label[rows]]),
            ],
        )

    def _ellipses(self, rows: Rows) -> list[Column]:
        """Most feeds know a circle only: these columns are absent unless a row has more."""
        minor, axis = self._view.objects.minor[rows], self._view.objects.axis[rows]
        if np.isnan(minor).all():
            return []
        return [("minor", "f4", minor), ("axis", "f4", axis)]

    def _give_numbers(self, fresh: Rows) -> None:
        unnumbered = fresh[self._numbers[fresh] == 0]
        first = self.given + 1
        self.given += len(unnumbered)
        self._numbers[unnumbered] = np.arange(first, self.given + 1)

    def _number_labels(self, rows: Rows) -> dict[str, str]:
        """Number the labels of these rows; return the markings of those new to the client."""
        objects = self._view.objects
        more = len(objects.label_sets) - len(self._label_numbers)
        if more > 0:
            self._label_numbers = np.concatenate([self._label_numbers, np.zeros(more, np.int32)])
        codes = objects.label[rows]
        unnumbered = codes[self._label_numbers[codes] == 0]
        fresh: dict[str, str] = {}
        for code in dict.fromkeys(unnumbered.tolist()):
            self._labels += 1
            self._label_numbers[code] = self._labels
            fresh[str(self._labels)] = self._view.label_marking(code)
        return fresh

    def _strings(self, difference: _Difference) -> dict[str, Any]:
        """Words of what is new to the client, and of what is called differently by now."""
        described = difference.fresh
        renamed = self._view.objects.words_at[difference.rows] > self._version
        if renamed.any():
            described = np.union1d(described, difference.rows[renamed])
        return {
            str(number): self._view.words(row).encoded
            for row, number in zip(
                described.tolist(), self._numbers[described].tolist(), strict=True
            )
        }

    def _grown_trails(
        self, header: dict[str, Any], difference: _Difference, wanted: Rows
    ) -> list[bytes]:
        objects = self._view.objects
        since = self._version if self._trails else -1
        rows = np.union1d(wanted[objects.trail_at[wanted] > since], difference.fresh)
        trails = objects.trails(rows)
        told = trails.count > 0
        if not told.any():
            return []
        columns: list[Column] = [
            ("id", "u4", self._numbers[rows[told]]),
            ("count", "u4", trails.count[told]),
            ("lon", "f4", trails.lon),
            ("lat", "f4", trails.lat),
            ("valid", "f8", trails.valid_us),
        ]
        said = {"type": "trails", "seq": header["seq"], "rows": int(told.sum())}
        return [encode_frame(said, columns)]

    def _cells(self, header: dict[str, Any], looks: ViewMessage, box: Box) -> bytes:
        """Cells are counted once for all clients; a client gets those whose centre it sees."""
        view, cells = self._view, self._view.cells(int(looks.zoom))
        shown = box.mask(cells.lon, cells.lat)
        if looks.schemata is not None:
            shown &= view.kinds(looks.schemata, cells.schema)
        codes, inverse = np.unique(cells.schema[shown], return_inverse=True)
        return encode_frame(
            {
                "type": "cells",
                **header,
                "rows": int(shown.sum()),
                "schemata": [view.schema_name(code) for code in codes.tolist()],
            },
            [
                ("lon", "f8", cells.lon[shown]),
                ("lat", "f8", cells.lat[shown]),
                ("count", "u4", cells.count[shown]),
                ("moving", "u4", cells.moving[shown]),
                ("schema", "u1", inverse),
                ("identity", "u1", cells.identity[shown]),
            ],
        )


def _together(rows: Rows, few: Rows) -> Rows:
    """Both, ascending; they have none in common."""
    return np.sort(np.concatenate([rows, few])) if len(few) else rows
