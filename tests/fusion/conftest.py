"""Simulated looks of a radar with their truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from alliage.fusion import Kind, Scan, Sensor
from benchmarks.fusion_scenario import DETECTION, NOISE_M, Scenario, make_scenario


@pytest.fixture
def scenario() -> Scenario:
    """Thirty things in clutter, forty looks."""
    return make_scenario(30, scans=40, clutter=20.0, seed=5)


@pytest.fixture
def scans_of() -> Callable[[Scenario], list[Scan]]:
    """The looks of a scenario as the tracker takes them."""

    def made(scenario: Scenario) -> list[Scan]:
        radar = Sensor("radar", DETECTION, scenario.clutter_per_m2)
        return [
            Scan(time_s, radar, Kind.POSITION, plots, np.eye(2) * NOISE_M**2)
            for time_s, plots in zip(scenario.times_s, scenario.plots, strict=True)
        ]

    return made
