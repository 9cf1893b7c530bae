"""What objects are found and counted by beside their state: identity, nation, identifier, source.

Kept for one audience's objects and made again only for those whose words changed. Used under the
picture's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.affiliation import nation_of
from alliage.ontology.claim import Value
from alliage.ontology.symbol import UNKNOWN
from alliage.picture.columns import Words
from alliage.picture.objects import Objects, Rows
from alliage.picture.tracks import SourceTracks
from alliage.picture.words import WordBook

NO_NATION = -1


class Attributes:
    """Columns beside :class:`alliage.picture.objects.Objects`, each of shape (objects,)."""

    def __init__(self, tracks: SourceTracks, objects: Objects, words: WordBook) -> None:
        self._tracks = tracks
        self._objects = objects
        self._words = words
        self._identity: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._nation: NDArray[np.int32] = np.zeros(0, np.int32)
        self._nations = Words()
        self._version = -1  # of the objects when they were looked at last

    def standard_identities(self) -> NDArray[np.uint8]:
        """The standard identity of every object (APP-6)."""
        self._refresh()
        return self._identity

    def nations(self) -> tuple[NDArray[np.int32], list[str]]:
        """Of every object a code, :data:`NO_NATION` where it has none, and what the codes mean."""
        self._refresh()
        return self._nation, list(self._nations)

    @property
    def identifiers(self) -> Words:
        """Identifiers of the whole picture, by code: also of what this audience does not see."""
        return self._tracks.identifiers

    def rows_by_identifier(self) -> Rows:
        """By code the object that bears an identifier, -1 where this audience sees none."""
        return self._objects.of_identifiers()

    def others_by_identifier(self) -> tuple[NDArray[np.int32], Rows]:
        """Codes of identifiers that several things bear, and each thing but the first of them."""
        by_identifier, object_of = self._objects.of_identifiers(), self._objects.object_of
        tracks = np.flatnonzero(object_of >= 0)
        codes, rows = self._tracks.identifier[tracks], object_of[tracks]
        other = by_identifier[codes] != rows
        return codes[other], rows[other]

    def rows_of(self, identifiers: Sequence[str]) -> Rows:
        """The object of each identifier, -1 where this audience sees none; shape (identifiers,)."""
        known = self._tracks.identifiers.known
        by_identifier = self._objects.of_identifiers()
        codes = (known(identifier) for identifier in identifiers)
        found = (-1 if code is None or code >= len(by_identifier) else code for code in codes)
        at = np.fromiter(found, np.intp, len(identifiers))
        return np.where(at >= 0, by_identifier[at], -1) if len(by_identifier) else at * 0 - 1

    def identifiers_beginning(self, text: str) -> list[tuple[str, str]]:
        """Visible identifiers that, or whose part after the colon, begin so; with what begins so.

        Args:
            text: case-folded.
        """
        by_identifier, words = self._objects.of_identifiers(), self._tracks.identifiers
        return [
            (words.word(code), begins)
            for code, begins in self._tracks.beginnings.codes(text).items()
            if code < len(by_identifier) and by_identifier[code] >= 0
        ]

    def of_sources(self, names: Collection[str]) -> NDArray[np.bool_]:
        """Which objects one of these streams follows."""
        followed = np.zeros(self._objects.count, np.bool_)
        for name in names:
            code = self._tracks.streams.known(name)
            if code is not None:
                of, streams = self._followers()
                followed[of[streams == code]] = True
        return followed

    def source_counts(self, rows: NDArray[np.bool_]) -> dict[str, int]:
        """How many of the objects in this mask each visible stream follows."""
        of, streams = self._followers()
        words, followed = self._tracks.streams, rows[of]
        pairs = np.unique(streams[followed] * np.int64(self._objects.count) + of[followed])
        counts = np.bincount(pairs // max(1, self._objects.count), minlength=len(words))
        return {words.word(code): int(counts[code]) for code in np.flatnonzero(counts).tolist()}

    def _followers(self) -> tuple[Rows, NDArray[np.int32]]:
        """Of each visible source track its object and its stream."""
        object_of = self._objects.object_of
        tracks = np.flatnonzero(object_of >= 0)
        return object_of[tracks], self._tracks.stream[tracks]

    def _refresh(self) -> None:
        objects, tracks = self._objects, self._tracks
        first, n = len(self._identity), objects.count
        self._identity = np.concatenate([self._identity, np.full(n - first, UNKNOWN, np.uint8)])
        fresh = [self._nation_code(row, {}) for row in range(first, n)]
        self._nation = np.concatenate([self._nation, np.array(fresh, np.int32)])
        object_of = objects.object_of
        of = object_of[np.flatnonzero(tracks.identified[: len(object_of)])]
        said = np.unique(of[of >= 0])
        for row in said[objects.words_at[said] > self._version].tolist():
            self._identity[row] = self._words.standard_identity(row)
            self._nation[row] = self._nation_code(row, self._words.properties(row))
        self._version = objects.version

    def _nation_code(self, row: int, properties: Mapping[str, Value]) -> int:
        nation = nation_of(self._words.identifier(row), properties)
        return NO_NATION if nation is None else self._nations.code(nation)
