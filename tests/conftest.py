"""Fixtures and rules that every test may use.

``ALLIAGE_DATA`` names the folder of real recordings. ``ALLIAGE_REQUIRE_ALL=1`` turns every skip
into a failure: what is accepted was really tested.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from alliage.cli.main import COLLECT_AFTER

MEMORY: Final = Path("/dev/shm")
ROOM_BYTES: Final = 4 << 30

REQUIRE_ALL = os.environ.get("ALLIAGE_REQUIRE_ALL") == "1"

# A busy machine is no counterexample. Where a change is accepted or refused, the same change has
# the same examples; developers' machines and the soak look for new ones.
settings.register_profile(
    "alliage",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=REQUIRE_ALL,
)
settings.load_profile("alliage")


def pytest_configure(config: pytest.Config) -> None:
    """Let tests write into memory: nodes wait for their disk, and these are thrown away.

    What a node owes to a disk is tested by a shim that loses what was not synced, on a disk; by
    killing processes; and by a disk of its own that fills up. Soak tests keep to the real one.
    """
    gc.set_threshold(*COLLECT_AFTER)  # as the program itself does
    if "TMPDIR" in os.environ or "soak" in config.option.markexpr or not MEMORY.is_dir():
        return
    room = os.statvfs(MEMORY)
    may_run_programs = not room.f_flag & os.ST_NOEXEC
    if may_run_programs and room.f_bavail * room.f_frsize >= ROOM_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real recordings, named by ALLIAGE_DATA."""
    folder = os.environ.get("ALLIAGE_DATA")
    if not folder:
        pytest.skip("ALLIAGE_DATA is not set: it names the folder of real recordings")
    return Path(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Give the browser tests to one worker, in their order, and other files to whoever is free."""
    return BrowserTogether(config, log) if config.getoption("dist") == "loadfile" else None


class BrowserTogether(LoadFileScheduling):
    """By files, but that those of the browser are as one: they share a node and a window."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/e2e" if nodeid.startswith("tests/e2e/") else super()._split_scope(nodeid)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave soak tests out unless they are asked for."""
    if "soak" in config.option.markexpr:
        return
    soak = [item for item in items if item.get_closest_marker("soak")]
    if soak:
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ALLIAGE_REQUIRE_ALL=1 a test that would be skipped fails."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although ALLIAGE_REQUIRE_ALL=1: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that would be skipped."""
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped although ALLIAGE_REQUIRE_ALL=1: {report.longrepr}"
    return report
