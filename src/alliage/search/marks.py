"""Where in a text, as it is written, the words stand that were looked for."""

from __future__ import annotations

from collections.abc import Sequence

from alliage.ontology.folding import folded_words
from alliage.search.index import Term

Span = tuple[int, int]
"""Begin and end, in characters."""


def marked(text: str, terms: Sequence[Term]) -> tuple[Span, ...]:
    """Spans of the words that these terms find, in order and apart from each other."""
    words = folded_words(text)
    folded = [word for word, _, _ in words]
    whole = "".join(folded)
    chosen: set[int] = set()
    for term in terms:
        if term.text == whole:
            chosen.update(range(len(words)))
        wanted = term.text.split()
        for at in range(len(words) - len(wanted) + 1):
            if _matches(folded[at : at + len(wanted)], wanted, term.is_prefix):
                chosen.update(range(at, at + len(wanted)))
    return tuple((words[at][1], words[at][2]) for at in sorted(chosen))


def _matches(words: Sequence[str], wanted: Sequence[str], is_prefix: bool) -> bool:
    if not wanted or list(words[:-1]) != list(wanted[:-1]):
        return False
    return words[-1] == wanted[-1] or (is_prefix and words[-1].startswith(wanted[-1]))
