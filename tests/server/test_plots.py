"""Plots are told to those who may see them, with where their sensor stood."""

from __future__ import annotations

import httpx

from alliage.log import Draft
from tests.picture.test_plots import plots
from tests.server.small_node import NATIONAL, SHARED, SmallNode


def test_plots_are_told_source_by_source_under_their_markings(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    now_us = node.clock.now_us()
    place = {"sensor_latitude_deg": 57.0, "sensor_longitude_deg": 18.0, "range_m": 1200.0}
    bearing = {"latitude_deg": None, "longitude_deg": None}
    said = plots(now_us - 2_000_000, position_std_m=40.0, **place)
    node.writer.submit([Draft("radar", frozenset([SHARED]), said)]).result()
    said = plots(now_us - 1_000_000, **place, **bearing)
    node.writer.submit([Draft("mast", frozenset([NATIONAL]), said)]).result()

    mine, theirs = anna.get("plots").json(), fleur.get("plots").json()
    assert [one["source"] for one in mine["sources"]] == ["mast", "radar"]
    assert [one["source"] for one in theirs["sources"]] == ["radar"]
    assert "SECRET" in mine["marking"]["text"]
    assert "SECRET" not in theirs["marking"]["text"]
    (plot,) = theirs["sources"][0]["plots"]
    assert plot["position"] == {"lon": 11.0, "lat": 55.0}
    assert (plot["position_std_m"], plot["position_minor_std_m"]) == (40.0, None)
    (alone,) = mine["sources"][0]["plots"]
    assert (alone["position"], alone["bearing_deg"]) == (None, 90.0)
    assert alone["sensor_position"] == {"lon": 18.0, "lat": 57.0}
    assert fleur.get("plots", params={"bbox": "0,0,1,1"}).json()["sources"] == []
    assert fleur.get("plots", params={"seconds": 1}).json()["sources"] == []
