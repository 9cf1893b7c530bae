"""``alliage doctor``: find the usual troubles and say what to do."""

from __future__ import annotations

from dataclasses import asdict

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import Json, counted, give, say

_SIGNS = {"ok": "  ok     ", "warning": "  WARNING", "problem": "  PROBLEM"}


def doctor(home: Home = None, json: Json = False) -> None:
    """Find the usual troubles and say what to do. Changes nothing."""
    from alliage.cli.checks import CHECKS, Level

    folder = home_of(home)
    findings = [finding for check in CHECKS for finding in check(folder)]
    problems = [finding for finding in findings if finding.level is Level.PROBLEM]
    warnings = sum(finding.level is Level.WARNING for finding in findings)
    if json:
        give({"ok": not problems, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            typer.echo(f"{_SIGNS[finding.level]}  {finding.check}: {finding.text}")
            if finding.to_do:
                typer.echo(f"             -> {finding.to_do}")
        say(_summary(len(problems), warnings))
    if problems:
        raise typer.Exit(ExitCode.FAILED)


def _summary(problems: int, warnings: int) -> str:
    if not problems and not warnings:
        return "All is well."
    return f"{counted(problems, 'problem')}, {counted(warnings, 'warning')}."
