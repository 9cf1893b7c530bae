"""`alliage notifications test`, and what `config check` says of secrets that are not there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import orjson
import pytest

from alliage.access.audit import AuditEvent
from alliage.access.audit_spool import take_up
from alliage.home import Home
from tests.cli.conftest import Done, Run
from tests.watch.messages import Hook, certificate
from tests.watch.servers import free_port, mail_server, mqtt_broker

SECRET = "as long as it has to be, and more"
WEBHOOK = """
[[notifications]]
name = "rescue"
audience = {{ nation = "FRA", clearance = "UNCLASSIFIED" }}
channel = {{ kind = "webhook", url = "{url}", secret = {{ env = "HOOK_SECRET" }} }}
"""
MAIL = """
[[notifications]]
name = "duty"
audience = {{ nation = "FRA", clearance = "UNCLASSIFIED" }}
language = "fr"

[notifications.channel]
kind = "email"
host = "127.0.0.1"
port = {port}
ca_file = "authorities.pem"
user = "node"
password = {{ file = "mail.txt" }}
sender = "node@example.org"
to = ["watch@example.org", "gone@example.org"]
"""
MQTT = """
[[notifications]]
name = "room"
audience = {{ nation = "FRA", clearance = "UNCLASSIFIED" }}
channel = {{ kind = "mqtt", host = "127.0.0.1", port = {port}, tls = false, topic = "a/watch" }}
"""


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


def configure(alliage: Run, home: Path, text: str, *options: str) -> None:
    alliage("init", "--name", "north-7", "--nation", "DNK", *options)
    with (home / "config.toml").open("a") as file:
        file.write(text)


def audited(home: Path) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    take_up(Home(home).audit_spool, events.append)
    return [event for event in events if event.act == "notification.tested"]


# --- the test message


def test_a_webhook_is_tested_with_a_message_that_says_so_and_nothing_of_the_node(
    alliage: Run, home: Path, hook: Hook
) -> None:
    configure(alliage, home, WEBHOOK.format(url=hook.url))
    done = alliage("notifications", "test", "rescue", "--json", HOOK_SECRET=SECRET)
    assert done.code == 0
    [(headers, body)] = hook.got
    told = orjson.loads(body)
    assert done.data() == {
        "notification": "rescue",
        "kind": "webhook",
        "message_id": told["message_id"],
        "answer": "answered with status 204",
    }
    assert headers["webhook-id"] == told["message_id"]
    assert (told["news"], told["exercise"]) == ("test", False)
    assert told["incident"] is told["node"] is told["link"] is None
    assert b"north-7" not in body
    [event] = audited(home)
    assert event.done
    assert event.details["answer"] == "answered with status 204"


def test_each_test_has_its_own_number_and_an_exercise_is_named(
    alliage: Run, home: Path, hook: Hook
) -> None:
    configure(alliage, home, WEBHOOK.format(url=hook.url), "--exercise")
    for _ in range(2):
        assert alliage("notifications", "test", "rescue", HOOK_SECRET=SECRET).code == 0
    told = [orjson.loads(body) for _, body in hook.got]
    assert [one["exercise"] for one in told] == [True, True]
    assert told[0]["message_id"] != told[1]["message_id"]


def test_what_the_other_side_answers_is_told_when_it_does_not_take_it(
    alliage: Run, home: Path, hook: Hook
) -> None:
    configure(alliage, home, WEBHOOK.format(url=hook.url))
    hook.status = 503
    done = alliage("notifications", "test", "rescue", "--json", HOOK_SECRET=SECRET)
    assert done.code == 1
    [message] = done.data()["error"]["messages"]
    assert message == "notification 'rescue' (webhook): answered with status 503"
    assert [event.done for event in audited(home)] == [False]


@pytest.mark.parametrize("secret", ["", "much too short"])
def test_a_secret_that_cannot_be_used_is_named_and_never_told(
    alliage: Run, home: Path, hook: Hook, secret: str
) -> None:
    configure(alliage, home, WEBHOOK.format(url=hook.url))
    done = alliage("notifications", "test", "rescue", HOOK_SECRET=secret)
    assert done.code == 1
    assert "channel.secret.env" in done.err
    assert "HOOK_SECRET" in done.err
    assert "much too short" not in done.out + done.err
    assert hook.got == []


def test_a_notification_of_another_name_is_refused_with_those_that_there_are(
    alliage: Run, home: Path
) -> None:
    configure(alliage, home, MQTT.format(port=1) + WEBHOOK.format(url="http://127.0.0.1:9/"))
    done = alliage("notifications", "test", "recsue")
    assert done.code == 2
    assert "'recsue'; there are room, rescue" in done.err


def _mailed(alliage: Run, home: Path, folder: Path, *refused: str) -> tuple[Done, list[Any]]:
    with mail_server(folder, *refused) as post:
        configure(alliage, home, MAIL.format(port=post.port), "--exercise")
        (home / "authorities.pem").write_bytes(post.trusted.read_bytes())
        (home / "mail.txt").write_text("open sesame\n")
        return alliage("notifications", "test", "duty"), post.letters.got


def test_an_e_mail_is_tested_in_the_language_of_its_readers(
    alliage: Run, home: Path, tmp_path: Path
) -> None:
    done, [letter] = _mailed(alliage, home, tmp_path)
    assert done.code == 0
    assert "took the message for all addresses (2)" in done.err
    lines = letter.get_payload(decode=True).decode().strip().splitlines()
    assert lines[0] == lines[-1] == "ALLIAGE SANS CLASSIFICATION"
    assert "ESSAI ESSAI ESSAI" in lines
    assert lines.count("EXERCISE EXERCISE EXERCISE") == 2
    assert "Importance" not in letter
    assert "north-7" not in letter.as_string()


def test_an_e_mail_that_not_everybody_gets_is_a_failure_that_says_who(
    alliage: Run, home: Path, tmp_path: Path
) -> None:
    done, letters = _mailed(alliage, home, tmp_path, "gone@example.org")
    assert done.code == 1
    assert "took the message for 1 of 2, not for gone@example.org (550)" in done.err
    assert "open sesame" not in done.err
    assert len(letters) == 1


def test_a_broker_hands_a_test_on(alliage: Run, home: Path, tmp_path: Path) -> None:
    with mqtt_broker(tmp_path) as port:
        configure(alliage, home, MQTT.format(port=port))

        async def told() -> tuple[Done, bytes]:
            async with aiomqtt.Client("127.0.0.1", port) as listener:
                await listener.subscribe("a/watch", qos=1)
                done = await asyncio.to_thread(alliage, "notifications", "test", "room")
                async with asyncio.timeout(60):
                    message = await anext(aiter(listener.messages))
            return done, bytes(message.payload)

        done, payload = asyncio.run(told())
    assert done.code == 0
    assert "the broker acknowledged the message" in done.err
    assert orjson.loads(payload)["news"] == "test"


def test_a_broker_that_is_not_there_fails_with_the_reason(alliage: Run, home: Path) -> None:
    configure(alliage, home, MQTT.format(port=free_port()))
    done = alliage("notifications", "test", "room")
    assert done.code == 1
    assert "notification 'room' (mqtt): the broker" in done.err
    assert "refused" in done.err


# --- what config check and doctor say beforehand


def test_secrets_that_are_not_there_are_warned_of_with_key_and_channel(
    alliage: Run, home: Path
) -> None:
    configure(alliage, home, WEBHOOK.format(url="http://127.0.0.1:9/") + MAIL.format(port=9))
    done = alliage("config", "check", "--json")
    assert done.code == 0
    variable, authorities, file = done.data()["warnings"]
    assert variable == (
        "notification 'rescue' (webhook): channel.secret.env: the environment variable HOOK_SECRET "
        "is not set; set HOOK_SECRET where the node is started; without it no message is sent"
    )
    assert "notification 'duty' (email): channel.ca_file: ca_file authorities.pem" in authorities
    assert "notification 'duty' (email): channel.password.file: the secret's file" in file
    assert "No such file" in file
    assert str(home / "mail.txt") in file
    said = alliage("doctor").out
    assert "HOOK_SECRET is not set" in said
    assert "set HOOK_SECRET where" in said


def test_secrets_that_are_there_are_not_spoken_of(alliage: Run, home: Path, tmp_path: Path) -> None:
    trusted, _ = certificate(tmp_path)
    configure(alliage, home, WEBHOOK.format(url="http://127.0.0.1:9/") + MAIL.format(port=9))
    (home / "mail.txt").write_text("open sesame\n")
    (home / "authorities.pem").write_bytes(trusted.read_bytes())
    done = alliage("config", "check", HOOK_SECRET=SECRET)
    assert done.code == 0
    assert "Warning" not in done.err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe"])
def test_a_secret_s_file_without_a_secret_is_warned_of(
    alliage: Run, home: Path, tmp_path: Path, content: bytes
) -> None:
    trusted, _ = certificate(tmp_path)
    configure(alliage, home, MAIL.format(port=9))
    (home / "mail.txt").write_bytes(content)
    (home / "authorities.pem").write_bytes(trusted.read_bytes())
    [warning] = alliage("config", "check", "--json").data()["warnings"]
    assert "channel.password.file" in warning


def test_a_secret_that_cannot_sign_is_warned_of_and_not_shown(alliage: Run, home: Path) -> None:
    configure(alliage, home, WEBHOOK.format(url="http://127.0.0.1:9/"))
    done = alliage("config", "check", HOOK_SECRET="much too short")
    assert done.code == 0
    assert "channel.secret.env: the secret is shorter than 24 bytes" in done.err
    assert "much too short" not in done.out + done.err


def test_authorities_of_a_source_that_cannot_be_read_are_warned_of(
    alliage: Run, home: Path
) -> None:
    source = (
        '\n[[sources]]\nname = "coast"\nformat = "ais"\n'
        'label = { policy = "ALLIAGE", classification = "UNCLASSIFIED" }\n'
        'transport = { kind = "http", url = "https://example.org/", ca_file = "/nowhere/a.pem" }\n'
    )
    configure(alliage, home, source)
    [warning] = alliage("config", "check", "--json").data()["warnings"]
    assert "source 'coast': transport.ca_file: ca_file a.pem cannot be used" in warning
    assert "/nowhere/a.pem" in warning
