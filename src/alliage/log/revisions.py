"""Decisions about entries that were written: a label raised, a body destroyed, bodies not kept.

A revision is an entry of its own, signed and chained. The header of what it is about stays as it
was signed; the index remembers what follows from it, and can be made again from the revisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from alliage.log.signing import labels_from_json, labels_to_json
from alliage.ontology.label import LabelSet

REVISIONS_STREAM: Final = "revisions"
REVISION: Final = "revision"
ENTRIES_AT_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Raise:
    """These entries carry these labels besides their own from now on.

    ``rows``: of one entry these rows alone, by their places in its body, counted from 0. An earlier
    version does not know of them and raises the entry wholly.
    """

    entries: tuple[str, ...]
    labels: LabelSet
    rows: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.rows and len(self.entries) != 1:
            raise ValueError("rows are raised of one entry at a time")


@dataclass(frozen=True, slots=True)
class Destroy:
    """Body and salt of these entries are destroyed, by the decision of these people."""

    entries: tuple[str, ...]
    by: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Observations of a stream that are older than it keeps them: their bodies are dropped.

    Entries up to the number ``up_to`` whose rows all ended before ``before_us``. ``known_us``: by
    when they were known; None, as earlier versions wrote it: by the decision itself.
    """

    stream: str
    before_us: int
    up_to: int
    known_us: int | None = None


@dataclass(frozen=True, slots=True)
class Supersede:
    """A newer version of what these entries say, by a mended decoder, stands in the same commit.

    Their bodies stay; they count for what was known before this entry, and no longer.
    """

    entries: tuple[str, ...]
    decoder: str
    reason: str


Revision = Raise | Destroy | Drop | Supersede


def to_json(revision: Revision) -> dict[str, Any]:
    """Plain data, as signed."""
    if isinstance(revision, Raise):
        rows = {"rows": list(revision.rows)} if revision.rows else {}
        return {
            "do": "raise",
            "entries": list(revision.entries),
            "labels": labels_to_json(revision.labels),
            **rows,
        }
    if isinstance(revision, Destroy):
        return {
            "do": "destroy",
            "entries": list(revision.entries),
            "by": list(revision.by),
            "reason": revision.reason,
        }
    if isinstance(revision, Supersede):
        return {
            "do": "supersede",
            "entries": list(revision.entries),
            "decoder": revision.decoder,
            "reason": revision.reason,
        }
    known = {} if revision.known_us is None else {"known_us": revision.known_us}
    return {
        "do": "drop",
        "stream": revision.stream,
        "before_us": revision.before_us,
        "up_to": revision.up_to,
        **known,
    }


def from_json(data: dict[str, Any]) -> Revision:
    """Inverse of :func:`to_json`.

    Raises:
        ValueError: it is none.
    """
    match data["do"]:
        case "raise":
            rows = tuple(data.get("rows", ()))
            return Raise(tuple(data["entries"]), labels_from_json(data["labels"]), rows)
        case "destroy":
            return Destroy(tuple(data["entries"]), tuple(data["by"]), data["reason"])
        case "supersede":
            return Supersede(tuple(data["entries"]), data["decoder"], data["reason"])
        case "drop":
            return Drop(data["stream"], data["before_us"], data["up_to"], data.get("known_us"))
    raise ValueError(f"no revision does {data['do']!r}")


def encoded(revision: Revision) -> bytes:
    """Canonical JSON."""
    return orjson.dumps(to_json(revision), option=orjson.OPT_SORT_KEYS)
