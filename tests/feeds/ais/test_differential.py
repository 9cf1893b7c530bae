"""Our columns against pyais, message by message and field by field.

Both decode the same bytes; pyais's own converters are applied to our raw numbers, so that what is
compared is which bits were read and how. Where the two differ, the standard decides, and the
difference stands below with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import attr
import pytest
from pyais.stream import IterMessages

from alliage.feeds.ais.messages import LAYOUTS, Form
from alliage.feeds.ais.raw import RawMessages, read_raw
from tests.feeds.ais.conftest import RECORDINGS
from tests.feeds.ais.vectors import VECTORS, sentences

APPLICATIONS = {11: Form.WEATHER_236, 22: Form.AREA_NOTICE, 31: Form.WEATHER_289}
OF_TYPE = {
    1: Form.CLASS_A_POSITION,
    2: Form.CLASS_A_POSITION,
    3: Form.CLASS_A_POSITION,
    4: Form.BASE_STATION,
    5: Form.CLASS_A_STATIC,
    9: Form.SAR_AIRCRAFT,
    11: Form.BASE_STATION,
    14: Form.SAFETY_TEXT,
    18: Form.CLASS_B_POSITION,
    19: Form.CLASS_B_EXTENDED,
    21: Form.AID_TO_NAVIGATION,
    27: Form.LONG_RANGE,
}


def form_of(message: Any) -> Form | None:
    """The form in which we read a message that pyais decoded; None where we do not."""
    if message.msg_type == 8:
        return APPLICATIONS.get(message.fid) if message.dac == 1 else None
    if message.msg_type == 24:
        if message.partno == 0:
            return Form.CLASS_B_NAME
        return Form.AUXILIARY_STATIC if hasattr(message, "mothership_mmsi") else Form.CLASS_B_STATIC
    return OF_TYPE.get(message.msg_type)


def by_form(data: bytes) -> dict[Form, list[Any]]:
    """What pyais makes of the same bytes."""
    found: dict[Form, list[Any]] = {}
    for sentence in IterMessages(data.splitlines()):
        if not sentence.payload:
            continue
        message = sentence.decode()
        form = form_of(message)
        if form is not None:
            found.setdefault(form, []).append(message)
    return found


def explained(form: Form, name: str, bits: int, ours: Any, theirs: Any) -> bool:
    """Differences that the standard decides for us."""
    if theirs is None:
        # The field lies behind the end of a shortened message: we read zero bits there and judge
        # by the length; pyais says None.
        return LAYOUTS[form].field(name).end > bits
    if isinstance(ours, str):
        # "@" fills unused characters, so the first one ends the text (M.1371-5, annex 8, 3.3.7
        # and table 47); pyais only strips them at the end, and keeps what was left behind one.
        # It also strips blanks in front, which we do when the text becomes a name.
        return ours.strip() == theirs.partition("@")[0].strip()
    return False


def compare(data: bytes) -> tuple[Counter[str], list[str]]:
    """Fields compared by form, and every difference that has no explanation."""
    theirs = by_form(data)
    compared: Counter[str] = Counter()
    differences = []
    for ours in read_raw(data):
        messages = theirs.pop(ours.form)
        assert len(messages) == len(ours.position), ours.form
        compared[ours.form.name] += len(messages)
        differences += list(differing(ours, messages))
    assert not theirs, f"pyais reads messages that we do not: {theirs.keys()}"
    return compared, differences


def differing(ours: RawMessages, messages: list[Any]) -> Iterator[str]:
    for index, message in enumerate(messages):
        fields = {field.name: field.metadata for field in attr.fields(type(message))}
        wanted = message.asdict(enum_as_int=True)
        for name, column in ours.fields.items():
            if name not in wanted:
                continue
            converter = fields[name]["to_converter"]
            value: Any = column[index].item()
            value = value.decode() if isinstance(value, bytes) else value
            said = wanted[name]
            shown = converter(value) if converter is not None and said is not None else value
            if shown != said and not explained(ours.form, name, int(ours.bits[index]), value, said):
                yield f"{ours.form.name}.{name}: {value!r} as {shown!r}, pyais {said!r}"


def test_every_field_of_every_recording_is_what_pyais_reads(recording: bytes) -> None:
    compared, differences = compare(recording)
    assert sum(compared.values()) > 700
    assert differences == []


@pytest.mark.parametrize("name", VECTORS)
def test_every_field_of_every_encoded_message_is_what_pyais_reads(name: str) -> None:
    compared, differences = compare(b"\n".join(sentences(name)))
    assert sum(compared.values()) == 1
    assert differences == []


def test_every_form_is_compared_with_pyais(read: Callable[[str], bytes]) -> None:
    covered: Counter[str] = Counter()
    for name in RECORDINGS:
        covered += compare(read(name))[0]
    for name in VECTORS:
        covered += compare(b"\n".join(sentences(name)))[0]
    print("\nmessages compared with pyais, field by field:")
    for form in LAYOUTS:
        print(f"  {covered[form.name]:6d}  {LAYOUTS[form].title}")
    assert {form.name for form in LAYOUTS} == set(covered)
