"""Who sees what, label by label and as a law."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.access.cedar import Policy, default_policy
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
from tests.access.lattice import Person, permits

NATIONS = ("DNK", "FRA", "NOR")


def person(
    nation: str = "DNK",
    clearance: str = "SECRET",
    *roles: Role,
    user_id: str = "u1",
    communities: Collection[str] = (),
    purpose: str = "",
) -> Principal:
    held = frozenset(communities)
    duties = frozenset(roles or {Role.VIEWER})
    return Principal(user_id, "someone", nation, clearance, duties, held, purpose)


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


def test_a_community_gives_its_value_of_a_category() -> None:
    north = person(communities=["Additional Sensitivity: NORTH", "Context: a"])
    assert sees(
        north, Label.make("NATO", "SECRET", restrictive={"Additional Sensitivity": ["NORTH"]})
    )
    assert not sees(
        north,
        Label.make("NATO", "SECRET", restrictive={"Additional Sensitivity": ["NORTH", "SOUTH"]}),
    )
    either = Category("Context", CategoryKind.PERMISSIVE, ("a", "b"))
    other = Category("Only", CategoryKind.PERMISSIVE, ("a",))
    assert sees(north, Label("NATO", "SECRET", (either,)))
    assert not sees(north, Label("NATO", "SECRET", (either, other)))


def test_who_is_of_a_community_of_nations_has_what_is_releasable_to_it() -> None:
    label = Label.make("NATO", "SECRET", ["NATO"])
    assert not sees(person(), label)
    assert sees(person(communities=["Releasable To: NATO"]), label)


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


def test_what_the_policy_does_not_look_at_splits_no_audience() -> None:
    access = Access("DNK", LabelSets())
    for_rescue = person("DNK", "SECRET", Role.PLANNER, purpose="rescue")
    assert access.audience(for_rescue) is access.audience(person())
    rule = 'forbid (principal, action == Action::"read", resource) when { %s };'
    access.use(Policy(default_policy().text + rule % 'principal.purpose != "rescue"', "own"))
    assert access.audience(for_rescue) is not access.audience(person())
    assert access.audience(person()) is access.audience(person("DNK", "SECRET", Role.PLANNER))
    access.use(Policy(default_policy().text + rule % "principal.roles.isEmpty()", "own"))
    assert access.audience(person()) is not access.audience(person("DNK", "SECRET", Role.PLANNER))


def test_another_policy_is_in_force_at_once_and_its_audiences_have_other_keys() -> None:
    label_sets = LabelSets()
    number = label_sets.intern(frozenset({Label.make("NATO", "SECRET")}))
    access = Access("DNK", label_sets)
    before = access.audience(person())
    assert before.sees(number)
    version = access.version
    nobody = 'forbid (principal, action == Action::"read", resource);'
    access.use(Policy(default_policy().text + nobody, "own"))
    after = access.audience(person())
    assert not after.sees(number)
    assert after.key != before.key
    assert access.version != version


@pytest.mark.parametrize(
    ("who", "label", "reasons"),
    [
        (person(), Label.make("NATO", "TOP SECRET", ["FRA"]), ("clearance", "nation")),
        (
            person(),
            Label.make("NATO", "SECRET", restrictive={"Additional Sensitivity": ["X"]}),
            ("community",),
        ),
        (person(), UNLABELLED, ("unlabelled",)),
        (person(), Label.make("NATO", "SECRET"), ("labelled",)),
    ],
)
def test_the_rules_that_decided_are_named(
    who: Principal, label: Label, reasons: tuple[str, ...]
) -> None:
    assert Access("DNK", LabelSets()).decide(who, label).reasons == reasons


def test_to_look_as_somebody_else_is_for_the_nodes_own_commanders_and_administrators() -> None:
    access = Access("DNK", LabelSets())
    french = person("FRA", "RESTRICTED")
    assert access.may_see_as(person("DNK", "SECRET", Role.COMMANDER), french)
    assert access.may_see_as(person("DNK", "SECRET", Role.ADMINISTRATOR), french)
    assert not access.may_see_as(person("DNK", "SECRET", Role.PLANNER), french)
    assert not access.may_see_as(person("FRA", "SECRET", Role.COMMANDER), french)


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
    st.none() | st.just({"Additional Sensitivity": ["X"]}),
)
people = st.builds(person, st.sampled_from(NATIONS), st.sampled_from(CLASSIFICATIONS))

KNOWN = (
    (RELEASABLE_TO, CategoryKind.PERMISSIVE),
    ("Context", CategoryKind.PERMISSIVE),
    ("Additional Sensitivity", CategoryKind.RESTRICTIVE),
    ("Administrative", CategoryKind.INFORMATIVE),
    ("Additional Sensitivity", CategoryKind.PERMISSIVE),  # which its policy would not write
)
categories = st.lists(
    st.builds(
        lambda tag, values: Category(*tag, tuple(sorted(values))),
        st.sampled_from(KNOWN),
        st.sets(st.sampled_from([*NATIONS, "X", "Y"]), min_size=1, max_size=3),
    ),
    max_size=3,
    unique_by=lambda category: (category.tag, category.kind),
)
any_labels = st.one_of(
    st.just(UNLABELLED),
    st.builds(
        Label,
        st.sampled_from(["NATO", "NATO", "ALLIAGE", "UNLABELLED"]),
        st.sampled_from(CLASSIFICATIONS),
        categories.map(sorted).map(tuple),
    ),
)
communities = st.sets(
    st.builds(
        "{}: {}".format,
        st.sampled_from([tag for tag, _kind in KNOWN]),
        st.sampled_from([*NATIONS, "X", "Y"]),
    ),
    max_size=6,
)
anybody = st.builds(
    lambda nation, clearance, roles, held, purpose: person(
        nation, clearance, *roles, communities=held, purpose=purpose
    ),
    st.sampled_from(NATIONS),
    st.sampled_from(CLASSIFICATIONS),
    st.sets(st.sampled_from(Role), min_size=1),
    communities,
    st.sampled_from(["", "rescue"]),
)


@settings(max_examples=400)
@given(anybody, any_labels)
def test_the_shipped_policy_is_the_plain_comparison(principal: Principal, label: Label) -> None:
    assert sees(principal, label) is permits(Person.of(principal, "DNK"), label)


@settings(max_examples=100)
@given(anybody, anybody, any_labels)
def test_nobody_sees_more_as_somebody_else(
    principal: Principal, other: Principal, label: Label
) -> None:
    label_sets = LabelSets()
    number = label_sets.intern(frozenset({label}))
    access = Access("DNK", label_sets)
    both = access.audience(principal).sees(number) and access.audience(other).sees(number)
    assert access.audience_as(principal, other).sees(number) is both


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
