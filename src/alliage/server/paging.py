"""Parameters that lists share: limit and cursor, both bounded."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import AwareDatetime

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1000

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="at most so many items in this page")]
Cursor = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=1024,
        description="`next` of the page before; absent: from the start",
    ),
]
Moment = Annotated[AwareDatetime | None, Query(description="RFC 3339 with a zone")]
Words = Annotated[str | None, Query(min_length=1, max_length=200)]
