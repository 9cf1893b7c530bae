"""What is written of a thing, in the form in which it is compared.

Takes away what two hands write differently of one thing without either being wrong: case,
diacritics, Cyrillic letters, a ship's prefix, Roman numerals, a company's legal form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from alliage.ontology.folding import fold

_PREFIX: Final = re.compile(
    r"^(?:m v|m s|m t|s s|s v|f v|m y|r v|mv|ms|mt|mts|ss|sv|fv|my|rv|hms|hmcs|hmas|hdms|hnoms"
    r"|hswms|hnlms|fgs|fs|uss|usns|orp|its) (?=.)"
)
_LEGAL: Final = re.compile(
    r"\b(?:ltd|limited|gmbh|ag|as|aps|ab|oyj?|inc|incorporated|sa|sas|sarl|spa|srl|bv|nv|plc|co|corp"
    r"|corporation|company|llc|llp|kg|kgaa|asa|se)\b"
)
_ROMAN: Final = re.compile(r"^(x{0,3})(ix|iv|v?i{0,3})$")
_ONES: Final = {
    "": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
}  # fmt: skip
_PART: Final = re.compile(r"\d+|[^\W\d_]+")


def plain_name(text: str) -> str:
    """Folded words; numbers apart from letters, without leading zeros, a last Roman one as digits.

    ``"Ærø Færge II"`` and ``"AEROE FAERGE 2"`` differ by one letter only.
    """
    words = _PART.findall(fold(text))
    words = [word.lstrip("0") or "0" if word.isdigit() else word for word in words]
    if len(words) > 1 and (roman := _ROMAN.match(words[-1])):
        words[-1] = str(10 * len(roman[1]) + _ONES[roman[2]])
    return " ".join(words)


def ship_name(text: str) -> str:
    """A ship's name without its prefix: MV, M/S, HDMS and the like."""
    return plain_name(_PREFIX.sub("", fold(text)))


def organisation_name(text: str) -> str:
    """An organisation's name without its legal form: Ltd, GmbH, A/S and the like."""
    words = re.sub(r"\b([a-z]) ([a-z])$", r"\1\2", fold(text.replace("&", " and ")))
    return plain_name(_LEGAL.sub("", words)) or plain_name(words)


def sign(text: str) -> str:
    """Letters and digits alone, as call signs, registrations and numbers are compared."""
    return fold(text).replace(" ", "")


def number_sign(text: str) -> str:
    """Digits alone; none where they only say that there is none."""
    digits = "".join(filter(str.isdigit, text.partition(".")[0]))
    return digits if digits.strip("0") else ""


def telephone(text: str) -> str:
    """The last eight digits: with or without the country's code."""
    return "".join(filter(str.isdigit, text))[-8:]


def date(text: str) -> str:
    """A day, ISO 8601, as eight digits; none where it is no whole date."""
    digits = "".join(filter(str.isdigit, text[:10]))
    return digits if len(digits) == 8 else ""


def email(text: str) -> str:
    """Case does not matter, in practice."""
    return text.strip().casefold()


def given_and_family(name: str) -> tuple[str, str]:
    """The two parts of a person's name: ``"Family, Given"``, or the last word as the family's."""
    family, comma, given = name.partition(",")
    if comma:
        return given.strip(), family.strip()
    given, _, family = name.strip().rpartition(" ")
    return given, family


Normal = Callable[[str], str]
