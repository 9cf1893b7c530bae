"""The command as people run it: arguments, an environment, what it says and its exit code."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from alliage.cli.main import main
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import Simulation
from alliage.ontology.policies import packaged_policies, use_policies
from alliage.ontology.times import from_text

ALLIAGE = str(Path(sys.executable).with_name("alliage"))


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


def environment(home: Path, **variables: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ALLIAGE_")}
    return {**kept, "ALLIAGE_HOME": str(home), **variables}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def alliage(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """The command in this process: quick. It takes signals and logs, so both are put back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loggers = logging.getLogger().handlers[:]

    def run(*arguments: str, **variables: str) -> Done:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("ALLIAGE_")]:
                patch.delenv(name)
            for name, value in {"ALLIAGE_HOME": str(home), **variables}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["alliage", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    logging.getLogger().handlers[:] = loggers
    structlog.reset_defaults()
    use_policies(packaged_policies())


def record(path: Path, start_us: int) -> Path:
    """Seven minutes of the exercise from a time on, as a file."""
    simulation = Simulation(load_scenario("baltic"), start_us, ships=60)
    path.write_bytes(b"".join(line for _ in range(420) for line in simulation.step()))
    return path


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven minutes of the exercise, as a file."""
    path = tmp_path_factory.mktemp("recording") / "exercise.nmea"
    return record(path, from_text("2026-06-01T12:00:00Z"))


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, recording: Path) -> Path:
    """A node's folder into which the recording was loaded."""
    home = tmp_path_factory.mktemp("loaded") / "home"
    for arguments in (
        ["init", "--nation", "DNK"],
        ["ingest", str(recording), "--stream", "coast", "--label", "SECRET:DNK"],
    ):
        subprocess.run(
            [ALLIAGE, *arguments], check=True, capture_output=True, env=environment(home)
        )
    return home
