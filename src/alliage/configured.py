"""The files that a configuration names and that a node cannot be without: for a backup.

Policies and schemata may lie anywhere. A backup brings them together in a folder of the node's own,
``configured``, with a configuration that names them there, so that a node is whole wherever it
is restored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import tomlkit

from alliage.basemaps.settings import PmtilesTiles
from alliage.config import Config
from alliage.log.snapshot import Part

FOLDER: Final = "configured"
NAMES: Final = rf"{FOLDER}/(access\.cedar|(schemata|policies)-\d{{1,3}}/[^/\\\x00-\x1f]{{1,120}})"
"""What of this a backup may hold, as a regular expression."""

_OUTSIDE: Final = ("path", "scenario", "ca_file")
"""Keys of a source's transport that may name a file."""


@dataclass(frozen=True, slots=True)
class Configured:
    """What a backup takes with it.

    Attributes:
        text: of the configuration that names the files where they will be.
        parts: the files.
        left_out: other files that the configuration names, which a backup does not take.
    """

    text: str
    parts: tuple[Part, ...]
    left_out: tuple[str, ...]


def configured_files(config: Config, text: str) -> Configured:
    """The policies and schemata that a configuration names.

    Args:
        config: with absolute paths, as it is loaded.
        text: of its file.

    Raises:
        OSError: the access policy, or a file in a folder, cannot be read.
    """
    document = tomlkit.parse(text)
    parts: list[Part] = []
    missing: list[str] = []
    if config.access.policy is not None:
        parts.append(_part(f"{FOLDER}/access.cedar", config.access.policy))
        _table(document, "access")["policy"] = parts[0].name
    named = (
        ("ontology", "folders", "schemata", ".yaml", config.ontology.folders),
        ("labels", "policies", "policies", ".xml", config.labels.policies),
    )
    for table, key, name, suffix, paths in named:
        folders: list[str] = []
        for path in paths:
            folder = f"{FOLDER}/{name}-{len(folders) + 1}"
            found = [_part(f"{folder}/{file.name}", file) for file in _files(path, suffix)]
            parts += found
            if found:
                folders.append(folder)
            else:
                missing.append(f"{path} (nothing is there)")
        if paths:
            _table(document, table)[key] = folders
    return Configured(tomlkit.dumps(document), tuple(parts), (*missing, *_left_out(config)))


def _files(path: Path, suffix: str) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(path.glob(f"*{suffix}"))


def _part(name: str, path: Path) -> Part:
    if re.fullmatch(NAMES, name) is None:
        raise OSError(f"{path}: a backup takes no file of such a name; give it another")
    return Part(name, path, path.stat().st_size)


def _table(document: tomlkit.TOMLDocument, name: str) -> MutableMapping[str, Any]:
    """A table that may be set by the environment alone, and so may not be in the file."""
    if name not in document:
        document[name] = tomlkit.table()
    return cast(MutableMapping[str, Any], document[name])


def _left_out(config: Config) -> Iterator[str]:
    for basemap in config.basemaps:
        if isinstance(basemap.tiles, PmtilesTiles):
            yield str(basemap.tiles.path)
    for notification in config.notifications:
        yield from map(str, notification.files())
    for source in config.sources:
        for key in _OUTSIDE:
            value = source.transport.get(key)
            if isinstance(value, str) and Path(value).is_absolute():
                yield value
