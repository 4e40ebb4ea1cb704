"""For whom passkeys are made."""

import pytest

from admit.accounts.passkeys.site import Site, site_of
from admit.core.config import load_settings
from tests.accounts.house import House
from tests.accounts.settled import settled


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("", Site("localhost", "Admit", ("http://localhost:8000",))),
        ("http://127.0.0.1", Site("localhost", "Admit", ("http://localhost",))),
        ("https://club.example", Site("club.example", "Admit", ("https://club.example",))),
        ("https://203.0.113.7", None),
    ],
)
def test_passkeys_belong_to_a_name_and_never_to_an_address(url: str, site: Site | None) -> None:
    assert site_of(load_settings(admit_public_url=url)) == site


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_whoever_comes_by_address_is_told_the_name(house: House) -> None:
    ada = await settled(house)

    page = await ada.get("/account/passkeys")

    assert 'href="http://localhost:8000/account/passkeys"' in page.text
    assert "data-passkey=" not in page.text
