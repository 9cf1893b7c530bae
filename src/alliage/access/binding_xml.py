"""Bindings as signed XML after STANAG 4778 (ADatP-4778 chapter 4, ADatP-4778.2 annexes A and B).

A ``BindingInformation`` beside the file: the labels, a ``DataReference`` to the file by its name,
and before them an XML signature (ECDSA P-384, SHA-384, exclusive canonical form). It covers the
binding, a ``Manifest`` with the file's hash, and the time.
"""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import quote, unquote

from cryptography import x509
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from alliage.access.binding import MAX_BINDING_BYTES, Binding, BindingError, BindingKey, Data
from alliage.ontology.label_xml import (
    LabelDocument,
    LabelXmlError,
    label_element,
    read_label,
)
from alliage.ontology.policies import Policies
from alliage.ontology.times import to_text
from alliage.ontology.xml_input import XmlInputError, parse_xml

NAMESPACE: Final = "urn:nato:stanag:4778:bindinginformation:1:0"
MEDIA_TYPE: Final = "application/vnd.nato.bindingdataobject+xml"
SUFFIX: Final = ".bdo"

_PREFIX: Final = "s4778"
_XMIME: Final = "http://www.w3.org/2005/05/xmlmime"
_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_SHA384: Final = DigestAlgorithm.SHA384
_SIGNED: Final = ("#binding", "#manifest", "#properties")
_EXPECTED: Final = SignatureConfiguration(
    location="./",
    expect_references=len(_SIGNED),
    signature_methods=frozenset([SignatureMethod.ECDSA_SHA384]),
    digest_algorithms=frozenset([_SHA384]),
)


def bind_xml(binding: Binding, key: BindingKey, policies: Policies | None = None) -> bytes:
    """Write a binding and sign it. Each label stands in a ``Metadata`` of its own."""
    root = etree.Element(_name("BindingInformation"), nsmap={_PREFIX: NAMESPACE, "xmime": _XMIME})
    thing = _object(binding)
    root.append(thing)
    container = etree.SubElement(root, _name("MetadataBindingContainer"))
    bound = etree.SubElement(container, _name("MetadataBinding"), Id="binding")
    for label in binding.labels:
        document = LabelDocument(label, binding.created_us, originator=binding.originator)
        metadata = etree.SubElement(bound, _name("Metadata"))
        metadata.append(label_element(document, policies=policies))
    reference = etree.SubElement(bound, _name("DataReference"), URI=quote(binding.data.name))
    reference.set(f"{{{_XMIME}}}contentType", binding.data.content_type)
    signer = XMLSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=SignatureMethod.ECDSA_SHA384,
        digest_algorithm=_SHA384,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signature = signer.sign(
        root, key=key.private, cert=[key.certificate], reference_uri=list(_SIGNED)
    )
    signature.set("Id", "signature")
    signature.append(thing)  # out of the root, where the signer found what it is to sign
    root.insert(0, signature)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def check_xml(data: bytes, certificate: x509.Certificate) -> Binding:
    """Read a binding that this certificate's key signed. Only what is signed is read.

    Raises:
        BindingError: it is no binding, was changed, or somebody else signed it.
    """
    try:
        root = parse_xml(data, MAX_BINDING_BYTES)
        results = XMLVerifier().verify(
            root, x509_cert=certificate, expect_config=_EXPECTED, id_attribute="Id"
        )
    except (XmlInputError, SignXMLException, ValueError) as error:
        raise BindingError(f"the signature does not hold: {error}") from error
    verified = results if isinstance(results, list) else [results]
    signed = {
        each.signed_xml.get("Id", ""): each.signed_xml
        for each in verified
        if each.signed_xml is not None
    }
    if {f"#{name}" for name in signed} != set(_SIGNED):
        raise BindingError("the signature does not cover binding, manifest and properties")
    if root.find(f"{_name('MetadataBindingContainer')}/{_name('MetadataBinding')}") is None:
        raise BindingError("this is no BindingInformation of STANAG 4778")
    return _read(signed["binding"], signed["manifest"])


def _read(bound: etree._Element, manifest: etree._Element) -> Binding:
    if bound.tag != _name("MetadataBinding") or manifest.tag != _ds("Manifest"):
        raise BindingError("the signature covers something else than a binding and its manifest")
    try:
        documents = [
            read_label(label)
            for metadata in bound.iterfind(_name("Metadata"))
            for label in metadata
        ]
    except LabelXmlError as error:
        raise BindingError(f"a label cannot be read: {error}") from error
    if not documents or documents[0].created_us is None:
        raise BindingError("a binding here has labels that say when they were given")
    references = bound.findall(_name("DataReference"))
    hashes = manifest.findall(_ds("Reference"))
    if len(references) != 1 or len(hashes) != 1:
        raise BindingError("a binding here is of one file")
    uri = references[0].get("URI", "")
    method = hashes[0].find(_ds("DigestMethod"))
    if hashes[0].get("URI") != uri or method is None or method.get("Algorithm") != _SHA384.value:
        raise BindingError("the manifest is not of the file that is bound, or not SHA-384")
    digest = base64.b64decode(hashes[0].findtext(_ds("DigestValue")) or "")
    kind = references[0].get(f"{{{_XMIME}}}contentType", "")
    return Binding(
        labels=tuple(document.label for document in documents),
        data=Data(unquote(uri), kind, digest),
        created_us=documents[0].created_us,
        originator=documents[0].originator,
    )


def _object(binding: Binding) -> etree._Element:
    """What is signed besides the binding: the manifest of the data, and the time of signing."""
    thing = etree.Element(_ds("Object"), nsmap={"ds": _DS})
    manifest = etree.SubElement(thing, _ds("Manifest"), Id="manifest")
    reference = etree.SubElement(manifest, _ds("Reference"), URI=quote(binding.data.name))
    etree.SubElement(reference, _ds("DigestMethod"), Algorithm=_SHA384.value)
    value = etree.SubElement(reference, _ds("DigestValue"))
    value.text = base64.b64encode(binding.data.sha384).decode()
    properties = etree.SubElement(thing, _ds("SignatureProperties"), Id="properties")
    one = etree.SubElement(properties, _ds("SignatureProperty"), Target="#signature")
    stamp = etree.SubElement(one, f"{{{_WSU}}}Timestamp", nsmap={"wsu": _WSU})
    etree.SubElement(stamp, f"{{{_WSU}}}Created").text = to_text(binding.created_us)
    return thing


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _ds(local: str) -> str:
    return f"{{{_DS}}}{local}"
