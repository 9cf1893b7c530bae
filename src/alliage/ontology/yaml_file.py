"""A YAML file as plain data, with the line at which each key stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from alliage.ontology.boundary import BANNED

LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Plain data only; in C where there is one, ten times as fast at every start."""


class FileError(ValueError):
    """A file that cannot be read as it has to be; ``line`` counts from 1, None where unknown."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A mapping read from a file."""

    data: dict[str, Any]
    root: yaml.Node

    def line_of(self, keys: Sequence[object]) -> int:
        """The line of a key, or of the nearest above it that is there."""
        node, line = self.root, 1
        for key in keys:
            found = None
            if isinstance(node, yaml.MappingNode):
                found = next((pair for pair in node.value if pair[0].value == str(key)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def read_mapping(path: Path) -> YamlFile:
    """Read a file that holds one mapping.

    Raises:
        FileError: it holds something else, or says one key twice, or a word beyond the boundary.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = LOADER(text)
        root = loader.get_single_node()
        data = loader.construct_document(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise FileError(f"not YAML: {error.problem}", mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise FileError(f"not YAML: {error}") from error
    if root is None or not isinstance(data, dict):
        raise FileError("a schema is a mapping with name, title and properties", 1)
    _check_keys(root)
    for number, line in enumerate(text.splitlines(), 1):
        # An underscore parts words in names, as a space does in titles.
        if word := BANNED.search(line.replace("_", " ")):
            raise FileError(f"{word.group()!r}: Alliage has no words for effects on people", number)
    return YamlFile(data, root)


def _check_keys(node: yaml.Node) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check_keys(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise FileError(f"{key.value}: stands here a second time", key.start_mark.line + 1)
            seen.add(str(key.value))
            _check_keys(value)
