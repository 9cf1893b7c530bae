"""Decoded fields as the standard numbers them, before any unit or meaning: for comparison.

Other decoders name and number the same fields; this is the place to hold against them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.assembly import Assembler
from alliage.feeds.ais.lines import LineCutter
from alliage.feeds.ais.messages import LAYOUTS, Form, read_messages
from alliage.feeds.ais.origins import OriginReader
from alliage.feeds.ais.sentences import read_sentences
from alliage.feeds.contract import Chunk

Column = NDArray[np.int64] | NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class RawMessages:
    """Messages of one form: ``fields`` by name, and ``position``, their place among all read.

    Numbers are integers as transmitted, sign applied, sentinels kept; texts are bytes up to the
    first ``@`` without end blanks. ``bits`` is the length of each message.
    """

    form: Form
    position: NDArray[np.int64]
    bits: NDArray[np.int64]
    fields: dict[str, Column]


def read_raw(data: bytes) -> list[RawMessages]:
    """Return every usable message in these lines, by form; duplicates are kept."""
    lines = LineCutter().cut([Chunk(data, 2**60), Chunk(b"\n", 2**60)])
    sentences = read_sentences(lines)
    origins = OriginReader().read(lines, sentences)
    payloads = Assembler(timeout_us=2**62).assemble(lines, sentences, origins)
    messages = read_messages(payloads, 0).messages
    found = []
    for code in np.unique(messages.form).tolist():
        mine = messages.take(np.flatnonzero(messages.form == code))
        columns = mine.columns()
        fields = {
            field.name: columns.text(field) if field.text else columns.number(field)
            for field in LAYOUTS[Form(code)].fields
        }
        found.append(RawMessages(Form(code), mine.number, mine.bits, fields))
    return found
