"""A label as text and as XML: out and in again it is the same, and what is unclear is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.label import UNLABELLED, Category, CategoryKind, Label, combined
from alliage.ontology.label_text import LabelTextError, parse_label
from alliage.ontology.label_xml import (
    ID_TYPES,
    LabelDocument,
    LabelXmlError,
    Originator,
    label_from_xml,
    label_to_xml,
)

word = st.one_of(
    st.sampled_from(
        ["NATO", "DNK", "NOBODY", "Releasable To", "A, B", "X / Y", "(note)", "REL TO X", '"', "É:"]
    ),
    st.text(min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.isprintable()),
)
kinds = st.sampled_from(list(CategoryKind))
categories = st.lists(
    st.builds(
        lambda tag, kind, values: Category(tag, kind, tuple(sorted(values))),
        word | st.just("Releasable To"),
        kinds,
        st.sets(word, max_size=3),
    ),
    max_size=3,
).map(combined)
label = st.builds(Label, word.filter(lambda text: text != "UNLABELLED"), word, categories)
moments_us = st.integers(0, 4_000_000_000_000_000)
originators = st.none() | st.builds(Originator, st.sampled_from(ID_TYPES), word)

SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<slab:originatorConfidentialityLabel
    xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
    ReviewDateTime="2031-09-26T00:00:00Z">
  <slab:ConfidentialityInformation>
    <slab:PolicyIdentifier URI="urn:oid:1.3.26.1.3.1">NATO</slab:PolicyIdentifier>
    <slab:Classification>RESTRICTED</slab:Classification>
    <slab:PrivacyMark>STAFF ONLY</slab:PrivacyMark>
    <slab:Category Type="PERMISSIVE" TagName="Releasable To" URI="urn:oid:1.3.26.1.4.2">
      <slab:GenericValue>FRA</slab:GenericValue>
      <slab:GenericValue>DNK</slab:GenericValue>
    </slab:Category>
    <slab:Category Type="RESTRICTIVE" TagName="Additional Sensitivity">
      <slab:GenericValue>ALPHA</slab:GenericValue>
    </slab:Category>
  </slab:ConfidentialityInformation>
  <slab:OriginatorID IDType="rfc822Name">duty.officer@example.org</slab:OriginatorID>
  <slab:CreationDateTime>2026-09-26T12:00:00Z</slab:CreationDateTime>
</slab:originatorConfidentialityLabel>
"""


@given(label)
def test_a_label_is_read_again_from_its_marking(one: Label) -> None:
    assert parse_label(one.marking) == one


def test_unlabelled_is_read_again_from_its_marking() -> None:
    assert parse_label(UNLABELLED.marking) == UNLABELLED


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NATO SECRET", Label("NATO", "SECRET")),
        (" NATO  TOP SECRET/REL TO FRA,DNK", Label.make("NATO", "TOP SECRET", ["DNK", "FRA"])),
        ("TLP AMBER+STRICT", Label("TLP", "AMBER+STRICT")),
        ("NATO SECRET / REL TO NOBODY", Label.make("NATO", "SECRET", [])),
        ("X Y / Compartment: A, B", Label.make("X", "Y", None, {"Compartment": ["A", "B"]})),
        (
            "X Y / Note (note): a",
            Label("X", "Y", (Category("Note", CategoryKind.INFORMATIVE, ("a",)),)),
        ),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, expected: Label) -> None:
    assert parse_label(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "NATO",
        "NATO SECRET / ",
        "NATO SECRET / REL FOR DNK",
        'NATO "SECRET',
        "NATO S / A: b c: d",
    ],
)
def test_a_line_that_is_no_label_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(LabelTextError, match=r"write e\.g\. NATO RESTRICTED"):
        parse_label(line)


@given(st.text(max_size=60))
def test_any_text_is_a_label_or_is_refused(text: str) -> None:
    with contextlib.suppress(LabelTextError):
        parse_label(text)


@given(label, moments_us, st.none() | moments_us, originators)
def test_a_label_is_read_again_from_its_xml(
    one: Label, created_us: int, review_us: int | None, originator: Originator | None
) -> None:
    document = LabelDocument(one, created_us, review_us, originator)
    read = label_from_xml(label_to_xml(document))
    assert read.label == one
    assert read.created_us == created_us
    assert review_us in (None, read.review_us)
    assert read.originator == originator


@given(label)
def test_a_label_keeps_its_json_form(one: Label) -> None:
    assert Label.from_json(one.to_json()) == one


def test_a_label_as_others_write_it_is_read() -> None:
    read = label_from_xml(SAMPLE.encode())
    assert read.label == Label(
        "NATO",
        "RESTRICTED",
        (
            Category("Additional Sensitivity", CategoryKind.RESTRICTIVE, ("ALPHA",)),
            Category("Privacy Mark", CategoryKind.INFORMATIVE, ("STAFF ONLY",)),
            Category("Releasable To", CategoryKind.PERMISSIVE, ("DNK", "FRA")),
        ),
    )
    assert read.originator == Originator("rfc822Name", "duty.officer@example.org")
    written = label_to_xml(read).decode()
    assert '<s4774:Category Type="PERMISSIVE" TagName="Releasable To"' in written
    assert 'URI="urn:oid:1.3.26.1.3.1"' in written
    assert "<s4774:PrivacyMark>STAFF ONLY</s4774:PrivacyMark>" in written


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("1.3.26.1.3.1", "1.2.3", "has the identifier urn:oid:1.3.26.1.3.1"),
        (
            "<slab:Classification>RESTRICTED</slab:Classification>",
            "",
            "the element Classification is missing",
        ),
        ('Type="RESTRICTIVE"', 'Type="ODD"', "Type 'ODD'"),
        (">ALPHA</slab:GenericValue>", "><b/></slab:GenericValue>", "holds further elements"),
        (
            "slab:GenericValue>ALPHA</slab:GenericValue",
            "slab:IntegerValue>3</slab:IntegerValue",
            "only GenericValue",
        ),
        (
            "slab:PrivacyMark>STAFF ONLY</slab:PrivacyMark",
            "slab:Odd>1</slab:Odd",
            "Odd is not understood",
        ),
        ("2026-09-26T12:00:00Z", "yesterday", "yesterday"),
        ("slab:originatorConfidentialityLabel", "slab:label", "is no label of STANAG 4774"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE x>", "a document type"),
    ],
)
def test_xml_that_could_mean_less_than_it_says_is_refused(old: str, new: str, reason: str) -> None:
    assert old in SAMPLE
    with pytest.raises(LabelXmlError, match=reason):
        label_from_xml(SAMPLE.replace(old, new).encode())


def test_a_comment_does_not_part_a_word() -> None:
    text = SAMPLE.replace("RESTRICTED<", "RESTR<!-- x -->ICTED<")
    assert label_from_xml(text.encode()).label.classification == "RESTRICTED"
