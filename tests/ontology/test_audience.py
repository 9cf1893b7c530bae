"""Audiences and label sets: numbers that never change meaning, bitmaps that keep up."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import CLASSIFICATIONS, Label

labels = st.builds(
    Label.make,
    st.sampled_from(["NATO", "ALLIAGE"]),
    st.sampled_from(CLASSIFICATIONS),
    st.none() | st.sets(st.sampled_from(["DNK", "FRA", "NOR"])),
)
label_sets = st.frozensets(labels, min_size=1, max_size=3)


@given(st.lists(label_sets), st.frozensets(labels))
def test_a_set_is_visible_if_every_label_is(
    written: list[frozenset[Label]], allowed: frozenset[Label]
) -> None:
    table = LabelSets()
    audience = Audience("test", allowed.__contains__, table)
    numbers = []
    for label_set in written:
        numbers.append(table.intern(label_set))
        assert audience.sees(numbers[-1]) is (label_set <= allowed)
    column = np.array(numbers, dtype=np.int32)
    assert audience.mask(column).tolist() == [label_set <= allowed for label_set in written]
    visible = {table.labels_of(number) for number in audience.visible_label_sets()}
    assert visible == {label_set for label_set in written if label_set <= allowed}


def test_nothing_is_stored_under_no_label() -> None:
    with pytest.raises(ValueError, match="UNLABELLED"):
        LabelSets().intern(frozenset())


def test_many_threads_agree_on_numbers_and_bitmaps() -> None:
    table = LabelSets()
    audience = Audience("test", lambda label: label.classification == "SECRET", table)
    wanted = [
        frozenset({Label.make(f"P{number}", "SECRET" if number % 2 else "RESTRICTED")})
        for number in range(300)
    ]

    def work() -> None:
        for label_set in wanted:
            audience.sees(table.intern(label_set))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(table) == 300
    assert [audience.sees(table.intern(each)) for each in wanted] == [
        bool(number % 2) for number in range(300)
    ]
