"""A policy is checked before it decides anything, and whatever goes wrong denies."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.access.cedar import Policy, PolicyError, default_policy
from alliage.access.rights import Rights
from alliage.ontology.label import Label

OPEN = Label.make("ALLIAGE", "UNCLASSIFIED")
READ = 'action == Action::"read"'
ANYBODY = Rights("DNK", 5, roles=frozenset({"viewer"}))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"permit (principal, {READ}, resource)\nwhen {{ principal.clearence > 1 }};", 1, "clear"),
        (f"permit (principal, {READ}, resource);\n\n// a ; in words\npermit(", 4, "not Cedar"),
        (f'permit (principal, {READ}, resource);\npermit (principal, action == Action::"reed", '
         "resource);", 2, "reed"),
        (f"// two\n\npermit (principal, {READ}, resource) when {{ resource.policy > 3 }};", 3,
         "expected Long"),
        (f'permit (principal == Reader::"anna", {READ}, resource);', 1, "names a reader"),
        (f'permit (principal, {READ}, resource) when {{ principal == Reader::"anna" }};', 1,
         "as a whole"),
        (f"permit (principal, {READ}, resource) when {{ {{Value: principal}}.Value has a }};", 1,
         "as a whole"),
        (f"permit (principal == ?principal, {READ}, resource);", 1, "templates"),
        (f'@id("A Rule")\npermit (principal, {READ}, resource);', 1, "name of a rule"),
        ("// nothing\n", 1, "nobody would see anything"),
        (f"forbid (principal, {READ}, resource);", 1, "nobody would see anything"),
    ],
)  # fmt: skip
def test_a_bad_policy_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Policy(text, "access.cedar")
    assert any(
        problem.startswith(f"access.cedar:{line}: ") and reason in problem
        for problem in refused.value.problems
    ), refused.value.problems


def test_every_mistake_is_told_at_once() -> None:
    text = "permit (principal, action, resource) when { principal.a };\n" * 2
    with pytest.raises(PolicyError) as refused:
        Policy(text, "own")
    assert {problem.partition(": ")[0] for problem in refused.value.problems} == {"own:1", "own:2"}


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.load(tmp_path / "none.cedar")
    (tmp_path / "bytes.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="UTF-8"):
        Policy.load(tmp_path / "bytes.cedar")


@pytest.mark.parametrize("effect", ["forbid", "permit"])
def test_a_rule_that_cannot_be_evaluated_denies(effect: str) -> None:
    overflows = "when { resource.classification * 9223372036854775807 < 0 };"
    secret = Label.make("ALLIAGE", "SECRET")
    text = f"permit (principal, {READ}, resource);{effect} (principal, {READ}, resource){overflows}"
    policy = Policy(text, "own")
    assert policy.reads(ANYBODY, OPEN, 1, "DNK").allowed
    decision = policy.reads(ANYBODY, secret, 4, "DNK")
    assert not decision.allowed
    assert decision.reasons == ("fault",)


def test_what_no_rule_permits_is_denied() -> None:
    policy = Policy(
        f'permit (principal, {READ}, resource) when {{ principal.purpose == "x" }};', ""
    )
    assert policy.reads(ANYBODY, OPEN, 1, "DNK").reasons == ("not-permitted",)
    assert not policy.sees_as(ANYBODY, ANYBODY, "DNK").allowed


def test_of_roles_only_those_that_are_tested_count() -> None:
    looked = default_policy().reading
    assert looked.whole == {"nation", "clearance", "communities"}
    assert looked.values == {"roles": {"administrator"}}
    everything = Rights("DNK", 4, frozenset({"A: b"}), frozenset({"viewer", "administrator"}), "x")
    kept = Rights("DNK", 4, frozenset({"A: b"}), frozenset({"administrator"}))
    assert looked.narrowed(everything) == kept


def test_rules_about_looking_as_somebody_else_split_no_audience() -> None:
    text = f'permit (principal, {READ}, resource);permit (principal, action == Action::"see-as", '
    policy = Policy(text + 'resource) when { principal.purpose == "release" };', "own")
    assert policy.reading.whole == frozenset()
