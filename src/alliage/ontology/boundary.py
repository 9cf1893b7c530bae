"""The boundary: words that no schema, property, choice or page of Alliage has, and none may add.

A bare "target" has ordinary meanings and is not among them.
"""

from __future__ import annotations

import re
from typing import Final

BANNED: Final = re.compile(
    r"(?<![a-z])(weapon|weaponry|munition|ammunition|warhead|missile|torpedo|lethal|lethality"
    r"|fires|firing|strike|effector|engagement|rules of engagement|kill[ _-]?(chain|list|web)"
    r"|fire[ _-]?(mission|control|support|plan|order)|targeting"
    r"|(high[ _-]?value|high[ _-]?pay[ _-]?off)[ _-]?target"
    r"|target[ _-]?(list|nomination|ranking|priority|selection|engagement|acquisition|pairing)"
    r"|(nominate|rank|prioriti[sz]e|engage|neutrali[sz]e)[ _-]?targets?"
    r"|arme|armement|tir|ciblage)s?(?![a-z])",
    re.IGNORECASE,
)
"""Words for effects on people, in English and French."""
