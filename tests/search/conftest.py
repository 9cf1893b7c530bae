"""A sea to search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.search.support import Sea


@pytest.fixture
def sea(tmp_path: Path) -> Iterator[Sea]:
    sea = Sea(tmp_path)
    yield sea
    sea.close()
