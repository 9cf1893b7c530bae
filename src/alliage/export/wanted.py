"""Which rows are to leave the node, and what they are read from."""

from __future__ import annotations

from dataclasses import dataclass

from alliage.log.reader import LogReader
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.box import Box
from alliage.ontology.schema import Ontology

Things = frozenset[tuple[str, str]]
"""Each a stream, and how that stream names the thing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A selection of rows; None means any.

    ``things`` bounds observations, ``subjects`` claims and tracks; ``identifier`` all. ``up_to``
    is the number of the last entry that counts. ``words``, in small letters, all stand in the name
    or identifier of a track.
    """

    streams: tuple[str, ...] | None = None
    identifier: str | None = None
    from_us: int | None = None
    to_us: int | None = None
    box: Box | None = None
    things: Things | None = None
    subjects: frozenset[str] | None = None
    up_to: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """The log as one audience reads it, and what its words mean."""

    reader: LogReader
    audience: Audience
    ontology: Ontology
    label_sets: LabelSets
