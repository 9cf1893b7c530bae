"""Why bytes are quarantined: reasons that every format shares, and texts for all of them."""

from __future__ import annotations

from typing import Final

from alliage.feeds.contract import Manifest

CUT_OFF: Final = "cut_off"
INTERNAL: Final = "internal"
OVERLONG: Final = "overlong"

SHARED_REASONS: Final[dict[str, dict[str, str]]] = {
    CUT_OFF: {
        "en": "The connection broke in the middle of this line",
        "fr": "La connexion s'est rompue au milieu de cette ligne",
    },
    INTERNAL: {
        "en": "The decoder failed on these bytes: a fault of the program, please report it",
        "fr": "Le décodeur a échoué sur ces octets : défaut du programme, merci de le signaler",
    },
    OVERLONG: {
        "en": "No line end where there should long have been one",
        "fr": "Pas de fin de ligne là où il aurait dû y en avoir une depuis longtemps",
    },
}


def reason_text(manifest: Manifest, reason: str) -> dict[str, str]:
    """Text of a quarantine reason by language; the code itself where nobody has a text."""
    texts = {**SHARED_REASONS, **manifest.reasons}
    return texts.get(reason, {"en": reason, "fr": reason})
