"""Flags told by an MMSI, and affiliations by rule where nobody claims one."""

from __future__ import annotations

import pytest
from pyais.constants import COUNTRY_MAPPING

from alliage.config_tables import OntologyConfig
from alliage.ontology.affiliation import Affiliations
from alliage.ontology.flag import flag_of
from tests.picture.support import World, report

SHIP = "mmsi:219000001"
OTHER = "mmsi:230012345"


@pytest.mark.parametrize(
    ("mmsi", "flag"),
    [
        (219_012_345, "DNK"),
        ("002190047", "DNK"),  # a coast station
        (2_190_047, "DNK"),  # the same, as a number
        (992_651_234, "SWE"),  # an aid to navigation
        (111_232_506, "GBR"),  # an aircraft of search and rescue
        (982_190_001, "DNK"),  # a boat of a mother ship
        (822_612_345, "FRA"),  # a hand-held set
        (970_123_456, None),  # a transponder of distress
        (999_999_999, None),
        (23, None),
        ("rubbish", None),
    ],
)
def test_an_mmsi_tells_the_flag(mmsi: int | str, flag: str | None) -> None:
    assert flag_of(mmsi) == flag


def test_every_maritime_identification_number_is_known_as_pyais_knows_it() -> None:
    two_letters: dict[str, set[str]] = {}
    for digits, (country, _) in COUNTRY_MAPPING.items():
        flag = flag_of(digits * 1_000_000 + 1)
        assert flag is not None, digits
        two_letters.setdefault(flag, set()).add(country)
    assert all(len(same) == 1 for same in two_letters.values())
    assert len({min(same) for same in two_letters.values()}) == len(two_letters)


def rules() -> OntologyConfig:
    return OntologyConfig.model_validate(
        {
            "affiliations": [
                {"affiliation": "friend", "nations": ["DNK"], "kinds": ["Platform"]},
                {"affiliation": "neutral", "nations": ["DNK", "SWE"]},
            ]
        }
    )


def test_the_first_rule_that_fits_counts_and_a_claim_stands_before_it() -> None:
    ontology = rules().load()
    assert ontology.affiliation("Vessel", "mmsi:219012345", {}) == "friend"
    assert ontology.affiliation("Facility", "mmsi:219012345", {}) == "neutral"
    assert ontology.affiliation("Vessel", "mmsi:230012345", {}) is None
    assert ontology.affiliation("Vessel", "mmsi:230012345", {"operator_nation": "SWE"}) == "neutral"
    assert ontology.affiliation("Vessel", "mmsi:219012345", {"affiliation": "suspect"}) is None
    assert Affiliations().derive(["Thing"], "mmsi:219012345", {}) is None


def test_the_picture_draws_by_rule_until_somebody_says_otherwise() -> None:
    world = World(rules().load())
    world.hear(report(SHIP), report(OTHER))

    def identities() -> dict[str, str]:
        return {state.identifier: state.sidc[3] for state in world.view().tracks_in()}

    assert identities() == {SHIP: "3", OTHER: "1"}
    assert world.view().cells(4).identity.tolist().count(3) == 1
    world.claim(SHIP, affiliation="suspect")
    assert identities() == {SHIP: "5", OTHER: "1"}
    world.claim(OTHER, operator_nation="SWE")
    assert identities() == {SHIP: "5", OTHER: "4"}


def test_no_rule_makes_a_thing_hostile_and_a_rule_for_a_strange_kind_is_told() -> None:
    wrong = {"affiliations": [{"affiliation": "hostile", "nations": ["DNK"]}]}
    with pytest.raises(ValueError, match="assumed_friend"):
        OntologyConfig.model_validate(wrong)
    strange = OntologyConfig.model_validate(
        {"affiliations": [{"affiliation": "friend", "nations": ["DNK"], "kinds": ["Vesel"]}]}
    )
    assert "'Vesel'" in strange.problems(strange.load())[0]
