"""Bindings as JSON: the same statement as the XML form, as a JSON Web Signature (RFC 7515).

Media type ``application/vnd.nato.bindingdataobject+json``, ES384 (RFC 7518), flattened JSON
serialisation. NATO has published that its JSON form is signed by JWS, but not its inner shape:
the names here are those of the XML form.
"""

from __future__ import annotations

import base64
from typing import Any, Final
from urllib.parse import quote, unquote

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from alliage.access.binding import MAX_BINDING_BYTES, Binding, BindingError, BindingKey, Data
from alliage.ontology.label import Category, CategoryKind, Label, combined
from alliage.ontology.label_xml import Originator
from alliage.ontology.times import from_text, to_text

MEDIA_TYPE: Final = "application/vnd.nato.bindingdataobject+json"
SUFFIX: Final = ".bdoj"
ALGORITHM: Final = "ES384"


def bind_json(binding: Binding, key: BindingKey) -> bytes:
    """Write a binding and sign it."""
    thumbprint = key.certificate.fingerprint(hashes.SHA256())
    header = {
        "alg": ALGORITHM,
        "cty": MEDIA_TYPE.removeprefix("application/"),
        "x5t#S256": base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode(),
    }
    private = ECKey.import_key(
        key.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    signed = jws.serialize_json(
        {"protected": header}, orjson.dumps(_plain(binding)), private, algorithms=[ALGORITHM]
    )
    return orjson.dumps(signed, option=orjson.OPT_INDENT_2)


def check_json(data: bytes, certificate: x509.Certificate) -> Binding:
    """Read a binding that this certificate's key signed.

    Raises:
        BindingError: it is no binding, was changed, or somebody else signed it.
    """
    if len(data) > MAX_BINDING_BYTES:
        raise BindingError(f"{len(data)} bytes; a binding has at most {MAX_BINDING_BYTES}")
    public = ECKey.import_key(
        certificate.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    try:
        signed = orjson.loads(data)
        if not isinstance(signed, dict) or set(signed) != {"payload", "protected", "signature"}:
            raise BindingError("this is no JWS of one signature in the flattened form")
        flat: jws.FlattenedJSONSerialization = {
            "payload": signed["payload"],
            "protected": signed["protected"],
            "signature": signed["signature"],
        }
        payload = jws.deserialize_json(flat, public, algorithms=[ALGORITHM]).payload
    except BindingError:
        raise
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BindingError(f"the signature does not hold: {error}") from error
    try:
        return _read(orjson.loads(payload))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise BindingError(f"this is no binding: {error!r}") from error


def _plain(binding: Binding) -> dict[str, Any]:
    reference = {
        "URI": quote(binding.data.name),
        "contentType": binding.data.content_type,
        "sha384": base64.b64encode(binding.data.sha384).decode(),
    }
    metadata = [
        {"originatorConfidentialityLabel": _label(each, binding)} for each in binding.labels
    ]
    bound = {"Metadata": metadata, "DataReference": [reference]}
    return {"BindingInformation": {"MetadataBindingContainer": [{"MetadataBinding": [bound]}]}}


def _label(label: Label, binding: Binding) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "ConfidentialityInformation": {
            "PolicyIdentifier": label.policy,
            "Classification": label.classification,
            "Category": [
                {"TagName": c.tag, "Type": c.kind.value.upper(), "GenericValue": list(c.values)}
                for c in label.categories
            ],
        },
        "CreationDateTime": to_text(binding.created_us),
    }
    if binding.originator is not None:
        who = binding.originator
        plain["OriginatorID"] = {"IDType": who.kind, "value": who.value}
    return plain


def _read(plain: Any) -> Binding:
    container = plain["BindingInformation"]["MetadataBindingContainer"][0]
    (bound,) = container["MetadataBinding"]
    (reference,) = bound["DataReference"]
    labels = [each["originatorConfidentialityLabel"] for each in bound["Metadata"]]
    who = labels[0].get("OriginatorID")
    return Binding(
        labels=tuple(_label_of(each["ConfidentialityInformation"]) for each in labels),
        data=Data(
            unquote(reference["URI"]),
            reference["contentType"],
            base64.b64decode(reference["sha384"], validate=True),
        ),
        created_us=from_text(labels[0]["CreationDateTime"]),
        originator=None if who is None else Originator(who["IDType"], who["value"]),
    )


def _label_of(plain: dict[str, Any]) -> Label:
    categories = combined(
        Category(c["TagName"], CategoryKind(c["Type"].lower()), tuple(c["GenericValue"]))
        for c in plain["Category"]
    )
    return Label(plain["PolicyIdentifier"], plain["Classification"], categories)
