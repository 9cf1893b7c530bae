"""users and access: rights from the node's own machine, and a policy that is checked first."""

from pathlib import Path

from alliage.access.cedar import default_policy
from alliage.access.reloading import reload_policy
from alliage.config import Config
from alliage.node import Node
from tests.cli.conftest import Run


def _name_policy(home: Path, text: str) -> None:
    (home / "access.cedar").write_text(text)
    with (home / "config.toml").open("a") as file:
        file.write('[access]\npolicy = "access.cedar"\n')


def test_communities_and_a_purpose_are_given_and_taken(alliage: Run) -> None:
    alliage("init", "--nation", "DNK")
    held = ("--community", "Compartment: NORTH", "--community", "Group: a")
    done = alliage("users", "add", "bo", "--clearance", "SECRET", *held, "--json")
    added, told = done.data(), done.err
    assert told == ""
    assert (added["nation"], added["communities"]) == ("DNK", ["Compartment: NORTH", "Group: a"])
    changed = alliage("users", "change", "bo", "--purpose", "rescue", "--json").data()
    assert (changed["communities"], changed["purpose"]) == (added["communities"], "rescue")
    alliage("users", "change", "bo", "--no-communities", "--role", "analyst")
    users = alliage("users", "list", "--json").data()
    assert users[1] | {"roles": []} == added | {"communities": [], "purpose": "rescue", "roles": []}
    assert users[1]["roles"] == ["analyst"]
    assert "Group: a" not in alliage("users", "list").out


def test_what_is_no_right_is_refused(alliage: Run) -> None:
    alliage("init")
    assert "SHADY" in alliage("users", "change", "admin", "--clearance", "SHADY").err
    assert alliage("users", "change", "nobody", "--nation", "FRA").code != 0
    assert "no role 'king'" in alliage("users", "add", "bo", "--role", "king").err
    assert "last administrator" in alliage("users", "change", "admin", "--role", "viewer").err


def test_a_bad_policy_is_found_before_the_node_runs_and_keeps_it_from_running(
    alliage: Run, home: Path
) -> None:
    alliage("init")
    _name_policy(home, "permit (principal, action, resource)\nwhen { principal.rank > 1 };\n")
    for command in (["config", "check"], ["run"], ["query", "tracks", "--as", "admin"]):
        done = alliage(*command)
        assert done.code == 3, command
        assert "access.cedar:1: " in done.err
        assert "rank" in done.err
    findings = alliage("doctor", "--json").data()["findings"]
    policy = next(finding for finding in findings if finding["check"] == "policy")
    assert policy["level"] == "problem"
    assert "access.cedar:1: " in policy["text"]


def test_the_shipped_policy_is_shown_and_can_be_ones_own(alliage: Run, home: Path) -> None:
    alliage("init")
    shown = alliage("access", "policy").out
    assert shown == default_policy().text
    _name_policy(home, shown)
    assert alliage("config", "check").code == 0
    assert alliage("access", "check", str(home / "access.cedar"), "--json").data()["looks_at"] == [
        "clearance",
        "communities",
        "nation",
        "roles",
    ]
    assert "entity Reader" in alliage("access", "policy", "--schema").out


def test_a_node_that_runs_keeps_the_last_good_policy(alliage: Run, home: Path) -> None:
    alliage("init")
    _name_policy(home, default_policy().text)
    with Node.open(Config.load(home / "config.toml"), home) as node:
        before = node.access.policy
        (home / "access.cedar").write_text("permit (principal, action, resource")
        assert not reload_policy(node.access, node.config.access.policy)
        assert node.access.policy is before
        narrower = before.text + 'forbid (principal, action == Action::"read", resource);'
        (home / "access.cedar").write_text(narrower)
        assert reload_policy(node.access, node.config.access.policy)
        assert node.access.policy.text == narrower
