"""XML from others: no entities, no document type, no network, a bounded size."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

MAX_DEPTH: Final = 64


class XmlInputError(ValueError):
    """Bytes that are no XML as it is taken here; ``line`` counts from 1."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


def parse_xml(data: bytes, max_bytes: int) -> etree._Element:
    """Return the root element. Comments and processing instructions are left out.

    Raises:
        XmlInputError: too long, too deep, with a document type, or no XML.
    """
    if len(data) > max_bytes:
        raise XmlInputError(f"{len(data)} bytes; at most {max_bytes} are taken")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise XmlInputError(f"not XML: {error.msg}", error.lineno) from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise XmlInputError("a document type; entities are not taken", 1)
    _check_depth(root)
    return root


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise XmlInputError(f"more than {MAX_DEPTH} elements deep", line_of(element))


def line_of(element: etree._Element) -> int | None:
    """The line of a file in which an element begins; None where it comes from none."""
    line: Any = element.sourceline
    return None if line is None else int(line)
