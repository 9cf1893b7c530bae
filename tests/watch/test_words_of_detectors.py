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
    assert all(said["en"].endswith(".") and said["fr"] for said in words.values())


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_a_setting_is_understood_without_the_one_above_it(detector: type[Detector]) -> None:
    said = [words["en"] for words in setting_words(detector.settings_type).values()]
    leaning = ("And ", "Nor ", "Of ", "Or ", "The same", "…")
    assert [one for one in said if one.startswith(leaning) or "meanwhile" in one] == []
