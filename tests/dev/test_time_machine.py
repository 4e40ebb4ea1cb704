"""Business time moves with the simulator's, and people stay signed in."""

import re
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from admit.core.business_time import follow_business_time
from admit.core.clock import Clock
from admit.dev.time_machine import ahead_in_words
from stripe_simulator.server import Running, running_simulator
from tests.pages.rooms import Rooms, open_rooms

DAY = timedelta(days=1)
CLOSE = timedelta(minutes=10)
"""Both clocks run on between two looks at them."""


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running_simulator() as running:
        yield running


@pytest.fixture
async def house(database_url: str, tmp_path: Path, simulator: Running) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path, simulator_url=simulator.url) as opened:
        yield opened


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def simulated_now(simulator: Running) -> datetime:
    clock = httpx2.get(f"{simulator.url}/_control/clock").json()
    return datetime.fromtimestamp(clock["now"], UTC)


async def move(browser: httpx2.AsyncClient, **fields: str) -> httpx2.Response:
    return await browser.post("/dev/clock", data=fields)


async def test_a_step_moves_both_clocks_and_nobody_is_signed_out(
    house: Rooms, simulator: Running
) -> None:
    _, browser = await house.person()
    clock = house.wiring.parts.clock

    response = await move(browser, seconds=str(32 * 86400))

    assert (response.status_code, response.headers["location"]) == (303, "/dev")
    assert abs(clock.offset - 32 * DAY) < CLOSE
    assert abs(simulated_now(simulator) - clock.business()) < CLOSE
    assert (await browser.get("/account")).status_code == 200


async def test_the_moved_time_outlives_the_process(house: Rooms) -> None:
    await move(house.browser(), seconds="86400")

    restarted = Clock()
    await follow_business_time(house.database, restarted)

    assert restarted.offset == house.wiring.parts.clock.offset


async def test_a_moment_can_be_named(house: Rooms, simulator: Running) -> None:
    clock = house.wiring.parts.clock
    wanted = (clock.business() + 10 * DAY).replace(second=0, microsecond=0)

    response = await move(house.browser(), to=wanted.strftime("%Y-%m-%dT%H:%M"))

    assert response.status_code == 303
    assert abs(clock.business() - wanted) < CLOSE
    assert abs(simulated_now(simulator) - wanted) < CLOSE


async def test_a_senseless_move_is_refused_and_moves_nothing(house: Rooms) -> None:
    browser = house.browser()
    cases = [
        ({"to": "2020-01-01T00:00"}, "Time does not go back"),
        ({"to": "soon"}, "Enter a day and a time"),
        ({"to": ""}, "Enter a day and a time"),
        ({"seconds": "-60"}, "Time does not go back"),
        ({"seconds": "0"}, "Time does not go back"),
        ({"seconds": str(900 * 86400)}, "At most 800 days at once"),
        ({"to": "9999-01-01T00:00"}, "At most 800 days at once"),
    ]

    for fields, sentence in cases:
        response = await move(browser, **fields)

        assert (fields, response.status_code) == (fields, 422)
        assert sentence in response.text
    assert house.wiring.parts.clock.offset == timedelta()


async def test_a_simulator_that_is_down_leaves_time_where_it_was_and_it_heals(
    database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with open_rooms(database_url, tmp_path, simulator_url=url) as rooms:
        down = await move(rooms.browser(), seconds="86400")
        offset = rooms.wiring.parts.clock.offset

        with running_simulator(port):
            healed = await move(rooms.browser(), seconds="86400")

        assert (down.status_code, offset) == (503, timedelta())
        assert "time stands where it was" in down.text
        assert healed.status_code == 303
        assert abs(rooms.wiring.parts.clock.offset - DAY) < CLOSE


async def test_an_address_that_is_no_simulator_is_told_like_one_that_is_down(
    database_url: str, tmp_path: Path, simulator: Running
) -> None:
    address = f"{simulator.url}/elsewhere"
    async with open_rooms(database_url, tmp_path, simulator_url=address) as rooms:
        response = await move(rooms.browser(), seconds="86400")

        assert response.status_code == 503
        assert rooms.wiring.parts.clock.offset == timedelta()


async def test_charges_are_made_to_fail_and_time_to_run_faster(
    house: Rooms, simulator: Running
) -> None:
    browser = house.browser()
    api = httpx2.Client(
        base_url=simulator.url, headers={"authorization": "Bearer sk_test_dev"}, verify=False
    )
    ada = api.post("/v1/customers").json()["id"]
    charge = {"customer": ada, "amount": "500", "currency": "eur", "confirm": "true"}

    planned = await browser.post("/dev/cards", data={"customer": ada, "times": "1"})
    tries = [
        api.post("/v1/payment_intents", data={**charge, "payment_method": "pm_card_visa"})
        for _ in range(2)
    ]
    nobody = await browser.post(
        "/dev/cards", data={"customer": "cus_nobody"}, follow_redirects=True
    )
    faster = await browser.post("/dev/speed", data={"times": "3600"}, follow_redirects=True)
    too_fast = await browser.post("/dev/speed", data={"times": "0"})

    assert (planned.status_code, [one.status_code for one in tries]) == (303, [402, 200])
    assert "No such customer" in nobody.text
    assert 'value="3600" aria-pressed="true"' in faster.text
    assert too_fast.status_code == 422
    await browser.post("/dev/speed", data={"times": "1"})
    assert api.get("/_control/clock").json()["speed"] == 1
    api.close()


async def test_the_page_tells_both_times_and_offers_steps(rooms: Rooms) -> None:
    rooms.wiring.parts.clock.offset = 34 * DAY + timedelta(hours=2, minutes=5)

    response = await rooms.browser().get("/dev")

    assert response.status_code == 200
    assert "34 days, 2 hours" in response.text
    assert re.findall(r'name="seconds" value="(\d+)"', response.text) == [
        "3600",
        "86400",
        "604800",
        "2764800",
        "31622400",
    ]
    assert "Nobody has subscribed yet" in response.text


async def test_with_a_stripe_key_there_is_no_time_machine_and_no_mailbox(
    database_url: str, tmp_path: Path
) -> None:
    async with open_rooms(database_url, tmp_path, stripe_secret_key="sk_test_1") as rooms:
        browser = rooms.browser()

        for path in ("/dev", "/dev/mailbox", "/dev/mailbox/mail_1", "/dev/mailbox/mail_1/html"):
            assert (await browser.get(path)).status_code == 404
        assert (await move(browser, seconds="60")).status_code == 404
        assert rooms.wiring.parts.clock.offset == timedelta()


def test_an_offset_is_told_in_its_two_largest_units() -> None:
    cases = {
        timedelta(): "Not ahead",
        timedelta(seconds=-4): "Not ahead",
        timedelta(seconds=1): "1 second",
        timedelta(minutes=2, seconds=1): "2 minutes, 1 second",
        DAY: "1 day",
        32 * DAY + timedelta(minutes=3, seconds=9): "32 days, 3 minutes",
    }

    assert {offset: ahead_in_words(offset) for offset in cases} == cases
