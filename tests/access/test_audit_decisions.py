"""Whatever rule the audit names, the screens have words for it in both languages."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "alliage"
SCREEN = Path(__file__).parents[2] / "web" / "src" / "pages" / "administration" / "decisions.ts"
PARTED = ("role instructor",)
"""What the screen reads word by word: a role, which has its own name there."""


def test_every_decision_that_the_node_writes_down_is_known_to_the_audit_page() -> None:
    pattern = re.compile(
        r'\b(?:decision\s*=\s*(?:why or )?|DECISION\s*=\s*|FOUND: Final\s*=\s*)"([^"]+)"'
        r'|raise (?:SignInRefused|MayNotSeeAs)Error\("([^"]+)"'
    )
    found = {
        one or other
        for path in SOURCE.rglob("*.py")
        for one, other in pattern.findall(path.read_text(encoding="utf-8"))
    }
    known = SCREEN.read_text(encoding="utf-8")
    # The own password that is not right is told to its owner, and is no event.
    parted = {*PARTED, *(one for one in found if one.startswith("two people: "))}
    told = found - parted - {"the password until now is another one"}
    assert len(told) > 12
    assert [one for one in sorted(told) if one not in known] == []
