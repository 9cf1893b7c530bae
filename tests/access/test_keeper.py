"""Who may give rights: the rules of decision 0055, one by one and all together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.access.accounts import Accounts, SignInRefusedError
from alliage.access.keeper import Keeper, NotYoursToGiveError, RightsChange
from alliage.access.principal import Role
from alliage.access.users import AccountError, User
from alliage.ontology.label import CLASSIFICATIONS
from alliage.ontology.times import WallClock

PASSWORD = "seven grey seals"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
VIEWER = frozenset({Role.VIEWER})


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "accounts.sqlite", WallClock(), CHEAP)
    yield opened
    opened.close()


@pytest.fixture
def danish(accounts: Accounts) -> User:
    """An administrator of the node's own nation, cleared for everything."""
    return _add(accounts, "danish", "DNK", "TOP SECRET", ADMINISTRATOR)


@pytest.fixture
def french(accounts: Accounts) -> User:
    """An administrator of another nation, cleared for SECRET."""
    return _add(accounts, "french", "FRA", "SECRET", ADMINISTRATOR)


def _add(
    accounts: Accounts, name: str, nation: str, clearance: str, roles: frozenset[Role] = VIEWER
) -> User:
    return accounts.add(
        name, nation=nation, clearance=clearance, roles=roles, password=f"{PASSWORD} {name}"
    )


def _keeper(accounts: Accounts, by: User) -> Keeper:
    return Keeper(accounts, "DNK", by.principal)


@pytest.mark.parametrize(
    "rights",
    [
        RightsChange(nation="DNK"),
        RightsChange(clearance="UNCLASSIFIED"),
        RightsChange(clearance="TOP SECRET"),
        RightsChange(roles=VIEWER),
        RightsChange("DNK", "TOP SECRET", frozenset(Role)),
    ],
)
def test_nobody_changes_their_own_rights(
    accounts: Accounts, danish: User, french: User, rights: RightsChange
) -> None:
    user_id = french.principal.user_id
    with pytest.raises(NotYoursToGiveError, match="their own"):
        _keeper(accounts, french).change(user_id, rights)
    assert accounts.user(user_id) == french


def test_ones_own_rights_may_be_said_again_with_a_new_password(
    accounts: Accounts, french: User
) -> None:
    same = RightsChange("FRA", "SECRET", ADMINISTRATOR)
    user_id = french.principal.user_id
    _keeper(accounts, french).change(user_id, same, language="fr", password="nine grey seals")
    assert accounts.user(user_id).language == "fr"
    assert accounts.sign_in("french", "nine grey seals").session.principal == french.principal


def test_nobody_removes_their_own_account(accounts: Accounts, danish: User, french: User) -> None:
    for user in (danish, french):
        with pytest.raises(NotYoursToGiveError, match="their own"):
            _keeper(accounts, user).remove(user.principal.user_id)
    assert len(accounts.users()) == 2


def test_nobody_gives_a_clearance_above_their_own(accounts: Accounts) -> None:
    low = _add(accounts, "low", "DNK", "RESTRICTED", ADMINISTRATOR)
    viewer = _add(accounts, "viewer", "DNK", "UNCLASSIFIED")
    keeper = _keeper(accounts, low)
    for clearance in ("CONFIDENTIAL", "SECRET", "TOP SECRET"):
        with pytest.raises(NotYoursToGiveError, match="above your own"):
            keeper.add("new", nation="DNK", clearance=clearance, roles=VIEWER)
        with pytest.raises(NotYoursToGiveError, match="above your own"):
            keeper.change(viewer.principal.user_id, RightsChange(clearance=clearance))
    changed = keeper.change(viewer.principal.user_id, RightsChange(clearance="RESTRICTED"))
    assert changed.principal.clearance == "RESTRICTED"


