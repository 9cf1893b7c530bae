"""What detectors measure has a name on the screens."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import alliage.detection.detectors
import alliage.detection.rules

WORDS = Path(__file__).parents[2] / "web" / "src" / "watch" / "figures.ts"
NAMED = re.compile(r"^  (\w+): \[(?:'.+', '.+'|'.+', \".+\")\],$", re.MULTILINE)


def figures_in(source: str) -> Iterator[str]:
    """Names of figures in what is given as ``figures``, and of those that are added to them."""
    tree = ast.parse(source)
    constants = {
        one.target.id: one.value.value
        for one in tree.body
        if isinstance(one, ast.AnnAssign)
        and isinstance(one.target, ast.Name)
        and isinstance(one.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "figures":
            yield from names_in(node.value, constants)
        elif isinstance(node, ast.Assign):
            targets = [one for target in node.targets for one in ast.walk(target)]
            if any(isinstance(one, ast.Name) and one.id == "figures" for one in targets):
                yield from names_in(node.value, constants)
                for one in targets:
                    if isinstance(one, ast.Subscript):
                        yield from texts_in(one.slice, constants)


def names_in(value: ast.expr, constants: dict[str, object]) -> Iterator[str]:
    if isinstance(value, ast.Dict):
        for key in value.keys:
            assert key is not None, "a test cannot see which figures these are: write them out"
            yield from texts_in(key, constants)
    elif isinstance(value, ast.DictComp):
        yield from texts_in(value.generators[0].iter, constants)


def texts_in(node: ast.AST, constants: dict[str, object]) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.Name) and one.id in constants:
            yield str(constants[one.id])


def test_every_figure_that_a_detector_or_a_rule_gives_has_words_in_both_languages() -> None:
    rooms = (alliage.detection.detectors, alliage.detection.rules)
    files = [path for room in rooms for path in sorted(Path(room.__path__[0]).glob("*.py"))]
    given = {name for path in files for name in figures_in(path.read_text())}
    assert {"cpa_m", "late_s", "lasts_s", "count", "against_percent", "least_depth_m"} <= given
    assert set(NAMED.findall(WORDS.read_text())) == given
