"""Webhook, e-mail and MQTT against real servers."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import orjson
import pytest
from pydantic import TypeAdapter, ValidationError

from alliage.ontology.times import WallClock
from alliage.watch.channels.contract import ChannelError, RefusedError
from alliage.watch.channels.mail import WITHIN_S, Mail
from alliage.watch.channels.mqtt import Mqtt
from alliage.watch.channels.settings import AnyChannel, EmailSettings, MqttSettings, WebhookSettings
from alliage.watch.channels.webhook import Webhook, signature
from tests.watch.messages import MARKING, Hook, a_message
from tests.watch.servers import Post, free_port, mail_server, mail_server_that_greets, mqtt_broker

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("MAIL_PASSWORD", "open sesame")


# --- webhook


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


def webhook(url: str, **more: Any) -> Webhook:
    settings = WebhookSettings(kind="webhook", url=url, secret={"env": "HOOK_SECRET"}, **more)
    return Webhook(settings, WallClock())


def test_signatures_are_those_of_the_reference_implementation() -> None:
    # Made with standardwebhooks 1.1.0, the library of the specification's authors.
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_has_a_marked_and_signed_message(hook: Hook) -> None:
    message = a_message()
    asyncio.run(webhook(hook.url).send(message))
    [(headers, body)] = hook.got
    told = orjson.loads(body)
    assert (told["news"], told["exercise"]) == ("opened", True)
    assert told["marking"] == MARKING
    assert told["incident"]["identifiers"] == ["mmsi:219012345"]
    moment_s = int(headers["webhook-timestamp"])
    assert abs(moment_s - time.time()) < 60
    assert headers["webhook-id"] == message.message_id
    assert headers["webhook-signature"] == signature(SECRET, message.message_id, moment_s, body)
    assert "authorization" not in headers


def test_a_token_that_is_asked_for_is_sent(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of the day\n")
    channel = webhook(hook.url, bearer={"file": tmp_path / "token"})
    asyncio.run(channel.send(a_message()))
    assert hook.got[0][0]["authorization"] == "Bearer of the day"


@pytest.mark.parametrize(
    ("status", "error"), [(302, ChannelError), (503, ChannelError), (422, RefusedError)]
)
def test_no_redirect_is_followed_and_no_bad_answer_taken_for_a_good_one(
    hook: Hook, status: int, error: type[Exception]
) -> None:
    hook.status = status
    with pytest.raises(ChannelError, match=str(status)) as caught:
        asyncio.run(webhook(hook.url).send(a_message()))
    assert type(caught.value) is error
    assert len(hook.got) == 1


def test_what_cannot_be_reached_or_signed_is_said_without_address_or_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        channel = webhook(f"http://127.0.0.1:{unused.getsockname()[1]}/path")
        with pytest.raises(ChannelError, match="cannot be reached") as caught:
            asyncio.run(channel.send(a_message()))
    assert "127.0.0.1" not in str(caught.value)
    monkeypatch.setenv("HOOK_SECRET", "too short")
    with pytest.raises(ChannelError, match="shorter") as caught:
        asyncio.run(channel.send(a_message()))
    assert "too short" not in str(caught.value)
    monkeypatch.delenv("HOOK_SECRET")
    with pytest.raises(ChannelError, match="HOOK_SECRET is not set"):
        asyncio.run(channel.send(a_message()))


# --- e-mail


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with mail_server(tmp_path) as post:
        yield post


def mail(port: int, ca_file: Path | None, within_s: float = WITHIN_S, **more: Any) -> Mail:
    told = {
        "kind": "email", "host": "127.0.0.1", "port": port, "ca_file": ca_file, "user": "node",
        "password": {"env": "MAIL_PASSWORD"}, "sender": "node@example.org",
        "to": ["watch@example.org"],
    }  # fmt: skip
    return Mail(EmailSettings.model_validate(told | more), "en", WallClock(), within_s)


def test_an_e_mail_is_marked_in_its_first_and_its_last_line(
    post: Post,
) -> None:
    asyncio.run(mail(post.port, post.trusted).send(a_message(priority=True)))
    [letter] = post.letters.got
    lines = letter.get_payload(decode=True).decode().strip().splitlines()
    assert lines[0] == lines[-1] == MARKING
    assert lines.count("EXERCISE EXERCISE EXERCISE") == 2
    assert "FRIO drifts" in lines
    assert letter["Importance"] == "high"
    assert "EXERCISE" in letter["Subject"]
    assert "FRIO" not in letter["Subject"]


def test_a_name_with_line_ends_can_forge_neither_header_nor_marking(
    post: Post,
) -> None:
    asyncio.run(mail(post.port, post.trusted).send(a_message("FRIO\r\n\r\nSECRET\u2028X\u202e!")))
    [letter] = post.letters.got
    assert "FRIO SECRET X !" in letter.get_payload(decode=True).decode()


def test_a_mail_server_that_is_not_trusted_or_lets_nobody_in_is_told_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ChannelError, match="not trusted"):
        asyncio.run(mail(post.port, None).send(a_message()))
    monkeypatch.setenv("MAIL_PASSWORD", "guessed")
    with pytest.raises(ChannelError, match="535"):
        asyncio.run(mail(post.port, post.trusted).send(a_message()))
    assert post.letters.got == []


def test_a_mail_server_that_never_comes_to_an_end_is_cut_off() -> None:
    with (
        mail_server_that_greets(b"220-and further\r\n" * 1_000) as port,
        pytest.raises(ChannelError, match="without end"),
    ):
        asyncio.run(mail(port, None).send(a_message()))


@pytest.mark.parametrize("within_s", [0.0, 0.1])
@pytest.mark.parametrize("tls", ["none", "tls"])
def test_a_mail_server_that_says_nothing_is_cut_off(within_s: float, tls: str) -> None:
    """Its connection ends, so that nothing waits for it any more: before it was there, too."""
    with mail_server_that_greets(b"") as port:
        with pytest.raises(ChannelError, match="in time"):
            asyncio.run(mail(port, None, within_s=within_s, tls=tls).send(a_message()))
        with socket.create_connection(("127.0.0.1", port)):
            pass  # or the server would wait for one that never came


# --- MQTT


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    with mqtt_broker(tmp_path) as port:
        yield port


def mqtt(port: int) -> Mqtt:
    told = {"kind": "mqtt", "host": "127.0.0.1", "port": port, "tls": False, "topic": "a/watch"}
    return Mqtt(MqttSettings.model_validate(told))


def test_a_broker_hands_on_what_is_told(broker: int) -> None:
    async def told() -> dict[str, Any]:
        async with aiomqtt.Client("127.0.0.1", broker) as listener:
            await listener.subscribe("a/watch", qos=1)
            await mqtt(broker).send(a_message())
            async with asyncio.timeout(60):
                message = await anext(aiter(listener.messages))
        return dict(orjson.loads(message.payload))

    got = asyncio.run(told())
    assert got["marking"] == MARKING
    assert got["incident"]["reason"]["en"] == "FRIO drifts"


def test_a_broker_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ChannelError, match="broker"):
        asyncio.run(mqtt(free_port()).send(a_message()))


# --- settings


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"kind": "webhook", "url": "http://hooks.example.org/"}, "encrypted"),
        ({"kind": "webhook", "url": "https://me:word@hooks.example.org/"}, "no credentials"),
        ({"kind": "webhook", "url": "https://hooks.example.org/?key=word"}, "no query"),
        ({"kind": "webhook", "url": "https://hooks.example.org/", "secret": "word"}, "dictionary"),
        ({"kind": "email", "host": "mail.example.org", "tls": "none"}, "encrypted"),
        ({"kind": "email", "host": "mail.example.org", "to": ["a@b.c\r\nBcc: x@y.z"]}, "pattern"),
        ({"kind": "mqtt", "host": "broker.example.org", "tls": False}, "encrypted"),
        ({"kind": "mqtt", "host": "broker.example.org", "topic": "a/#"}, "pattern"),
    ],
)
def test_what_would_leave_openly_or_hold_a_secret_is_refused(
    settings: dict[str, Any], why: str
) -> None:
    whole = {
        "webhook": {"secret": {"env": "HOOK_SECRET"}},
        "email": {"sender": "a@example.org", "to": ["b@example.org"]},
        "mqtt": {"topic": "a"},
    }[settings["kind"]]
    TypeAdapter(AnyChannel).validate_python(
        {"url": "https://h.example.org/"} | whole | {"kind": "webhook"}
        if settings["kind"] == "webhook"
        else {"host": "h.example.org"} | whole | {"kind": settings["kind"]}
    )
    with pytest.raises(ValidationError, match=why):
        TypeAdapter(AnyChannel).validate_python(whole | settings)
