"""Who sees what, label by label and as a law."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.ontology.audience import LabelSets
from alliage.ontology.label import (
    CLASSIFICATIONS,
    RELEASABLE_TO,
    UNLABELLED,
    Category,
    CategoryKind,
    Label,
)
from alliage.ontology.policies import Policies, packaged_policies

NATIONS = ("DNK", "FRA", "NOR")


def person(
    nation: str = "DNK", clearance: str = "SECRET", *roles: Role, user_id: str = "u1"
) -> Principal:
    return Principal(user_id, "someone", nation, clearance, frozenset(roles or {Role.VIEWER}))


def sees(principal: Principal, *labels: Label) -> bool:
    label_sets = LabelSets()
    number = label_sets.intern(frozenset(labels))
    return Access("DNK", label_sets).audience(principal).sees(number)


@pytest.mark.parametrize(
    ("label", "visible"),
    [
        (Label.make("NATO", "SECRET"), True),
        (Label.make("NATO", "TOP SECRET"), False),
        (Label.make("NATO", "SECRET", ["DNK", "FRA"]), True),
        (Label.make("NATO", "UNCLASSIFIED", ["FRA"]), False),
        (Label.make("NATO", "UNCLASSIFIED", []), False),
        (Label.make("NATO", "UNCLASSIFIED", restrictive={"Compartment": ["X"]}), False),
        (Label("NATO", "SECRET", (Category("Note", CategoryKind.INFORMATIVE, ("a",)),)), True),
        (Label("NATO", "SECRET", (Category("Group", CategoryKind.PERMISSIVE, ("a",)),)), False),
        (
            Label("NATO", "SECRET", (Category(RELEASABLE_TO, CategoryKind.RESTRICTIVE, ("DNK",)),)),
            False,
        ),
        (UNLABELLED, False),
    ],
)
def test_a_dane_cleared_for_secret_sees(label: Label, visible: bool) -> None:
    assert sees(person(), label) is visible


def test_unlabelled_is_for_the_node_s_own_administrators_only() -> None:
    assert sees(person("DNK", "UNCLASSIFIED", Role.ADMINISTRATOR), UNLABELLED)
    assert not sees(person("FRA", "TOP SECRET", Role.ADMINISTRATOR), UNLABELLED)
    assert not sees(person("DNK", "TOP SECRET", Role.COMMANDER), UNLABELLED)


def test_an_administrator_sees_no_more_of_what_is_labelled() -> None:
    assert not sees(person("DNK", "UNCLASSIFIED", Role.ADMINISTRATOR), Label.make("NATO", "SECRET"))


def test_equal_rights_share_one_audience_and_others_do_not() -> None:
    access = Access("DNK", LabelSets())
    anna = access.audience(person(user_id="anna"))
    assert access.audience(person("DNK", "SECRET", Role.COMMANDER, user_id="bo")) is anna
    others = [
        person("FRA"),
        person("DNK", "RESTRICTED"),
        person("DNK", "SECRET", Role.ADMINISTRATOR),
    ]
    keys = {access.audience(other).key for other in others}
    assert len(keys | {anna.key}) == 4


def test_a_label_set_that_comes_later_is_judged_too() -> None:
    label_sets = LabelSets()
    audience = Access("DNK", label_sets).audience(person())
    assert audience.visible_label_sets() == []
    number = label_sets.intern(frozenset({Label.make("NATO", "SECRET")}))
    assert audience.visible_label_sets() == [number]


labels = st.builds(
    Label.make,
    st.sampled_from(["NATO", "ALLIAGE"]),
    st.sampled_from(CLASSIFICATIONS),
    st.none() | st.sets(st.sampled_from(NATIONS)),
    st.none() | st.just({"Compartment": ["X"]}),
)
people = st.builds(person, st.sampled_from(NATIONS), st.sampled_from(CLASSIFICATIONS))


@given(people, st.frozensets(labels, min_size=1, max_size=4))
def test_a_set_is_visible_exactly_when_each_of_its_labels_is(
    principal: Principal, label_set: frozenset[Label]
) -> None:
    assert sees(principal, *label_set) is all(sees(principal, label) for label in label_set)


@given(people, labels)
def test_a_higher_clearance_never_sees_less(principal: Principal, label: Label) -> None:
    if sees(principal, label):
        for clearance in CLASSIFICATIONS[principal.clearance_rank :]:
            assert sees(person(principal.nation, clearance), label)


@pytest.mark.parametrize(("nation", "clearance"), [("dnk", "SECRET"), ("DNK", "secret")])
def test_a_principal_with_an_unknown_nation_or_clearance_cannot_be_made(
    nation: str, clearance: str
) -> None:
    with pytest.raises(ValueError, match="not"):
        person(nation, clearance)


@pytest.mark.parametrize(
    ("label", "clearance"),
    [
        (Label.make("TLP", "CLEAR"), "UNMARKED"),
        (Label.make("TLP", "GREEN"), "UNCLASSIFIED"),
        (Label.make("TLP", "AMBER"), None),
        (Label.make("TLP", "RED"), None),
        (Label.make("NATO", "CONFIDENTIAL"), "CONFIDENTIAL"),
    ],
)
def test_another_policy_is_reached_only_as_a_policy_file_states(
    label: Label, clearance: str | None
) -> None:
    reached = [each for each in CLASSIFICATIONS if sees(person("DNK", each), label)]
    assert (reached[0] if reached else None) == clearance
    assert not reached or reached == list(CLASSIFICATIONS[CLASSIFICATIONS.index(reached[0]) :])


@pytest.mark.parametrize(
    "label",
    [
        Label.make("NOWHERE", "UNMARKED"),
        Label.make("NATO", "AMBER"),
        Label.make("ALLIAGE", "UNMARKED", ["DNK"], {"Handling": ["PERSONAL DATA"]}),
        Label("NATO", "SECRET", (Category(RELEASABLE_TO, CategoryKind.INFORMATIVE, ("DNK",)),)),
    ],
)
def test_what_no_known_policy_would_have_written_is_seen_by_nobody(label: Label) -> None:
    assert not sees(person("DNK", "TOP SECRET", Role.ADMINISTRATOR), label)


@pytest.mark.parametrize("label", [Label.make("TLP", "CLEAR"), Label.make("NATO", "UNMARKED")])
def test_a_clearance_counts_only_in_the_policies_that_are_named(label: Label) -> None:
    label_sets = LabelSets()
    policies = Policies(packaged_policies().by_name.values(), clearances=["NATO"])
    audience = Access("DNK", label_sets, policies).audience(person("DNK", "TOP SECRET"))
    assert audience.sees(label_sets.intern(frozenset([label]))) is (label.policy == "NATO")
