"""Markings in the reader's language, joined as the node joins them."""

from __future__ import annotations

import httpx

from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.ontology.audience import LabelSets
from alliage.ontology.policies import packaged_policies
from alliage.server.label_choice import policies_to_choose


def words(bent: httpx.Client, *texts: str) -> tuple[int, dict]:
    answer = bent.get("markings/words", params={"text": list(texts)})
    return answer.status_code, answer.json()


def test_a_marking_is_written_in_both_languages(bent: httpx.Client) -> None:
    status, answer = words(bent, "NATO TOP SECRET / REL TO DNK, FRA")
    assert status == 200
    assert answer["page"] == {
        "en": "COSMIC TOP SECRET / RELEASABLE TO DNK, FRA",
        "fr": "COSMIC TRÈS SECRET / COMMUNICABLE À DNK, FRA",
    }
    assert answer["portion"]["en"] == "(CTS/REL TO DNK, FRA)"
    assert answer["classification"] == "TOP SECRET"


def test_several_markings_are_joined_and_none_is_dropped(bent: httpx.Client) -> None:
    _, answer = words(bent, "TLP GREEN", "TLP RED", "ALLIAGE RESTRICTED / REL TO DNK // X Y")
    assert answer["text"] == "ALLIAGE RESTRICTED / REL TO DNK // TLP RED // X Y"
    assert answer["page"]["fr"] == (
        "ALLIAGE DIFFUSION RESTREINTE / COMMUNICABLE À DNK // TLP:RED // X Y"
    )
    _, nobody = words(bent, "ALLIAGE SECRET / REL TO DNK", "ALLIAGE SECRET / REL TO FRA")
    assert nobody["page"]["fr"] == "ALLIAGE SECRET / COMMUNICABLE À AUCUNE NATION"


def test_what_is_no_marking_is_refused(bent: httpx.Client) -> None:
    status, answer = words(bent, "SECRET")
    assert status == 422
    assert answer["errors"][0]["field"] == "query.text"
    assert words(bent)[0] == 422


def test_a_label_can_be_chosen_from_every_policy_as_far_as_its_writer_could_read_it_again(
    bent: httpx.Client,
) -> None:
    policies = {one["name"]: one for one in bent.get("markings/policies").json()}
    assert list(policies) == ["ALLIAGE", "NATO", "TLP"]

    def names(policy: str) -> list[str]:
        return [one["name"] for one in policies[policy]["classifications"]]

    assert names("NATO")[-2:] == [
        "CONFIDENTIAL",
        "SECRET",
    ]  # TOP SECRET is beyond the clearance
    assert names("TLP") == ["CLEAR", "GREEN"]  # no clearance is said to reach AMBER
    levels = [one["level"] for one in policies["TLP"]["classifications"]]
    assert levels == ["UNMARKED", "UNCLASSIFIED"]  # as ALLIAGE says
    restricted = policies["ALLIAGE"]["classifications"][2]
    assert restricted["level"] == "RESTRICTED"
    assert restricted["title"] == {"en": "RESTRICTED", "fr": "DIFFUSION RESTREINTE"}
    tags = {one["tag"]: one for one in policies["ALLIAGE"]["categories"]}
    assert tags["Handling"]["kind"] == "restrictive"
    assert tags["Handling"]["values"] == []  # whoever holds none of them could not read them again
    assert tags["Administrative"]["values"][0]["title"] == {"en": "EXERCISE", "fr": "EXERCICE"}
    assert tags["Releasable To"]["is_open"]
    assert not tags["Handling"]["is_open"]


def test_of_a_restrictive_category_the_values_that_somebody_holds_are_to_choose() -> None:
    held = frozenset({"Handling: PERSONAL DATA"})
    principal = Principal("id", "eva", "DNK", "UNCLASSIFIED", frozenset({Role.VIEWER}), held)
    audience = Access("DNK", LabelSets()).audience(principal)
    (alliage, *_) = policies_to_choose(packaged_policies(), audience)
    handling = next(one for one in alliage.categories if one.tag == "Handling")
    assert [one.name for one in handling.values] == ["PERSONAL DATA"]
    assert [one.name for one in alliage.classifications] == ["UNMARKED", "UNCLASSIFIED"]
