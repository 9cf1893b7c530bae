"""Watch rules: what people want to be told of, as lines of text, looked for like all else.

::

    forms.py       the lines that a rule may have, each declared once: parser, builder, reference
    of_things.py   conditions on a thing itself: speed, course, altitude, words, links, silence
    of_places.py   conditions on where it is, and how many others are there
    rule.py        a rule, read from its text
    looking.py     the detector that one rule is
    book.py        the rules of a context: claims in, detectors out
"""

from alliage.detection.rules.book import RuleBook
from alliage.detection.rules.forms import FORMS, Form
from alliage.detection.rules.looking import RuleLooker
from alliage.detection.rules.rule import Rule, RuleError, kinds_of, read_rule
from alliage.detection.rules.said import RuleVersion
from alliage.detection.rules.tried import MOST_TRIED, Tried

__all__ = [
    "FORMS",
    "MOST_TRIED",
    "Form",
    "Rule",
    "RuleBook",
    "RuleError",
    "RuleLooker",
    "RuleVersion",
    "Tried",
    "kinds_of",
    "read_rule",
]
