"""What the picture needs of a log entry; :class:`alliage.log.entry.Entry` has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from alliage.ontology.claim import Claim
from alliage.ontology.observation import ObservationBatch


class PictureEntry(Protocol):
    """One committed entry: rows of one stream under one label set."""

    @property
    def number(self) -> int:
        """Position in this node's log; rises."""
        ...

    @property
    def stream(self) -> str:
        """The stream's name."""
        ...

    @property
    def label_set(self) -> int:
        """Interned label set of every row."""
        ...

    @property
    def kind(self) -> str:
        """``observations:<kind>``, ``claims`` or ``source``."""
        ...

    @property
    def known_us(self) -> int:
        """When this node committed it."""
        ...

    def observations(self) -> ObservationBatch:
        """The rows, for ``observations:*`` entries."""
        ...

    def claims(self) -> Sequence[Claim]:
        """The claims, for ``claims`` entries."""
        ...
