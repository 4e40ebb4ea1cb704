"""What ends by itself goes by itself; what may be asked about stays for ninety days."""

from datetime import timedelta

from admit.accounts.email.models import EmailChange
from admit.accounts.password.models import PasswordReset
from admit.accounts.service import prune
from admit.core.mail import MailRow
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import House
from tests.accounts.mailed import path_in
from tests.accounts.settled import settled


async def held(house: House) -> list[int]:
    async with house.database.write() as db:
        await prune(db, now=house.clock.wall())
    return [len(await house.rows(table)) for table in (PasswordReset, EmailChange, MailRow)]


@ON_SQLITE
async def test_links_go_with_their_end_and_mails_and_addresses_after_ninety_days(
    house: House,
) -> None:
    ada = await settled(house)
    await ada.post("/account/email", email="new@example.com")
    await ada.post(path_in(await house.newest_mail("new@example.com"), "/email/confirm/"))
    await house.browser().post("/password/reset", email="new@example.com")
    fresh = await held(house)
    house.clock.move(timedelta(days=1))
    a_day_later = await held(house)
    house.clock.move(timedelta(days=90))

    assert [fresh, a_day_later, await held(house)] == [[1, 1, 4], [0, 1, 4], [0, 0, 0]]
