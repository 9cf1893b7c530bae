"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real recordings, named by ALLIAGE_DATA."""
    folder = os.environ.get("ALLIAGE_DATA")
    if not folder:
        pytest.skip("ALLIAGE_DATA is not set: it names the folder of real recordings")
    return Path(folder)
