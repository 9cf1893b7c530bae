"""``alliage run``: run a node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from alliage.cli.adhoc import Format, Label, Recording, with_recording
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import Json


def run(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0: any.")] = None,
    link: Annotated[
        list[str] | None,
        typer.Option(metavar="USER", help="Print a one-time sign-in link; may be repeated."),
    ] = None,
    source: Annotated[
        Path | None, typer.Option(help="Also play this recording (- is standard input).")
    ] = None,
    format_name: Format = None,
    pace: Annotated[str, typer.Option(help="Of the recording: a factor, or flat-out.")] = "1",
    label: Label = None,
    json: Json = False,
) -> None:
    """Run the node: take in its sources, serve the picture. Ctrl-C stops it."""
    from alliage.cli.serving import serve

    folder = home_of(home)
    config = load_config(folder)
    if source is not None:
        config = with_recording(config, Recording(source, format_name, label, pace))
    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    server = config.server.model_copy(update=given)
    serve(config.model_copy(update={"server": server}), folder, link or [], json)
