from pathlib import Path

import pytest
import stripe

from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.passing import run_due
from stripe_simulator.server import running_simulator
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.store import Store
from tests.stripe_simulator.shop import DAY, JANUARY_31, Shop, period, seconds


def simulator(state: Path | None = None) -> Simulator:
    return Simulator(
        state=state, base_url="http://sim.example", webhook_url=None, webhook_secret=None, now=1
    )


def test_a_restart_keeps_everything_and_goes_on(tmp_path: Path) -> None:
    state = tmp_path / "simulator.db"
    with running_simulator(state=state, now=JANUARY_31) as first, Shop.at(first.url) as shop:
        subscription = shop.subscribed()
        shop.advance(seconds=DAY)
        before = [event.id for event in shop.events()]

    with running_simulator(state=state, now=JANUARY_31) as second, Shop.at(second.url) as shop:
        clock = shop.http.get("/_control/clock").json()
        after = [event.id for event in shop.events()]
        shop.advance_to("2026-02-28 12:00")
        renewed = shop.subscription(subscription.id)

    assert clock["now"] == JANUARY_31 + DAY
    assert after == before
    assert period(renewed)[0] == seconds("2026-02-28 10:00")


def test_a_running_clock_keeps_its_lead_over_the_wall_through_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "simulator.db"
    with running_simulator(state=state) as first, Shop.at(first.url) as shop:
        shop.advance(seconds=100 * DAY)

    with running_simulator(state=state) as second, Shop.at(second.url) as shop:
        clock = shop.http.get("/_control/clock").json()

    assert clock["frozen"] is False
    assert 100 * DAY - 2 <= clock["offset"] <= 100 * DAY + 1


def fail_halfway(store: Store) -> None:
    with store.writing() as tx:
        tx.add({"id": "cus_1", "object": "customer", "email": "a@b.example"}, "customer.created")
        tx.schedule("checkout.expire", "cus_1", 5)
        raise invalid("no")


def test_an_error_undoes_the_whole_transaction() -> None:
    store = simulator().store

    with pytest.raises(StripeError, match="no"):
        fail_halfway(store)

    tx = store.reading()
    assert tx.get("cus_1") is None
    assert tx.find("event") == []
    assert store.next_timer() is None


def test_ids_of_two_simulators_never_meet() -> None:
    first, second = simulator().store, simulator().store

    with first.writing() as one, second.writing() as other:
        ids = {one.new_id("customer") for _ in range(100)}
        others = {other.new_id("customer") for _ in range(100)}

    assert len(ids) == len(others) == 100
    assert not ids & others
    assert all(id_.startswith(f"cus_{first.epoch}") for id_ in ids)


def test_a_timer_that_is_set_again_moves() -> None:
    store = simulator().store
    with store.writing() as tx:
        tx.schedule("checkout.expire", "cs_1", 50)
        tx.schedule("checkout.expire", "cs_1", 70)

    assert store.next_timer() == ("checkout.expire", "cs_1", 70)
    assert run_due(store, until=69) is True


def test_a_reset_forgets_everything_and_issues_no_old_id(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})
    before = shop.http.get("/_control/clock").json()

    after = shop.http.post("/_control/reset").json()

    assert after["epoch"] != before["epoch"]
    assert after["now"] == before["now"]
    assert shop.stripe.customers.list({}).data == []
    assert shop.events() == []
    assert shop.stripe.customers.create({}).id != customer.id


def test_a_reset_may_turn_time_back(shop: Shop) -> None:
    shop.advance(seconds=100 * DAY)

    after = shop.http.post("/_control/reset", json={"now": JANUARY_31}).json()

    assert after["now"] == shop.stripe.customers.create({}).created == JANUARY_31


def test_a_snapshot_brings_back_what_was_under_a_new_epoch(shop: Shop) -> None:
    kept = shop.stripe.customers.create({"name": "Kept"})
    taken = shop.http.get("/_control/snapshot").json()
    shop.stripe.customers.update(kept.id, {"name": "Changed"})
    shop.advance(seconds=DAY)

    restored = shop.http.post("/_control/restore", json={"snapshot": taken["snapshot"]}).json()

    assert restored["epoch"] != taken["epoch"]
    assert restored["now"] == JANUARY_31 + DAY
    assert shop.stripe.customers.retrieve(kept.id).name == "Kept"
    assert restored["epoch"] in shop.stripe.customers.create({}).id


def test_a_snapshot_of_a_file_is_restored_too(tmp_path: Path) -> None:
    with running_simulator(state=tmp_path / "a.db", now=1) as running, Shop.at(running.url) as shop:
        kept = shop.stripe.customers.create({})
        taken = shop.http.get("/_control/snapshot").json()["snapshot"]
        shop.stripe.customers.delete(kept.id)
        shop.http.post("/_control/restore", json={"snapshot": taken})

        assert shop.stripe.customers.retrieve(kept.id).to_dict().get("deleted") is None
        with pytest.raises(stripe.InvalidRequestError):
            shop.stripe.customers.retrieve("cus_never")


def test_what_fails_among_many_undoes_nothing_but_itself() -> None:
    store = simulator().store
    with store.writing() as tx:
        tx.schedule("clock.advance", "clock_nobody", 2)
        tx.schedule("invoice.finalize", "in_nobody", 3)
        tx.schedule("clock.advance", "clock_another", 4)

    with pytest.raises(StripeError, match="in_nobody"):
        run_due(store, until=9)

    left = store.db.execute("SELECT what, at FROM timers ORDER BY at").fetchall()
    assert left == [("invoice.finalize", 3), ("clock.advance", 4)]
    assert store.now() == 3
