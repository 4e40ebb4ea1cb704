"""Roles are data, and one guard asks for them."""

from functools import partial

import pytest
from fastapi import APIRouter, Depends

from admit.access.deps import load_visitor
from admit.accounts.audit.models import SecurityEvent
from admit.accounts.audit.service import Method
from admit.accounts.caller import Caller
from admit.accounts.deps import Admin, Staff
from admit.accounts.models import Role, User
from admit.accounts.people.errors import LastAdmin
from admit.accounts.people.roles import change_role
from tests.accounts.house import Browser, House

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

TERMINAL = Caller(ip="terminal", user_agent="")
rooms = APIRouter()


@rooms.get("/for-staff")
async def for_staff(person: Staff) -> str:
    return person.role


@rooms.get("/for-admins")
async def for_admins(person: Admin) -> str:
    return person.role


@ON_SQLITE
async def test_s55_each_role_opens_its_rooms_and_those_below(house: House) -> None:
    """S55, S0-02, S3-04, U7: member, staff, admin; an unconfirmed or closed account is no staff."""
    house.app.include_router(rooms, dependencies=[Depends(load_visitor)])
    ada = await house.person()
    seen = {}
    for role in Role:
        await house.execute("UPDATE users SET role = :role", role=role)
        seen[role.value] = await statuses(ada)
    await house.execute("UPDATE users SET verified_at = NULL")
    seen["unconfirmed admin"] = await statuses(ada)
    await house.execute("UPDATE users SET is_active = FALSE")
    seen["closed admin"] = await statuses(ada)

    assert seen == {
        "member": [403, 403],
        "staff": [200, 403],
        "admin": [200, 200],
        "unconfirmed admin": [303, 303],
        "closed admin": [303, 303],
    }
    assert await statuses(house.browser()) == [303, 303]


async def test_a_change_of_role_is_noted_and_the_last_admin_stays(house: House) -> None:
    await house.person()
    await house.person("eve@example.com")
    async with house.database.write() as db:
        ada, eve = sorted(
            [await db.get_one(User, each.id) for each in await house.rows(User)],
            key=lambda user: user.email,
        )
        now = house.clock.wall()
        by_hand = partial(
            change_role, db, ada, method=Method.terminal, caller=TERMINAL, now=now, actor_id=eve.id
        )
        made, again = await by_hand(role=Role.admin), await by_hand(role=Role.admin)
        with pytest.raises(LastAdmin):
            await by_hand(role=Role.member)

    noted = [each for each in await house.rows(SecurityEvent) if each.what == "role_changed"]
    assert (made, again) == (True, False)
    assert [(each.user_id, each.actor_id, each.detail) for each in noted] == [
        (ada.id, eve.id, "admin")
    ]


def test_each_role_covers_those_below_it() -> None:
    covered = {role.value: [other.value for other in Role if role.covers(other)] for role in Role}

    assert covered == {
        "member": ["member"],
        "staff": ["member", "staff"],
        "admin": ["member", "staff", "admin"],
    }


async def statuses(browser: Browser) -> list[int]:
    return [(await browser.get(path)).status_code for path in ("/for-staff", "/for-admins")]
