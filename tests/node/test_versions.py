"""Authority as versions in the log: what was in force when something was done, without secrets."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from alliage.access.accounts import Accounts
from alliage.access.audit import Act, AuditEvent
from alliage.access.cedar import default_policy
from alliage.access.principal import Role
from alliage.access.reloading import reload_policy
from alliage.home import Home
from alliage.node import Node
from alliage.ontology.times import WallClock
from tests.node.conftest import make_home, opened, source, until, while_serving
from tests.node.test_housekeeping import acts

PASSWORD = "correct horse battery"
SECRETS = ("hunter2", "s3cr3t-key", "tok-999")
HTTP = (
    '{ kind = "http", url = "http://127.0.0.1:9/ais?api_key=s3cr3t-key&area=north",'
    ' user = "feed", password = "hunter2", headers = { X-Door = "tok-999" } }'
)
UDP = '{ kind = "udp", host = "127.0.0.1", port = 0 }'
FORBID = '@id("no-more") forbid (principal, action == Action::"read", resource);\n'


async def _nothing(_address: str) -> None:
    pass


def _started(home: Home) -> list[dict[str, Any]]:
    """Every act in the log after the node has started once more."""
    with opened(home) as node:
        asyncio.run(while_serving(node, _nothing))
        return acts(node)


def _accounts(home: Home) -> Accounts:
    return Accounts(home.accounts, WallClock())


def _add(home: Home, name: str, *roles: Role) -> str:
    accounts = _accounts(home)
    rights = {"nation": "DNK", "clearance": "SECRET", "roles": frozenset(roles)}
    user_id = accounts.add(name, password=PASSWORD, **rights).principal.user_id
    accounts.close()
    return user_id


def _on_machine(*arguments: str) -> None:
    alliage = Path(sys.executable).with_name("alliage")
    subprocess.run([alliage, *arguments], check=True, timeout=60, stdin=subprocess.DEVNULL)


def _of(said: list[dict[str, Any]], act: str) -> list[dict[str, Any]]:
    return [one for one in said if one["act"] == act]


def test_a_start_with_nothing_changed_writes_no_version(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP))
    _add(home, "anna", Role.ADMINISTRATOR)
    first = _started(home)
    again = _started(home)[len(first) :]
    assert {"policy.changed", "node.configured", "source.configured", "account.added"} < {
        act["act"] for act in first
    }
    assert [act["act"] for act in again] == ["node.started"]


def test_a_source_that_was_changed_or_removed_is_a_version_without_its_secrets(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "node", source(UDP))
    before = home.config.read_text()
    _started(home)
    home.config.write_text(before.replace(UDP, HTTP) + "keep_days = 7\n")
    changed = _of(_started(home), "source.configured")[-1]
    assert changed["details"]["before"]["transport"]["kind"] == "udp"
    after = changed["details"]["after"]
    assert after["keep_days"] == 7
    assert after["transport"]["url"].startswith("http://127.0.0.1:9/ais?api_key=********")
    assert "area=north" in after["transport"]["url"]
    home.config.write_text(before.split("\n[[sources]]")[0])
    said = _started(home)
    (removed,) = _of(said, "source.removed")
    assert (removed["on"], removed["details"]["after"]) == (["denmark"], {})
    files = (path for path in home.folder.rglob("*") if path.is_file())
    kept = b"".join(path.read_bytes() for path in files if path != home.config)
    for secret in SECRETS:
        assert secret not in str(said)
        assert secret.encode() not in kept


def test_accounts_that_were_changed_while_the_node_stood_still_are_versions(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "node")
    _add(home, "anna", Role.ADMINISTRATOR)
    bent = _add(home, "bent", Role.VIEWER)
    _started(home)
    accounts = _accounts(home)
    accounts.change(bent, clearance="RESTRICTED")
    accounts.close()
    (changed,) = _of(_started(home), "account.changed")
    assert (changed["on"], changed["user"]) == ([bent], "")
    assert changed["decision"] == "found when the node started"
    assert changed["details"]["before"]["clearance"] == "SECRET"
    assert changed["details"]["after"]["clearance"] == "RESTRICTED"
    accounts = _accounts(home)
    accounts.remove(bent)
    accounts.close()
    said = _started(home)
    assert [act["on"] for act in _of(said, "account.removed")] == [[bent]]
    assert "argon2" not in str(said)


def test_a_policy_that_is_read_again_or_refused_is_a_version(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    path = home.folder / "access.cedar"
    path.write_text(default_policy().text)
    home.config.write_text(home.config.read_text() + '\n[access]\npolicy = "access.cedar"\n')

    async def reload(node: Node, _address: str) -> None:
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGHUP, partial(reload_policy, node.access, path, node.audit)
        )
        path.write_text(default_policy().text + FORBID)
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: "no-more" in node.access.policy.rules)
        path.write_text("permit (")
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: len(_of(acts(node), "policy.changed")) == 3)

    with opened(home) as node:
        asyncio.run(while_serving(node, partial(reload, node)))
        first, changed, refused = _of(acts(node), "policy.changed")
    assert first["details"]["version"] != changed["details"]["version"]
    assert changed["details"]["before"] == first["details"]["after"]
    more = changed["details"]["after"].items() - first["details"]["after"].items()
    assert more == {("rule no-more", FORBID.rstrip())}
    assert refused["done"] is False
    assert "access.cedar:1" in refused["details"]["problems"][0]


def test_the_audit_shows_by_which_authority_something_was_done_then(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    anna = _add(home, "anna", Role.ADMINISTRATOR, Role.AUDITOR)
    bent = _add(home, "bent", Role.ANALYST)
    seen: dict[str, list[dict[str, Any]]] = {}

    def act(address: str) -> None:
        with httpx.Client(
            base_url=f"{address}/api/v1/", headers={"Origin": address}, timeout=60
        ) as client:
            _sign_in(client, "bent")
            client.delete("session")
            _sign_in(client, "anna")
            assert client.patch(f"users/{bent}", json={"clearance": "RESTRICTED"}).is_success
            client.delete("session")
            _sign_in(client, "bent")
            client.delete("session")
            _sign_in(client, "anna")
            for wanted in ("account.changed", "session.started"):
                seen[wanted] = client.get("audit", params={"act": wanted}).json()["items"]

    async def act_beside(address: str) -> None:
        await asyncio.to_thread(act, address)

    with opened(home) as node:
        asyncio.run(while_serving(node, act_beside))
        version = _of(acts(node), "policy.changed")[0]["details"]["version"]
    later, earlier = [one for one in seen["session.started"] if one["user"] == "bent"]
    assert earlier["authority"]["policy"]["version"] == version
    assert earlier["authority"]["rights"]["clearance"] == "SECRET"
    assert later["authority"]["rights"]["clearance"] == "RESTRICTED"
    (changed,) = seen["account.changed"]
    assert later["authority"]["rights"]["entry_id"] == changed["entry_id"]
    assert changed["changes"] == [{"what": "clearance", "before": "SECRET", "after": "RESTRICTED"}]
    assert changed["authority"]["rights"]["roles"] == ["administrator", "auditor"]
    with opened(home) as node:  # the same from the log alone, after a start
        home.audit.unlink()
    with opened(home) as node:
        rights = node.audit_store.in_force.of("account", bent)
        assert rights is not None
        assert rights.after["clearance"] == "RESTRICTED"
        assert node.audit_store.in_force.of("account", anna) is not None


def _sign_in(client: httpx.Client, user: str) -> None:
    client.headers.pop("X-CSRF-Token", None)
    answer = client.post("session", json={"user": user, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


def test_no_event_can_be_taken_for_a_version_that_was_refused(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    with opened(home) as node:
        details = {"before": {}, "after": {"rule a": "permit"}, "version": "x"}
        node.audit(AuditEvent(Act.POLICY_CHANGED, done=False, details=details))
        assert node.audit_store.in_force.of("policy") is None


def test_accounts_count_that_were_made_on_the_machine_and_not_those_that_crept_in(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "node")
    _started(home)
    for name in ("erna", "erik"):
        _on_machine("users", "add", name, "--role", "commander", "--home", str(home.folder))
    _add(home, "creep", Role.COMMANDER)
    _started(home)
    with opened(home) as node:
        standing = node.audit_store.standing
        assert standing.since("admin") is not None
        assert standing.since("erna") is not None
        assert "has to vouch" in standing.why_not("creep")
    asked = ("users", "vouch", "creep", "--home", str(home.folder))
    with pytest.raises(subprocess.CalledProcessError):  # who could act by it still can
        _on_machine(*asked)
    _on_machine(*asked, "--yes")
    assert [one["on"] for one in _of(_started(home), "account.vouched")] != []
    with opened(home) as node:
        assert node.audit_store.standing.since("creep") is not None
