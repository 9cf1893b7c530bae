"""Plots are told to those who may see them, with where their sensor stood."""

from __future__ import annotations

import httpx

from alliage.log import Draft
from alliage.ontology.times import to_text
from tests.picture.test_lines import lines
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


def test_lines_of_bearing_are_told_under_their_markings_with_what_they_are_known_to(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    now_us = node.clock.now_us()
    for stream, label in (("tracker:mast@1", SHARED), ("tracker:hill@1", NATIONAL)):
        said = lines({"identifier": f"line:{stream[8:12]}-1", "valid": now_us - 1_000_000})
        node.writer.submit([Draft(stream, frozenset([label]), said)]).result()

    mine, theirs = anna.get("plots").json(), fleur.get("plots").json()
    assert [one["source"] for one in mine["lines"]] == ["tracker:hill@1", "tracker:mast@1"]
    assert "SECRET" in mine["marking"]["text"]
    assert "SECRET" not in theirs["marking"]["text"]
    (source,) = theirs["lines"]
    (line,) = source["lines"]
    assert (line["line"], line["sensor"]) == ("line:mast-1", "sensor:mast")
    assert (line["bearing_deg"], line["bearing_std_deg"]) == (40.0, 0.5)
    assert round(line["bearing_rate_degps"], 6) == 0.02
    assert round(line["bearing_rate_std_degps"], 6) == 0.01
    assert line["sensor_position"] == {"lon": 18.0, "lat": 57.0}
    assert "position" not in line
    kept = fleur.get("observations", params={"kind": "line"}).json()["items"]
    assert [one["values"]["identifier"] for one in kept] == ["line:mast-1"]
    assert fleur.get("plots", params={"bbox": "0,0,1,1"}).json()["lines"] == []


def test_plots_and_lines_of_another_time_are_those_of_the_minute_before_it(
    node: SmallNode, anna: httpx.Client, fleur: httpx.Client
) -> None:
    then_us = node.clock.now_us() - 3_600_000_000
    for stream, label in (("tracker:mast@1", SHARED), ("tracker:hill@1", NATIONAL)):
        said = lines({"identifier": f"line:{stream[8:12]}-1", "valid": then_us - 1_000_000})
        node.writer.submit([Draft(stream, frozenset([label]), said)]).result()
    said = plots(then_us - 2_000_000, range_m=1200.0)
    node.writer.submit([Draft("radar", frozenset([SHARED]), said)]).result()

    def told(client: httpx.Client, at_us: int) -> tuple[list[str], int]:
        found = client.get("plots", params={"valid": to_text(at_us)}).json()
        assert found["now"] == to_text(at_us)
        streams = [one["source"] for one in found["lines"]]
        return streams, sum(len(one["plots"]) for one in found["sources"])

    assert told(anna, then_us) == (["tracker:hill@1", "tracker:mast@1"], 1)
    assert told(fleur, then_us) == (["tracker:mast@1"], 1)
    for later_us in (then_us - 60_000_000, then_us + 60_000_000):
        assert told(anna, later_us) == ([], 0)
    asked = {"valid": to_text(then_us), "known": to_text(then_us)}
    assert anna.get("plots", params=asked).json()["lines"] == []  # nothing was known of it then
