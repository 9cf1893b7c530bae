"""``alliage detect``: the detectors alone, on a recording. Needs no node."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.adhoc import Format, guessed_format
from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError, Json, counted, give, give_table, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alliage.detection import Alert, Engine
    from alliage.feeds.contract import Decoded
    from alliage.ontology.observation import ObservationBatch


def detect(
    files: Annotated[
        list[Path], typer.Argument(help="Recordings, plain or gzip, in the order of their times.")
    ],
    format_name: Format = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A detector; more with further --only.")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", help="TOML with a table for each detector that differs."),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rule", help="A file with a watch rule; more with further --rule."),
    ] = None,
    json: Json = False,
) -> None:
    """Say what in a recording wants attention: each alert with its time, reason and probability.

    With --rule and without --only, the rules alone are looked for.
    """
    from alliage.detection.recorded import OutOfOrderError

    only = [] if rules and only is None else only
    differs = _settings(settings)
    engine = _engine(differs, only, rules or [])
    try:
        alerts, rows = _alerts(_decoded(files, format_name), engine)
    except OutOfOrderError as error:
        say(f"{error}: everything is read first, and sorted")
        engine = _engine(differs, only, rules or [])
        alerts, rows = _sorted_alerts(list(_decoded(files, format_name)), engine)
    for name, failure in engine.failures.by_name.items():
        say(f"{name} failed {counted(failure.times, 'time')}: {failure.error}; the others went on")
    if json:
        give({"rows": rows, "alerts": [_plain(alert) for alert in alerts]})
        return
    columns = ("FROM", "UNTIL", "DETECTOR", "SURE", "WHY")
    give_table(columns, [_line(alert) for alert in alerts])
    say(f"{counted(len(alerts), 'alert')} in {counted(rows, 'report')}")
    if not rows:
        say("Not one position report could be read: is it of another format? See --format.")


def _engine(given: dict[str, Any], only: list[str] | None, rules: list[Path]) -> Engine:
    """One that has seen nothing, with these detectors and rules."""
    from functools import partial

    from alliage.config_tables import OntologyConfig
    from alliage.detection import Engine, make_detectors
    from alliage.detection.rules import RuleLooker, RuleVersion, kinds_of, read_rule

    ontology = OntologyConfig().load()
    try:
        engine = Engine(ontology, partial(make_detectors, given, only), "recording")
    except ValueError as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    for path in rules:
        try:
            text = path.read_text(encoding="utf-8")
            rule = read_rule(text, kinds_of(ontology))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}", ExitCode.USAGE) from None
        engine.rules.look_for(RuleLooker(f"rule:{path.stem}", RuleVersion(1, text), rule))
    return engine


def _decoded(files: list[Path], format_name: str | None) -> Iterator[tuple[str, Decoded]]:
    """What these recordings say, block by block, each with its file's name."""
    from alliage.feeds.bulk import decode_file
    from alliage.feeds.registry import load_feeds

    feeds = load_feeds()
    for path in files:
        feed = feeds.get(format_name or guessed_format(path))
        if feed is None:
            known = ", ".join(sorted(feeds))
            raise CommandError(f"--format {format_name!r}: not one of {known}", ExitCode.USAGE)
        try:
            for decoded in decode_file(path, feed, feed.options_model()):
                yield path.name, decoded
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}", ExitCode.FAILED) from None


def _alerts(given: Iterable[tuple[str, Decoded]], engine: Engine) -> tuple[list[Alert], int]:
    """The alerts as they stand at the end, in the order in which they began.

    Raises:
        OutOfOrderError: what is given by blocks is not in the order of time.
    """
    from alliage.detection.recorded import OrderOfTime, in_order

    rows, order = 0, OrderOfTime()
    for stream, decoded in given:
        order.check(stream, decoded.batches)
        engine.state(stream, decoded.statements)
        rows += _take(engine, in_order([(stream, decoded.batches)]))
    return _stood(engine), rows


def _sorted_alerts(given: list[tuple[str, Decoded]], engine: Engine) -> tuple[list[Alert], int]:
    """The same of recordings that are read whole."""
    from alliage.detection.recorded import in_order

    for stream, decoded in given:
        engine.state(stream, decoded.statements)
    batches = in_order((stream, decoded.batches) for stream, decoded in given)
    rows = _take(engine, batches)
    return _stood(engine), rows


def _take(engine: Engine, batches: Iterable[tuple[str, ObservationBatch]]) -> int:
    rows = 0
    for stream, batch in batches:
        engine.take(stream, batch)
        rows += batch.rows.num_rows
    return rows


def _stood(engine: Engine) -> list[Alert]:
    stood = {alert.alert_id: alert for alert in engine.finish()}
    return sorted(stood.values(), key=lambda alert: (alert.start_us, alert.alert_id))


def _settings(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", ExitCode.USAGE) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}", ExitCode.USAGE) from None


def _line(alert: Alert) -> tuple[str, ...]:
    from alliage.ontology.times import to_text

    until = "goes on" if alert.end_us is None else to_text(alert.end_us)
    return (
        to_text(alert.start_us),
        until,
        alert.detector,
        f"{alert.probability:.0%}",
        alert.reason_en,
    )


def _plain(alert: Alert) -> dict[str, Any]:
    from dataclasses import asdict

    from alliage.ontology.times import to_text

    told = asdict(alert)
    for name in ("start_us", "end_us", "told_us"):
        when = told.pop(name)
        told[name.removesuffix("_us")] = None if when is None else to_text(when)
    told["reason"] = {"en": told.pop("reason_en"), "fr": told.pop("reason_fr")}
    told["evidence"] = [
        {"stream": stream, "identifier": identifier, "valid": to_text(valid_us)}
        for stream, identifier, valid_us in alert.evidence
    ]
    told["claims"] = [
        {"stream": one.stream, "identifier": one.identifier, "property": one.property,
         "valid": to_text(one.valid_us)}
        for one in alert.claims
    ]  # fmt: skip
    return told
