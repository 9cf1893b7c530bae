"""Who binds labels to files for a node: its name, its key, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from alliage.access import binding_json, binding_xml
from alliage.access.binding import Binding, BindingKey, Data
from alliage.ontology.label import Label
from alliage.ontology.label_xml import Originator


class Form(StrEnum):
    """How a binding is written."""

    XML = "xml"
    JSON = "json"


_WRITERS: Final[dict[Form, tuple[str, Callable[[Binding, BindingKey], bytes]]]] = {
    Form.XML: (binding_xml.SUFFIX, binding_xml.bind_xml),
    Form.JSON: (binding_json.SUFFIX, binding_json.bind_json),
}


@dataclass(frozen=True, slots=True)
class Binder:
    """Signs bindings in a node's name; ``keys`` is the folder of its secrets."""

    keys: Path
    node: str
    nation: str

    def bind(
        self, labels: Iterable[Label], data: Data, form: Form, now_us: int
    ) -> tuple[str, bytes]:
        """The binding of these data: the name of the file that it belongs into, and its bytes.

        Raises:
            BindingError: there is nothing to bind, or no key.
            OSError: the key cannot be read or made.
        """
        who = Originator("directoryName", f"CN={self.node},C={self.nation}")
        binding = Binding(tuple(labels), data, now_us, who)
        suffix, write = _WRITERS[form]
        return data.name + suffix, write(binding, BindingKey.open(self.keys, self.node, now_us))
