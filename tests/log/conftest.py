"""A log in a fresh folder, and batches to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alliage.log import Log, NodeKeys
from tests.log.support import TickingClock


@pytest.fixture(scope="session")
def keys() -> NodeKeys:
    return NodeKeys.generate()


@pytest.fixture
def log(tmp_path: Path, keys: NodeKeys) -> Iterator[Log]:
    opened = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    yield opened
    opened.close()