def test_nobody_gives_a_community_or_purpose_that_they_do_not_have(accounts: Accounts) -> None:
    north, south = frozenset({"Compartment: NORTH"}), frozenset({"Compartment: SOUTH"})
    holder = accounts.add(
        "holder",
        nation="DNK",
        clearance="SECRET",
        roles=ADMINISTRATOR,
        communities=north,
        purpose="rescue",
    )
    viewer = _add(accounts, "viewer", "DNK", "UNCLASSIFIED")
    keeper, user_id = _keeper(accounts, holder), viewer.principal.user_id
    with pytest.raises(NotYoursToGiveError, match="SOUTH"):
        keeper.change(user_id, RightsChange(communities=north | south))
    with pytest.raises(NotYoursToGiveError, match="purpose"):
        keeper.change(user_id, RightsChange(purpose="fishery"))
    with pytest.raises(NotYoursToGiveError, match="their own"):
        keeper.change(holder.principal.user_id, RightsChange(communities=north | south))
    changed = keeper.change(user_id, RightsChange(communities=north, purpose="rescue"))
    assert (changed.principal.communities, changed.principal.purpose) == (north, "rescue")


def test_an_account_of_a_community_that_one_does_not_hold_cannot_be_taken_over(
    accounts: Accounts, danish: User
) -> None:
    held = frozenset({"Compartment: NORTH"})
    for number, rights in enumerate(
        [RightsChange(communities=held), RightsChange(purpose="rescue")]
    ):
        member = _add(accounts, f"member {number}", "DNK", "SECRET")
        user_id = member.principal.user_id
        accounts.change(user_id, communities=rights.communities, purpose=rights.purpose)
        keeper = _keeper(accounts, danish)
        with pytest.raises(NotYoursToGiveError):
            keeper.change(user_id, RightsChange(), password="a password of mine")
        with pytest.raises(NotYoursToGiveError):
            keeper.one_time_token(user_id)


@pytest.mark.parametrize("community", ["NORTH", ": NORTH", "Compartment:NORTH", "A: b\n", "A: "])
def test_a_community_is_the_value_of_a_category(
    accounts: Accounts, danish: User, community: str
) -> None:
    with pytest.raises(AccountError, match="Compartment: NORTH"):
        accounts.change(danish.principal.user_id, communities=frozenset({community}))


def test_an_account_cleared_higher_cannot_be_taken_over(accounts: Accounts) -> None:
    low = _add(accounts, "low", "DNK", "RESTRICTED", ADMINISTRATOR)
    high = _add(accounts, "high", "DNK", "SECRET")
    keeper, user_id = _keeper(accounts, low), high.principal.user_id
    with pytest.raises(NotYoursToGiveError):
        keeper.change(user_id, RightsChange(), password="a password of mine")
    with pytest.raises(NotYoursToGiveError):
        keeper.one_time_token(user_id)
    with pytest.raises(NotYoursToGiveError):
        keeper.remove(user_id)
    with pytest.raises(SignInRefusedError):
        accounts.sign_in("high", "a password of mine")


def test_administrators_of_another_nation_keep_only_their_own(
    accounts: Accounts, danish: User, french: User
) -> None:
    dane = _add(accounts, "dane", "DNK", "UNCLASSIFIED")
    pole = _add(accounts, "pole", "POL", "UNCLASSIFIED")
    keeper = _keeper(accounts, french)
    for user in (dane, pole, danish):
        user_id, nation = user.principal.user_id, user.principal.nation
        with pytest.raises(NotYoursToGiveError):
            keeper.change(user_id, RightsChange(clearance="RESTRICTED"))
        with pytest.raises(NotYoursToGiveError):
            keeper.change(user_id, RightsChange(), password="a password of mine")
        with pytest.raises(NotYoursToGiveError):
            keeper.one_time_token(user_id)
        with pytest.raises(NotYoursToGiveError):
            keeper.remove(user_id)
        with pytest.raises(NotYoursToGiveError):
            keeper.add("new", nation=nation, clearance="UNCLASSIFIED", roles=VIEWER)
        assert accounts.user(user_id) == user


def test_administrators_of_another_nation_do_keep_their_own(
    accounts: Accounts, french: User
) -> None:
    keeper = _keeper(accounts, french)
    added = keeper.add("marie", nation="FRA", clearance="SECRET", roles=VIEWER)
    user_id = added.principal.user_id
    assert keeper.change(user_id, RightsChange(clearance="RESTRICTED"), password=PASSWORD)
    assert accounts.sign_in("marie", PASSWORD).session.principal.clearance == "RESTRICTED"
    with pytest.raises(NotYoursToGiveError, match="those of DNK"):
        keeper.change(user_id, RightsChange(nation="DNK"))
    assert accounts.sign_in_once(keeper.one_time_token(user_id)).session.principal.name == "marie"
    keeper.remove(user_id)
    assert accounts.find("marie") is None


