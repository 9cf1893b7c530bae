"""The systemd unit: systemd understands it, it is fenced in, and it fits the node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from alliage.server.serve import GRACE_S
from tests.deploy.support import DEPLOY, PREFIX, settings_of, unit

SETTINGS: Final = settings_of(unit())
WORST_EXPOSURE: Final = 15
"""Of 100: what `systemd-analyze security` may say at most. A node that listens is at 12."""


def installed_unit(folder: Path) -> Path:
    """The unit as the script writes it, with a program where it expects one."""
    program = folder / "opt/bin/alliage"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    path = folder / "alliage.service"
    path.write_text(unit(str(folder / "opt")), encoding="utf-8")
    return path


def analyze(*options: str) -> None:
    """Ask systemd where it is; a machine without it is no place for the unit either."""
    program = shutil.which("systemd-analyze")
    if program is not None:
        done = subprocess.run([program, *options], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Unknown" not in done.stderr


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    path = installed_unit(tmp_path)
    assert set(settings_of(path.read_text(encoding="utf-8"))) == set(SETTINGS)
    analyze("verify", str(path))


def test_little_is_exposed(tmp_path: Path) -> None:
    path = installed_unit(tmp_path)
    assert path.is_file()
    analyze("security", "--offline=true", f"--threshold={WORST_EXPOSURE}", str(path))


def test_it_is_fenced_in() -> None:
    fences = {
        "User": "alliage",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "MemoryDenyWriteExecute": "yes",
        "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
        "StateDirectoryMode": "0700",
        "UMask": "0077",
        "LimitCORE": "0",
    }
    assert {key: SETTINGS[key] for key in fences} == {k: [v] for k, v in fences.items()}


def test_it_starts_the_program_that_the_script_installs_on_the_folder_that_it_makes() -> None:
    script = (DEPLOY / "install.sh").read_text(encoding="utf-8")
    assert SETTINGS["ExecStart"] == [f"{PREFIX}/bin/alliage run"]
    assert f"PREFIX:-{PREFIX}" in script
    assert SETTINGS["Environment"] == ["ALLIAGE_HOME=/var/lib/alliage"]
    assert SETTINGS["StateDirectory"] == ["alliage"]
    assert "-m 0700 /var/lib/alliage" in script
    assert "useradd --system" in script


def test_it_is_given_the_time_to_end_well() -> None:
    assert SETTINGS["KillSignal"] == ["SIGTERM"]
    assert float(SETTINGS["TimeoutStopSec"][0]) >= 2 * GRACE_S
