"""Who is to be told outside of the node: read, checked, and never leaked."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.config import Config, ConfigError
from alliage.watch.channels.settings import EmailSettings

MAIL = """
[[notifications]]
name = "duty"
audience = { nation = "FRA", clearance = "UNCLASSIFIED" }
incidents = { kinds = ["drifting"], least_probability = 0.5 }

[notifications.channel]
kind = "email"
host = "mail.example.org"
user = "alliage"
password = { file = "secrets/mail" }
ca_file = "authorities.pem"
sender = "node@example.org"
to = ["watch@example.org"]
"""


def load(text: str, folder: Path) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return Config.load(path, {})


def test_files_of_a_channel_are_relative_to_the_configuration(tmp_path: Path) -> None:
    [one] = load(MAIL, tmp_path).notifications
    assert isinstance(one.channel, EmailSettings)
    assert set(one.files()) == {tmp_path / "authorities.pem", tmp_path / "secrets/mail"}
    assert one.audience.to_principal(one.name).roles == {"viewer"}


def test_where_a_secret_lies_is_masked_as_a_secret_is(tmp_path: Path) -> None:
    assert "secrets/mail" not in str(load(MAIL, tmp_path).shown())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"drifting"', '"driftwood"', "no detector"),
        ('"FRA"', '"France"', "three capital letters"),
        ('"UNCLASSIFIED"', '"PUBLIC"', "is not one of"),
        ('user = "alliage"\n', "", "belong together"),
        ('"email"', '"pigeon"', "one of 'webhook'"),
        ('kind = "email"', 'kind = "email"\nbcc = "x"', "no such key"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(MAIL.replace(before, after, 1), tmp_path)
    [problem] = caught.value.problems
    assert "notifications[0]" in problem
    assert said in problem


def test_two_notifications_have_two_names(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two notifications are called 'duty'"):
        load(MAIL + MAIL, tmp_path)
