"""The quick way to a decoder: a format of lines at some thousand lines a second at most.

A subclass says what one line means; this class does the rest of the contract. A format with a
high rate implements :class:`alliage.feeds.contract.Decoder` itself and works in columns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from alliage.feeds.contract import Chunk, Decoded, Quarantined
from alliage.feeds.rows import make_batch
from alliage.ontology.observation import Kind

Row = dict[str, Any]


class UnusableError(ValueError):
    """A line that cannot be used. ``reason`` is one of the manifest's quarantine reasons."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


class LineDecoder(ABC):
    """Decodes line by line into rows of one kind."""

    kind: ClassVar[Kind] = Kind.POSITION

    def __init__(self) -> None:
        self._result = Decoded()

    @abstractmethod
    def read(self, line: bytes, received_us: int) -> Iterable[Row]:
        """Return the rows that this line completes; none where it only adds to what is held.

        A row maps column names (see :mod:`alliage.ontology.observation`) to values; ``received``
        is filled in where it is missing.

        Raises:
            UnusableError: the line is quarantined with the reason.
        """

    def rest(self) -> Iterable[Row]:
        """Return rows that are held back: the input paused or ended."""
        return ()

    def ignore(self, reason: str) -> tuple[Row, ...]:
        """Count something that is fine and says nothing to us; returns no rows."""
        ignored = self._result.ignored
        ignored[reason] = ignored.get(reason, 0) + 1
        return ()

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take whole lines; return what they say."""
        rows: list[Row] = []
        for chunk in chunks:
            for line in chunk.data.splitlines():
                try:
                    rows += self._received(self.read(line, chunk.received_us), chunk.received_us)
                except UnusableError as error:
                    bad = Quarantined(line, error.reason, str(error), chunk.received_us)
                    self._result.quarantined.append(bad)
        return self._hand_over(rows)

    def flush(self, now_us: int) -> Decoded:
        """Give out what is held back."""
        return self._hand_over(self._received(self.rest(), now_us))

    @staticmethod
    def _received(rows: Iterable[Row], received_us: int) -> list[Row]:
        return [{"received": received_us, **row} for row in rows]

    def _hand_over(self, rows: list[Row]) -> Decoded:
        result, self._result = self._result, Decoded()
        result.accepted = len(rows)
        if rows:
            result.batches.append(make_batch(self.kind, rows))
        return result
