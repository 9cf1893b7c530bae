"""What every format keeps, so that fifty of them look alike.

A decoder is sans-I/O: it is handed bytes with the time they were received, and hands back what
they say. It never opens a file, never asks the clock, never raises on bad input. Its memory (half
a multipart message, the last time mark) is one explicit state object, so that two connections
never mix and a test can look at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from alliage.log.original import Original
from alliage.ontology.claim import Statement
from alliage.ontology.observation import Kind, ObservationBatch


class Framing(StrEnum):
    """How a transport may cut the byte stream before a decoder sees it."""

    LINES = "lines"  # whole lines, newline included; a datagram counts as ended
    DATAGRAMS = "datagrams"  # one unit per datagram or per stored packet
    STREAM = "stream"  # any cut; the decoder finds its own frames


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes as one read of a transport gave them.

    ``received_us`` is this node's clock when the bytes arrived. ``peer`` says from where
    (``10.0.0.7:4001``) when one transport hears several.
    """

    data: bytes
    received_us: int
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Bytes that could not be used, kept with the reason.

    ``reason`` is a short stable code ("checksum"), counted and translated; ``detail`` says what
    was wrong with these very bytes.
    """

    data: bytes
    reason: str
    detail: str
    received_us: int


@dataclass(slots=True)
class Decoded:
    """What one call of a decoder found.

    ``accepted`` counts reports that became rows; ``duplicates`` those that were collapsed into
    an already known one; ``ignored`` lines that are fine and say nothing to us (comments,
    keep-alives), by reason.
    """

    batches: list[ObservationBatch] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    accepted: int = 0
    duplicates: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    originals: list[Original] = field(default_factory=list)
    """The bytes of which it was made, where their source keeps them; no decoder gives them."""


class Decoder(Protocol):
    """A decoder of one peer, or of one source's peers where the manifest says ``joins_peers``.

    Made by a feed's ``make_decoder(options)``.
    """

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take the next bytes of this connection, in order; return what they say. Never raises."""
        ...

    def flush(self, now_us: int) -> Decoded:
        """The input paused or ended: give out what is held back (duplicates windows, parts)."""
        ...


class Manifest(BaseModel):
    """``manifest.yaml`` of a feed folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="folder name and `format =` value")
    title: dict[str, str] = Field(description="human name by language: en, fr")
    standard: str = Field(description="the standard and its edition, with section where useful")
    kinds: list[Kind] = Field(description="kinds of observation that come out")
    schemata: list[str] = Field(description="ontology schemata of the things it tells of")
    version: int = Field(
        default=1,
        ge=1,
        description="of the decoder; raised when it makes something else of the same bytes",
    )
    framing: Framing
    transports: list[str] = Field(description="usual transports, most usual first")
    clock: bool = Field(description="whether the bytes carry their own time")
    joins_peers: bool = Field(
        default=False,
        description="whether one decoder hears all peers of a source: it keeps them apart by "
        "`Chunk.peer`, and joins what several of them heard",
    )
    extensions: list[str] = Field(default=[], description="file suffixes it is recognised by")
    options: dict[str, dict[str, Any]] = Field(
        default={}, description="option name to {type, default, help}"
    )
    reasons: dict[str, dict[str, str]] = Field(
        description="quarantine reason code to text by language: en, fr"
    )
    licences: list[str] = Field(description="SPDX identifiers of what the feed is made with")


@dataclass(frozen=True, slots=True)
class Feed:
    """A loaded feed folder: its manifest, its options model and the way to make a decoder."""

    manifest: Manifest
    folder: Path
    options_model: type[BaseModel]

    def make_decoder(self, options: BaseModel) -> Decoder:
        """Return a fresh decoder for one connection."""
        from importlib import import_module

        module = import_module(f"alliage.feeds.{self.manifest.name}.decoder")
        decoder: Decoder = module.make_decoder(options)
        return decoder


def merge(parts: Iterable[Decoded]) -> Decoded:
    """Return several results as one, in order."""
    total = Decoded()
    for part in parts:
        total.batches += part.batches
        total.statements += part.statements
        total.originals += part.originals
        total.quarantined += part.quarantined
        total.accepted += part.accepted
        total.duplicates += part.duplicates
        for reason, count in part.ignored.items():
            total.ignored[reason] = total.ignored.get(reason, 0) + count
    return total
