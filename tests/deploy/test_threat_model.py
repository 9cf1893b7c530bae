"""The page of threats is kept true: everything it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

from tests.deploy.support import ROOT

PAGE: Final = ROOT / "docs/explanation/threat-model.md"
TEXT: Final = PAGE.read_text(encoding="utf-8")
BASES: Final = (ROOT, ROOT / "src/alliage", ROOT / "tests")
CODE: Final = re.findall(r"`([^`\n]+)`", TEXT)
TITLES: Final = ("threat", "what stands against it", "proof", "what remains")


def file_of(path: str) -> Path | None:
    return next((base / path for base in BASES if (base / path).is_file()), None)


@cache
def names_in(path: Path) -> frozenset[str]:
    """Functions, classes and constants of a module."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        found.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(found)


def threats() -> list[dict[str, str]]:
    rows = re.findall(r"^\| ([A-Z]\d+ .*) \|$", TEXT, re.MULTILINE)
    return [dict(zip(TITLES, row.split(" | "), strict=True)) for row in rows]


def test_every_file_that_is_named_is_there() -> None:
    paths = {c.partition("::")[0] for c in CODE if re.search(r"^[\w./-]+\.(py|sh|service|yaml)", c)}
    paths |= {c for c in CODE if c.startswith("deploy/")}
    assert len(paths) > 50
    assert not [path for path in sorted(paths) if file_of(path.partition("::")[0]) is None]


def test_every_mechanism_and_test_that_is_named_is_there() -> None:
    missing = []
    cited = [code.partition("::") for code in CODE if "::" in code]
    for path, _, name in cited:
        file = file_of(path)
        if file is None or name not in names_in(file):
            missing.append(f"{path}::{name}")
    assert len(cited) > 80
    assert not missing


def test_every_decision_is_called_by_its_number() -> None:
    links = re.findall(r"\[decision (\d+)\]\(\.\./decisions/(\d{4})-([\w-]+)\.md\)", TEXT)
    assert len(links) == len(re.findall(r"\[decision ", TEXT))
    for number, file_number, title in links:
        assert int(number) == int(file_number)
        assert (ROOT / f"docs/decisions/{file_number}-{title}.md").is_file()


def test_every_threat_has_a_proof_or_says_why_not_and_tells_what_remains() -> None:
    assert len(threats()) > 30
    for threat in threats():
        proofs = re.findall(r"`[\w/]*test_\w+\.py::test_\w+`", threat["proof"])
        assert proofs or threat["proof"].startswith("not tested: "), threat["threat"]
        assert threat["what remains"].strip(), threat["threat"]


def test_threats_are_numbered_once_and_in_order() -> None:
    numbers = [threat["threat"].split()[0] for threat in threats()]
    for letter in "STRIDE":
        own = [number for number in numbers if number[0] == letter]
        assert own == [f"{letter}{n}" for n in range(1, len(own) + 1)]
        assert own