def test_only_the_nodes_own_administrators_make_administrators(
    accounts: Accounts, danish: User, french: User
) -> None:
    marie = _add(accounts, "marie", "FRA", "SECRET")
    user_id, promotion = marie.principal.user_id, RightsChange(roles=ADMINISTRATOR)
    with pytest.raises(NotYoursToGiveError, match="administrators of DNK"):
        _keeper(accounts, french).change(user_id, promotion)
    with pytest.raises(NotYoursToGiveError, match="administrators of DNK"):
        _keeper(accounts, french).add(
            "new", nation="FRA", clearance="SECRET", roles=VIEWER | ADMINISTRATOR
        )
    assert _keeper(accounts, danish).change(user_id, promotion).principal.roles == ADMINISTRATOR


def test_who_is_no_administrator_keeps_nothing(accounts: Accounts, danish: User) -> None:
    commander = _add(accounts, "commander", "DNK", "TOP SECRET", frozenset({Role.COMMANDER}))
    viewer = _add(accounts, "viewer", "DNK", "UNCLASSIFIED")
    keeper = _keeper(accounts, commander)
    with pytest.raises(NotYoursToGiveError, match="only administrators"):
        keeper.add("new", nation="DNK", clearance="UNCLASSIFIED", roles=VIEWER)
    with pytest.raises(NotYoursToGiveError, match="only administrators"):
        keeper.remove(viewer.principal.user_id)


def test_an_unknown_clearance_and_an_unknown_account_are_refused(
    accounts: Accounts, danish: User
) -> None:
    keeper = _keeper(accounts, danish)
    with pytest.raises(AccountError, match="COSMIC"):
        keeper.add("new", nation="DNK", clearance="COSMIC", roles=VIEWER)
    with pytest.raises(KeyError):
        keeper.change("nobody", RightsChange(clearance="SECRET"))
    with pytest.raises(KeyError):
        keeper.remove("nobody")


def test_every_change_is_written_down_and_no_secret_is(accounts: Accounts, danish: User) -> None:
    with structlog.testing.capture_logs() as lines:
        keeper = _keeper(accounts, danish)
        marie = keeper.add(
            "marie", nation="FRA", clearance="RESTRICTED", roles=VIEWER, password=PASSWORD
        )
        user_id = marie.principal.user_id
        keeper.change(user_id, RightsChange(clearance="SECRET"), password="nine grey seals")
        token = keeper.one_time_token(user_id)
        keeper.remove(user_id)
    assert [line["event"] for line in lines] == [
        "account added",
        "account changed",
        "password reset",
        "one-time sign-in made",
        "account removed",
    ]
    assert all((line["by"], line["user"]) == ("danish", "marie") for line in lines)
    assert lines[1]["before"] == {
        "nation": "FRA",
        "clearance": "RESTRICTED",
        "roles": ["viewer"],
        "communities": [],
        "purpose": "",
    }
    assert lines[1]["after"]["clearance"] == "SECRET"
    assert not {PASSWORD, "nine grey seals", token} & set(str(lines).split("'"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from([None, "DNK", "FRA"]),
            st.sampled_from([None, *CLASSIFICATIONS]),
            st.none() | st.frozensets(st.sampled_from(Role), min_size=1),
        ),
        max_size=6,
    )
)
def test_an_administrator_of_another_nation_never_makes_a_reader_who_sees_more(
    accounts: Accounts,
    changes: list[tuple[bool, str | None, str | None, frozenset[Role] | None]],
) -> None:
    french = accounts.find("french") or _add(accounts, "french", "FRA", "SECRET", ADMINISTRATOR)
    left_over = accounts.find("viewer")  # of the example before
    if left_over is not None:
        accounts.remove(left_over.principal.user_id)
    viewer = _add(accounts, "viewer", "FRA", "UNCLASSIFIED")
    for own, nation, clearance, roles in changes:
        whom = (french if own else viewer).principal.user_id
        try:
            _keeper(accounts, french).change(whom, RightsChange(nation, clearance, roles))
        except NotYoursToGiveError:
            continue
    assert accounts.user(french.principal.user_id) == french
    after = accounts.user(viewer.principal.user_id).principal
    assert after.nation == "FRA"
    assert after.clearance_rank <= french.principal.clearance_rank
    assert Role.ADMINISTRATOR not in after.roles
