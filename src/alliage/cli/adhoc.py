"""A source given on the command line instead of in the configuration file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError

if TYPE_CHECKING:
    from alliage.config import Config

Format = Annotated[
    str | None,
    typer.Option("--format", help="The recording's format; by default it is recognised."),
]
Label = Annotated[
    str | None,
    typer.Option(
        metavar="CLASSIFICATION[:NATION,…]",
        help="Label of what it says, e.g. UNCLASSIFIED:DNK,FRA. Absent: administrators only.",
    ),
]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that somebody names; ``pace`` is a factor or ``flat-out``."""

    path: Path
    format: str | None
    label: str | None
    pace: str
    name: str | None = None


def with_recording(config: Config, recording: Recording) -> Config:
    """Return the configuration with the recording as one more source.

    Raises:
        CommandError: its format, its pace or its label is not understood.
    """
    from alliage.config import Config, ConfigError

    data = config.model_dump(exclude_none=True)
    data["sources"] = [*data["sources"], source_table(recording)]
    try:
        return Config.from_data(data)
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.USAGE) from None


def source_table(recording: Recording) -> dict[str, Any]:
    """The ``[[sources]]`` table of a recording."""
    path = str(recording.path)
    table: dict[str, Any] = {
        "name": recording.name or _name_of(recording.path),
        "format": recording.format or guessed_format(recording.path),
        "transport": {
            "kind": "file",
            "path": path if path == "-" else str(recording.path.absolute()),
            "pace": _pace(recording.pace),
        },
    }
    if recording.label is not None:
        table["label"] = parse_label(recording.label)
    return table


def parse_label(text: str) -> dict[str, Any] | str:
    """``UNCLASSIFIED:DNK,FRA`` as the table ``label``; the policy is ALLIAGE.

    A marking line, ``NATO RESTRICTED / REL TO DNK``, is taken as it is.

    Raises:
        CommandError: a nation is not a code of three letters, or the colon has none after it.
    """
    from alliage.access.principal import check_nation

    if _is_marking(text):
        return text
    classification, colon, names = text.partition(":")
    label: dict[str, Any] = {"policy": "ALLIAGE", "classification": classification.strip().upper()}
    if not colon:
        return label
    nations = [name.strip().upper() for name in names.split(",")]
    try:
        for nation in nations:
            check_nation(nation)
    except ValueError as error:
        raise CommandError(
            f"--label {text!r}: {error}; write e.g. UNCLASSIFIED:DNK,FRA, or leave the colon out",
            ExitCode.USAGE,
        ) from None
    return {**label, "releasable_to": nations}


def _is_marking(text: str) -> bool:
    """Whether it begins with a policy; ``TOP SECRET`` does not."""
    from alliage.ontology.label import CLASSIFICATIONS

    first, _, rest = text.strip().partition(" ")
    begun = text.partition(":")[0].strip().upper()
    return bool(rest) and bool(first) and begun not in CLASSIFICATIONS


def guessed_format(path: Path) -> str:
    """The format that understands a recording best.

    Raises:
        CommandError: none does, or it cannot be read.
    """
    from alliage.feeds.registry import FeedError, guess_feed

    if str(path) == "-":
        raise CommandError("standard input: say its --format", ExitCode.USAGE)
    try:
        return guess_feed(path).manifest.name
    except FeedError as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror}", ExitCode.USAGE) from None


def _pace(text: str) -> float | str:
    if text in {"flat-out", "flat out"}:  # as it was spelt in configurations
        return "flat-out"
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither a factor (1, 10) nor flat-out", param_hint="--pace"
        ) from None


def _name_of(path: Path) -> str:
    """A stream's name made from a file's: ``denmark-2013.nmea.gz`` gives ``denmark-2013``."""
    words = re.sub(r"[^a-z0-9_-]+", "-", path.name.split(".")[0].lower()).strip("-_")
    return words[:40] or "recording"
