"""Bindings after STANAG 4778: what was signed comes back, and nothing else is believed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.access.binding import (
    Binding,
    BindingError,
    BindingKey,
    Data,
    data_of,
    refuse_other_data,
)
from alliage.access.binding_json import bind_json, check_json
from alliage.access.binding_xml import NAMESPACE, bind_xml, check_xml
from alliage.ontology.label import UNLABELLED, Label
from alliage.ontology.label_xml import Originator
from alliage.ontology.times import WallClock

NOW_US = WallClock().now_us()
KEY, OTHER = BindingKey.generate("alpha", NOW_US), BindingKey.generate("alpha", NOW_US)
CERTIFICATE = KEY.certificate
LABELS = (Label.make("NATO", "SECRET", ["DNK"]), Label.make("TLP", "RED"))
DATA = Data("a b é.csv", "text/csv", bytes(48))
BINDING = Binding(LABELS, DATA, NOW_US, Originator("directoryName", "CN=alpha,C=DNK"))
FORMS = pytest.mark.parametrize(
    ("bind", "check"), [(bind_xml, check_xml), (bind_json, check_json)], ids=["xml", "json"]
)
labels = st.lists(
    st.builds(
        Label.make,
        st.sampled_from(["NATO", "TLP", "X Y"]),
        st.sampled_from(["SECRET", "A & B"]),
        st.none() | st.sets(st.sampled_from(["DNK", "FRA"])),
    ),
    min_size=1,
    max_size=3,
)


@FORMS
@settings(max_examples=15)
@given(labels, st.text("aé ./&<%", min_size=1, max_size=8))
def test_what_was_bound_comes_back(bind, check, some: list[Label], name: str) -> None:
    binding = Binding(tuple(some), Data(name, "text/csv", b"\1" * 48), NOW_US)
    assert check(bind(binding, KEY), CERTIFICATE) == binding


@FORMS
def test_another_key_is_not_believed(bind, check) -> None:
    with pytest.raises(BindingError, match="does not hold"):
        check(bind(BINDING, OTHER), CERTIFICATE)


def test_every_change_of_the_xml_is_found() -> None:
    text = bind_xml(BINDING, KEY)
    for old, new in (
        (b">SECRET<", b">UNCLASSIFIED<"),
        (b"<s4774:GenericValue>DNK<", b"<s4774:GenericValue>FRA<"),
        (b'DataReference URI="a', b'DataReference URI="b'),
        (b"<ds:DigestValue>AAAA", b"<ds:DigestValue>BAAA"),
        (b"Z</wsu:Created>", b"5Z</wsu:Created>"),
    ):
        assert old in text
        with pytest.raises(BindingError, match="does not hold"):
            check_xml(text.replace(old, new), CERTIFICATE)


def test_only_what_is_signed_is_read() -> None:
    """A second container, or the first one moved away, is not believed (signature wrapping)."""
    text = bind_xml(BINDING, KEY).decode()
    start = text.index("<s4778:MetadataBindingContainer>")
    container = text[start : text.index("</s4778:BindingInformation>")]
    forged = container.replace(">SECRET<", ">UNCLASSIFIED<").replace('Id="binding"', "")
    wrapped = text.replace(container, f"{forged}<s4778:x>{container}</s4778:x>")
    read = check_xml(wrapped.encode(), CERTIFICATE)
    assert read == BINDING
    twice = text.replace(container, container.replace(">SECRET<", ">UNCLASSIFIED<") + container)
    with pytest.raises(BindingError):
        check_xml(twice.encode(), CERTIFICATE)


def test_every_change_of_the_json_is_found() -> None:
    signed = orjson.loads(bind_json(BINDING, KEY))
    for part in ("payload", "protected", "signature"):
        text = signed[part]
        changed = {**signed, part: ("B" if text[0] == "A" else "A") + text[1:]}
        with pytest.raises(BindingError):
            check_json(orjson.dumps(changed), CERTIFICATE)
    for plain in ({}, {**signed, "header": {"alg": "none"}}, [], "x", {"signatures": [signed]}):
        with pytest.raises(BindingError, match="no JWS"):
            check_json(orjson.dumps(plain), CERTIFICATE)


@FORMS
@given(st.binary(max_size=80))
def test_any_bytes_are_refused(bind, check, data: bytes) -> None:
    with pytest.raises(BindingError):
        check(data, CERTIFICATE)


def test_unlabelled_data_and_no_label_cannot_be_bound() -> None:
    for some in ((), (UNLABELLED,)):
        with pytest.raises(BindingError):
            Binding(some, DATA, NOW_US)


def test_a_file_is_known_by_name_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "tracks.geojson"
    path.write_bytes(b"{}")
    data = data_of(path)
    assert data.content_type == "application/geo+json"
    refuse_other_data(data, data_of(path))
    path.write_bytes(b"{ }")
    with pytest.raises(BindingError, match="was changed"):
        refuse_other_data(data, data_of(path))
    with pytest.raises(BindingError, match="not of 'other'"):
        refuse_other_data(data, Data("other", "", data.sha384))


def test_a_nodes_key_is_made_once_and_shows_no_secret(tmp_path: Path) -> None:
    first = BindingKey.open(tmp_path, "alpha", NOW_US)
    again = BindingKey.open(tmp_path, "beta", NOW_US)
    assert again.certificate == first.certificate
    assert (tmp_path / "binding.pem").stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in repr(first)
    (tmp_path / "binding.pem").write_text("x")
    with pytest.raises(BindingError, match=r"binding\.pem: no key in PEM"):
        BindingKey.open(tmp_path, "alpha", NOW_US)


def test_xmlsec1_verifies_the_signature_and_the_hash_of_the_file(tmp_path: Path) -> None:
    xmlsec1 = shutil.which("xmlsec1")
    if xmlsec1 is None:
        pytest.skip("xmlsec1 is not installed: apt-get install xmlsec1")
    file = tmp_path / "tracks.csv"
    file.write_text("x,y\n")
    binding = Binding(LABELS, data_of(file), NOW_US)
    (tmp_path / "tracks.csv.bdo").write_bytes(bind_xml(binding, KEY))
    pem = CERTIFICATE.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "certificate.pem").write_bytes(pem)

    def verify() -> tuple[int, str]:
        done = subprocess.run(
            [
                *(xmlsec1, "--verify", "--trusted-pem", "certificate.pem"),
                *("--id-attr:Id", f"{NAMESPACE}:MetadataBinding", "tracks.csv.bdo"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        return done.returncode, done.stderr

    code, said = verify()
    assert code == 0, said
    assert "SignedInfo References (ok/all): 3/3" in said
    assert "Manifests References (ok/all): 1/1" in said
    file.write_text("x,z\n")
    assert "Manifests References (ok/all): 0/1" in verify()[1]
