"""alliage history: what there is, and made anew."""

from pathlib import Path

from tests.cli.conftest import Run


def test_the_history_is_rebuilt_from_the_log_and_its_size_is_told(
    alliage: Run, loaded: Path
) -> None:
    rebuilt = alliage("history", "rebuild", "--home", str(loaded), "--json").data()
    assert rebuilt["rows"] > 1_000
    assert 0 < rebuilt["bytes_per_position"] < 200
    assert rebuilt["oldest"] < rebuilt["newest"]
    status = alliage("history", "status", "--home", str(loaded), "--json").data()
    assert status == rebuilt | {"rows_not_in_files_yet": 0}


def test_people_get_a_table(alliage: Run, loaded: Path) -> None:
    assert "rows from the log" in alliage("history", "rebuild", "--home", str(loaded)).err
    shown = alliage("history", "status", "--home", str(loaded)).out
    assert "bytes per position" in shown


def test_where_there_is_no_history_it_says_so(alliage: Run) -> None:
    alliage("init")
    done = alliage("history", "status")
    assert done.code != 0
    assert "no history here yet" in done.err
