"""``alliage config``: where the configuration is, what it says, whether it is right."""

from __future__ import annotations

from typing import Any

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, give, give_table, say

app = typer.Typer(no_args_is_help=True, help="Show and check the configuration.")


@app.command("path")
def show_path(home: Home = None, json: Json = False) -> None:
    """Say which file is read."""
    from alliage.config import FILE_NAME

    path = home_of(home) / FILE_NAME
    if json:
        give({"path": str(path), "exists": path.exists()})
    else:
        typer.echo(path)


@app.command("show")
def show(home: Home = None, json: Json = False) -> None:
    """Show every setting in force: file, environment and defaults. Secrets are masked."""
    shown = load_config(home_of(home)).shown()
    if json:
        give(shown)
    else:
        give_table(["key", "value"], list(_flat(shown)))


@app.command("check")
def check(home: Home = None, json: Json = False) -> None:
    """Check the configuration: every source, schemata, security policies, the access policy.

    Warns of labels that hide too much, and of secrets that are named and cannot be read from here.
    """
    from alliage.cli.label_warnings import label_warnings
    from alliage.cli.secret_warnings import secret_warnings
    from alliage.config import ConfigError
    from alliage.config_sources import resolve_sources
    from alliage.feeds.registry import load_feeds

    config = load_config(home_of(home))
    try:
        resolve_sources(config, load_feeds())
        config.load_policy()
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.CONFIGURATION) from None
    problems = config.ontology.problems(config.ontology.load())
    problems += config.labels.problems(config.labels.load()) + config.basemap_problems()
    if problems:
        raise CommandError(problems, ExitCode.CONFIGURATION)
    names = [source.name for source in config.sources]
    odd = [*label_warnings(config), *secret_warnings(config)]
    warnings = [f"{text}; {to_do}" for text, to_do in odd]
    if json:
        give({"ok": True, "sources": names, "warnings": warnings})
    else:
        for warning in warnings:
            say(f"Warning: {warning}.")
        say(f"The configuration is right: {len(names)} sources.")


def _flat(value: Any, key: str = "") -> list[tuple[str, str]]:
    """Leaves of nested data by their dotted keys."""
    if isinstance(value, dict) and value:
        parts = ((f"{key}.{name}" if key else name, item) for name, item in value.items())
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        parts = ((f"{key}[{number}]", item) for number, item in enumerate(value))
    else:
        return [(key, repr(value))]
    return [leaf for name, item in parts for leaf in _flat(item, name)]
