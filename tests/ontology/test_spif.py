"""Policies as files: what the packaged ones say, and that a bad one is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.ontology.label import CLASSIFICATIONS, Category, CategoryKind, Label
from alliage.ontology.policies import PACKAGED, Policies, packaged_policies
from alliage.ontology.spif import MAX_BYTES, SpifError, read_spif

POLICIES = packaged_policies()

SPIF = """<?xml version="1.0" encoding="UTF-8"?>
<SPIF xmlns="http://www.xmlspif.org/spif" schemaVersion="2.1">
  <securityPolicyId name="DNK" id="2.25.7"/>
  <securityClassifications>
    <securityClassification name="TIL TJENESTEBRUG" lacv="1" hierarchy="10">
      <equivalentClassification policyRef="NATO" lacv="2"/>
    </securityClassification>
    <securityClassification name="HEMMELIGT" lacv="3" hierarchy="30">
      <equivalentClassification policyRef="NATO" lacv="4" applied="decrypt"/>
      <requiredCategory operation="onlyOne">
        <categoryGroup tagSetRef="Kreds" tagType="restrictive" all="true"/>
      </requiredCategory>
    </securityClassification>
  </securityClassifications>
  <securityCategoryTagSets>
    <securityCategoryTagSet name="Kreds" id="2.25.7.1">
      <securityCategoryTag name="Kreds" tagType="restrictive" maxSelection="2">
        <tagCategory name="A" lacv="1"/>
        <tagCategory name="B" lacv="2"><excludedClass>TIL TJENESTEBRUG</excludedClass></tagCategory>
        <tagCategory name="C" lacv="3" requiredClass="HEMMELIGT">
          <excludedCategory tagSetRef="Kreds" tagType="restrictive" lacv="1"/>
        </tagCategory>
      </securityCategoryTag>
    </securityCategoryTagSet>
  </securityCategoryTagSets>
  <equivalentPolicies><equivalentPolicy name="NATO" id="1.3.26.1.3.1"/></equivalentPolicies>
</SPIF>
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "dnk.xml"
    path.write_text(text, encoding="utf-8")
    return path


def kreds(*values: str) -> Category:
    return Category("Kreds", CategoryKind.RESTRICTIVE, values)


def test_the_packaged_policies_have_their_classifications_in_order() -> None:
    named = {name: [each.name for each in p.ordered()] for name, p in POLICIES.by_name.items()}
    assert named == {
        "ALLIAGE": list(CLASSIFICATIONS),
        "NATO": list(CLASSIFICATIONS),
        "TLP": ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"],
    }
    assert POLICIES.by_name["NATO"].uri == "urn:oid:1.3.26.1.3.1"
    assert POLICIES.by_name["TLP"].classifications["RED"].colour == "#FF2B2B"


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.xml")), ids=lambda path: path.stem)
def test_a_packaged_policy_keeps_the_rules_of_the_schema(path: Path) -> None:
    policy = read_spif(path)
    colours = [each.colour for each in policy.classifications.values()]
    assert len(set(colours)) == len(colours)
    ids = [tag.tag_set_id for tag in policy.tags.values()]
    assert len(set(ids)) == len(ids)
    for name, identifier in policy.equivalent_policies.items():
        assert POLICIES.by_name[name].policy_id == identifier


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        (Label("DNK", "HEMMELIGT", (kreds("A"),)), None),
        (Label("DNK", "TIL TJENESTEBRUG"), None),
        (Label("DNK", "SECRET"), "has no classification 'SECRET'; it has TIL TJENESTEBRUG"),
        (Label("DNK", "HEMMELIGT"), "HEMMELIGT needs onlyOne of Kreds"),
        (Label("DNK", "TIL TJENESTEBRUG", (kreds("B"),)), "Kreds B may not stand under TIL"),
        (Label("DNK", "TIL TJENESTEBRUG", (kreds("C"),)), "Kreds C needs HEMMELIGT"),
        (Label("DNK", "HEMMELIGT", (kreds("A", "C"),)), "Kreds C may not stand beside Kreds"),
        (Label("DNK", "HEMMELIGT", (kreds("D"),)), "Kreds of DNK has no value 'D'"),
        (Label("DNK", "HEMMELIGT", (kreds("A", "B", "C"),)), "takes at most 2"),
        (
            Label("DNK", "HEMMELIGT", (Category("Kreds", CategoryKind.INFORMATIVE, ("A",)),)),
            "Kreds is restrictive in DNK, not informative",
        ),
        (
            Label("DNK", "HEMMELIGT", (Category("X", CategoryKind.PERMISSIVE, ("A",)),)),
            "DNK has no category 'X'",
        ),
        (
            Label("DNK", "TIL TJENESTEBRUG", (Category("X", CategoryKind.INFORMATIVE, ("A",)),)),
            None,
        ),
    ],
)
def test_a_label_is_held_against_every_rule_of_its_policy(
    tmp_path: Path, label: Label, problem: str | None
) -> None:
    problems = Policies.load_sound([written(tmp_path, SPIF)]).problems_of(label)
    assert not problems if problem is None else problem in "; ".join(problems)


