"""By which of its identifiers a thing is called."""

from __future__ import annotations

from alliage.ontology.identifiers import chief


def test_a_thing_is_called_by_what_was_given_to_it() -> None:
    assert chief(["track:7", "mmsi:219000001", "icao:4ca7b3"]) == "mmsi:219000001"
    assert chief(["track:7", "track:8"]) == "track:7"


def test_what_a_source_says_goes_before_what_was_made_because_two_use_it() -> None:
    assert chief(["mmsi:219000001/2", "mmsi:219000001"]) == "mmsi:219000001"
    assert chief(["track:7", "mmsi:219000001/2"]) == "mmsi:219000001/2"
