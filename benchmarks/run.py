"""Runs every benchmark beside its peers and writes docs/benchmarks.md: `make bench`.

Each benchmark is a program of its own, `python -m benchmarks.<name> --json FILE [--quick]`, so
that none warms or burdens another. A figure without a commit, a machine and all its runs would be
an anecdote; all runs lie in docs/benchmark-runs. Those that are named replace their sections of
the report; the others stay, with the commit that they were measured at.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
REPORT: Final = ROOT / "docs/benchmarks.md"
RUNS: Final = ROOT / "docs/benchmark-runs"
MISSED: Final = "**The aim was missed in this run.**"
BENCHMARKS: Final = (
    "ais_decode", "whole_path", "picture_updates", "picture_socket", "live_track", "log_append",
    "start_up", "rebuild", "first_page", "browser", "simulator", "history_queries", "search",
    "audience_cost", "fusion_trackers", "fusion_autoferry", "hidden_identities", "fusion_scale",
    "correlation", "resolution", "detection", "detection_injected",
    "detection_unusual", "detection_scale", "detection_peer", "forecast",
)  # fmt: skip

LONG: Final = {
    "history_growth": ("history_queries", "--full", "--alone"),
    "rebuild_whole": ("rebuild", "--whole"),
    "fusion_trackers_many": ("fusion_trackers", "--seeds", "30", "--things", "200"),
    "detection_days": ("detection", "--hours", "24", "--seeds", "10"),
    "forecast_hours": ("forecast", "--exercise", "15"),
}
"""Others of the same programs, which take long: they are run where they are named."""
ORDER: Final = (*BENCHMARKS, *LONG)


@dataclass(frozen=True)
class Outcome:
    """What one benchmark said, and every run of it where it keeps them."""

    name: str
    command: str
    said: str
    met: bool
    runs: Any


def main() -> int:
    """Run the benchmarks that are asked for; write the report unless it was only a quick look."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("names", nargs="*", default=BENCHMARKS, help="default: all")
    parser.add_argument("--quick", action="store_true", help="small inputs, writes no report")
    arguments = parser.parse_args()
    outcomes = [run(name, arguments.quick) for name in arguments.names]
    fresh = {outcome.name: section(outcome) for outcome in outcomes}
    if arguments.quick:
        sys.stdout.write("\n\n".join(fresh.values()) + "\n")
    else:
        for outcome in outcomes:
            write_runs(outcome)
        REPORT.write_text(report(kept_sections() | fresh), encoding="utf-8")
        sys.stdout.write(f"{REPORT.relative_to(ROOT)}\n")
    return 0 if all(outcome.met for outcome in outcomes) else 1


def run(name: str, quick: bool) -> Outcome:
    """Run one benchmark in a process of its own.

    Its exit code is 0, or 1 where it missed its aim.

    Raises:
        RuntimeError: it could not run; its own words are on standard error.
    """
    sys.stderr.write(f"benchmarks.{name}\n")
    program, *flags = LONG.get(name, (name,))
    flags += ["--quick"] * quick
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.json"
        command = ["-m", f"benchmarks.{program}", *flags, "--json", str(path)]
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            env=environment,
        )
        # A program that broke has exit code 1, too, and wrote nothing.
        if done.returncode not in {0, 1} or (done.returncode == 1 and not path.exists()):
            raise RuntimeError(f"benchmarks.{name} could not run (exit code {done.returncode})")
        runs = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    shown = " ".join([f"python -m benchmarks.{program}", *flags])
    return Outcome(name, shown, done.stdout.strip(), done.returncode == 0, runs)


def purpose(name: str) -> str:
    """The docstring of a benchmark: what it asks."""
    program = LONG.get(name, (name,))[0]
    source = (ROOT / "benchmarks" / f"{program}.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)) or name


def kept_sections() -> dict[str, str]:
    """The sections that the report has, by benchmark."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    _head, *parts = f"\n{text}".split("\n## ")
    found = {part.partition("\n")[0].replace(" ", "_"): f"## {part.strip()}" for part in parts}
    return {name: found[name] for name in ORDER if name in found}


def report(sections: Mapping[str, str]) -> str:
    """The page, in the order of the benchmarks."""
    parts = [
        "# Benchmarks",
        "<!-- Generated by `make bench`; edit the programs in `benchmarks/` instead. -->",
        "Peers run beside us, in the same minutes on the same machine; what counts is the ratio. "
        "The absolute figures are those of the machine that is named.",
        contents(sections),
        *(sections[name] for name in ORDER if name in sections),
    ]
    return "\n\n".join(parts) + "\n"


def contents(sections: Mapping[str, str]) -> str:
    """A line for each benchmark: what it asks, when that was measured, whether it missed."""
    lines = ["| benchmark | asks | measured | |", "|---|---|---|---|"]
    for name in ORDER:
        if (text := sections.get(name)) is not None:
            title = name.replace("_", " ")
            asks = purpose(name).partition("\n\n")[0].replace("\n", " ")
            if name in LONG:
                asks += f" (`{' '.join(LONG[name][1:])}`)"
            day = text.partition("*Measured ")[2][:10]
            missed = "aim missed" if MISSED in text else ""
            lines.append(f"| [{title}](#{title.replace(' ', '-')}) | {asks} | {day} | {missed} |")
    return "\n".join(lines)


def section(outcome: Outcome) -> str:
    """One benchmark: where and when, what it asks, its table, and where all its runs lie."""
    parts = [
        f"## {outcome.name.replace('_', ' ')}",
        measured(),
        purpose(outcome.name),
        "" if outcome.met else MISSED,
        f"```text\n$ {outcome.command}\n{outcome.said}\n```",
    ]
    if outcome.runs is not None:
        parts.append(f"[All runs]({RUNS.name}/{outcome.name}.json)")
    return "\n\n".join(part for part in parts if part)


def write_runs(outcome: Outcome) -> None:
    """Keep all runs of a benchmark beside the report, where it has any."""
    if outcome.runs is not None:
        RUNS.mkdir(exist_ok=True)
        (RUNS / f"{outcome.name}.json").write_text(compact(outcome.runs) + "\n", encoding="utf-8")


def compact(runs: Any) -> str:
    """JSON with a line for each of the outermost keys; figures to six digits."""
    rounded = json.loads(json.dumps(runs), parse_float=lambda text: float(f"{float(text):.6g}"))
    if not isinstance(rounded, dict):
        return json.dumps(rounded)
    lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in rounded.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def measured() -> str:
    """Commit, time and machine, in a line."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = f"load {os.getloadavg()[0]:.1f}"
    machine = f"{processor()}, {os.cpu_count()} cores, {load}"
    return (
        f"*Measured {when} at {commit()}: {machine}; {platform.platform()}, "
        f"Python {platform.python_version()}.*"
    )


def commit() -> str:
    """The commit that was measured; says so where files differ from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "src", "benchmarks")
    return git("rev-parse", "--short=12", "HEAD") + (" with changes" if changed else "")


def processor() -> str:
    """The processor's name, where the system tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    sys.exit(main())
