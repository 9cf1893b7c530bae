"""``alliage track``: the fusion engine alone, on a file of plots. Needs no node."""

from __future__ import annotations

import enum
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError, Json, counted, give, say
from alliage.cli.table_files import read_table, write_table, writer_of

if TYPE_CHECKING:
    from pyarrow import Table

    from alliage.fusion import Settings, Tracking

BESIDE_THE_GATE: Final = 0.98
"""What is left of the mean innovation of a filter that is right: its gate cuts the largest off."""

TURN_RATE_DEGPS: Final = 3.0

GEOJSON: Final = ".geojson"


class Motion(enum.StrEnum):
    """How things move."""

    STRAIGHT = "straight"
    SHIPS = "ships"
    TURNS = "turns"
    REST = "rest"


class By(enum.StrEnum):
    """How plots are given to tracks."""

    GNN = "gnn"
    JPDA = "jpda"


BearingStd = Annotated[
    float, typer.Option("--bearing-std-deg", help="Of bearings, where a row does not say.")
]
BearingClutter = Annotated[
    float, typer.Option("--clutter-per-rad", help="False bearings in a look and radian.")
]
Reach = Annotated[float | None, typer.Option("--max-range-m", help="How far the sensors reach.")]
Beyond = Annotated[
    float,
    typer.Option("--lines-beyond-m", help="Things of bearings alone are no nearer, as a rule."),
]
LinesFile = Annotated[
    Path | None,
    typer.Option("--lines", help="Where lines of bearing go to: .csv, .parquet, .jsonl, .arrow."),
]


def track(
    file: Annotated[Path, typer.Argument(help="Plots: CSV or Parquet, one a row.")],
    tracks: Annotated[
        Path, typer.Argument(help="Where to: .csv, .parquet, .geojson, .jsonl or .arrow.")
    ],
    motion: Annotated[
        list[Motion] | None,
        typer.Option(
            "--motion", help="Straight (the default), ships, turns, rest; may be several."
        ),
    ] = None,
    association: Annotated[
        By, typer.Option("--association", help="Nearest neighbour or all plots weighed.")
    ] = By.JPDA,
    confirm: Annotated[
        str, typer.Option("--confirm", help="existence, or M/N: M plots in N looks.")
    ] = "existence",
    acceleration: Annotated[
        float, typer.Option("--acceleration-psd", help="How restless things are, in m2/s3.")
    ] = 0.1,
    speed: Annotated[
        float, typer.Option("--speed-std-mps", help="What velocity may be at first, a direction.")
    ] = 10.0,
    period: Annotated[
        float | None, typer.Option("--period-s", help="Time of a look; default: equal times.")
    ] = None,
    std: Annotated[
        float, typer.Option("--position-std-m", help="Of positions, where a row does not say.")
    ] = 20.0,
    range_std: Annotated[
        float, typer.Option("--range-std-m", help="Of ranges, where a row does not say.")
    ] = 20.0,
    bearing_std: BearingStd = 1.0,
    detection: Annotated[
        float, typer.Option("--detection-probability", help="That a look sees a thing.")
    ] = 0.9,
    clutter: Annotated[
        float, typer.Option("--clutter-per-km2", help="False plots in a look and square km.")
    ] = 1.0,
    bearing_clutter: BearingClutter = 1.0,
    reach: Reach = None,
    beyond: Beyond = 1000.0,
    lines: LinesFile = None,
    json: Json = False,
) -> None:
    """Make tracks of the plots in a file. Says how many, and whether the uncertainties fit."""
    from alliage import fusion
    from alliage.cli.rounding import rounded

    try:
        sensor = fusion.Sensor("sensor", detection, clutter * 1e-6, bearing_clutter, reach)
        settings = _settings(motion or [Motion.STRAIGHT], association, confirm, acceleration)
        settings = replace(settings, speed_std_mps=speed, lines_beyond_m=beyond)
    except ValueError as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    reading = fusion.Reading((), sensor, std, range_std, bearing_std, period)
    _can_hold(tracks, lines)
    plots = read_table(file, "plots")
    try:
        _has_degrees_for(tracks, file, plots)
        made = fusion.track(plots, settings, reading)
    except ValueError as error:
        raise CommandError(f"{file}: {error}", ExitCode.FAILED) from None
    several = len(settings.modes) > 1
    rows = write_table(tracks, rounded(made.tracks))
    if lines is not None:
        write_table(lines, rounded(made.lines))
    told = _told(made, rows, _hint(made, plots))
    give({"file": str(tracks), **told}) if json else _say(tracks, told, several)


