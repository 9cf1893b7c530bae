"""``alliage labels``: what an operator sees of policies, and bindings that hold or do not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from alliage.ontology.policies import PACKAGED
from tests.cli.conftest import Run

NATIONAL = PACKAGED.joinpath("alliage.xml").read_text(encoding="utf-8")
NATIONAL = NATIONAL.replace('"ALLIAGE"', '"DNK"').replace('name="SECRET"', 'name="HEMMELIGT"')


def test_policies_are_listed_in_both_languages_and_with_what_is_equal(alliage: Run) -> None:
    done = alliage("labels", "list")
    assert done.code == 0
    for words in ("NATO DIFFUSION RESTREINTE", "COSMIC TRÈS SECRET", "TLP:AMBER+STRICT"):
        assert words in done.out
    named = {each["name"]: each for each in alliage("labels", "list", "--json").data()}
    assert list(named) == ["ALLIAGE", "NATO", "TLP"]
    assert named["TLP"]["classifications"][0]["name"] == "CLEAR"


def test_a_label_that_others_wrote_is_read_though_it_does_not_say_when(
    alliage: Run, data_dir: Path
) -> None:
    shown = alliage("labels", "show", str(data_dir / "labels/nato-4774-17-1.nato"))
    assert shown.code == 0, shown.err
    assert "UNCLASSIFIED upwards reaches it, where Context and Releasable To allow it" in shown.err


def test_a_label_is_shown_as_its_policy_writes_it(alliage: Run) -> None:
    done = alliage("labels", "show", "nato restricted / REL TO DNK")
    assert done.code == 1
    assert "no policy 'nato' is known" in done.err
    shown = alliage("labels", "show", "NATO RESTRICTED / REL TO DNK", "--json")
    assert shown.code == 0
    assert shown.data()["words"]["fr"]["page"] == "NATO DIFFUSION RESTREINTE / COMMUNICABLE À DNK"
    assert shown.data()["clearance"] == "RESTRICTED"
    amber = alliage("labels", "show", "TLP AMBER")
    assert amber.code == 0
    assert "No clearance reaches it" in amber.err
    assert alliage("labels", "show", "RESTRICTED").code == 2


def test_a_policy_file_is_checked_before_it_is_used(alliage: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "dnk.xml", tmp_path / "bad.xml"
    good.write_text(NATIONAL, encoding="utf-8")
    bad.write_text(NATIONAL.replace('hierarchy="4"', 'hierarchy="x"'), encoding="utf-8")
    done = alliage("labels", "check", str(good))
    assert done.code == 0
    assert "policy DNK" in done.err
    assert "HEMMELIGT" in done.err
    refused = alliage("labels", "check", str(bad))
    assert refused.code == 1
    assert f"{bad}:" in refused.err
    assert "hierarchy 'x' is no whole number" in refused.err


def test_a_nations_own_policy_is_named_in_the_configuration(alliage: Run, home: Path) -> None:
    alliage("init", "--nation", "DNK")
    (home / "policies").mkdir()
    (home / "policies" / "dnk.xml").write_text(NATIONAL, encoding="utf-8")
    with (home / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[labels]\npolicies = ["policies"]\n')
        for name, label in (("own", "DNK HEMMELIGT / REL TO DNK"), ("odd", "XYZ SECRET")):
            file.write(
                f'[[sources]]\nname = "{name}"\nformat = "ais"\nlabel = "{label}"\n'
                'transport = { kind = "udp", port = 0 }\n'
            )
    checked = alliage("config", "check", "--json").data()
    assert len(checked["warnings"]) == 1
    assert "nobody may see 'XYZ SECRET'" in checked["warnings"][0]
    assert "DNK" in [each["name"] for each in alliage("labels", "list", "--json").data()]
    assert "policies: ALLIAGE, NATO, TLP, DNK" in alliage("doctor").out
    text = (home / "config.toml").read_text(encoding="utf-8")
    (home / "config.toml").write_text(text.replace("DNK HEMMELIGT", "DNK SECRET"), encoding="utf-8")
    done = alliage("config", "check")
    assert done.code == 3
    assert "use one of UNMARKED, UNCLASSIFIED, RESTRICTED, CONFIDENTIAL, HEMMELIGT" in done.err


def test_a_bad_policy_of_ones_own_is_told_and_nothing_rests_on_it(alliage: Run, home: Path) -> None:
    alliage("init", "--nation", "DNK")
    (home / "dnk.xml").write_text(NATIONAL.replace("</spif:SPIF>", ""), encoding="utf-8")
    with (home / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[labels]\npolicies = ["dnk.xml"]\nclearances = ["NATO", "GONE"]\n')
    done = alliage("config", "check")
    assert done.code == 3
    assert "dnk.xml" in done.err
    assert "labels.clearances: no policy is called 'GONE'" in done.err
    assert "dnk.xml" in alliage("doctor").out


def test_a_label_goes_out_as_xml_and_comes_in_as_text_or_file(alliage: Run, tmp_path: Path) -> None:
    marking = "NATO RESTRICTED / REL TO DNK, FRA"
    written = alliage("labels", "show", marking, "--xml")
    assert written.code == 0
    assert 'xmlns:s4774="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"' in written.out
    file = tmp_path / "label.xml"
    file.write_text(written.out)
    other, text = tmp_path / "label.txt", tmp_path / "marking"
    other.write_text(written.out, encoding="utf-16")
    text.write_text(f"{marking}\n")
    for given in (str(file), str(other), str(text), written.out, written.out.partition("?>")[2]):
        shown = alliage("labels", "show", given, "--json")
        assert shown.code == 0, shown.err
        assert shown.data()["marking"] == marking
        assert shown.data()["clearance"] == "RESTRICTED"


def test_a_label_that_is_written_again_says_when_and_by_whom_it_was_given(alliage: Run) -> None:
    new = alliage("labels", "show", "NATO RESTRICTED / REL TO DNK, FRA", "--xml").out
    given, review = "2019-03-01T08:00:00Z", "2031-01-01T00:00:00Z"
    dated = re.sub("(CreationDateTime>)[^<]*", rf"\g<1>{given}", new)
    who = '<s4774:OriginatorID IDType="rfc822Name">staff@example.org</s4774:OriginatorID>'
    theirs = dated.replace("<s4774:CreationDateTime", f"{who}<s4774:CreationDateTime")
    theirs = re.sub('(ReviewDateTime=")[^"]*', rf"\g<1>{review}", theirs)
    again = alliage("labels", "show", theirs, "--xml").out
    assert f"CreationDateTime>{given}<" in again
    assert f'ReviewDateTime="{review}"' in again
    assert who in again
    # What it does not say is as of when it was given, or as of now.
    undated = re.sub(' ReviewDateTime="[^"]*"', "", dated)
    assert 'ReviewDateTime="2024-02-28T' in alliage("labels", "show", undated, "--xml").out
    silent = re.sub("<s4774:CreationDateTime.*Time>", "", new)
    assert "<s4774:CreationDateTime>20" in alliage("labels", "show", silent, "--xml").out


def test_xml_that_is_no_label_is_refused_with_its_line(alliage: Run, tmp_path: Path) -> None:
    marking = "NATO RESTRICTED / REL TO DNK, FRA"
    good = alliage("labels", "show", marking, "--xml").out
    file = tmp_path / "label.xml"
    for bad, why in (
        ("<label/>", "no label of STANAG 4774"),
        (good.replace("RESTRICTED</", "RESTRICTED"), "line "),
        (good.replace("PERMISSIVE", "PERHAPS"), "PERHAPS"),
        ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", ""),
    ):
        file.write_text(bad)
        for given in (str(file), bad):
            refused = alliage("labels", "show", given)
            assert refused.code == 2
            assert why in refused.err
            assert "root:" not in refused.err
    assert alliage("labels", "show", str(tmp_path / "none.xml")).code == 2
    assert alliage("labels", "show", "NATO AMBER", "--xml").code == 1
    unknown = good.replace(">NATO<", ">MARS<")
    assert alliage("labels", "show", unknown).code == 1


def test_what_is_bound_may_be_labelled_by_a_file(alliage: Run, tmp_path: Path) -> None:
    alliage("init")
    file, label = tmp_path / "report.csv", tmp_path / "label.xml"
    file.write_text("a,b\n")
    label.write_text(alliage("labels", "show", "TLP AMBER", "--xml").out)
    assert alliage("labels", "bind", str(file), "--label", str(label)).code == 0
    assert alliage("labels", "verify", str(file)).out.strip() == "TLP AMBER"


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_binding_holds_until_the_file_or_the_label_is_changed(
    alliage: Run, home: Path, tmp_path: Path, form: str
) -> None:
    alliage("init", "--nation", "DNK", "--name", "alpha")
    file = tmp_path / "report.csv"
    file.write_text("a,b\n")
    label = "NATO RESTRICTED / REL TO DNK, FRA"
    done = alliage("labels", "bind", str(file), "--label", label, "--form", form, "--json")
    assert done.code == 0
    binding = Path(done.data()["binding"])
    assert binding.name == {"xml": "report.csv.bdo", "json": "report.csv.bdoj"}[form]
    verified = alliage("labels", "verify", str(file))
    assert verified.code == 0
    assert verified.out.strip() == label
    assert "CN=alpha,C=DNK" in verified.err
    assert (home / "keys" / "binding.pem").stat().st_mode & 0o077 == 0
    file.write_text("a,c\n")
    changed = alliage("labels", "verify", str(file))
    assert changed.code == 1
    assert "was changed after it was bound" in changed.err


def test_somebody_elses_binding_needs_their_certificate(
    alliage: Run, home: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    file = tmp_path / "report.csv"
    file.write_text("a,b\n")
    alliage("init", ALLIAGE_HOME=str(theirs))
    alliage("labels", "bind", str(file), "--label", "TLP GREEN", ALLIAGE_HOME=str(theirs))
    alliage("init")
    other = tmp_path / "other.csv"
    other.write_text("x\n")
    alliage("labels", "bind", str(other), "--label", "TLP GREEN")
    assert "the signature does not hold" in alliage("labels", "verify", str(file)).err
    certificate = theirs / "keys" / "binding-certificate.pem"
    assert alliage("labels", "verify", str(file), "--certificate", str(certificate)).code == 0


def test_a_lower_label_is_not_bound_over_somebody_elses_or_a_changed_file(
    alliage: Run, home: Path, tmp_path: Path
) -> None:
    theirs, file = tmp_path / "theirs", tmp_path / "report.csv"
    file.write_text("a,b\n")
    alliage("init", ALLIAGE_HOME=str(theirs))
    alliage("labels", "bind", str(file), "--label", "TLP RED", ALLIAGE_HOME=str(theirs))
    alliage("init")
    over = alliage("labels", "bind", str(file), "--label", "TLP RED")
    assert over.code == 1
    assert "move it away" in over.err
    file.with_name("report.csv.bdo").unlink()
    assert alliage("labels", "bind", str(file), "--label", "TLP AMBER").code == 0
    file.write_text("a,c\n")
    assert alliage("labels", "bind", str(file), "--label", "TLP GREEN").code == 1
    assert alliage("labels", "bind", str(file), "--label", "TLP RED").code == 0
    told = [json.loads(path.read_bytes()) for path in sorted((home / "audit").glob("*.json"))]
    bound = [(one["done"], one["details"]["marking"]) for one in told]
    assert bound == [
        (False, "TLP RED"), (True, "TLP AMBER"), (False, "TLP GREEN"), (True, "TLP RED"),
    ]  # fmt: skip


def test_what_cannot_be_bound_is_refused(alliage: Run, tmp_path: Path) -> None:
    alliage("init")
    file = tmp_path / "report.csv"
    file.write_text("a,b\n")
    unlabelled = "UNLABELLED - NOT SHAREABLE"
    assert alliage("labels", "bind", str(file), "--label", unlabelled).code != 0
    assert alliage("labels", "bind", str(file), "--label", "NATO AMBER").code == 2
    assert alliage("labels", "bind", "/nowhere", "--label", "TLP RED").code == 1
    assert alliage("labels", "bind", str(file), "--label", "TLP RED", "--form", "x").code == 2
    assert "no binding beside it" in alliage("labels", "verify", str(file)).err


def test_an_export_is_bound_to_the_joined_marking_of_its_rows(
    alliage: Run, loaded: Path, tmp_path: Path
) -> None:
    file, home = tmp_path / "claims.csv", {"ALLIAGE_HOME": str(loaded)}
    export = ("export", "claims", str(file), "--as", "admin", "--bind")
    done = alliage(*export, **home)
    assert done.code == 0, done.err
    assert "ALLIAGE SECRET / REL TO DNK" in done.err
    verified = alliage("labels", "verify", str(file), **home)
    assert verified.out.strip() == "ALLIAGE SECRET / REL TO DNK"
    for form in ("xml", "json"):
        bind = ("labels", "bind", str(file), "--form", form, "--label")
        lower = alliage(*bind, "ALLIAGE UNMARKED", **home)
        assert lower.code == 1
        assert "lowering takes two people" in lower.err
        assert alliage(*bind, "TLP CLEAR", **home).code == 1
    verified = alliage("labels", "verify", str(file), **home)
    assert verified.out.strip() == "ALLIAGE SECRET / REL TO DNK"
    # The binding taken away, under another name too: the node knows the bytes.
    file.with_name("claims.csv.bdo").unlink()
    other = file.rename(file.with_name("other.csv"))
    lower = alliage("labels", "bind", str(other), "--label", "ALLIAGE UNMARKED", **home)
    assert lower.code == 1
    assert "exported or bound these bytes as ALLIAGE SECRET / REL TO DNK" in lower.err
    other.rename(file)
    higher = alliage(*bind[:3], "--label", "ALLIAGE TOP SECRET / REL TO DNK", **home)
    assert higher.code == 0, higher.err
    empty = alliage(*export, "--identifier", "mmsi:1", **home)
    assert empty.code == 1
    assert "there is no label to bind" in empty.err
