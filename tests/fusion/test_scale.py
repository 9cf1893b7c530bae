"""The benchmark of fusion at scale, made small: everything that goes in is seen at the end."""

from __future__ import annotations

import pytest

from benchmarks import fusion_scale


def test_ships_and_radar_tracks_reach_every_audience_and_each_lacks_its_own_label(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"RADARS": 2, "SHIPS_OF_A_RADAR": 30, "REPORTS_A_SECOND": 200}.items():
        monkeypatch.setattr(fusion_scale, name, value)
    everything = fusion_scale.measure(400, 1, settling_s=8, measured_s=1)
    without = fusion_scale.measure(400, 3, settling_s=8, measured_s=1)
    assert 440 <= everything["tracks_seen"][0] <= 470  # and 60 of the radars, not all confirmed
    assert all(380 < seen < everything["tracks_seen"][0] for seen in without["tracks_seen"])
    assert set(everything["parts_s"]) == {"reports", "plots", "plots into the picture", "views"}
