"""The files of deploy/, taken apart; and the tree that the image is built from."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
PREFIX: Final = "/opt/alliage"
PYTHON: Final = str(Path(sys.executable).resolve())


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a Dockerfile, its continued lines joined."""

    stage: int
    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        return self.rest.split()

    def form(self) -> Any:
        """The list of an instruction in exec form."""
        return json.loads(self.rest[self.rest.index("[") :])


def dockerfile() -> list[Instruction]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    instructions: list[Instruction] = []
    stage = -1
    for line in filter(None, joined.splitlines()):
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        instructions.append(Instruction(stage, name, rest.strip()))
    return instructions


def stage_of(base: str) -> list[Instruction]:
    """The instructions of the stage that is called so; of the last one for an empty name."""
    all_of_them = dockerfile()
    froms = [i for i in all_of_them if i.name == "FROM"]
    stage = next((i.stage for i in froms if base and i.rest.endswith(f"AS {base}")), len(froms) - 1)
    return [i for i in all_of_them if i.stage == stage]


def install_command() -> list[str]:
    """What the image runs to install Alliage, with the folder that it names."""
    found = [i.words for i in stage_of("install") if i.name == "RUN" and "install.sh" in i.rest]
    assert len(found) == 1, "the image is made by one call of deploy/install.sh"
    return found[0]


def copy_tree(to: Path) -> None:
    """Lay out what the image's install stage copies, and nothing else."""
    for instruction in stage_of("install"):
        if instruction.name != "COPY":
            continue
        *sources, target = [word for word in instruction.words if not word.startswith("--")]
        for source in sources:
            # What comes from the stage that builds the web UI lies here in the same place.
            _copy(ROOT / source.removeprefix("/alliage/"), to / target)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        ignored = shutil.ignore_patterns("__pycache__", "basemap")
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=ignored)
    else:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def run_install(tree: Path, prefix: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the image's own command in a tree, into another folder."""
    command = [str(prefix) if word == PREFIX else word for word in install_command()]
    kept = {k: v for k, v in os.environ.items() if k not in {"PREFIX", "PYTHONPATH"}}
    return subprocess.run(
        [*command, *(options or ("--python", PYTHON))],
        cwd=tree,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        umask=0o077,
    )


def unit(prefix: str = PREFIX) -> str:
    """The service's unit file, as the script installs it."""
    return (DEPLOY / "alliage.service").read_text(encoding="utf-8").replace(PREFIX, prefix)


def settings_of(text: str) -> dict[str, list[str]]:
    """Every value of every key of a unit file, in order."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found
