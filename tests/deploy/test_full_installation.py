"""The whole installation from the whole lock, and a node that runs from it as in the image."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.deploy.support import PREFIX, copy_tree, run_install, stage_of

PORT = "8479"


@pytest.mark.soak
def test_a_node_runs_from_what_was_installed_and_its_healthcheck_agrees(tmp_path: Path) -> None:
    tree, prefix = tmp_path / "tree", tmp_path / "opt/alliage"
    tree.mkdir()
    copy_tree(tree)
    done = run_install(tree, prefix)
    assert done.returncode == 0, done.stdout + done.stderr
    environment = {
        **{k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        "ALLIAGE_HOME": str(tmp_path / "home"),
        "ALLIAGE_SERVER__PORT": PORT,
    }
    alliage = str(prefix / "bin/alliage")
    subprocess.run([alliage, "init", "--nation", "DNK"], env=environment, check=True)
    check = [
        part.replace(PREFIX, str(prefix)).replace("8470", PORT)
        for part in next(i for i in stage_of("") if i.name == "HEALTHCHECK").form()
    ]
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0
    with subprocess.Popen([alliage, "run"], env=environment) as node:
        try:
            assert becomes_well(check)
        finally:
            node.send_signal(signal.SIGTERM)
        assert node.wait(timeout=30) == 0


def becomes_well(check: list[str], within_s: float = 60.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if subprocess.run(check, capture_output=True, check=False).returncode == 0:
            return True
    return False
