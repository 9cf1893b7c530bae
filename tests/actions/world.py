"""A log, its projections and people who act on it; and the same as it would be without what a
reader may not see."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any

from alliage.access.audit import Act, AuditEvent
from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.access.standing import Standing
from alliage.access.subjects import subject_id
from alliage.actions.desk import Actions
from alliage.actions.kinds import Action, Decide, ProposeRedaction, ProposeRelease, Written
from alliage.actions.revising import Revising
from alliage.actions.writer import Writing
from alliage.history.claims import ClaimStore
from alliage.log import Draft, Entry, Log, NodeKeys
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.label import Label
from alliage.ontology.schema import Ontology
from alliage.picture.finder import PictureFinder
from alliage.picture.picture import Picture
from alliage.picture.revised import Revised
from tests.log.support import TickingClock, positions

OPEN = Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])
DANISH = Label.make("ALLIAGE", "SECRET", ["DNK"])
FRENCH = Label.make("ALLIAGE", "SECRET", ["FRA"])
STREAMS = {"open": OPEN, "danish": DANISH, "french": FRENCH}
SHIP = "mmsi:219012345"
KEY = b"k" * 32
LINKS = ("involves",)


def person(
    name: str, nation: str = "DNK", clearance: str = "SECRET", role: Role = Role.ANALYST
) -> Writing:
    roles = frozenset({role})
    return Writing(Principal(name, name, nation, clearance, roles))


ANNA, FLEUR, DORA = person("anna"), person("fleur", "FRA"), person("dora", "DNK", "UNCLASSIFIED")
PEOPLE = (ANNA, FLEUR, DORA)


@cache
def ontology() -> Ontology:
    return Ontology.load()


def subject_of(stream: str, identifier: str) -> str:
    return subject_id(KEY, stream, identifier)


COUNTING = ("anna", "chief", "other", "low", "admin", "keeper", "fleur", "dora")
"""Whose accounts were made on the node's own machine."""


def added(name: str, by: str | None = None) -> dict[str, Any]:
    """What the audit says of a new account; ``by`` a signed-in administrator or on the machine."""
    details = {"user": name}
    event = AuditEvent(Act.ACCOUNT_ADDED, person(by).person if by else None, on=(name,))
    return {**event.to_json(), "details": details}


class World:
    """One ship that three sources under three labels follow, and everything people do."""

    def __init__(self, folder: Path) -> None:
        self.clock = TickingClock()
        self.log = Log.open(folder / "log", NodeKeys.generate(), "test", self.clock)
        self.label_sets = self.log.label_sets
        self.access = Access("DNK", self.label_sets)
        self.picture = self.new_picture()
        self.claims = ClaimStore(folder / "claims.sqlite")
        self.entries: list[Entry] = []
        self.actions = Actions(
            ontology=ontology(),
            access=self.access,
            label_sets=self.label_sets,
            claims=self.claims,
            subject_of=subject_of,
            finder=PictureFinder(self.picture, self.label_sets),
            submit=self.submit,
            clock=self.clock,
            label=OPEN,
        )
        machines = machine_audience(self.label_sets)
        self.revised = Revised(self.log.reader(machines), self.claims, self.picture)
        self.revising = Revising(
            self.actions,
            ontology(),
            self.access,
            self.log,
            self.claims,
            subject_of,
            self.submit,
            self.clock,
            "test",
            lambda: self.standing,
        )
        self.standing = Standing()
        for name in COUNTING:
            self.standing.take(added(name), 0)
        for stream, label in STREAMS.items():
            self.submit([Draft(stream, frozenset([label]), positions([SHIP], self.clock.now_us()))])

    def close(self) -> None:
        self.claims.close()
        self.log.close()

    def new_picture(self) -> Picture:
        return Picture(ontology(), self.label_sets, subject_of, self.clock)

    def submit(self, drafts: Sequence[Draft]) -> Future[None]:
        done: Future[None] = Future()
        entries = self.log.append(drafts)
        self.entries += entries
        self.picture.apply(entries)
        self.claims.apply(entries)
        self.revised.apply(entries)
        done.set_result(None)
        return done

    def propose(self, who: Writing, action: ProposeRelease | ProposeRedaction) -> str:
        """The id of the proposal."""
        (proposal_id,) = self.revising.propose(who, action).undo
        return proposal_id

    def decide(self, who: Writing, proposal_id: str, approve: bool = True) -> Written:
        return self.revising.decide(who, Decide(proposal_id=proposal_id, approve=approve))

    def do(self, who: Writing, action: Action) -> Written:
        return self.actions.do(who, action)

    def audience(self, who: Writing) -> Audience:
        return self.access.audience(who.person)

    def ship(self, who: Writing) -> str:
        """The ship's id as this person sees it."""
        (track,) = [t for t in self.view(self.picture, who) if t.identifier == SHIP]
        return track.object_id

    def names(self, who: Writing) -> list[str]:
        """Every id of the ship that this person sees, and its identifier."""
        (track,) = [t for t in self.view(self.picture, who) if t.identifier == SHIP]
        return [track.object_id, *track.aliases, SHIP]

    def view(self, picture: Picture, who: Writing) -> list[Any]:
        now_us = self.clock.moment_us
        view = picture.view(self.audience(who), now_us)
        return view.tracks_in(states=("live", "fading", "ended"))

    def seen(self, who: Writing, picture: Picture, claims: ClaimStore) -> dict[str, Any]:
        """Everything that a reader can tell of people's words."""
        reader = claims.reader(self.audience(who))
        stored = reader.page(limit=1000).claims
        ids = [item.claim.claim_id for item in stored]
        retracted = reader.retractions(ids)
        return {
            "claims": [item.claim for item in stored],
            "retracted": {key: item.claim.claim_id for key, item in retracted.items()},
            "links": [item.claim.claim_id for item in reader.naming(self.names(who), LINKS)],
            "geometries": [item.claim.claim_id for item in reader.geometries()],
            "tracks": [
                (t.track_id, t.aliases, t.name, t.marking, t.properties, t.longitude_deg, t.sources)
                for t in self.view(picture, who)
            ],
        }

    def seen_without_the_hidden(self, who: Writing, folder: Path) -> dict[str, Any]:
        """The same, from projections that never had what this reader may not see."""
        reader = self.log.reader(self.audience(who))
        visible = reader.read(limit=10_000)  # under the labels that entries carry now
        picture, claims = self.new_picture(), ClaimStore(folder / "claims.sqlite")
        try:
            picture.apply(visible)
            claims.apply(visible)
            return self.seen(who, picture, claims)
        finally:
            claims.close()
