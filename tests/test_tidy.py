"""Style that a linter does not know, as tests. Each failure says why its rule exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from alliage.ontology.boundary import BANNED

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src/alliage"
FEEDS: Final = SOURCE / "feeds"

MAX_FILE_LINES: Final = 450
MAX_FUNCTION_LINES: Final = 70

FEED_PARTS: Final = ("__init__.py", "manifest.yaml", "options.py", "decoder.py", "README.md")

IO_MODULES: Final = frozenset(
    {"asyncio", "socket", "time", "serial", "httpx", "requests", "urllib"}
)

MEASURES: Final = {
    "speed": "mps",
    "distance": "m",
    "altitude": "m",
    "course": "deg",
    "heading": "deg",
    "bearing": "deg",
    "latitude": "deg",
    "longitude": "deg",
    "age": "s",
    "timeout": "s",
    "interval": "s, ms or us",
    "duration": "s",
    "elapsed": "s",
    "range": "m or km",
}
"""Words for physical quantities, and a unit with which a name may say which one it means."""

MACHINE_AUDIENCE_CALLERS: Final = frozenset(
    {
        "ontology/audience.py",
        "log/store.py",
        "node.py",
        "machines.py",
        "streams.py",
        "history/claims.py",
        "ingest.py",
        "redecode.py",
        "redecoded_claims.py",
        "cli/history.py",
        "cli/whole_audit.py",
        "search/open.py",
        "actions/quoting.py",
    }
)
"""Places that keep every row apart by label and never answer a reader.

`ingest.py` looks for what was loaded before, and tells it to who holds the node's folder and keys.
`redecode.py` compares rows with those of the same source, and tells them how many differ.
`cli/history.py` hands the whole log to the history, which keeps it apart by label.
`cli/whole_audit.py` answers who owns the machine and holds its keys, of one account or file.
`actions/quoting.py` raises labels of alerts that who raises may not see, and tells nobody of it.
"""

STATES_THE_BOUNDARY: Final = frozenset(
    {
        "README.md",
        "CONTEXT.md",
        "docs/explanation/architecture.md",
        "src/alliage/ontology/boundary.py",
        "tests/test_tidy.py",
    }
)
"""Pages that may name what Alliage never does, and the list of its words."""


@cache
def python_files() -> tuple[Path, ...]:
    folders = ("src", "tests", "benchmarks", "scripts")
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def source_files() -> list[Path]:
    return [path for path in python_files() if SOURCE in path.parents]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def complain(places: list[str], why: str) -> None:
    assert not places, why + "\n  " + "\n  ".join(sorted(places))


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = [
        f"{name_of(path)}: {lines} lines"
        for path in (*python_files(), *web_files())
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MAX_FILE_LINES
    ]
    complain(long, f"A file has one reason to exist; split at {MAX_FILE_LINES} lines:")


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name_of(path)}:{function.lineno} {function.name}: {lines} lines"
        for path in python_files()
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
    ]
    complain(long, f"What does not fit on a screen is not understood; over {MAX_FUNCTION_LINES}:")


def test_every_public_function_says_its_types() -> None:
    untyped = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in source_files()
        for function in functions(path)
        if not function.name.startswith("_") and not is_typed(function)
    ]
    complain(untyped, "Types are the part of the documentation that cannot lie; missing here:")


def is_typed(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    named = [argument for argument in arguments if argument.arg not in {"self", "cls"}]
    return function.returns is not None and all(argument.annotation for argument in named)


def test_no_time_is_without_a_zone() -> None:
    naive = [
        f"{name_of(path)}:{node.lineno} {called}"
        for path in source_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and (called := naive_call(node))
    ]
    complain(naive, "A time without a zone has no meaning; use alliage.ontology.times:")


def naive_call(call: ast.Call) -> str:
    """The name of a call that makes a naive datetime; empty for any other."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    owner = ast.unparse(call.func.value)
    if owner not in {"datetime", "datetime.datetime", "date", "datetime.date"}:
        return ""
    has_zone = any(keyword.arg in {"tz", "tzinfo"} for keyword in call.keywords)
    naive = call.func.attr in {"utcnow", "utcfromtimestamp", "today"}
    bare_now = call.func.attr in {"now", "fromtimestamp"} and not has_zone
    return f"{owner}.{call.func.attr}" if naive or (bare_now and not call.args) else ""


def test_names_of_quantities_say_their_unit() -> None:
    bare = [
        f"{name_of(path)}:{line} {name} (say {MEASURES[name]})"
        for path in source_files()
        for name, line in numeric_names(tree_of(path))
        if name in MEASURES
    ]
    complain(bare, "Units get lost between people; a name ends with its unit, as in speed_mps:")


def numeric_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Arguments and fields that are plainly numbers, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and is_number(node.annotation):
            yield node.arg, node.lineno
        elif (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and is_number(node.annotation)
        ):
            yield node.target.id, node.lineno


def is_number(annotation: ast.expr | None) -> bool:
    text = ast.unparse(annotation) if annotation else ""
    return bool(re.fullmatch(r"(int|float)( \| (int|float|None))*", text))


def test_every_feed_folder_has_all_its_parts() -> None:
    missing = []
    for folder in feed_folders():
        there = {path.name for path in folder.iterdir()}
        missing += [f"{name_of(folder)}: {part}" for part in FEED_PARTS if part not in there]
        if not any(name.startswith("sample.") for name in there):
            missing.append(f"{name_of(folder)}: sample.*")
        if not (ROOT / "tests/feeds" / folder.name).is_dir():
            missing.append(f"tests/feeds/{folder.name}/")
    complain(missing, "Fifty formats stay alike only if none is let off; missing:")


