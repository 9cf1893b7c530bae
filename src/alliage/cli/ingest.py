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
    recordings = [_recording(config, path, stream, format_name, label) for path in files]
    try:
        with opened(config, folder) as node:
            reports = [_load(node, recording) for recording in recordings]
    except NodeError as error:
        raise CommandError(str(error), ExitCode.BUSY) from None
    if json:
        give({"recordings": [_plain(report) for report in reports]})
    else:
        _give_reports(reports)


def _recording(
    config: Config, path: Path, stream: str, format_name: str | None, label: str | None
) -> Recording:
    """What is to be loaded, with the label and options of the stream where it is configured."""
    from alliage.config import Config, ConfigError
    from alliage.config_sources import resolve_source
    from alliage.feeds.registry import load_feeds
    from alliage.ingest import Recording

    known = {source.name: source.model_dump(exclude_none=True) for source in config.sources}
    source = known.get(stream, {"name": stream})
    source["transport"] = {"kind": "file", "path": str(path.absolute())}
    source["format"] = format_name or source.get("format") or guessed_format(path)
    if label is not None:
        source["label"] = parse_label(label)
    try:
        (checked,) = Config.from_data({"sources": [source]}).sources
        resolved = resolve_source(checked, load_feeds())
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.USAGE) from None
    labels = frozenset([checked.to_label()])
    return Recording(path, stream, resolved.feed, resolved.options, labels)


def _load(node: Node, recording: Recording) -> IngestReport:
    from alliage.ingest import ingest

    try:
        with _progress(recording.path) as on_progress:
            return ingest(node, recording, on_progress)
    except OSError as error:
        raise CommandError(
            f"{recording.path}: {error}; what came before is in the log", ExitCode.FAILED
        ) from None


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


def _give_reports(reports: Sequence[IngestReport]) -> None:
    columns = ["file", "accepted", "duplicates", "quarantined", "claims", "seconds", "reports/s"]
    give_table(
        columns,
        [
            [
                report.path.name,
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
    for title, counted in (
        ("quarantined", sum((report.quarantined for report in reports), Counter[str]())),
        ("ignored", sum((report.ignored for report in reports), Counter[str]())),
    ):
        for reason, count in counted.most_common():
            say(f"{title}: {count:,} {reason}")
