"""Who was invited may come from a provider as well."""

import re

import pytest

from admit.accounts.models import User
from tests.accounts.house import House
from tests.accounts.oauth.travel import comes_from

STAFF_PAGE = "/admin/people/invitations"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_invited_newcomer_comes_from_google_and_holds_the_role(house: House) -> None:
    """S1-12: the provider vouches for the address, and so the invitation is accepted at once."""
    grace, ada = await house.person("grace@example.com"), house.browser()
    await house.execute("UPDATE users SET role = 'admin'")
    await grace.post(STAFF_PAGE, email="ada@example.com", role="staff")
    mail = await house.newest_mail("ada@example.com")
    link = re.search(r"/invitations/\S+", mail.text)
    assert link is not None
    await ada.post(link[0])

    await comes_from(ada)

    roles = {user.email: user.role for user in await house.rows(User)}
    assert roles == {"grace@example.com": "admin", "ada@example.com": "staff"}
    assert (await ada.get(STAFF_PAGE)).status_code == 200
