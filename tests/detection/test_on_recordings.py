"""All detectors together on what really happened: every alert was looked at and judged.

Of those that were decoded already ``tests/cli/test_detect.py`` holds that nothing is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alliage.detection import Alert
from alliage.detection.recorded import as_they_came
from alliage.ontology.times import to_us
from tests.detection.recordings import (
    alerts_of,
    engine,
    only,
    paris,
    paris_squawks,
    play,
)

FRIO = ("mmsi:538004030",)


def at(hour: int, minute: int) -> int:
    return to_us(datetime(2014, 9, 28, hour, minute, tzinfo=UTC))


@pytest.fixture(scope="module")
def frio(data_dir: Path) -> list[Alert]:
    return play(data_dir / "ais/frio-drift-2014-09-28.nmea")


def test_the_drift_of_frio_is_told_before_five(frio: list[Alert]) -> None:
    first = next(alert for alert in frio if alert.detector == "drifting")
    assert at(16, 30) <= first.start_us <= at(16, 50)
    assert at(16, 30) <= first.told_us <= at(17, 0)
    assert "off its heading" in first.reason_en
    assert "s'écarte" in first.reason_fr


def test_of_frio_nothing_else_is_told_but_that_she_stays_and_drifts_on(frio: list[Alert]) -> None:
    told = [(alert.detector, alert.identifiers) for alert in alerts_of(frio)]
    assert told == [("loitering", FRIO), ("drifting", FRIO), ("drifting", FRIO)]


def test_five_minutes_of_denmark_raise_nothing(data_dir: Path) -> None:
    """One ship has set the status of a rescue transmitter by mistake."""
    assert play(data_dir / "ais/denmark-2013-11-12-5min.nmea.gz") == []


def test_of_the_codes_that_were_answered_round_paris_none_is_a_call(data_dir: Path) -> None:
    """Some begin with 75, 76 or 77, and aircraft change codes as they are told."""
    of = engine(only("distress"))
    codes = paris_squawks(data_dir)
    for batch in as_they_came([paris(data_dir), codes]):
        of.take("adsb", batch)
    assert of.finish() == []
    said = set(codes.rows["squawk"].to_pylist())
    assert len(said) > 100
    assert any(code.startswith("76") for code in said)
