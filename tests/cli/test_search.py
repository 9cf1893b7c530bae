"""``alliage search rebuild``: an index that was lost is made again."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_running import running, signed_in, until


def test_an_index_is_made_again_while_the_node_rests(home: Path, alliage: Run) -> None:
    with running(home, "demo", "--ships", "10") as (_, announced), signed_in(announced) as client:
        until(lambda: client.get("/search", params={"q": "a", "limit": 1}).json()["total"] > 0)
        done = alliage("search", "rebuild", ALLIAGE_HOME=str(home))
        assert done.code == 1
        assert "running" in done.err
    (home / "projections" / "search.sqlite").unlink()
    done = alliage("search", "rebuild", "--json", ALLIAGE_HOME=str(home))
    assert done.code == 0, done.err
    assert done.data()["texts"] > 0


def test_what_a_command_notices_does_not_stand_in_its_answer(
    home: Path, loaded: Path, alliage: Run
) -> None:
    shutil.copytree(loaded, home)
    (*_, newest) = sorted((home / "log/segments").glob("*.seg"))
    with newest.open("ab") as segment:
        segment.write(b"never acknowledged")
    done = alliage("search", "rebuild", "--json")
    assert done.data()["texts"] > 0
    assert "unacknowledged_bytes_cut_off" in done.err
