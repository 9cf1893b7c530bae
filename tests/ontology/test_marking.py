"""Markings: the laws of joining them, and what stands on a page in English and French."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.label import UNLABELLED, Category, CategoryKind, Label
from alliage.ontology.marking import JoinedMarking, in_words, join_marking
from alliage.ontology.policies import Policies, packaged_policies
from alliage.ontology.security_policy import Place
from alliage.ontology.spif import read_spif

POLICIES = packaged_policies()
NATIONS = ("DNK", "FRA", "NOR")

categories = st.builds(
    lambda release, handling, note: tuple(
        sorted(
            Category(tag, kind, tuple(sorted(values)))
            for tag, kind, values in (
                ("Releasable To", CategoryKind.PERMISSIVE, release),
                ("Handling", CategoryKind.RESTRICTIVE, handling),
                ("Administrative", CategoryKind.INFORMATIVE, note),
            )
            if values is not None
        )
    ),
    st.none() | st.sets(st.sampled_from(NATIONS)),
    st.none() | st.sets(st.sampled_from(["PERSONAL DATA", "EXERCISE CONTROL"]), min_size=1),
    st.none() | st.sets(st.sampled_from(["STAFF", "EXERCISE"]), min_size=1),
)
label = st.builds(
    Label,
    st.sampled_from(["ALLIAGE", "NATO", "TLP", "UNKNOWN"]),
    st.sampled_from(["UNCLASSIFIED", "RESTRICTED", "SECRET", "GREEN", "AMBER"]),
    categories,
)
labels = st.lists(st.one_of(label, label, label, st.just(UNLABELLED)), max_size=5)


def rejoined(*parts: JoinedMarking | None) -> JoinedMarking | None:
    return join_marking([each for part in parts if part is not None for each in part.labels])


@given(labels, labels, labels)
def test_joining_is_associative_commutative_and_idempotent(
    a: list[Label], b: list[Label], c: list[Label]
) -> None:
    one, two, three = join_marking(a), join_marking(b), join_marking(c)
    whole = join_marking(a + b + c)
    assert rejoined(rejoined(one, two), three) == whole
    assert rejoined(one, rejoined(two, three)) == whole
    assert rejoined(three, one, two) == whole
    assert rejoined(whole, whole) == whole


@given(labels)
def test_a_joined_marking_is_never_below_its_parts(parts: list[Label]) -> None:
    joined = join_marking(parts)
    if joined is None:
        assert not parts
    elif UNLABELLED in parts:
        assert joined.shown == (UNLABELLED,)
    else:
        for part in parts:
            assert any(POLICIES.covers(each, part) for each in joined.labels)


@given(labels)
def test_what_is_shown_covers_what_is_not_by_what_a_policy_says(parts: list[Label]) -> None:
    joined = join_marking(parts)
    if joined is not None:
        for each in joined.labels:
            assert each in joined.shown or any(
                POLICIES.covers(other, each) for other in joined.shown
            )


@given(labels)
def test_no_policy_is_dropped_of_which_no_other_says_anything(parts: list[Label]) -> None:
    joined = join_marking(parts)
    if joined is not None and UNLABELLED not in parts:
        assert {each.policy for each in joined.labels} == {each.policy for each in parts}
        unknown = {each.policy for each in parts} & {"UNKNOWN"}
        assert unknown <= {each.policy for each in joined.shown}
        assert all(each.marking in joined.marking for each in joined.shown)


def test_two_policies_stand_side_by_side_unless_one_is_stated_to_cover_the_other() -> None:
    ours, nato = Label.make("ALLIAGE", "RESTRICTED", ["DNK"]), Label.make("NATO", "SECRET", ["DNK"])
    both = join_marking([ours, nato])
    assert both is not None
    assert both.marking == "ALLIAGE RESTRICTED / REL TO DNK // NATO SECRET / REL TO DNK"
    assert both.classification == "SECRET"
    covered = join_marking([Label.make("ALLIAGE", "RESTRICTED"), nato])
    assert covered is not None
    assert covered.marking == "NATO SECRET / REL TO DNK"
    same = join_marking([Label.make("NATO", "SECRET"), Label.make("ALLIAGE", "SECRET")])
    assert same is not None
    assert same.marking == "ALLIAGE SECRET"


def test_classifications_of_an_unknown_policy_are_not_put_in_an_order() -> None:
    joined = join_marking(
        [Label.make("X", "ALPHA"), Label.make("X", "BRAVO"), Label.make("X", "ALPHA", ["DNK"])]
    )
    assert joined is not None
    assert joined.marking == "X ALPHA / REL TO DNK // X BRAVO"


def test_no_nation_in_common_is_said_in_words_in_both_languages() -> None:
    joined = join_marking(
        [Label.make("NATO", "SECRET", ["DNK"]), Label.make("NATO", "SECRET", ["FRA"])]
    )
    assert joined is not None
    assert joined.marking == "NATO SECRET / REL TO NOBODY"
    assert joined.in_words("en") == "NATO SECRET / RELEASABLE TO NO NATION"
    assert joined.in_words("fr") == "NATO SECRET / COMMUNICABLE À AUCUNE NATION"


@pytest.mark.parametrize(
    ("label", "english", "french", "portion"),
    [
        (
            Label.make("NATO", "UNCLASSIFIED"),
            "NATO UNCLASSIFIED",
            "NATO SANS CLASSIFICATION",
            "(NU)",
        ),
        (
            Label.make("NATO", "RESTRICTED", ["DNK", "FRA"]),
            "NATO RESTRICTED / RELEASABLE TO DNK, FRA",
            "NATO DIFFUSION RESTREINTE / COMMUNICABLE À DNK, FRA",
            "(NR/COMMUNICABLE À DNK, FRA)",
        ),
        (Label.make("NATO", "CONFIDENTIAL"), "NATO CONFIDENTIAL", "NATO CONFIDENTIEL", "(NC)"),
        (Label.make("NATO", "TOP SECRET"), "COSMIC TOP SECRET", "COSMIC TRÈS SECRET", "(CTS)"),
        (
            Label.make("ALLIAGE", "RESTRICTED", None, {"Handling": ["PERSONAL DATA"]}),
            "ALLIAGE RESTRICTED / PERSONAL DATA",
            "ALLIAGE DIFFUSION RESTREINTE / DONNÉES PERSONNELLES",
            "(ALLIAGE DR/DONNÉES PERSONNELLES)",
        ),
        (Label.make("TLP", "AMBER+STRICT"), *["TLP:AMBER+STRICT"] * 2, "(TLP:AMBER+STRICT)"),
        (
            UNLABELLED,
            "UNLABELLED - NOT SHAREABLE",
            *["SANS ÉTIQUETTE - NON COMMUNICABLE"] * 2,
        ),
        (Label.make("UNKNOWN", "X", ["DNK"]), *["UNKNOWN X / REL TO DNK"] * 3),
    ],
)
def test_a_page_is_marked_as_its_policy_says(
    label: Label, english: str, french: str, portion: str
) -> None:
    assert in_words(label, "en") == english
    assert in_words(label, "fr") == french
    assert in_words(label, "fr", Place.PORTION) == portion


def test_a_language_that_a_policy_does_not_speak_falls_back_to_english() -> None:
    assert in_words(Label.make("NATO", "RESTRICTED"), "da") == "NATO RESTRICTED"


def test_a_policy_of_ones_own_is_used_where_it_is_handed_down(tmp_path: Path) -> None:
    path = tmp_path / "own.xml"
    path.write_text(
        """<SPIF xmlns="http://www.xmlspif.org/spif"><securityPolicyId name="OWN" id="2.25.9"/>
        <securityClassifications>
          <securityClassification name="LOW" lacv="1" hierarchy="1"/>
          <securityClassification name="HIGH" lacv="2" hierarchy="2"/>
        </securityClassifications></SPIF>"""
    )
    known = Policies([read_spif(path)])
    parts = [Label.make("OWN", "LOW"), Label.make("OWN", "HIGH")]
    joined, unaware = join_marking(parts, known), join_marking(parts)
    assert joined is not None
    assert unaware is not None
    assert joined.marking == "OWN HIGH"
    assert unaware.marking == "OWN HIGH // OWN LOW"
