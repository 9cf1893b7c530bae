"""``alliage resolve``: which rows of tables are one thing, and why. Needs no node."""

from __future__ import annotations

import enum
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError, Json, counted, give, say
from alliage.cli.table_files import read_table, write_table

if TYPE_CHECKING:
    import pyarrow as pa

    from alliage.fusion.resolution import Model, Records, Thresholds


class Kind(enum.StrEnum):
    """What the tables' rows are."""

    VESSEL = "Vessel"
    AIRCRAFT = "Aircraft"
    PERSON = "Person"
    ORGANISATION = "Organisation"
    PLACE = "Place"
    FACILITY = "Facility"


def resolve(
    files: Annotated[
        list[Path],
        typer.Argument(help="Tables: CSV or Parquet. One: duplicates in it; more: between them."),
    ],
    pairs: Annotated[
        Path, typer.Option("--pairs", help="Where pairs go to: .csv, .parquet, .jsonl or .arrow.")
    ],
    kind: Annotated[Kind, typer.Option("--as", help="What the rows are.")] = Kind.VESSEL,
    groups: Annotated[
        Path | None, typer.Option("--clusters", help="Where groups of one thing go to.")
    ] = None,
    identifier: Annotated[
        str | None, typer.Option("--id", help="The column that identifies a row; default: number.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="COLUMN=PROPERTY, where they do not go by one name."),
    ] = None,
    join: Annotated[
        float, typer.Option("--join", help="Probability from which on a pair is one thing.")
    ] = 0.99,
    review: Annotated[
        float, typer.Option("--review", help="Probability from which on a pair is told at all.")
    ] = 0.5,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn the model from these tables (needs Splink).")
    ] = False,
    json: Json = False,
) -> None:
    """Find the rows of tables that are one thing, each pair with what speaks for it."""
    from alliage.fusion.resolution import MODELS, Thresholds

    try:
        thresholds = Thresholds(join, review)
        columns = dict(_renamed(text) for text in column or ())
    except ValueError as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    model = MODELS[kind.value]
    tables = [_records(file, model, identifier, columns, len(files) > 1) for file in files]
    found = _pairs(tables, model, thresholds, learn)
    written = {str(pairs): write_table(pairs, found)}
    if groups is not None:
        from alliage.fusion.resolution.tables import clusters_table

        written[str(groups)] = write_table(groups, clusters_table(found))
    joined = found["verdict"].to_pylist().count("one thing")
    told = {"rows": sum(map(len, tables)), "one_thing": joined, "perhaps": len(found) - joined}
    if json:
        give({**told, "written": written})
        return
    for file, rows in written.items():
        say(f"{file}: {counted(rows, 'row')}")
    say(
        f"  of {counted(told['rows'], 'row')}: {counted(joined, 'pair')} that "
        f"{'is' if joined == 1 else 'are'} one thing, {told['perhaps']:,} perhaps"
    )


def _renamed(text: str) -> tuple[str, str]:
    name, equals, field = text.partition("=")
    if not (equals and name and field):
        raise ValueError(f"--column is {text!r}: say COLUMN=PROPERTY, as in SHIP=name")
    return name.lower(), field


def _records(
    file: Path, model: Model, identifier: str | None, columns: dict[str, str], several: bool
) -> Records:
    from alliage.fusion.resolution.tables import OTHER_NAMES, records_of

    table = read_table(file, "tables")
    prefix = f"{file.stem}/" if several else ""
    try:
        return records_of(table, model, identifier, {**OTHER_NAMES, **columns}, prefix)
    except ValueError as error:
        raise CommandError(f"{file}: {error}", ExitCode.FAILED) from None


def _pairs(tables: list[Records], model: Model, thresholds: Thresholds, learn: bool) -> pa.Table:
    import pyarrow as pa

    from alliage.fusion.resolution import resolve
    from alliage.fusion.resolution.tables import pairs_table
    from alliage.fusion.resolution.training import NotInstalledError, learned

    made = []
    for one, other in combinations(tables, 2) if len(tables) > 1 else [(tables[0], None)]:
        try:
            used = learned(model, one, other) if learn else model
        except NotInstalledError as error:
            raise CommandError(str(error), ExitCode.FAILED) from None
        matches = resolve(one, other, used, thresholds.review, one_to_one=other is not None)
        made.append(pairs_table(matches, thresholds))
    return pa.concat_tables(made)
