"""One client's connection, without I/O: messages in, frames out, at the client's own pace.

The server hands in what the client says (:meth:`Session.receive`) and asks now and then for what
to send (:meth:`Session.tick`). A tick compares the client's last batch with the picture as it is
now, so a client that is slow gets fewer and newer batches, and nothing queues up for it. Clients
with one audience share a view and its refresh.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.picture.encode import encode_frame
from alliage.picture.holding import Holding
from alliage.picture.messages import (
    AckMessage,
    Moment,
    ProtocolError,
    ViewMessage,
    parse_message,
)
from alliage.picture.past import PastPicture
from alliage.picture.picture import Picture

UNACKNOWLEDGED_AT_MOST: Final = 2
SHARED_US: Final = 50_000
"""A view refreshed less than this ago serves another client as it is."""
BEAT_US: Final = 100_000
"""Batches fall on beats of the wall's clock, so that clients which are due at about the same time
are served together: from one refresh of their view and one waking of the processor."""
PROMPT_US: Final = 100_000
"""A changed view is answered this soon after the last batch, whatever the client's rate."""
PastOf = Callable[[Audience, Moment], PastPicture]
"""Makes the picture of another time."""


def no_past(_audience: Audience, _moment: Moment) -> PastPicture:
    """Where no log is kept there is only the present."""
    raise ProtocolError("past: this node keeps no log to look back in")


class Session:
    """What one connection was sent, and what it is to be sent next. Not for several threads."""

    def __init__(self, picture: Picture, audience: Audience, past_of: PastOf = no_past) -> None:
        """Nothing but notices is sent before the client has said what it looks at."""
        self._picture = picture
        self._audience = audience
        self._past_of = past_of
        self._past: PastPicture | None = None
        self._view = picture.view(audience)
        self._holding = Holding(self._view)
        self._looks: ViewMessage | None = None
        self._box = Box(0.0, 0.0, 0.0, 0.0)
        self._prompt = False
        self._seq = 0
        self._acked = 0
        self._sent_us: int | None = None
        self._notice = picture.notices.number

    @property
    def due_us(self) -> int | None:
        """When the next batch is due, by the wall.

        None while the client has to speak first: to say its view, or to acknowledge a batch.
        """
        if self._looks is None or self._is_behind:
            return None
        if self._sent_us is None:
            return 0
        if self._prompt:
            return self._sent_us + PROMPT_US
        beats = max(1, round(1e6 / self._looks.rate_hz / BEAT_US))
        return (self._sent_us // BEAT_US + beats) * BEAT_US

    @property
    def carries_on(self) -> bool:
        """Whether the next batch holds only what changed since the last: little work.

        The first of a view may have to describe more than a thousand tracks, and cells are counted
        over all that there are. What is played from the log is read from the disk.
        """
        if self._past is not None:
            return False
        is_new = self._prompt or self._sent_us is None
        return not (is_new or self._holding.is_aggregated)

    @property
    def _is_behind(self) -> bool:
        return self._seq - self._acked >= UNACKNOWLEDGED_AT_MOST

    def receive(self, text: str) -> None:
        """Take one message of the client.

        Raises:
            ProtocolError: close the socket with its code and reason.
        """
        message = parse_message(text)
        if isinstance(message, AckMessage):
            self._acknowledge(message)
        else:
            self._look(message)

    def change_audience(self, audience: Audience) -> None:
        """The reader's rights changed: the next batch makes the client forget all it has."""
        self._audience = audience
        if self._past is not None:
            past = self._past
            now = Moment(at_us=past.now_us, pace=past.pace, known=past.known)
            self._past = self._past_of(audience, now)
        self._show()

    def tick(self, now_us: int) -> list[bytes]:
        """What to send now; empty where nothing is due or two batches are unacknowledged.

        Args:
            now_us: the wall's time.
        """
        if self._is_behind:
            return []
        if self._past is not None and self._is_due(now_us):
            self._past.move(now_us, self._present_us(now_us))
        with self._picture.lock:
            frames = self._notices()
        self._look_at_what_is_one_now()
        with self._view.lock:
            if self._looks is not None and self._is_due(now_us):
                self._refresh(now_us)
                self._seq += 1
                frames += self._holding.frames(self._looks, self._box, self._seq, self._told())
                self._sent_us = now_us
                self._prompt = self._past is not None and self._past.is_loading
            return frames

    def _look_at_what_is_one_now(self) -> None:
        """Things were joined or parted, or are no longer to be seen: begin with a new view."""
        if self._past is not None and self._past.is_outdated:
            self._past.begin_again()
            self._show()
        elif self._view.is_outdated:
            self._show()

    def _refresh(self, now_us: int) -> None:
        if self._past is None:
            self._view.refresh(now_us, max_age_us=SHARED_US)
        else:
            self._view.refresh(self._past.now_us)

    def _told(self) -> dict[str, Any]:
        """What a batch's header says beside the picture."""
        return {} if self._past is None else {"past": asdict(self._past.progress)}

    def _present_us(self, now_us: int) -> int:
        """What time it is in the reader's live picture."""
        with self._picture.lock:
            live = self._picture.view(self._audience, now_us)
            return live.reading.now_us

    def _show(self) -> None:
        """From now on the client looks at the present, or at the past that it asked for."""
        past = self._past
        self._view = self._picture.view(self._audience) if past is None else past.view
        self._holding = Holding(self._view, self._holding.given)
        self._prompt = True

    def _go_to(self, moment: Moment | None) -> None:
        """Begin to look back, go elsewhere in the past, or return to the present."""
        if moment is None:
            if self._past is not None:
                self._past = None
                self._show()
        elif self._past is None:
            self._past = self._past_of(self._audience, moment)
            self._show()
        elif self._past.look(moment):
            self._show()

    def _acknowledge(self, message: AckMessage) -> None:
        if message.seq > self._seq:
            raise ProtocolError(f"seq: batch {message.seq} has not been sent")
        self._acked = max(self._acked, message.seq)

    def _look(self, message: ViewMessage) -> None:
        try:
            box = Box.of(*message.bbox)
        except ValueError as error:
            raise ProtocolError(f"bbox: {error}") from error
        before = None if self._looks is None else self._looks.past
        if message.past != before:
            self._go_to(message.past)
        if self._looks is not None and not box.overlaps(self._box):
            self._holding.forget()
        self._looks, self._box, self._prompt = message, box, True

    def _is_due(self, now_us: int) -> bool:
        due_us = self.due_us
        if due_us is None:
            return False
        went_back = self._sent_us is not None and now_us < self._sent_us
        return now_us >= due_us or went_back

    def _notices(self) -> list[bytes]:
        contents = self._picture.notices.after(self._notice, self._view.audience)
        self._notice = self._picture.notices.number
        return [encode_frame({**content, "type": "notice"}) for content in contents]
