"""What part of the data a person asks for on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from alliage.ontology.times import from_text

if TYPE_CHECKING:
    from alliage.export.wanted import Wanted
    from alliage.ontology.box import Box

Stream = Annotated[list[str] | None, typer.Option(help="Only this stream; may be repeated.")]
Identifier = Annotated[
    str | None, typer.Option(help="Only this thing, by its source's name for it: mmsi:219012345.")
]
From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Valid at or after: 2026-01-31T12:00Z.")
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="Valid before this time.")]
Bbox = Annotated[
    str | None,
    typer.Option(
        metavar="W,S,E,N",
        help="Only positions in this box, degrees; west > east crosses 180 degrees.",
    ),
]
Known = Annotated[
    str | None, typer.Option(metavar="TIME", help="As the node knew it at this time.")
]


def parse_selection(
    streams: list[str] | None,
    identifier: str | None,
    valid_from: str | None,
    valid_to: str | None,
    bbox: str | None,
) -> Wanted:
    """Read the options that ``query`` and ``export`` share.

    Raises:
        typer.BadParameter: names the option, the value and what it should be.
    """
    from alliage.export.wanted import Wanted

    return Wanted(
        tuple(streams) if streams else None,
        identifier,
        _time(valid_from, "--from"),
        _time(valid_to, "--to"),
        _box(bbox),
    )


def known_time(text: str | None) -> int | None:
    """Until when something has to have been known to count; before 1970 nothing was."""
    known_us = _time(text, "--known")
    return None if known_us is None else max(0, known_us)


def _time(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        return from_text(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no time with a zone: 2026-01-31T12:00:00Z", param_hint=option
        ) from None


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    from alliage.ontology.box import Box

    try:
        west, south, east, north = (float(part) for part in text.split(","))
        return Box.of(west, south, east, north)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is not W,S,E,N in degrees: {error}", param_hint="--bbox"
        ) from None
