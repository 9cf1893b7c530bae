"""Writes docs/reference/watch-rules.md: the lines that a watch rule may have."""

from __future__ import annotations

from alliage.detection.rules import FORMS, Form
from alliage.detection.rules.of_places import FARTHEST_M, HEARD_NEAR_M
from alliage.detection.rules.of_things import LONGEST_SILENCE_S
from alliage.detection.rules.rule import LONGEST_S, MOST_CHARACTERS, MOST_CONDITIONS
from scripts.markdown import GENERATED, page, table

_EXAMPLE = """```text
rule Slow tanker at the cable
about tanker, cargo
speed below 3 kn
within 2 nm of Sund cable
between 20:00 and 06:00
for 10 min
```"""

_GAPS = {
    "number": "a number, with a point or a comma",
    "count": "a whole number",
    "time": "a time of day, UTC: `20:00`",
    "property": "the name of a property ([schemata](schemata.md))",
    "link": "the name of a link ([schemata](schemata.md))",
    "kinds": "schemata and types of ship, with commas: `Aircraft`, `tanker, cargo`",
    "statuses": "navigation statuses, with commas: `at_anchor, moored`",
    "days": "days, with commas: `mon, tue, wed, thu, fri, sat, sun`",
    "values": "values, with commas; small and capital letters are alike",
    "area": "the name of an area, a cable, a place",
    "text": "words",
}


def render_rules() -> str:
    """The whole page."""
    rows = [[f"`{form.template}`", form.title[0], _gaps_of(form)] for form in FORMS]
    return page(
        [
            GENERATED.format("src/alliage/detection/rules/forms.py"),
            "# Watch rules",
            "A rule is text: each line says one thing, and all of them have to hold at once. "
            "[How rules are written, tried out and kept](../how-to/write-a-watch-rule.md).",
            _EXAMPLE,
            table(["Line", "What it says", "In the gaps"], rows),
            "## What else there is to know",
            f"- A rule needs its title and at least one condition; it has at most "
            f"{MOST_CONDITIONS} conditions and {MOST_CHARACTERS:,} characters. Empty lines, and "
            "lines that begin with `#`, are for people.",
            "- A line that begins with `or` holds in place of the condition before it: "
            "`speed below 3 kn`, then `or status is at_anchor, moored`. Any number of lines may be "
            "joined so; not those about an area's crowd, others or silence.",
            "- Small and capital letters are alike in its words: `OR Speed BELOW 3 kn`.",
            "- Conditions are asked of what was heard within ten minutes, by the reports' own "
            f"time; with `silent` of the last {LONGEST_SILENCE_S / 3600:.0f} hours.",
            "- What nobody says fits no bound: a ship that reports no speed is neither slow nor "
            "fast. Of an area that nobody knows nothing holds, not even `outside`.",
            "- `silent` holds only while the stream that heard the thing goes on: no data is not "
            "silence.",
            f"- `at most … inside` holds only where something is heard within "
            f"{HEARD_NEAR_M / 1000:.0f} km of the area: no data is not emptiness.",
            "- `at least … others` counts other things of which the rest of the rule holds; one "
            "thing that two streams follow is one.",
            f"- Distances reach to {FARTHEST_M / 1000:.0f} km, `for` to {LONGEST_S / 3600:.0f} "
            "hours.",
            "- What a rule finds never rings: the alarm is for calls for help.",
        ]
    )


def _gaps_of(form: Form) -> str:
    told = []
    for name, field in form.fields.items():
        what = ", ".join(f"`{one}`" for one in field.choices) or _GAPS[field.kind]
        told.append(f"{name}: {what}")
    return "; ".join(told)