def _can_hold(tracks: Path, lines: Path | None) -> None:
    """Refuse, before any work, files that cannot hold tracks, or lines of bearing."""
    for file in (tracks, lines):
        if file is not None:
            writer_of(file)
    if lines is not None and lines.suffix == GEOJSON:
        raise CommandError(
            f"{lines}: lines of bearing have no positions, which GeoJSON needs: write .csv, "
            ".parquet, .jsonl or .arrow",
            ExitCode.USAGE,
        )


def _has_degrees_for(tracks: Path, file: Path, plots: Table) -> None:
    """Refuse, before any work, GeoJSON of plots that do not say where on the earth they are."""
    from alliage.fusion.table import FIGURES, figures_of, frame_of

    if tracks.suffix != GEOJSON:
        return
    if frame_of({name: figures_of(plots, name) for name in FIGURES}) is None:
        raise CommandError(
            f"{tracks}: GeoJSON needs latitudes and longitudes, and {file} has none, neither in "
            "latitude_deg and longitude_deg nor in the sensor's; east_m and north_m alone cannot "
            "become GeoJSON: write .csv, .parquet, .jsonl or .arrow",
            ExitCode.USAGE,
        )


def _settings(
    motions: list[Motion], association: By, confirm: str, acceleration: float
) -> Settings:
    from alliage import fusion
    from alliage.fusion import choices

    words = [choices.Motion(one) for one in motions]
    return fusion.Settings(
        modes=choices.modes_of(words, acceleration, TURN_RATE_DEGPS),
        association=fusion.Association(association),
        confirmation=choices.confirmation_of(confirm),
    )


def _told(made: Tracking, rows: int, hint: str | None) -> dict[str, Any]:
    return {
        "plots": made.plots.rows - made.plots.rejected.total(),
        "rejected": dict(made.plots.rejected),
        "looks": sum(scan.share_before == 0.0 for scan in made.plots.scans),
        "tracks": len(made.tracks["track"].unique()),
        "rows": rows,
        "lines": len(made.lines["line"].unique()),
        "hint": hint,
        "nis": {
            str(degrees): {"mean": one.mean, "low": one.low, "high": one.high, "count": one.errors}
            for degrees, one in made.recording.nis().items()
            if one.errors
        },
    }


def _hint(made: Tracking, plots: Table) -> str | None:
    from alliage import fusion

    if _is_in_two_places(plots):
        return (
            "there is no column 'sensor', so that all rows were taken as those of one, and it is "
            "at two places at one time: name the sensor of each row"
        )
    bearings = all(scan.kind is fusion.Kind.BEARING for scan in made.plots.scans)
    if len(made.tracks) or not bearings:
        return None
    return (
        "bearings alone give lines; a place begins where those of two sensors at different places "
        "clearly cross, or with range_m beside bearing_deg, or with positions of another sensor"
    )


def _is_in_two_places(plots: Table) -> bool:
    """Whether what has no name is several sensors: one is at one place at a time."""
    names = plots.column_names
    if "sensor" in names:
        return False
    of = [name for name in names if name.startswith("sensor_") and name.endswith(("_m", "_deg"))]
    times = [name for name in ("time", "time_s") if name in names]
    places = plots.select([*times, *of]).group_by([*times, *of]).aggregate([])
    return bool(of) and places.num_rows > len(places.group_by(times).aggregate([]))


def _say(file: Path, told: dict[str, Any], several: bool) -> None:
    say(
        f"{file}: {counted(told['tracks'], 'track')} in {counted(told['rows'], 'row')}, "
        f"from {counted(told['plots'], 'plot')} in {counted(told['looks'], 'look')}"
    )
    if told["lines"]:
        say(f"  {counted(told['lines'], 'line')} of bearing (--lines FILE writes them)")
    for reason, count in told["rejected"].items():
        say(f"  left out: {counted(count, 'row')} with {reason}")
    if told["hint"]:
        say(f"  {told['hint']}")
    for degrees, one in told["nis"].items():
        low = one["low"] * BESIDE_THE_GATE
        fits = low <= one["mean"] <= one["high"]
        verdict = "as the filters expect" if fits else _misfit(one["mean"], several)
        say(
            f"  innovations of {degrees} components: {one['mean']:.2f} of what is expected "
            f"({low:.2f} to {one['high']:.2f}): {verdict}"
        )


def _misfit(mean: float, several: bool) -> str:
    if mean > 1.0:
        return "larger; are the standard deviations too small, or do things turn more?"
    if several:
        return (
            "smaller; do things seldom do what some motion allows for, "
            "or are the standard deviations too large?"
        )
    return "smaller; are the standard deviations or the acceleration too large?"
