"""``alliage version``."""

from __future__ import annotations

import platform

import typer

from alliage import __version__
from alliage.cli.output import Json, give


def version(json: Json = False) -> None:
    """Say which Alliage this is."""
    if json:
        give({"alliage": __version__, "python": platform.python_version()})
    else:
        typer.echo(f"alliage {__version__} (Python {platform.python_version()})")
