"""Notifications of a node: who is told of what, once, also after a restart and a broken line."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.detection import Alert, alert_claim
from alliage.home import Home
from alliage.log import Draft
from alliage.node import Node
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.label import Label
from alliage.server.models.notifications import NotificationInfo
from alliage.server.routes.notifications import list_notifications
from tests.node.conftest import make_home, opened
from tests.picture.support import DANISH, OPEN
from tests.watch.messages import Hook
from tests.watch.test_incidents import an_alert

STREAM = "detector:drifting@1"
DENMARK, FRANCE = 'nation = "DNK", clearance = "SECRET"', 'nation = "FRA", clearance = "SECRET"'


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setenv("HOOK_SECRET", "as long as it has to be, and more")
    hook = Hook()
    yield hook
    hook.close()


def home_with(folder: Path, url: str, **audiences: str) -> Home:
    tables = [
        f'\n[[notifications]]\nname = "{name}"\naudience = {{ {audience} }}\n'
        f'channel = {{ kind = "webhook", url = "{url}", secret = {{ env = "HOOK_SECRET" }} }}\n'
        for name, audience in audiences.items()
    ]
    return make_home(folder, "".join(tables))


def find(node: Node, name: str, label: Label = OPEN, **more: object) -> Alert:
    """Have a detector tell of a ship now."""
    now_us = node.clock.now_us()
    alert = an_alert(name, f"mmsi:{name}", 0.0, **{"start_us": now_us, "told_us": now_us, **more})
    return tell(node, alert, label)


def tell(node: Node, alert: Alert, label: Label = OPEN) -> Alert:
    claim = alert_claim(alert, STREAM, node.subject_of)
    node.writer.submit([Draft(STREAM, frozenset([label]), (claim,))]).result()
    return alert


def while_telling(node: Node, *steps: Callable[[], object]) -> None:
    """Let the node tell, and wait until each of these is true, one after the other."""

    async def run() -> None:
        notifying = node.machines.notifying
        for one in notifying.notifiers:
            one.every_s, one.delays_s = 0.01, (0.01,)
        telling = asyncio.create_task(notifying.run())
        async with asyncio.timeout(60):
            for step in steps:
                while not await asyncio.to_thread(step):
                    await asyncio.sleep(0.01)
        notifying.stop()
        await telling

    asyncio.run(run())


def has_begun(node: Node) -> Callable[[], bool]:
    return lambda: all(one._since_us for one in node.machines.notifying.notifiers)


def news(hook: Hook, name: str) -> list[tuple[str, str]]:
    told = [orjson.loads(body) for _, body in hook.got]
    return [
        (one["news"], one["incident"]["incident_id"]) for one in told if one["notification"] == name
    ]


def fared(node: Node, audience: Audience) -> NotificationInfo:
    return list_notifications(audience, node.services()).items[0]


def test_each_audience_is_told_of_what_it_may_see_and_of_nothing_else(
    tmp_path: Path, hook: Hook
) -> None:
    with opened(home_with(tmp_path / "n", hook.url, danes=DENMARK, french=FRANCE)) as node:
        while_telling(
            node,
            has_begun(node),
            lambda: [find(node, "hidden", DANISH), find(node, "open")],
            lambda: len(hook.got) >= 3,
        )
        assert sorted(news(hook, "danes")) == [("opened", "hidden"), ("opened", "open")]
        assert news(hook, "french") == [("opened", "open")]
        labels = {orjson.loads(body)["marking"] for _, body in hook.got}
        assert labels == {OPEN.marking, DANISH.marking}
        french = Audience("french", lambda label: label == OPEN, node.log.label_sets)
        assert (fared(node, french).sent, fared(node, french).waiting) == (1, 0)
        assert fared(node, machine_audience(node.log.label_sets)).sent == 2


def test_what_was_told_is_not_told_again_after_a_restart_but_its_end_is(
    tmp_path: Path, hook: Hook
) -> None:
    home = home_with(tmp_path / "n", hook.url, danes=DENMARK)
    with opened(home) as node:
        find(node, "earlier")  # before anybody is told at all
        while_telling(node, has_begun(node), lambda: find(node, "one"), lambda: hook.got)
    with opened(home) as node:
        alert = find(node, "two")
        while_telling(
            node,
            lambda: len(hook.got) == 2,
            lambda: tell(node, replace(alert, end_us=node.clock.now_us())),
            lambda: len(hook.got) == 3,
        )
    assert news(hook, "danes") == [("opened", "one"), ("opened", "two"), ("closed", "two")]


def test_a_channel_that_fails_is_shown_tried_again_and_holds_no_other_up(
    tmp_path: Path, hook: Hook
) -> None:
    good = Hook()
    home = home_with(tmp_path / "n", hook.url, danes=DENMARK)
    text = home.config.read_text()
    more = text[text.index("\n[[notifications]]") :].replace("danes", "others")
    home.config.write_text(text + more.replace(hook.url, good.url))
    with opened(home) as node:
        everybody = machine_audience(node.log.label_sets)
        nobody = Audience("nobody", lambda label: label == OPEN, node.log.label_sets)
        seen: list[NotificationInfo] = []
        hook.status = 503
        while_telling(
            node,
            has_begun(node),
            lambda: find(node, "hidden", DANISH),
            lambda: len(hook.got) >= 3 and good.got,
            lambda: fared(node, everybody).state == "failing",
            lambda: seen.extend([fared(node, everybody), fared(node, nobody)]) or True,
            lambda: setattr(hook, "status", 204) or True,
            lambda: fared(node, everybody).sent == 1,
        )
        failing, hidden = seen
        assert (failing.error, failing.waiting, failing.sent) == ("answered with status 503", 1, 0)
        assert (hidden.state, hidden.error) == ("ok", None)
        assert fared(node, everybody).error is None
    good.close()


def test_a_message_that_is_refused_for_good_lets_the_next_through(
    tmp_path: Path, hook: Hook
) -> None:
    with opened(home_with(tmp_path / "n", hook.url, danes=DENMARK)) as node:
        hook.status = 422
        everybody = machine_audience(node.log.label_sets)
        while_telling(
            node,
            has_begun(node),
            lambda: find(node, "one"),
            lambda: fared(node, everybody).refused == 1,
            lambda: setattr(hook, "status", 204) or find(node, "two"),
            lambda: fared(node, everybody).sent == 1,
        )
        assert len(hook.got) == 2


ALERTS = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=5)


@settings(max_examples=5)
@given(ALERTS)
def test_what_is_told_does_not_depend_on_what_is_hidden(alerts: list[tuple[str, bool]]) -> None:
    """The law of non-interference: as if nothing hidden were there."""

    def told(kept: list[tuple[int, str, bool]]) -> list[tuple[str, str]]:
        with tempfile.TemporaryDirectory() as folder:
            home = home_with(Path(folder) / "n", "http://127.0.0.1:9/", french=FRANCE)
            with opened(home) as node:
                for nth, ship, hidden in kept:
                    alert = an_alert(f"n{nth}", ship, 0.0, start_us=nth, told_us=nth)
                    tell(node, alert, DANISH if hidden else OPEN)
                [notifier] = node.machines.notifying.notifiers
                return [(one.news, one.incident.incident_id) for one in notifier.due()]

    numbered = [(nth, ship, hidden) for nth, (ship, hidden) in enumerate(alerts)]
    assert told(numbered) == told([one for one in numbered if not one[2]])


def test_a_node_that_is_stopped_before_it_began_to_tell_ends(tmp_path: Path) -> None:
    with opened(home_with(tmp_path / "n", "http://127.0.0.1:9/", french=FRANCE)) as node:
        node.machines.notifying.stop()
        asyncio.run(asyncio.wait_for(node.machines.notifying.run(), 60))