def test_equivalences_hold_in_the_direction_that_is_stated_and_of_the_policy_that_is_meant(
    tmp_path: Path,
) -> None:
    known = Policies.load_sound([written(tmp_path, SPIF)])
    service, secret = Label("DNK", "TIL TJENESTEBRUG"), Label("DNK", "HEMMELIGT", (kreds("A"),))
    both = known.classification_in(service, "NATO")
    assert both is not None
    assert both.name == "RESTRICTED"
    assert known.classification_in(secret, "NATO") is None, "only read from NATO, never written"
    back = known.classification_in(Label("NATO", "SECRET"), "DNK")
    assert back is not None
    assert back.name == "HEMMELIGT"
    assert known.classification_in(service, "ALLIAGE") is None, "no way by a third policy"
    namesake = SPIF.replace('id="1.3.26.1.3.1"', 'id="2.25.8"')
    other = Policies.load_sound([written(tmp_path, namesake)])
    assert other.classification_in(service, "NATO") is None


def test_an_equivalence_under_conditions_is_none(tmp_path: Path) -> None:
    text = SPIF.replace(
        '<equivalentClassification policyRef="NATO" lacv="2"/>',
        '<equivalentClassification policyRef="NATO" lacv="2"><requiredCategory>'
        '<categoryGroup tagSetRef="Kreds" lacv="1"/></requiredCategory></equivalentClassification>',
    )
    known = Policies.load_sound([written(tmp_path, text)])
    assert known.problems == ()
    assert known.classification_in(Label("DNK", "TIL TJENESTEBRUG"), "NATO") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('lacv="3" hierarchy="30"', 'lacv="1" hierarchy="30"', 8, "the lacv 1 of TIL"),
        ('hierarchy="30"', 'hierarchy="high"', 8, "hierarchy 'high' is no whole number"),
        (' hierarchy="10"', "", 5, "securityClassification has no hierarchy"),
        ('policyRef="NATO" lacv="2"', 'policyRef="XYZ" lacv="2"', 6, "no equivalentPolicy"),
        ('tagType="restrictive" maxSelection', 'tagType="odd" maxSelection', 17, "tagType 'odd'"),
        ("<excludedClass>TIL", "<excludedClass>NOT", 19, "no securityClassification is 'NOT"),
        (
            '<securityPolicyId name="DNK" id="2.25.7"/>',
            "",
            2,
            "the element securityPolicyId is missing",
        ),
        ('tagSetRef="Kreds" tagType="restrictive" all', 'tagSetRef="K" all', 11, "'K'"),
        ("</SPIF>", "<x xmlns='urn:x'/></SPIF>", 28, "is no element of a SPIF"),
        ("http://www.xmlspif.org/spif", "urn:else", 2, "the root is {urn:else}SPIF"),
        ("</SPIF>", "", 28, "not XML"),
        ("<SPIF ", '<!DOCTYPE SPIF [<!ENTITY e "x">]><SPIF ', 1, "a document type"),
    ],
)
def test_a_bad_file_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert old in SPIF
    path = written(tmp_path, SPIF.replace(old, new, 1))
    with pytest.raises(SpifError) as caught:
        read_spif(path)
    assert caught.value.problem.path == path
    assert caught.value.problem.line is not None
    assert abs(caught.value.problem.line - line) <= 1, str(caught.value)
    assert reason in str(caught.value)


def test_entities_are_not_opened_and_a_huge_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of this machine")
    bomb = f'<!DOCTYPE SPIF [<!ENTITY e SYSTEM "{secret.as_uri()}">]><SPIF>&e;</SPIF>'
    with pytest.raises(SpifError, match="document type") as caught:
        read_spif(written(tmp_path, bomb))
    assert "of this machine" not in str(caught.value)
    path = tmp_path / "big.xml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SpifError, match="at most"):
        read_spif(path)


def test_a_bad_file_costs_only_itself_and_a_good_one_takes_a_packaged_ones_place(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.xml").write_text("<SPIF/>")
    (tmp_path / "b.xml").write_text(SPIF.replace('name="DNK"', 'name="NATO"'))
    (tmp_path / "c.xml").write_text(SPIF)
    (tmp_path / "d.xml").write_text(SPIF)
    known = Policies.load_sound([tmp_path, tmp_path / "none"])
    assert [problem.path.name for problem in known.problems] == ["none", "a.xml", "d.xml"] or [
        problem.path.name for problem in known.problems
    ] == ["a.xml", "d.xml", "none"]
    assert list(known.by_name["NATO"].classifications) == ["TIL TJENESTEBRUG", "HEMMELIGT"]
    assert "DNK" in known.by_name


def test_a_schema_of_version_3_with_short_phrases_is_read(tmp_path: Path) -> None:
    text = SPIF.replace('schemaVersion="2.1"', 'schemaVersion="3.0"').replace(
        '<equivalentClassification policyRef="NATO" lacv="2"/>',
        '<markingData phrase="TIL TJENESTEBRUG" shortPhrase="TTJ" xml:lang="da-DK"/>',
    )
    policy = read_spif(written(tmp_path, text))
    from alliage.ontology.marking import in_words
    from alliage.ontology.security_policy import Place

    known = Policies([policy])
    label = Label("DNK", "TIL TJENESTEBRUG")
    assert in_words(label, "da", Place.PORTION, known) == "DNK TTJ"
    assert in_words(label, "da", Place.PAGE, known) == "DNK TIL TJENESTEBRUG"
