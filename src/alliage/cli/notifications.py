"""``alliage notifications``: try out by what the node tells others of incidents."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.audit_trail import note
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, give, say

if TYPE_CHECKING:
    from alliage.config import Config
    from alliage.config_notifications import NotificationConfig

app = typer.Typer(no_args_is_help=True, help="Try out by what others are told of incidents.")


@app.callback()
def _notifications() -> None:
    """Try out by what others are told of incidents."""


@app.command("test")
def send_test(
    name: Annotated[str, typer.Argument(help="The notification, by its name in config.toml.")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Send a message that says it is a test, and say what the other side answered.

    It is sent from here, whether the node runs or not, with the secrets that are found from here.
    """
    from alliage.cli.secret_warnings import channel_warnings
    from alliage.ontology.times import WallClock
    from alliage.watch.channels.choice import channel_of
    from alliage.watch.channels.contract import ChannelError
    from alliage.watch.channels.trial import Trial

    folder = home_of(home)
    config = load_config(folder)
    notification = _found(config, name)
    channel = channel_of(notification.channel, notification.language, WallClock())
    trial = Trial(name, is_exercise=bool(config.node.banner))
    try:
        answer = asyncio.run(channel.send(trial))
        text, is_told = answer.text, answer.is_whole
    except ChannelError as error:
        text, is_told = str(error), False
    said = f"notification {name!r} ({channel.kind}): {text}"
    missing = (f"{why}; {to_do}" for why, to_do in channel_warnings(notification))
    problems = [] if is_told else [said, *missing]
    problems += _note(folder, name, trial.message_id, is_told, text)
    if problems:
        raise CommandError(problems, ExitCode.FAILED)
    if json:
        give({"notification": name, "kind": channel.kind, "message_id": trial.message_id,
              "answer": text})  # fmt: skip
    else:
        say(f"{said}. Test {trial.message_id}: look for it at the other end.")


def _found(config: Config, name: str) -> NotificationConfig:
    names = [one.name for one in config.notifications]
    if name not in names:
        known = f"there are {', '.join(names)}" if names else "config.toml has none"
        raise CommandError(f"there is no notification {name!r}; {known}", ExitCode.USAGE)
    return config.notifications[names.index(name)]


def _note(folder: Path, name: str, message_id: str, is_told: bool, answer: str) -> list[str]:
    """Leave it for the audit; what is wrong with that."""
    said = {"notification": name, "message_id": message_id, "answer": answer}
    try:
        note(folder, "notification.tested", "alliage notifications test", [], is_told, **said)
    except CommandError as error:
        return error.messages
    return []
