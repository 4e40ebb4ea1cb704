"""What people read of the history of their account."""

import pytest

from admit.accounts.audit.models import Outcome, SecurityEvent
from admit.accounts.audit.service import Method
from admit.accounts.history.words import METHODS, WORDS, said
from tests.accounts.house import House
from tests.engines.document import read

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SILENT = {Method.session, Method.invitation}
"""What is said of these is said by the sentence already."""


async def test_a_person_reads_what_happened_and_pages_back_to_the_beginning(house: House) -> None:
    """S59: each outcome is there with when, from where and how, and only their own."""
    eve = await house.person("eve@example.com")
    await eve.sign_in("eve@example.com", "not the right bridge")
    ada = await house.person()
    for _ in range(24):
        await ada.post("/account/devices/others/end")

    newest = read((await ada.get("/account/history")).text)
    older = newest.all("a", class_="button button--secondary")[-1].attributes["href"]
    oldest = read((await ada.get(older)).text)
    sentences = [
        [each.text for each in page.all("p", class_="thing__name")] for page in (newest, oldest)
    ]

    began = {"You signed up", "Your address was confirmed", "You signed in"}
    assert [len(page) for page in sentences] == [25, 2]
    assert sentences[0][:24] == ["You signed out every other device"] * 24
    assert {sentences[0][24], *sentences[1]} == began
    assert oldest.all("p", class_="thing__detail")[-1].text.endswith("· 127.0.0.1")


@ON_SQLITE
async def test_the_place_of_somebody_elses_event_shows_ones_own_newest(house: House) -> None:
    await house.person("eve@example.com")
    (first, *_) = await house.rows(SecurityEvent)
    ada = await house.person()

    for before in (first.id, "sec_nothing", "'; drop table users"):
        page = read((await ada.http.get("/account/history", params={"before": before})).text)
        assert len(page.all("p", class_="thing__name")) == 3


@ON_SQLITE
async def test_nobody_reads_a_history_without_signing_in(house: House) -> None:
    assert (await house.browser().get("/account/history")).status_code == 303


def test_every_outcome_and_method_has_its_words() -> None:
    unsaid = set(Outcome) - set(WORDS)
    assert unsaid == set(), "say in accounts/history/words.py what their owner reads of them"
    assert set(Method) - set(METHODS) - SILENT == set(), "say how it was done, or count it silent"


def test_what_another_version_wrote_is_shown_by_its_name() -> None:
    assert said("moon_walked").sentence == "Moon walked"
