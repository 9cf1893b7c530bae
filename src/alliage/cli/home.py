"""The node's folder, as every command finds it, and its configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError

if TYPE_CHECKING:
    from alliage.config import Config, ConfigError

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="ALLIAGE_HOME",
        help="The node's folder. Default: ~/.local/share/alliage.",
        show_default=False,
    ),
]


def home_of(home: Path | None) -> Path:
    """Return the folder that a command works in."""
    if home is not None:
        return home.expanduser().absolute()
    from alliage.config import default_home

    return default_home()


def load_config(home: Path) -> Config:
    """Read the configuration of a node; labels are read and written by its policies from now on.

    What is logged goes to standard error: standard output belongs to the command's answer.

    Raises:
        CommandError: it is missing or has mistakes; all of them are named.
    """
    from alliage.config import FILE_NAME, Config, ConfigError
    from alliage.ontology.policies import use_policies

    if not home.is_dir():
        raise CommandError(
            f"{home}: no node here; `alliage init` makes one, ALLIAGE_HOME names its folder",
            ExitCode.HOME,
        )
    try:
        config = Config.load(home / FILE_NAME)
    except ConfigError as error:
        problems = [*error.problems, *_further(error)]
        raise CommandError(problems, ExitCode.CONFIGURATION) from None
    use_policies(config.labels.load())
    _log_to_stderr()
    return config


def _log_to_stderr() -> None:
    import structlog

    if not structlog.is_configured():  # as by whoever runs several commands in one process
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def _further(error: ConfigError) -> list[str]:
    """What the formats and transports find wrong besides; loaded only where something is."""
    from alliage.config_sources import further_problems
    from alliage.feeds.registry import load_feeds

    return further_problems(error, load_feeds()) if error.sources else []
