"""Whose trade it is to be slow at sea, and what a ship says when it means to be."""

from __future__ import annotations

from typing import Final

SLOW_STATUSES: Final = (
    "at_anchor", "moored", "aground", "engaged_in_fishing", "not_under_command",
    "restricted_manoeuvrability", "under_way_sailing", "power_driven_towing_astern",
    "power_driven_pushing_ahead",
)  # fmt: skip

SLOW_TRADES: Final = frozenset({
    "fishing", "towing", "towing_long", "dredging", "diving", "sailing", "pleasure", "pilot", "sar",
    "tug", "port_tender", "anti_pollution", "law_enforcement", "local", "military", "medical",
})  # fmt: skip

WORKBOATS: Final = frozenset({
    "towing", "towing_long", "dredging", "diving", "tug", "port_tender", "anti_pollution", "local",
})  # fmt: skip
"""Slow by trade, with gear that reaches the seabed or another ship: a cable's owner knows of them
when they work at it."""
