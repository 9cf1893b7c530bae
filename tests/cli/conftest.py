"""The command as people run it: arguments, an environment, what it says and its exit code."""

import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def exit_code(home: Path, *arguments: str, **variables: str) -> int:
    """Run the command in this process: quick."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ALLIAGE_")]:
            patch.delenv(name)
        for name, value in {"ALLIAGE_HOME": str(home), **variables}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["alliage", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0)


@contextmanager
def put_back() -> Iterator[None]:
    """The command takes signals and logs: both are put back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loggers = logging.getLogger().handlers[:]
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    logging.getLogger().handlers[:] = loggers
    structlog.reset_defaults()
    use_policies(packaged_policies())


@pytest.fixture
def alliage(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command in this process, with what it says."""

    def run(*arguments: str, **variables: str) -> Done:
        capsys.readouterr()
        code = exit_code(home, *arguments, **variables)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    with put_back():
        yield run


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
    with put_back():
        assert exit_code(home, "init", "--nation", "DNK") == 0
        label = ("--label", "SECRET:DNK")
        assert exit_code(home, "ingest", str(recording), "--stream", "coast", *label) == 0
    return home
