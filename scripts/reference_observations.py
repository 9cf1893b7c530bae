"""The reference page of observation columns, made from their Arrow schemata and comments."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from alliage.ontology import observation
from scripts.markdown import GENERATED, page, table

INTRODUCTION: Final = """\
Observations travel as Arrow record batches from decoder to disk, picture and browser. A batch has
the common columns and, by kind, those of its kind. An absent column and a null both say "not
reported". Angles are degrees clockwise from true north, positions WGS 84, times UTC. A static
batch has the common columns and any [property of the ontology](schemata.md)."""

GROUPS: Final = (
    ("Common to all", "COMMON"),
    ("Position", "POSITION"),
    ("Estimate (with position, of trackers)", "ESTIMATE"),
    ("Environment (with position)", "ENVIRONMENT"),
    ("Text (with position)", "TEXT"),
    ("Plot", "PLOT"),
    ("Line of bearing", "LINE"),
)


def render_observations() -> str:
    """Return the page `reference/observations.md`."""
    comments = _comments(inspect.getsource(observation))
    parts = ["# Observations", GENERATED.format("`src/alliage/ontology/observation.py`")]
    parts.append(INTRODUCTION)
    for title, name in GROUPS:
        schema: pa.Schema = getattr(observation, name)
        rows = [[f"`{field.name}`", _type(field), comments.get(field.name, "")] for field in schema]
        parts += [f"## {title}", table(["column", "type", "meaning"], rows)]
    return page(parts)


def _type(field: pa.Field) -> str:
    words = {
        pa.types.is_dictionary: "word",
        pa.types.is_list: "words",
        pa.types.is_timestamp: "time",
    }
    name = next((word for test, word in words.items() if test(field.type)), str(field.type))
    return name if field.nullable else f"{name}, required"


def _comments(source: str) -> dict[str, str]:
    """The comment behind each ``pa.field("name", …),  # comment``."""
    return dict(_commented(source))


def _commented(source: str) -> Iterator[tuple[str, str]]:
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pa.field" and node.args:
            _, mark, comment = lines[node.lineno - 1].partition("  # ")
            if mark and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), comment
