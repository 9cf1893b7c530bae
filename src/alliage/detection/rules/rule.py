"""A watch rule, read from its text: a title, conditions that all have to hold, and for how long.

::

    rule Slow tanker at the cable
    about tanker, cargo
    speed below 3 kn
    within 2 nm of Sund cable
    between 20:00 and 06:00
    for 10 min

A line that begins with ``or`` holds in place of the condition before it: ``or status is moored``.
One line says one thing; :mod:`alliage.detection.rules.forms` has them all. Empty lines, and what
follows a ``#`` at the beginning of a line, are for people. A file that holds a rule is its text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from alliage.detection.rules.any_of import AnyOf
from alliage.detection.rules.forms import FORMS, SPANS, Form
from alliage.detection.rules.of_places import Crowd
from alliage.detection.rules.of_things import Condition
from alliage.detection.wording import Words
from alliage.ontology.tasks import TASK

_UNTITLED: Final = ("give the rule a title: `rule …`", "donnez un titre à la règle : `rule …`")
_CANNOT_JOIN: Final = (
    "`or` joins two conditions on one thing: not the title, kinds or duration, nor how many others "
    "there are, nor silence",
    "`or` joint deux conditions sur une même chose : ni le titre, les genres ou la durée, ni "
    "combien d'autres il y a, ni le silence",
)
_NONE_BEFORE: Final = (
    "`or` joins a condition with the one in the line before it, and there is none: begin this line "
    "without `or`",
    "`or` joint une condition à celle de la ligne d'avant, et il n'y en a pas : commencez cette "
    "ligne sans `or`",
)
OR: Final = "or "
MOST_CHARACTERS: Final = 4_000
MOST_CONDITIONS: Final = 20
LONGEST_S: Final = 86_400.0


class RuleError(ValueError):
    """A text that is no rule: which line of it, from 1, and why. Line 0: the text as a whole."""

    def __init__(self, line: int, problem: Words) -> None:
        super().__init__(problem[0] if line == 0 else f"line {line}: {problem[0]}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read: its form, and what stood in the gaps.

    ``is_other``: it began with *or*.
    """

    number: int
    form: Form
    said: Mapping[str, str]
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody wants to be told of.

    Attributes:
        title: what people call it.
        kinds: schemata and ship types that it is about; none: every kind.
        conditions: all have to hold, those that cost least first; of those joined by *or* one.
        crowd: how many are in an area, where the rule is about that.
        lasts_s: for how long it all has to hold.
        lines: its text, line by line.
    """

    title: str
    kinds: tuple[str, ...]
    conditions: tuple[Condition, ...]
    crowd: Crowd | None
    lasts_s: float
    lines: tuple[Line, ...]


def read_rule(text: str, kinds: Collection[str]) -> Rule:
    """Read a rule.

    Args:
        text: its lines.
        kinds: schemata and ship types that there are.

    Raises:
        RuleError: it is none; says which line, and what is wrong with it.
    """
    if len(text) > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS}"
        raise RuleError(0, (f"longer than {most} characters", f"plus de {most} caractères"))
    lines = [
        _read_line(number, " ".join(line.split()))
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    _check_once(lines)
    by_form = {line.form.name: line for line in lines}
    if "rule" not in by_form:
        raise RuleError(0, _UNTITLED)
    _check_joined(lines)
    made = [(line, line.form.make(line.said)) for line in lines if line.form.make is not None]
    if not made:
        raise RuleError(
            0,
            (
                "it needs a condition: with none it would hold of everything",
                "il lui faut une condition : sans aucune, elle serait vraie de tout",
            ),
        )
    if len(made) > MOST_CONDITIONS:
        many = f"{MOST_CONDITIONS} conditions"
        raise RuleError(0, (f"more than {many}", f"plus de {many}"))
    for line, condition in made:
        if problem := condition.problem():
            raise RuleError(line.number, problem)
    conditions = _joined([(line, one) for line, one in made if not isinstance(one, Crowd)])
    return Rule(
        title=by_form["rule"].said["title"],
        kinds=_kinds(by_form.get("about"), kinds),
        conditions=tuple(sorted(conditions, key=lambda one: one.cost)),
        crowd=next((one for _, one in made if isinstance(one, Crowd)), None),
        lasts_s=_lasts_s(by_form.get("lasts")),
        lines=tuple(lines),
    )


def _read_line(number: int, line: str) -> Line:
    is_other = line[: len(OR)].casefold() == OR
    line = line[len(OR) :] if is_other else line
    for form in FORMS:
        said = form.read(line)
        if said is not None:
            return Line(number, form, said, is_other)
    if line.casefold() == "rule":
        raise RuleError(number, _UNTITLED)
    begin = line.split(" ", 1)[0].casefold()
    alike = [form for form in FORMS if form.template.split(" ", 1)[0] == begin]
    if not alike:
        near = get_close_matches(begin, [form.template.split(" ", 1)[0] for form in FORMS], 1)
        alike = [form for form in FORMS if near and form.template.startswith(near[0])]
    en = " or ".join(f"`{form.example}`" for form in alike)
    fr = " ou ".join(f"`{form.example}`" for form in alike)
    raise RuleError(
        number,
        (
            f"{line[:80]!r} cannot be read; "
            + (f"such a line is {en}" if en else "the reference has all lines that there are"),
            f"« {line[:80]} » ne se lit pas ; "
            + (f"une telle ligne est {fr}" if fr else "la référence donne toutes les lignes"),
        ),
    )


def _check_joined(lines: Sequence[Line]) -> None:
    """*Or* stands between two conditions that may be joined."""
    for line, before in zip(lines, [None, *lines], strict=False):
        if not line.is_other:
            continue
        if line.form.joins and (before is None or before.form.make is None):
            raise RuleError(line.number, _NONE_BEFORE)
        if not line.form.joins or before is None or not before.form.joins:
            raise RuleError(line.number, _CANNOT_JOIN)


def _joined(made: Sequence[tuple[Line, Condition]]) -> list[Condition]:
    """The conditions that all have to hold: neighbours that are joined by *or* are one."""
    groups: list[list[Condition]] = []
    for line, condition in made:
        if line.is_other:
            groups[-1].append(condition)
        else:
            groups.append([condition])
    return [AnyOf(tuple(group)) if len(group) > 1 else group[0] for group in groups]


def _check_once(lines: Collection[Line]) -> None:
    seen: dict[str, int] = {}
    for line in lines:
        if line.is_other:
            continue
        if line.form.once and line.form.name in seen:
            before = seen[line.form.name]
            what = f"`{line.form.template.split(' ', 1)[0]}`"
            raise RuleError(
                line.number,
                (f"{what} stands in line {before} already", f"{what} est déjà en ligne {before}"),
            )
        seen[line.form.name] = line.number


def _kinds(line: Line | None, there_are: Collection[str]) -> tuple[str, ...]:
    if line is None:
        return ()
    by_name = {kind.casefold(): kind for kind in there_are}
    found = []
    for word in line.said["kinds"].split(","):
        kind = by_name.get(word.strip().casefold())
        if kind is None:
            near = [by_name[one] for one in get_close_matches(word.strip().casefold(), by_name, 3)]
            hint = near or sorted(by_name.values())[:8]
            raise RuleError(
                line.number,
                (
                    f"{word.strip()[:60]!r} is no kind of thing or ship: {', '.join(hint)} …",
                    f"« {word.strip()[:60]} » n'est pas un genre : {', '.join(hint)} …",
                ),
            )
        found.append(kind)
    return tuple(found)


def _lasts_s(line: Line | None) -> float:
    if line is None:
        return 0.0
    lasts_s = float(line.said["value"].replace(",", ".")) * SPANS[line.said["unit"]]
    if not 0 <= lasts_s <= LONGEST_S:
        raise RuleError(
            line.number,
            ("a rule waits for at most 24 hours", "une règle attend 24 heures au plus"),
        )
    return lasts_s


def kinds_of(ontology: Any) -> frozenset[str]:
    """Schemata and ship types: what a rule may be about."""
    types = ontology.schemata["Vessel"].properties["ship_type"].choices
    return (frozenset(ontology.schemata) - {TASK}) | frozenset(types)
