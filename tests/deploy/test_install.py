"""deploy/install.sh, run as the Dockerfile runs it, on the files that the Dockerfile copies.

A full installation takes a minute and is a soak test (test_full_installation.py). Here the lock is
the piece of the real one that builds a wheel and answers `alliage version`: hashes and all.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.deploy.support import DEPLOY, PYTHON, copy_tree, run_install

SMALL: Final = [
    "annotated-doc",
    "annotated-types",
    "click",
    "editables",
    "hatchling",
    "markdown-it-py",
    "mdurl",
    "packaging",
    "pathspec",
    "pluggy",
    "pydantic",
    "pydantic-core",
    "pygments",
    "rich",
    "shellingham",
    "tomlkit",
    "trove-classifiers",
    "typer",
    "typing-extensions",
    "typing-inspection",
]


def keep_small_lock(tree: Path) -> Path:
    lock = tree / "requirements/run.txt"
    blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    kept = [block for block in blocks if block.partition("==")[0] in SMALL]
    assert len(kept) == len(SMALL)
    lock.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return lock


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    copy_tree(folder)
    keep_small_lock(folder)
    return folder


@pytest.fixture(scope="module")
def installed(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    prefix = tmp_path_factory.mktemp("opt") / "alliage"
    done = run_install(tree, prefix)
    assert done.returncode == 0, done.stdout + done.stderr
    return prefix


def test_the_script_is_sound_shell() -> None:
    for shell in ("sh", "bash"):
        subprocess.run([shell, "-n", str(DEPLOY / "install.sh")], check=True)


def test_what_the_image_copies_suffices_to_install(installed: Path) -> None:
    done = subprocess.run(
        [installed / "bin/alliage", "version", "--json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["alliage"]
    [page] = installed.glob("lib/python3*/site-packages/alliage/server/static/index.html")
    assert "<html" in page.read_text(encoding="utf-8")


def test_the_installation_does_not_lean_on_the_source_tree(installed: Path, tree: Path) -> None:
    done = subprocess.run(
        [installed / "bin/python", "-c", "import alliage; print(alliage.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(installed))
    assert str(tree) not in done.stdout


def test_running_it_again_mends_alliage_and_leaves_the_packages(
    installed: Path, tree: Path
) -> None:
    package = next(installed.glob("lib/python3*/site-packages/typer/__init__.py"))
    before = package.stat().st_ino
    next(installed.glob("lib/python3*/site-packages/alliage/cli/version.py")).unlink()
    done = run_install(tree, installed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Installing" not in done.stdout
    assert package.stat().st_ino == before


def test_a_wheel_will_do_where_the_web_ui_is_not_built(
    installed: Path, tree: Path, tmp_path: Path
) -> None:
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([installed / "bin/python", *build, "-w", tmp_path, tree], check=True)
    [wheel] = tmp_path.glob("alliage-*.whl")
    page = tree / "src/alliage/server/static/index.html"
    aside = page.rename(page.with_name("aside"))
    try:
        done = run_install(tree, installed, "--python", PYTHON, "--wheel", str(wheel))
    finally:
        aside.rename(page)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(installed.glob("lib/python3*/site-packages/alliage/server/static/index.html"))


def test_a_package_that_is_not_what_was_locked_is_refused(tree: Path, tmp_path: Path) -> None:
    lock = tree / "requirements/run.txt"
    good = lock.read_text(encoding="utf-8")
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", good), encoding="utf-8")
    prefix = tmp_path / "alliage"
    stale = installation_of_another_lock(prefix)
    try:
        done = run_install(tree, prefix)
    finally:
        lock.write_text(good, encoding="utf-8")
    assert done.returncode != 0
    assert "HASHES" in done.stderr
    assert (prefix / ".alliage-lock").read_text(encoding="utf-8").strip() == "unfinished"
    assert not stale.exists(), "what an older lock named does not stay"


def installation_of_another_lock(prefix: Path) -> Path:
    """Make what looks like one; returns a package of it."""
    package = prefix / "lib/python3.11/site-packages/stale_package.py"
    package.parent.mkdir(parents=True)
    package.touch()
    (prefix / ".alliage-lock").write_text("another\n", encoding="utf-8")
    return package


def test_the_service_s_user_can_read_what_a_careful_root_installed(installed: Path) -> None:
    paths = [installed, *installed.glob("bin/*"), *installed.rglob("site-packages/alliage/**/*")]
    assert len(paths) > 100
    # Under the umask 077, which run_install sets: nobody else could read a thing without care.
    assert not [path for path in paths if path.stat().st_mode & 0o044 != 0o044]
    assert not [path for path in paths if path.stat().st_mode & 0o022]


def test_a_folder_of_something_else_is_left_alone(tree: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine", encoding="utf-8")
    done = run_install(tree, tmp_path)
    assert done.returncode != 0
    assert "not empty" in done.stderr
    assert precious.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--python", "no-such-python"), "apt-get install python3 python3-venv"),
        (("--python", PYTHON, "--wheel", "nowhere.whl"), "nowhere.whl: no such file"),
        (("--python", PYTHON, "--prefix", "here"), "begins with /"),
        (("--python",), "--python needs a value"),
        (("--perfect",), "no such option: --perfect"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(
    tree: Path, tmp_path: Path, options: tuple[str, ...], complaint: str
) -> None:
    done = run_install(tree, tmp_path / "alliage", *options)
    assert done.returncode != 0
    assert complaint in done.stderr
    assert not (tmp_path / "alliage").exists()


def test_without_a_built_web_ui_nothing_is_installed(tree: Path, tmp_path: Path) -> None:
    page = tree / "src/alliage/server/static/index.html"
    aside = page.rename(page.with_name("aside"))
    try:
        done = run_install(tree, tmp_path / "alliage")
    finally:
        aside.rename(page)
    assert done.returncode != 0
    assert "make web" in done.stderr
    assert not (tmp_path / "alliage").exists()


def test_no_address_stands_in_what_installs() -> None:
    for name in ("install.sh", "Dockerfile"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert set(re.findall(r"https?://[^/:'\s]+", text)) <= {"http://127.0.0.1"}
