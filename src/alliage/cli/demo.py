"""``alliage demo``: a node with a simulated feed, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from alliage.cli.home import load_config
from alliage.cli.output import Json, say

USER: Final = "demo"
NATION: Final = "DNK"

SOURCE: Final = """
# Ships that do not exist, on waters that do. Everything they say is marked EXERCISE.
[[sources]]
name = "exercise"
format = "ais"
transport = {{ kind = "simulation", scenario = "baltic", seed = {seed}, ships = {ships} }}
label = {{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK", "FRA"] }}
"""


def demo(
    home: Annotated[
        Path | None,
        typer.Option(
            "--home",
            envvar="ALLIAGE_HOME",
            help="The node's folder. Default: ./.alliage.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0: any.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another number: another fleet.")] = 1,
    ships: Annotated[int, typer.Option(min=1, max=20_000, help="How many ships.")] = 1_500,
    json: Json = False,
) -> None:
    """Run a node with a simulated feed, in a folder of its own.

    Seed and ships count when the folder is made; afterwards its config.toml says them.
    """
    from alliage.cli.serving import serve

    folder = (home or Path(".alliage")).expanduser().absolute()
    if not (folder / "config.toml").exists():
        _make(folder, seed, ships)
    config = load_config(folder)
    if port is not None:
        server = config.server.model_copy(update={"port": port})
        config = config.model_copy(update={"server": server})
    if not json:
        say("EXERCISE: every ship is invented.")
    serve(config, folder, USER, json)


def _make(folder: Path, seed: int, ships: int) -> None:
    """A home whose configuration a newcomer can read and change."""
    from alliage.cli.init import make
    from alliage.config import Config

    template = Config.default_text("demo", NATION, "EXERCISE")
    make(folder, template + SOURCE.format(seed=seed, ships=ships), USER, None)
