"""Documentation that is wrong fails the build: generated pages, links, runnable blocks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from alliage.config import Config
from alliage.config_section import Section
from alliage.config_sources import ALL_KINDS
from alliage.feeds.registry import load_feeds
from scripts.references import PAGES, REFERENCE

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
BIN: Final = Path(sys.executable).parent


def pages() -> list[Path]:
    built = DOCS / "_build"
    written = [path for path in DOCS.rglob("*.md") if built not in path.parents]
    return sorted([*written, *ROOT.glob("*.md"), *(ROOT / "src").rglob("README.md")])


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/reference/{name} is out of date: run `make docs`"


def test_every_command_is_in_the_reference() -> None:
    commands = re.findall(r"^## `alliage ([a-z ]+)`", PAGES["cli.md"](), re.MULTILINE)
    wanted = {"init", "run", "demo", "ingest", "export", "doctor", "version"}
    assert wanted | {"query tracks", "config check"} <= set(commands)


def test_every_setting_is_in_the_reference_with_its_meaning() -> None:
    page = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    undocumented = [
        f"{table}.{key}"
        for table, field in Config.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        for key, setting in field.annotation.model_fields.items()
        if not setting.description or f"| `{key}` |" not in page
    ]
    assert not undocumented


def test_every_format_and_transport_is_in_the_reference() -> None:
    formats = (REFERENCE / "formats.md").read_text(encoding="utf-8")
    transports = (REFERENCE / "transports.md").read_text(encoding="utf-8")
    assert all(f'`"{name}"`' in formats for name in load_feeds())
    assert all(f"## `{kind}`" in transports for kind in ALL_KINDS)


def test_every_route_is_in_the_reference_with_its_meaning() -> None:
    page = (REFERENCE / "routes.md").read_text(encoding="utf-8")
    paths = json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8"))["paths"]
    missing = [
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if not operation.get("description")
        or f"## `{method.upper()} {path.removeprefix('/api/v1')}`" not in page
    ]
    assert not missing


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Targets of Markdown links to files of the project, with the heading they lead to."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            path, _, heading = target.partition("#")
            yield path, heading


def test_links_lead_somewhere() -> None:
    broken = []
    for page in pages():
        for path, heading in links(page):
            target = page.parent / path if path else page
            if not target.exists():
                broken.append(f"{page.relative_to(ROOT)}: {path}")
            elif heading and target.suffix == ".md" and heading not in anchors(target):
                broken.append(f"{page.relative_to(ROOT)}: {path}#{heading}")
    assert not broken, "\n".join(broken)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def test_what_the_readme_promises_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"make ([a-z-]+)", readme))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def runnable(page: Path) -> list[str]:
    """Shell blocks that are marked ``<!-- run -->``, in order."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"<!-- run -->\n```sh\n(.*?)```", text, re.DOTALL)


RUNNABLE: Final = [page for page in pages() if runnable(page)]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_code_blocks_that_say_so_run(page: Path, tmp_path: Path) -> None:
    script = "set -eu\n" + "\n".join(runnable(page))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALLIAGE_")}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**kept, "PATH": f"{BIN}:{os.environ['PATH']}", "ALLIAGE_SERVER__PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_at_least_one_tutorial_runs() -> None:
    assert RUNNABLE


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("_build"))
    # The plainest theme: the site's own takes three times as long and warns of nothing more.
    build = ["-W", "-q", "-b", "html", "-D", "html_theme=basic", "docs", "out"]
    done = subprocess.run(
        [str(BIN / "sphinx-build"), *build],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
