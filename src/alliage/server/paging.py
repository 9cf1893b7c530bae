"""Parameters that lists share, every one bounded."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import AwareDatetime, BeforeValidator

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1000
_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def only_rfc_3339(value: Any) -> Any:
    """Refuse text that is no RFC 3339; for use before pydantic's own parsing."""
    # Pydantic alone would take numbers for seconds since 1970, and milliseconds from some size on.
    if isinstance(value, str) and not _RFC_3339.fullmatch(value):
        raise ValueError("write it after RFC 3339 with a zone, e.g. 2026-01-31T12:00:00Z")
    return value


Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="at most so many items in this page")]
Cursor = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=1024,
        description="`next` of the page before; absent: from the start",
    ),
]
Moment = Annotated[
    AwareDatetime | None,
    BeforeValidator(only_rfc_3339),
    Query(description="RFC 3339 with a zone"),
]
TimeIn = Annotated[AwareDatetime, BeforeValidator(only_rfc_3339)]
Words = Annotated[str | None, Query(min_length=1, max_length=200)]