def feed_folders() -> list[Path]:
    return [path.parent for path in FEEDS.glob("*/manifest.yaml")]


def test_decoders_do_no_io_and_know_nothing_of_each_other() -> None:
    feeds = {folder.name for folder in feed_folders()}
    reaching = [
        f"{name_of(path)}: {module}"
        for folder in feed_folders()
        for path in folder.rglob("*.py")
        for module in imported(tree_of(path))
        if reaches_out(module, {*feeds - {folder.name}, "transports"})
    ]
    complain(
        reaching, "Sockets, files and clocks live in transports; what two feeds share, in feeds:"
    )


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of everything a file imports, wherever in it: modules, and what is in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module}.{name.name}" for name in node.names)


def reaches_out(module: str, rooms: set[str]) -> bool:
    first, *rest = module.split(".")
    return first in IO_MODULES or (rest[:1] == ["feeds"] and bool({*rest[1:2]} & rooms))


def test_the_tests_of_a_feed_decode_its_sample() -> None:
    wanting = []
    for folder in feed_folders():
        tests = (ROOT / "tests/feeds" / folder.name).rglob("*.py")
        text = "\n".join(path.read_text(encoding="utf-8") for path in tests)
        wanting += [
            f"tests/feeds/{folder.name}: nothing says {word!r}"
            for word in (f"alliage.feeds.{folder.name}.decoder import", "sample")
            if word not in text
        ]
    complain(wanting, "A decoder that its own tests do not run is held by nobody; import it:")


def test_only_the_listed_machines_see_every_row() -> None:
    callers = {
        str(path.relative_to(SOURCE))
        for path in source_files()
        if re.search(r"\bmachine_audience\(", path.read_text(encoding="utf-8"))
    }
    complain(
        sorted(callers - MACHINE_AUDIENCE_CALLERS),
        "machine_audience sees everything, so nothing that answers a reader may hold it:",
    )


def test_nothing_crosses_the_boundary() -> None:
    crossing = [
        f"{name_of(path)}:{number} {line.strip()[:80]}"
        for path in (*python_files(), *schema_files(), *web_files(), *page_files())
        if name_of(path) not in STATES_THE_BOUNDARY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if crosses(line)
    ]
    complain(crossing, "Alliage informs, plans and records; it has no word for effects on people:")


def crosses(line: str) -> bool:
    """Whether a line has a word of the list, also as a part of a snake_case or camelCase name."""
    return bool(BANNED.search(re.sub(r"([a-z])([A-Z])", r"\1 \2", line)))


def test_the_boundary_knows_names_from_ordinary_words() -> None:
    over = ["weapon_type", "class FireMission", "targetNomination", "rank_targets", "an engagement"]
    within = [
        "engaged_in_fishing",
        "event.target",
        "Thread(target=run)",
        "title",
        "alarme",
        "fired",
    ]
    assert all(map(crosses, over))
    assert not any(map(crosses, within))


def page_files() -> list[Path]:
    """Everything written for people, wherever it stands, except what is built or installed."""
    rooms = [ROOT / name for name in ("docs", "src", "tests", "benchmarks", "scripts", "deploy")]
    pages = [path for room in rooms for path in room.rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *(p for p in pages if "_build" not in p.parts)])


def schema_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.yaml"))


def web_files() -> list[Path]:
    return sorted(
        path
        for folder in ("src", "basemap")
        for path in (ROOT / "web" / folder).rglob("*")
        if path.suffix in {".ts", ".svelte", ".css"} and path.name != "schema.d.ts"
    )


def test_every_decision_is_numbered_once_and_has_its_three_parts() -> None:
    wrong, numbers = [], set()
    for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        number = path.name[:4]
        if number in numbers:
            wrong.append(f"{path.name}: the number is taken")
        numbers.add(number)
        wrong += [
            f"{path.name}: no {part}"
            for part in ("Context", "Decision", "Consequences")
            if not re.search(rf"\b{part}", text)
        ]
    complain(wrong, "A decision says what was known, what was chosen and what follows:")


def test_every_room_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in SOURCE.rglob("__init__.py")
        if not ast.get_docstring(tree_of(path))
    ]
    complain(silent, "The first line of a room is what a newcomer reads first:")


def test_tests_mirror_the_code() -> None:
    homeless = [
        name_of(path.parent)
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.parent.parent == ROOT / "tests"
        and path.parent.name not in {"deploy", "e2e", "soak", "config", "node"}
        and not (SOURCE / path.parent.name).is_dir()
    ]
    complain(sorted(set(homeless)), "Who looks for the tests of a room finds them by its name:")


def test_lock_files_name_hashes_and_no_address() -> None:
    wrong = []
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"https?://|--index-url|--find-links", text):
            wrong.append(f"{name_of(path)}: an address")
        blocks = [block for block in re.split(r"\n(?=\S)", text) if "==" in block]
        wrong += [f"{name_of(path)}: {b.split()[0]}" for b in blocks if "--hash=sha256" not in b]
    lock = (ROOT / "web/package-lock.json").read_text(encoding="utf-8")
    if '"resolved"' in lock:
        wrong.append("web/package-lock.json: an address")
    complain(wrong, "Packages come from wherever a site has them, and are what we tested:")
