"""What the page of the detectors says of each one, in both languages."""

from __future__ import annotations

import pytest

from alliage.detection import Detector
from alliage.detection.registry import DETECTORS
from alliage.watch.setting_words import setting_words


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_every_setting_of_a_detector_is_explained_in_both_languages(
    detector: type[Detector],
) -> None:
    words = setting_words(detector.settings_type)
    assert all(said["en"].endswith((".", "…")) and said["fr"] for said in words.values())
