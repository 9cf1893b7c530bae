"""Writes what a node is made of as CycloneDX 1.6 (ECMA-424), from the lock files; decision 0082.

Two files in ``build/sbom/``: the Python packages of this platform, and what the web UI packs in.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from alliage import __version__

ROOT: Final = Path(__file__).parents[1]
OUT: Final = ROOT / "build/sbom"
PYTHON_LOCK: Final = ROOT / "requirements/run.txt"
WEB: Final = ROOT / "web"
WEB_LOCK: Final = WEB / "package-lock.json"
PACKED: Final = ("src", "basemap")
"""Folders of ``web/`` whose imports end up in the UI."""
SPDX: Final = {
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""SPDX identifiers of the names that older packages use."""
READ: Final = {"cedarpy": "Apache-2.0"}
"""Licences that were read in the package itself, whose metadata names none."""

Component = dict[str, Any]


class SbomError(Exception):
    """A package about which something that must be known is not; says which and what to do."""


def python_components(lock: str) -> list[Component]:
    """Return the packages of a pip lock file that this platform needs.

    Raises:
        SbomError: a package is not installed here or tells no licence.
    """
    components = []
    for block in re.split(r"\n(?=\S)", lock):
        requirement = Requirement(block.split("\\\n", 1)[0].strip())
        if requirement.marker is None or requirement.marker.evaluate():
            hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
            components.append(_python_component(requirement, hashes))
    return components


def _python_component(requirement: Requirement, hashes: list[str]) -> Component:
    name = canonicalize_name(requirement.name)
    version = str(requirement.specifier).removeprefix("==")
    component = _component("pypi", name, version, _python_licence(name))
    # The lock names one hash for each file of a release; which one is installed depends on the
    # platform, so they are properties and not the component's own hash.
    component["properties"] = [{"name": "alliage:lock:sha256", "value": h} for h in hashes]
    return component


def _python_licence(name: str) -> str:
    try:
        about: dict[str, Any] = metadata(name).json
    except PackageNotFoundError:
        raise SbomError(f"{name} is locked and not installed: run `make setup`") from None
    if expression := about.get("license_expression"):
        return str(expression)
    classifiers = [c for c in about.get("classifier", ()) if c.startswith("License ::")]
    named = [c.rpartition(" :: ")[2] for c in classifiers]
    # Some put the whole text of the licence here; its first line is its name.
    stated = str(about.get("license", "")).strip().split("\n")[0].strip()
    for licence in (stated, *named):
        if licence:
            return SPDX.get(str(licence), str(licence))
    if name in READ:
        return READ[name]
    raise SbomError(f"{name} tells no licence: read it, then replace the package or say it here")


def web_components(lock: dict[str, Any], imported: Iterable[str]) -> list[Component]:
    """Return these packages of an npm lock file (version 3) and all that they need.

    Raises:
        SbomError: a package tells no licence.
    """
    packages = lock["packages"]
    waiting = [f"node_modules/{name}" for name in imported]
    found: set[str] = set()
    while waiting:
        place = waiting.pop()
        if place in found:
            continue
        found.add(place)
        waiting += [_resolve(packages, place, name) for name in _needs(packages[place])]
    return [_web_component(place, packages[place]) for place in sorted(found)]


def imported_packages(lock: dict[str, Any]) -> list[str]:
    """Return the packages that the UI's sources name, types apart: those leave no trace in it."""
    known = lock["packages"][""]["devDependencies"]
    text = "\n".join(_source_lines())
    return [n for n in known if re.search(rf"""['"]{re.escape(n)}(/[^'"]*)?['"]""", text)]


def _source_lines() -> Iterator[str]:
    for folder in PACKED:
        for path in sorted((WEB / folder).rglob("*")):
            if path.suffix in {".ts", ".svelte", ".css"} and ".test." not in path.name:
                lines = path.read_text(encoding="utf-8").splitlines()
                yield from (line for line in lines if not line.lstrip().startswith("import type"))


def _needs(package: dict[str, Any]) -> Iterator[str]:
    optional = {n for n, m in package.get("peerDependenciesMeta", {}).items() if m.get("optional")}
    yield from package.get("dependencies", {})
    yield from (n for n in package.get("peerDependencies", {}) if n not in optional)


def _resolve(packages: dict[str, Any], place: str, name: str) -> str:
    """Where Node finds a package: in the folder of who needs it, else ever further up."""
    while place:
        candidate = f"{place}/node_modules/{name}"
        if candidate in packages:
            return candidate
        place = place.rpartition("/node_modules/")[0]
    return f"node_modules/{name}"


def _web_component(place: str, package: dict[str, Any]) -> Component:
    name = place.rpartition("node_modules/")[2]
    licence = package.get("license") or _licence_file(place)
    component = _component("npm", name, package["version"], licence)
    algorithm, _, digest = package["integrity"].partition("-")
    content = base64.b64decode(digest).hex()
    component["hashes"] = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
    return component


def _licence_file(place: str) -> str:
    """The name in the first line of the package's licence, where its metadata has none."""
    for path in sorted((WEB / place).glob("LICEN[CS]E*")):
        line = path.read_text(encoding="utf-8").strip().split("\n")[0].strip("# ")
        return SPDX.get(line, line)
    raise SbomError(f"{place} tells no licence: read it, then replace the package or say it here")


def _component(kind: str, name: str, version: str, licence: str) -> Component:
    purl = f"pkg:{kind}/{quote(name, safe='/')}@{quote(version)}"
    simple = re.fullmatch(r"[A-Za-z0-9.+-]+", licence)
    licences = {"license": {"id": licence}} if simple else {"expression": licence}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [licences],
    }


def bill(name: str, components: list[Component]) -> dict[str, Any]:
    """Return a CycloneDX document; without time or serial number, so that equal is equal."""
    purl = f"pkg:generic/{name}@{__version__}"
    about = {
        "type": "application",
        "bom-ref": purl,
        "name": name,
        "version": __version__,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": about,
            "properties": [{"name": "alliage:platform", "value": sys.platform}],
        },
        "components": components,
        "dependencies": [{"ref": purl, "dependsOn": [c["bom-ref"] for c in components]}],
    }


def bills() -> dict[str, dict[str, Any]]:
    """Return the documents by the name of their file.

    Raises:
        SbomError: a package about which something is not known.
    """
    lock = json.loads(WEB_LOCK.read_text(encoding="utf-8"))
    python = python_components(PYTHON_LOCK.read_text(encoding="utf-8"))
    web = web_components(lock, imported_packages(lock))
    return {
        "python.cdx.json": bill("alliage", python),
        "web.cdx.json": bill("alliage-web", web),
    }


def main() -> None:
    """Write the files and say where they are."""
    OUT.mkdir(parents=True, exist_ok=True)
    for name, document in bills().items():
        (OUT / name).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        print(f"{OUT.relative_to(ROOT) / name}: {len(document['components'])} packages")


if __name__ == "__main__":
    try:
        main()
    except SbomError as error:
        sys.exit(f"sbom: {error}")
