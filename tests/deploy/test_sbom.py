"""The bill of materials lists what is locked, with licences, and none that must not be there."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
from packaging.requirements import Requirement

from scripts.sbom import (
    PYTHON_LOCK,
    WEB_LOCK,
    SbomError,
    bills,
    imported_packages,
    python_components,
    web_components,
)

BILLS: Final = bills()
NOT_IN_THE_PRODUCT: Final = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)


def components() -> list[dict[str, Any]]:
    return [component for bill in BILLS.values() for component in bill["components"]]


def licence_of(component: dict[str, Any]) -> str:
    [licence] = component["licenses"]
    return str(licence.get("expression") or licence["license"]["id"])


def test_it_is_cyclonedx_and_every_reference_leads_somewhere() -> None:
    for bill in BILLS.values():
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
        references = [component["bom-ref"] for component in bill["components"]]
        assert len(references) == len(set(references))
        [dependencies] = bill["dependencies"]
        assert dependencies["ref"] == bill["metadata"]["component"]["bom-ref"]
        assert dependencies["dependsOn"] == references


def test_every_locked_python_package_of_this_platform_is_there() -> None:
    lines = re.findall(r"^(\S[^\\\n]*)", PYTHON_LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    locked = [Requirement(line) for line in lines]
    wanted = {
        f"pkg:pypi/{r.name}@{str(r.specifier)[2:]}"
        for r in locked
        if r.marker is None or r.marker.evaluate()
    }
    assert {c["purl"] for c in BILLS["python.cdx.json"]["components"]} == wanted
    assert len(wanted) > 40


def test_what_the_web_ui_packs_in_is_there_and_what_builds_it_is_not() -> None:
    names = {component["name"] for component in BILLS["web.cdx.json"]["components"]}
    assert {"maplibre-gl", "@deck.gl/core", "@luma.gl/core", "svelte", "milsymbol"} <= names
    assert not {"eslint", "vitest", "typescript", "prettier"} & names


def test_every_component_has_a_hash_and_a_licence() -> None:
    for component in components():
        assert component.get("hashes") or component["properties"], component["name"]
        assert licence_of(component), component["name"]


def test_no_component_is_under_gpl_or_agpl() -> None:
    assert not [c["name"] for c in components() if NOT_IN_THE_PRODUCT.search(licence_of(c))]


def test_a_licence_that_must_not_be_would_be_found() -> None:
    for licence in ("GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0", "GNU General Public"):
        assert NOT_IN_THE_PRODUCT.search(licence)
    assert not NOT_IN_THE_PRODUCT.search("LGPL-2.1")


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(SbomError, match="no-such-package is locked and not installed"):
        python_components("no-such-package==1.0 \\\n    --hash=sha256:" + "0" * 64)


def test_a_nested_package_is_found_where_node_finds_it() -> None:
    def package(version: str, **more: Any) -> dict[str, Any]:
        return {"version": version, "license": "MIT", "integrity": "sha512-AAAA", **more}

    lock = {
        "packages": {
            "node_modules/a": package("1", dependencies={"b": "*", "c": "*"}),
            "node_modules/a/node_modules/b": package("2", dependencies={"c": "*"}),
            "node_modules/b": package("3"),
            "node_modules/c": package("4", peerDependencies={"d": "*"}),
            "node_modules/d": package("5"),
            "node_modules/e": package("6"),
        }
    }
    assert [c["purl"] for c in web_components(lock, ["a"])] == [
        "pkg:npm/a@1",
        "pkg:npm/b@2",
        "pkg:npm/c@4",
        "pkg:npm/d@5",
    ]


def test_imported_packages_are_those_of_the_page() -> None:
    lock = json.loads(WEB_LOCK.read_text(encoding="utf-8"))
    imported = imported_packages(lock)
    assert {"maplibre-gl", "svelte", "world-atlas"} <= set(imported)
    assert "vite" not in imported
