"""The formats this node knows: every feed folder, found, read and checked.

A folder beside this file with a ``manifest.yaml`` is a feed. So is one in any further folder on
this package's path, which is how a format outside this repository is added.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from alliage import feeds as package
from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk, Feed, Framing, Manifest

MANIFEST: Final = "manifest.yaml"
NOT_FEEDS: Final = frozenset({"transports"})
HEAD_BYTES: Final = 64 * 1024


class FeedError(Exception):
    """A feed folder cannot be used, or no feed fits. Says which, why and what to do."""


def feed_folders() -> Iterator[Path]:
    """Every folder that should be a feed, by name."""
    for root in package.__path__:
        for folder in sorted(Path(root).iterdir()):
            named = re.fullmatch(r"[a-z]\w*", folder.name) and folder.name not in NOT_FEEDS
            if named and folder.is_dir():
                yield folder


def load_feeds() -> dict[str, Feed]:
    """Every usable feed by its name.

    Raises:
        FeedError: a folder with a manifest is broken; names file and key.
    """
    feeds: dict[str, Feed] = {}
    for folder in feed_folders():
        if (folder / MANIFEST).is_file():
            feeds.setdefault(folder.name, load_feed(folder))
    return feeds


def load_feed(folder: Path) -> Feed:
    """Read one feed folder.

    Raises:
        FeedError: names what is missing or wrong in it.
    """
    manifest = read_manifest(folder)
    try:
        module = import_module(f"{package.__name__}.{manifest.name}.options")
    except ImportError as error:
        raise FeedError(f"{folder}: options.py cannot be imported: {error}") from error
    model = getattr(module, "Options", None)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise FeedError(f"{folder}/options.py: needs a pydantic model called `Options`")
    return Feed(manifest, folder, model)


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``manifest.yaml``.

    Raises:
        FeedError: names the key, the value and what it should be.
    """
    path = folder / MANIFEST
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        manifest = Manifest.model_validate(data)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FeedError(f"{path}: cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"]) or "(the whole file)"
        raise FeedError(f"{path}: {key}: {first['msg']}, not {first['input']!r}") from error
    if manifest.name != folder.name:
        raise FeedError(f"{path}: name is {manifest.name!r}, but the folder is {folder.name!r}")
    return manifest


def guess_feed(path: Path, feeds: Mapping[str, Feed] | None = None) -> Feed:
    """Return the feed that understands a file best.

    Every decoder tries the first bytes; the one that accepts most wins, and between equals the
    one whose manifest names the file's suffix.

    Args:
        path: a recording, plain or gzip.
        feeds: the feeds to choose from; by default all.

    Raises:
        FeedError: no decoder accepts anything; names the formats that were tried.
        OSError: the file cannot be read.
    """
    known = load_feeds() if feeds is None else feeds
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix != ".gz"]
    guess = guess_from_bytes(read_head(path), suffixes[-1] if suffixes else "", known)
    if guess is None:
        tried = ", ".join(sorted(known)) or "none"
        raise FeedError(f"{path}: no format accepts its first bytes (tried: {tried}); name one")
    return guess


def guess_from_bytes(head: bytes, suffix: str, feeds: Mapping[str, Feed]) -> Feed | None:
    """Return the feed that accepts most of the first bytes; None where none accepts any."""
    scored = [
        (_accepted(feed, head), suffix in feed.manifest.extensions, feed) for feed in feeds.values()
    ]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    return best[2] if best is not None and best[0] else None


def read_head(path: Path, size: int = HEAD_BYTES) -> bytes:
    """Return the first bytes of a file, unpacked where it is gzip."""
    with path.open("rb") as file:
        raw = file.read(size)
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(size)
    except (OSError, EOFError, zlib.error):
        return b""


def _accepted(feed: Feed, head: bytes) -> int:
    if feed.manifest.framing is Framing.LINES and len(head) >= HEAD_BYTES:
        head = head[: head.rfind(b"\n") + 1]
    try:
        options = feed.options_model()
    except ValidationError:
        return 0
    connection = Connection(feed, options)
    parts = [connection.feed([Chunk(head, 0)]), connection.finish(0)]
    return sum(part.accepted for part in parts)
