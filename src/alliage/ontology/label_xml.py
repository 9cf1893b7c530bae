"""Labels as XML after STANAG 4774 (ADatP-4774 edition A version 1, appendix 1).

Namespace ``urn:nato:stanag:4774:confidentialitymetadatalabel:1:0``. A privacy mark is kept as an
informative category of that name. What cannot be understood and could narrow the readers is
refused, never left out; a handling of succession and elements of other namespaces are ignored.
Labels are read that do not say when they were given, for such are about; none is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NoReturn

from lxml import etree

from alliage.ontology.label import Category, CategoryKind, Label, check_word, combined
from alliage.ontology.policies import Policies, known_policies
from alliage.ontology.times import from_text, to_text
from alliage.ontology.xml_input import XmlInputError, line_of, parse_xml

NAMESPACE: Final = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
PREFIX: Final = "s4774"
ORIGINATOR: Final = "originatorConfidentialityLabel"
ROOTS: Final = (
    ORIGINATOR,
    "alternativeConfidentialityLabel",
    "metadataConfidentialityLabel",
    "ConfidentialityLabel",
)
PRIVACY_MARK: Final = "Privacy Mark"
REVIEW_AFTER: Final = timedelta(days=5 * 365)
"""ADatP-4774 wants a review date where no succession is given; this is ours to choose."""

MAX_BYTES: Final = 2**20
ID_TYPES: Final = (
    "rfc822Name",
    "dNSName",
    "directoryName",
    "uniformResourceIdentifier",
    "iPAddress",
    "x400Address",
    "userPrincipalName",
    "jID",
)


class LabelXmlError(ValueError):
    """XML that is no label, or one that cannot be understood; ``line`` counts from 1."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(f"line {line}: {text}" if line else text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Originator:
    """Who labelled something; ``kind`` is one of :data:`ID_TYPES`."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelDocument:
    """A label with when it was given, until when it is to be looked at again, and by whom."""

    label: Label
    created_us: int | None
    """None in a label that was read and does not say."""
    review_us: int | None = None
    originator: Originator | None = None


def label_element(
    document: LabelDocument, name: str = ORIGINATOR, policies: Policies | None = None
) -> etree._Element:
    """Write a label.

    Args:
        document: the label; without a time of review it gets one :data:`REVIEW_AFTER` later.
        name: which of :data:`ROOTS` it is.
        policies: where the identifiers (OID) of policies and tags are known from.

    Raises:
        ValueError: the document does not say when the label was given.
    """
    if document.created_us is None:
        raise ValueError("a label says when it was given")
    label, known = document.label, policies or known_policies()
    policy = known.get(label.policy)
    root = etree.Element(_name(name), nsmap={PREFIX: NAMESPACE})
    review_us = document.review_us
    if review_us is None:
        review_us = document.created_us + int(REVIEW_AFTER.total_seconds() * 1e6)
    root.set("ReviewDateTime", to_text(review_us))
    information = etree.SubElement(root, _name("ConfidentialityInformation"))
    identifier = _child(information, "PolicyIdentifier", label.policy)
    if policy is not None:
        identifier.set("URI", policy.uri)
    _child(information, "Classification", label.classification)
    for category in label.categories:
        if _is_privacy_mark(category):
            _child(information, "PrivacyMark", category.values[0])
    for category in label.categories:
        if not _is_privacy_mark(category):
            element = etree.SubElement(information, _name("Category"))
            element.set("Type", category.kind.value.upper())
            element.set("TagName", category.tag)
            tag = policy.tags.get((category.tag, category.kind)) if policy else None
            if tag is not None:
                element.set("URI", f"urn:oid:{tag.tag_set_id}")
            for value in category.values:
                _child(element, "GenericValue", value)
    if document.originator is not None:
        who = _child(root, "OriginatorID", document.originator.value)
        who.set("IDType", document.originator.kind)
    _child(root, "CreationDateTime", to_text(document.created_us))
    return root


def label_to_xml(document: LabelDocument, policies: Policies | None = None) -> bytes:
    """Write a label as a document of its own, UTF-8."""
    element = label_element(document, policies=policies)
    written: bytes = etree.tostring(
        element, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return written


def label_from_xml(data: bytes, policies: Policies | None = None) -> LabelDocument:
    """Read a document that is one label.

    Raises:
        LabelXmlError: says what is wrong, and in which line.
    """
    try:
        root = parse_xml(data, MAX_BYTES)
    except XmlInputError as error:
        raise LabelXmlError(str(error), error.line) from error
    return read_label(root, policies)


def read_label(root: etree._Element, policies: Policies | None = None) -> LabelDocument:
    """Read one label element.

    Args:
        root: the element; one of :data:`ROOTS`.
        policies: a policy that is known must have the identifier (OID) that the label says.

    Raises:
        LabelXmlError: says what is wrong, and in which line.
    """
    if root.tag not in {_name(name) for name in ROOTS}:
        _refuse(root, f"{root.tag} is no label of STANAG 4774")
    information = _one(root, "ConfidentialityInformation")
    identifier = _one(information, "PolicyIdentifier")
    name = _word(identifier, "PolicyIdentifier")
    policy = (policies or known_policies()).get(name)
    uri = identifier.get("URI")
    if policy is not None and uri is not None and uri != policy.uri:
        _refuse(identifier, f"policy {name} has the identifier {policy.uri}, not {uri}")
    classification = _word(_one(information, "Classification"), "Classification")
    categories = combined(_categories(information))
    label = Label(name, classification, categories)
    who = root.find(_name("OriginatorID"))
    review, created = root.get("ReviewDateTime"), root.find(_name("CreationDateTime"))
    return LabelDocument(
        label=label,
        created_us=None if created is None else _time(root, _text(created)),
        review_us=None if review is None else _time(root, review),
        originator=None if who is None else Originator(who.get("IDType", ""), _text(who)),
    )


def _categories(information: etree._Element) -> list[Category]:
    found = []
    for element in information.iterchildren(etree.Element):
        name = etree.QName(element)
        if name.namespace != NAMESPACE or name.localname in {"PolicyIdentifier", "Classification"}:
            continue
        if name.localname == "PrivacyMark":
            mark = (_word(element, "PrivacyMark"),)
            found.append(Category(PRIVACY_MARK, CategoryKind.INFORMATIVE, mark))
        elif name.localname == "Category":
            found.append(_category(element))
        else:
            _refuse(element, f"{name.localname} is not understood")
    return found


def _category(element: etree._Element) -> Category:
    try:
        kind = CategoryKind(element.get("Type", "").lower())
    except ValueError:
        _refuse(element, f"Type {element.get('Type')!r} of a Category")
    try:
        tag = check_word("TagName", element.get("TagName", ""))
    except ValueError as error:
        _refuse(element, str(error))
    values = []
    for value in element.iterchildren(etree.Element):
        if value.tag != _name("GenericValue"):
            _refuse(value, f"{value.tag}: only GenericValue may stand in a Category")
        values.append(_word(value, "GenericValue"))
    return Category(tag, kind, tuple(sorted(set(values))))


def _is_privacy_mark(category: Category) -> bool:
    return (
        category.tag == PRIVACY_MARK
        and category.kind is CategoryKind.INFORMATIVE
        and len(category.values) == 1
    )


def _time(root: etree._Element, text: str) -> int:
    try:
        return from_text(text)
    except ValueError as error:
        _refuse(root, str(error))


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(_name(name))
    if len(found) != 1:
        wrong = "is missing" if not found else f"stands there {len(found)} times, not once"
        _refuse(parent, f"the element {name} {wrong}")
    return found[0]


def _child(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, _name(name))
    element.text = text
    return element


def _text(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


def _word(element: etree._Element, what: str) -> str:
    if len(element):
        _refuse(element, f"{what} holds further elements")
    try:
        return check_word(what, _text(element))
    except ValueError as error:
        _refuse(element, str(error))


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _refuse(element: etree._Element, text: str) -> NoReturn:
    raise LabelXmlError(text, line_of(element))
