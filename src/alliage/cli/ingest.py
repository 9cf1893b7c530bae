"""``alliage ingest``: load recordings in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.adhoc import Format, Label, guessed_format, parse_label
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, console, give, give_table, say

if TYPE_CHECKING:
    from alliage.config import Config
    from alliage.config_tables import SourceConfig
    from alliage.feeds.bulk import Progress
    from alliage.ingest import IngestReport, Recording
    from alliage.node import Node

    OnProgress = Callable[[IngestReport, Progress], None]


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Recordings, plain or gzip.")],
    stream: Annotated[
        str, typer.Option(help="Whose words they are; a configured source lends its label.")
    ] = "ingest",
    format_name: Format = None,
    label: Label = None,
    again: Annotated[bool, typer.Option("--again", help="Also what was loaded before.")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Load recordings into the log as fast as they go. The node must not be running."""
    from alliage.cli.serving import opened
    from alliage.node import NodeError
    from alliage.server.logs import configure_logs

    folder = home_of(home)
    config = load_config(folder)
    configure_logs("warning")
    table = _source_table(config, stream, format_name, label)
    try:
        with opened(config, folder) as node:
            reports = [_load(node, path, table, again) for path in files]
            node.housekeeping().keep_picture()  # so that a start need not read all of it again
    except NodeError as error:
        raise CommandError(str(error), ExitCode.BUSY) from None
    if json:
        give({"recordings": [_plain(report) for report in reports]})
    else:
        _give_reports(reports)
    if any(report.trouble or report.is_useless for report in reports):
        raise typer.Exit(ExitCode.FAILED)


def _source_table(
    config: Config, stream: str, format_name: str | None, label: str | None
) -> dict[str, Any]:
    """What is said of the stream, here and in the configuration.

    Raises:
        CommandError: both say a label, and not the same.
    """
    known = {source.name: source for source in config.sources}.get(stream)
    table = {"name": stream} if known is None else known.model_dump(exclude_none=True)
    if format_name is not None:
        table["format"] = format_name
    if label is None:
        return table
    given = {**table, "label": parse_label(label)}
    said = _checked({"format": "ais", "transport": {"kind": "file"}, **given}).to_label()
    if known is not None and said != known.to_label():
        raise CommandError(
            f"stream {stream!r} is configured as {known.to_label().marking}, and a stream is one "
            "source under one label: leave out --label, or name another --stream",
            ExitCode.USAGE,
        )
    return given


def _checked(table: dict[str, Any]) -> SourceConfig:
    from alliage.config import Config, ConfigError

    try:
        (checked,) = Config.from_data({"sources": [table]}).sources
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.USAGE) from None
    return checked


def _recording(path: Path, table: dict[str, Any]) -> Recording:
    """What is to be loaded, with the label and options of the stream where it is configured."""
    from alliage.config import ConfigError
    from alliage.config_sources import resolve_source
    from alliage.feeds.registry import load_feeds
    from alliage.ingest import Recording

    transport = {"kind": "file", "path": str(path.absolute())}
    checked = _checked({**table, "transport": transport})
    try:
        resolved = resolve_source(checked, load_feeds())
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.USAGE) from None
    labels = frozenset([checked.to_label()])
    keep = checked.keep_original
    return Recording(path, checked.name, resolved.feed, resolved.options, labels, keep)


def _load(node: Node, path: Path, table: dict[str, Any], again: bool) -> IngestReport:
    """Load one file; what is wrong with it stands in its report, and the others go on."""
    from alliage.ingest import IngestReport, RefusedError, ingest, reason_of

    try:
        format_name = table.get("format") or guessed_format(path)
    except CommandError as error:
        trouble = "; ".join(error.messages).removeprefix(f"{path}: ")
        return IngestReport(path, trouble=trouble)
    recording = _recording(path, {**table, "format": format_name})
    try:
        with _progress(path) as on_progress:
            return ingest(node, recording, on_progress, again)
    except OSError as error:
        trouble = reason_of(error)
    except RefusedError as error:
        trouble = str(error)
    return IngestReport(path, trouble=trouble)


@contextmanager
def _progress(path: Path) -> Iterator[OnProgress]:
    """A progress bar on standard error: bytes read, and reports a second."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), DownloadColumn()),
        *(TextColumn("{task.fields[rate]} reports/s"), TimeRemainingColumn()),
    )
    shown = console(stderr=True)
    with Progress(*columns, console=shown, disable=not shown.is_terminal) as bar:
        task = bar.add_task(path.name, total=None, rate="-")

        def update(report: IngestReport, progress: Any) -> None:
            bar.update(
                task,
                total=progress.total_bytes,
                completed=progress.done_bytes,
                rate=f"{_rate(report):,.0f}",
            )

        yield update


def _rate(report: IngestReport) -> float:
    return report.accepted / report.seconds if report.seconds else 0.0


def _plain(report: IngestReport) -> dict[str, Any]:
    return {
        "file": str(report.path),
        "ok": not (report.trouble or report.is_useless),
        "trouble": _trouble(report),
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "quarantined": sum(report.quarantined.values()),
        "quarantined_by_reason": dict(report.quarantined),
        "ignored_by_reason": dict(report.ignored),
        "observations": report.rows,
        "claims": report.claims,
        "seconds": round(report.seconds, 3),
        "reports_per_s": round(_rate(report)),
    }


def _trouble(report: IngestReport) -> str | None:
    if report.trouble is None and report.is_useless:
        return "nothing in it could be read: see the quarantine, or say another --format"
    return report.trouble


def _give_reports(reports: Sequence[IngestReport]) -> None:
    columns = [
        "file",
        "result",
        "accepted",
        "duplicates",
        "quarantined",
        "claims",
        "seconds",
        "reports/s",
    ]
    give_table(
        columns,
        [
            [
                report.path.name,
                "FAILED" if _trouble(report) else "ok",
                f"{report.accepted:,}",
                f"{report.duplicates:,}",
                f"{sum(report.quarantined.values()):,}",
                f"{report.claims:,}",
                f"{report.seconds:.2f}",
                f"{_rate(report):,.0f}",
            ]
            for report in reports
        ],
    )
    for report in reports:
        if trouble := _trouble(report):
            say(f"{report.path}: {trouble}")
    for title, counted in (
        ("quarantined", sum((report.quarantined for report in reports), Counter[str]())),
        ("ignored", sum((report.ignored for report in reports), Counter[str]())),
    ):
        for reason, count in counted.most_common():
            say(f"{title}: {count:,} {reason}")
