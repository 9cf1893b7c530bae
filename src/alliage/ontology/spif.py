"""Reads a security policy information file: Open XML SPIF (xmlspif.org), schema 2.0 to 3.0.

Entities, document types and the network are refused, as is a file of more than 4 MiB. What is
not read: validity periods, clearances, watermarks and fields of mail; what binds a reader is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from lxml import etree

from alliage.ontology.label import CategoryKind, check_word
from alliage.ontology.schema import Problem
from alliage.ontology.security_policy import (
    ANY_LANGUAGE,
    CategoryRef,
    Equivalent,
    Phrases,
    Place,
    PolicyClassification,
    PolicyTag,
    PolicyValue,
    Qualifiers,
    Requirement,
    SecurityPolicy,
)
from alliage.ontology.xml_input import XmlInputError, line_of, parse_xml

NAMESPACE: Final = "http://www.xmlspif.org/spif"
MAX_BYTES: Final = 4 * 2**20
OPERATIONS: Final = ("onlyOne", "oneOrMore", "all")

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_PAGE_CODES: Final = frozenset({"pageTop", "pageBottom", "pageTopBottom"})
_HIDING_CODES: Final = frozenset({"noNameDisplay", "noMarkingDisplay", "suppressClassName"})
_REPLACING: Final = "replacePolicy"
_PORTION_CODE: Final = "portionMarking"
_KINDS: Final = {
    ("restrictive", None): CategoryKind.RESTRICTIVE,
    ("permissive", None): CategoryKind.PERMISSIVE,
    ("enumerated", "restrictive"): CategoryKind.RESTRICTIVE,
    ("enumerated", "permissive"): CategoryKind.PERMISSIVE,
    ("tagType7", None): CategoryKind.INFORMATIVE,
    ("informative", None): CategoryKind.INFORMATIVE,
}


class SpifError(ValueError):
    """A file that is no policy; ``problem`` has file, line and reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_spif(path: Path) -> SecurityPolicy:
    """Read one policy.

    Raises:
        SpifError: with file, line and what is wrong.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SpifError(Problem(path, None, f"{size} bytes; a policy has at most {MAX_BYTES}"))
        data = path.read_bytes()
        root = parse_xml(data, MAX_BYTES)
    except OSError as error:
        raise SpifError(Problem(path, None, f"cannot be read: {error.strerror}")) from error
    except XmlInputError as error:
        raise SpifError(Problem(path, error.line, str(error))) from error
    return _Reading(path, hashlib.sha256(data).hexdigest()).policy(root)


class _Reading:
    def __init__(self, path: Path, digest: str) -> None:
        self._path = path
        self._digest = digest

    def policy(self, root: etree._Element) -> SecurityPolicy:
        if root.tag != _name("SPIF"):
            self._refuse(root, f"the root is {root.tag}, not SPIF of {NAMESPACE}")
        self._refuse_strange(root)
        identity = self._one(root, "securityPolicyId")
        equivalents = {
            self._attribute(each, "name"): self._attribute(each, "id")
            for each in root.iterfind(f"{_name('equivalentPolicies')}/{_name('equivalentPolicy')}")
        }
        classifications = self._classifications(self._one(root, "securityClassifications"))
        tags = self._tags(root)
        policy = SecurityPolicy(
            name=self._word(identity, "name"),
            policy_id=self._attribute(identity, "id"),
            source=self._path,
            digest=self._digest,
            classifications=classifications,
            tags=tags,
            equivalent_policies=equivalents,
            phrases=_phrases(identity),
            qualifiers=_qualifiers(root),
        )
        self._check_references(root, policy)
        return policy

    # --- classifications

    def _classifications(self, parent: etree._Element) -> dict[str, PolicyClassification]:
        found: dict[str, PolicyClassification] = {}
        values: dict[str, str] = {}
        for element in parent.iterfind(_name("securityClassification")):
            name, lacv = self._word(element, "name"), self._attribute(element, "lacv")
            if name in found:
                self._refuse(element, f"a second classification {name!r}")
            if lacv in values:
                self._refuse(element, f"{name} has the lacv {lacv} of {values[lacv]}")
            values[lacv] = name
            found[name] = PolicyClassification(
                name=name,
                lacv=lacv,
                hierarchy=self._number(element, "hierarchy"),
                colour=element.get("bgcolor") or element.get("color"),
                obsolete=element.get("obsolete") in ("true", "1"),
                phrases=_phrases(element),
                replaces_policy=_phrases(element, replacing=True),
                equivalents=self._equivalents(element, "equivalentClassification"),
                required=self._requirements(element),
            )
        if not found:
            self._refuse(parent, "no securityClassification")
        return found

    # --- categories

    def _tags(self, root: etree._Element) -> dict[tuple[str, CategoryKind], PolicyTag]:
        found: dict[tuple[str, CategoryKind], PolicyTag] = {}
        sets = f"{_name('securityCategoryTagSets')}/{_name('securityCategoryTagSet')}"
        for tag_set in root.iterfind(sets):
            for element in tag_set.iterfind(_name("securityCategoryTag")):
                tag = self._tag(tag_set, element)
                if (tag.name, tag.kind) in found:
                    self._refuse(element, f"a second {tag.kind} tag of {tag.name!r}")
                found[tag.name, tag.kind] = tag
        return found

    def _tag(self, tag_set: etree._Element, element: etree._Element) -> PolicyTag:
        values: dict[str, PolicyValue] = {}
        open_ = False
        for each in element.iterfind(_name("tagCategory")):
            open_ = open_ or each.get("userInput") not in (None, "none")
            value = self._value(each)
            if value.name in values:
                self._refuse(each, f"a second value {value.name!r}")
            values[value.name] = value
        most = element.get("maxSelection", "unbounded")
        least = element.get("minSelection", "0")
        single = element.get("singleSelection") in ("true", "1")
        return PolicyTag(
            name=self._word(tag_set, "name"),
            tag_set_id=self._attribute(tag_set, "id"),
            kind=self._kind(element),
            values={} if open_ else values,
            at_least=0 if least == "unbounded" else self._number(element, "minSelection", "0"),
            at_most=1
            if single
            else None
            if most == "unbounded"
            else int(self._number(element, "maxSelection")),
            qualifiers=_qualifiers(element),
        )

    def _value(self, element: etree._Element) -> PolicyValue:
        return PolicyValue(
            name=self._word(element, "name"),
            lacv=self._attribute(element, "lacv"),
            obsolete=element.get("obsolete") in ("true", "1"),
            phrases=_phrases(element),
            equivalents=self._equivalents(element, "equivalentSecCategoryTag"),
            required_class=element.get("requiredClass"),
            excluded_classes=frozenset(
                (each.text or "").strip() for each in element.iterfind(_name("excludedClass"))
            ),
            required=self._requirements(element),
            excluded=tuple(
                self._reference(each) for each in element.iterfind(_name("excludedCategory"))
            ),
        )

    def _kind(self, element: etree._Element) -> CategoryKind:
        tag_type = self._attribute(element, "tagType")
        enumerated = element.get("enumType") if tag_type == "enumerated" else None
        kind = _KINDS.get((tag_type, enumerated))
        if kind is None:
            self._refuse(element, f"tagType {tag_type!r} with enumType {enumerated!r}")
        return kind

    def _requirements(self, element: etree._Element) -> tuple[Requirement, ...]:
        found = []
        for each in element.iterfind(_name("requiredCategory")):
            operation = each.get("operation", "all")
            if operation not in OPERATIONS:
                self._refuse(each, f"operation {operation!r} is not one of {', '.join(OPERATIONS)}")
            groups = each.iterfind(_name("categoryGroup"))
            found.append(Requirement(operation, tuple(self._reference(group) for group in groups)))
        return tuple(found)

    def _reference(self, element: etree._Element) -> CategoryRef:
        tag_type = element.get("tagType")
        kind = None
        if tag_type is not None and tag_type != "notApplicable":
            kind = self._kind(element)
        everything = element.get("all") in ("true", "1")
        lacv = None if everything else self._attribute(element, "lacv")
        return CategoryRef(self._attribute(element, "tagSetRef"), kind, lacv)

    # --- equivalences

    def _equivalents(self, element: etree._Element, name: str) -> tuple[Equivalent, ...]:
        found = []
        for each in element.iterfind(_name(name)):
            applied = each.get("applied", "both")
            if applied not in ("encrypt", "decrypt", "both"):
                self._refuse(each, f"applied {applied!r} is not encrypt, decrypt or both")
            # One that holds only together with further categories, or that drops the value, says
            # less than equal: nothing here rests on it.
            if each.find(_name("requiredCategory")) is not None or each.get("action"):
                continue
            found.append(
                Equivalent(
                    policy=self._attribute(each, "policyRef"),
                    lacv=self._attribute(each, "lacv"),
                    sent=applied != "decrypt",
                    received=applied != "encrypt",
                    tag_set_id=each.get("tagSetId"),
                )
            )
        return tuple(found)

    # --- what one thing says of another

    def _check_references(self, root: etree._Element, policy: SecurityPolicy) -> None:
        tags = {name for name, _ in policy.tags}
        for element in root.iter(_name("categoryGroup"), _name("excludedCategory")):
            if element.get("tagSetRef") not in tags:
                self._refuse(element, f"no securityCategoryTagSet is {element.get('tagSetRef')!r}")
        for element in root.iter(_name("tagCategory")):
            named = [(each.text or "").strip() for each in element.iterfind(_name("excludedClass"))]
            for name in [*named, *filter(None, [element.get("requiredClass")])]:
                if name not in policy.classifications:
                    self._refuse(element, f"no securityClassification is {name!r}")
        for element in root.iter(
            _name("equivalentClassification"), _name("equivalentSecCategoryTag")
        ):
            if element.get("policyRef") not in policy.equivalent_policies:
                self._refuse(
                    element, f"policyRef {element.get('policyRef')!r} is no equivalentPolicy"
                )

    def _refuse_strange(self, root: etree._Element) -> None:
        for element in root.iter(etree.Element):
            if etree.QName(element).namespace != NAMESPACE and not any(
                above.tag == _name("extensions") for above in element.iterancestors()
            ):
                self._refuse(element, f"{element.tag} is no element of a SPIF")

    # --- reading attributes

    def _one(self, parent: etree._Element, name: str) -> etree._Element:
        found = parent.findall(_name(name))
        if len(found) != 1:
            wrong = "is missing" if not found else f"stands there {len(found)} times, not once"
            self._refuse(parent, f"the element {name} {wrong}")
        return found[0]

    def _attribute(self, element: etree._Element, name: str) -> str:
        value = (element.get(name) or "").strip()
        if not value:
            self._refuse(element, f"{etree.QName(element).localname} has no {name}")
        return value

    def _word(self, element: etree._Element, name: str) -> str:
        try:
            return check_word(name, self._attribute(element, name))
        except ValueError as error:
            self._refuse(element, str(error))

    def _number(self, element: etree._Element, name: str, default: str | None = None) -> int:
        text = element.get(name, default) if default is not None else self._attribute(element, name)
        try:
            return int(text or "")
        except ValueError:
            self._refuse(element, f"{name} {text!r} is no whole number")

    def _refuse(self, element: etree._Element, text: str) -> NoReturn:
        raise SpifError(Problem(self._path, line_of(element), text))


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _phrases(element: etree._Element, replacing: bool = False) -> Phrases:
    """Phrases of an element's markingData; without a code a phrase stands everywhere."""
    found: dict[tuple[Place, str], str] = {}
    for data in element.iterfind(_name("markingData")):
        codes = {(code.text or "").strip() for code in data.iterfind(_name("code"))}
        if (_REPLACING in codes) is not replacing:
            continue
        codes -= {_REPLACING}
        phrase = "" if codes & _HIDING_CODES else data.get("phrase")
        if phrase is None:
            continue
        language = _language(data)
        for place in _places(codes):
            found[place, language] = phrase
        if (short := data.get("shortPhrase")) is not None:  # schema 3.0
            found[Place.PORTION, language] = short
    return Phrases(found)


def _qualifiers(element: etree._Element) -> Qualifiers:
    found: dict[str, dict[tuple[Place, str], str]] = {"prefix": {}, "separator": {}, "suffix": {}}
    for group in element.iterfind(_name("markingQualifier")):
        for each in group.iterfind(_name("qualifier")):
            phrases = found.get(each.get("qualifierCode", ""))
            if phrases is not None:
                for place in _places({group.get("markingCode", "")}):
                    phrases[place, _language(each)] = each.get("markingQualifier", "")
    return Qualifiers(*(Phrases(found[code]) for code in ("prefix", "separator", "suffix")))


def _places(codes: set[str]) -> Iterator[Place]:
    if not codes or codes & _PAGE_CODES or codes & _HIDING_CODES:
        yield Place.PAGE
    if _PORTION_CODE in codes or codes & _HIDING_CODES:
        yield Place.PORTION


def _language(element: etree._Element) -> str:
    """The primary language (``en`` of ``en-GB``)."""
    text: Any = element.get(_LANGUAGE, ANY_LANGUAGE)
    return str(text).partition("-")[0].lower()
