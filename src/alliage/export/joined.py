"""What a file as a whole is marked with: never below any of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from alliage.ontology.label_text import parse_marking
from alliage.ontology.marking import JoinedMarking, join_marking


class Markings:
    """The markings of the rows that went by."""

    def __init__(self) -> None:
        """None yet."""
        self._seen: set[str] = set()

    def noting(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same batches; what their rows are marked with is remembered."""
        for batch in batches:
            self._seen.update(batch.column("marking").unique().to_pylist())
            yield batch

    def joined(self) -> JoinedMarking | None:
        """The joined marking of everything that went by; None for nothing."""
        return join_marking(label for marking in self._seen for label in parse_marking(marking))
