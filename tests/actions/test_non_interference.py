"""The law: what people write is, for whoever may not see it, as if it had never been written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alliage.actions.kinds import (
    Action,
    ActionError,
    Annotate,
    AssertProperty,
    CreateObject,
    LabelRefusedError,
    NotThereError,
    ReportPosition,
    Retract,
)
from alliage.actions.writer import Writing
from alliage.ontology.label import Label
from tests.actions.world import DANISH, FRENCH, OPEN, PEOPLE, World

people = st.sampled_from(PEOPLE)
labels = st.none() | st.sampled_from([OPEN, DANISH, FRENCH])
names = st.sampled_from(["FRIO", "NORD", "SISU"])


class Law(RuleBasedStateMachine):
    """People act at random; after each act every reader's view holds the law."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder)

    def teardown(self) -> None:
        self.world.close()
        shutil.rmtree(self.folder)

    def attempt(self, who: Writing, make: Callable[[], Action]) -> None:
        """Act; what may not be is refused, and that is as good."""
        try:
            written = self.world.do(who, make())
        except (LabelRefusedError, NotThereError, ActionError):
            return
        audience = self.world.audience(who)
        assert all(audience.sees(e.label_set) for e in self.world.entries if e.stream == who.stream)
        assert all(claim.claim_id in written.undo for claim in written.claims)

    @initialize()
    def somebody_names_the_ship(self) -> None:
        for who in PEOPLE:
            self.names_it(who, "FRIO", None)

    @rule(who=people, name=names, label=labels)
    def names_it(self, who: Writing, name: str, label: Label | None) -> None:
        self.attempt(
            who,
            lambda: AssertProperty(
                object_id=self.world.ship(who), property="name", value=name, label=label
            ),
        )

    @rule(who=people, label=labels, pick=st.integers(0, 1000))
    def takes_something_back(self, who: Writing, label: Label | None, pick: int) -> None:
        claims = self.world.claims.reader(self.world.audience(who)).page(limit=1000).claims
        if claims:
            claim_id = claims[pick % len(claims)].claim.claim_id
            self.attempt(who, lambda: Retract(claim_id=claim_id, label=label))

    @rule(who=people, label=labels, lon=st.floats(-179, 179))
    def reports_it(self, who: Writing, label: Label | None, lon: float) -> None:
        self.attempt(
            who,
            lambda: ReportPosition(
                object_id=self.world.ship(who), latitude_deg=55, longitude_deg=lon, label=label
            ),
        )

    @rule(who=people, label=labels, opens=st.booleans())
    def draws(self, who: Writing, label: Label | None, opens: bool) -> None:
        point = {"type": "Point", "coordinates": [11, 55]}
        opened = (self.world.ship(who),) if opens else ()
        self.attempt(
            who,
            lambda: CreateObject(
                schema="Place", properties={"geometry": point}, label=label, opened=opened
            ),
        )

    @rule(who=people, label=labels)
    def tells_of_an_event_with_it(self, who: Writing, label: Label | None) -> None:
        said = {"name": "met", "involves": self.world.ship(who)}
        self.attempt(who, lambda: CreateObject(schema="Event", properties=said, label=label))

    @rule(who=people)
    def remarks(self, who: Writing) -> None:
        self.attempt(who, lambda: Annotate(object_id=self.world.ship(who), text="rusty"))

    @invariant()
    def every_reader_sees_what_there_would_be_without_the_hidden(self) -> None:
        for who in PEOPLE:
            seen = self.world.seen(who, self.world.picture, self.world.claims)
            with tempfile.TemporaryDirectory() as folder:
                assert seen == self.world.seen_without_the_hidden(who, Path(folder))


TestLaw = Law.TestCase
TestLaw.settings = settings(
    max_examples=6,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
