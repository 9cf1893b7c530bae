"""What a person writes is never seen by anybody who might not have seen what it rests on."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.actions.kinds import LabelRefusedError
from alliage.actions.labels import labels_of_words
from alliage.ontology.label import CLASSIFICATIONS, UNLABELLED, Label
from alliage.ontology.policies import packaged_policies
from tests.access.lattice import Person, permits

NATIONS = ("DNK", "FRA", "DEU")
POLICIES = packaged_policies()
some_nations = st.none() | st.sets(st.sampled_from(NATIONS))
label = st.builds(
    Label.make,
    st.sampled_from(["ALLIAGE", "NATO"]),
    st.sampled_from(CLASSIFICATIONS),
    some_nations,
    st.just({})
    | st.just({"Handling": ["PERSONAL DATA"]})
    | st.just({"Handling": ["EXERCISE CONTROL", "PERSONAL DATA"]}),
)
labels = st.one_of(label, st.just(UNLABELLED))
rights = st.builds(
    Person,
    st.sampled_from(NATIONS),
    st.integers(0, len(CLASSIFICATIONS) - 1),
    st.booleans(),
    st.frozensets(st.sampled_from(["Special: A", "Special: B"])),
)


@given(st.none() | labels, st.frozensets(labels, max_size=4), labels, rights, rights)
def test_whoever_sees_the_words_may_see_all_that_was_opened(
    chosen: Label | None, opened: frozenset[Label], default: Label, writer: Person, reader: Person
) -> None:
    try:
        written = labels_of_words(chosen, opened, default, partial(permits, writer), POLICIES)
    except LabelRefusedError:
        return
    assert written
    assert all(permits(writer, one) for one in written)
    if all(permits(reader, one) for one in written):
        assert all(permits(reader, one) for one in opened)
        assert chosen is None or permits(reader, chosen)
        assert chosen or opened or permits(reader, default)


@given(labels, labels, rights)
def test_a_label_that_covers_another_is_seen_by_nobody_else(
    high: Label, low: Label, reader: Person
) -> None:
    if POLICIES.covers(high, low) and permits(reader, high):
        assert permits(reader, low)


@given(labels)
def test_every_label_covers_itself(one: Label) -> None:
    assert POLICIES.covers(one, one)


def test_labels_of_two_policies_are_kept_both() -> None:
    nato, ours = Label.make("NATO", "SECRET"), Label.make("ALLIAGE", "SECRET")
    everything = partial(permits, Person("DNK", len(CLASSIFICATIONS) - 1, sees_unlabelled=True))
    written = labels_of_words(ours, frozenset([nato]), UNLABELLED, everything, POLICIES)
    assert written == {nato, ours}


def test_nothing_covers_what_nobody_has_labelled() -> None:
    everything = partial(permits, Person("DNK", len(CLASSIFICATIONS) - 1, sees_unlabelled=True))
    chosen = Label.make("ALLIAGE", "UNCLASSIFIED")
    written = labels_of_words(chosen, frozenset([UNLABELLED]), chosen, everything, POLICIES)
    assert UNLABELLED in written


def test_the_refusal_says_which_label_was_wanted() -> None:
    secret, low = Label.make("ALLIAGE", "SECRET"), Label.make("ALLIAGE", "RESTRICTED")
    with pytest.raises(LabelRefusedError, match="ALLIAGE SECRET"):
        labels_of_words(low, frozenset([secret]), low, partial(permits, Person("DNK", 5)), POLICIES)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (Label.make("NOWHERE", "SECRET"), "no policy 'NOWHERE' is known here"),
        (Label.make("ALLIAGE", "AMBER"), "no classification 'AMBER'; it has UNMARKED"),
        (Label.make("ALLIAGE", "SECRET", None, {"Handling": ["X"]}), "no value 'X'"),
    ],
)
def test_a_label_that_its_policy_does_not_know_is_refused_with_the_reason(
    chosen: Label, why: str
) -> None:
    with pytest.raises(LabelRefusedError, match=why):
        labels_of_words(
            chosen,
            frozenset(),
            chosen,
            partial(permits, Person("DNK", 5, sees_unlabelled=True)),
            POLICIES,
        )
