"""Codes of aircraft transponders (mode 3/A) that call for help: ICAO Annex 10, volume IV, 2.1.4."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SQUAWK: Final = "squawk"
"""The property that holds a code, four octal digits."""

EMERGENCIES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "7500": ("unlawful interference", "une intervention illicite"),
        "7600": ("radio failure", "une panne de radio"),
        "7700": ("an emergency", "une situation d'urgence"),
    }
)
"""What each means, in English and French."""
