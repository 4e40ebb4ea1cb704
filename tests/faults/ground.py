"""Where every case begins: Ada has confirmed her address, and Stripe knows the catalogue.

A case costs one fork, or two when the process dies in it; database and simulator are put back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engines.databases import Postgresql, Sqlite
from tests.engines.originals import Original, keep_original
from tests.engines.patience import PATIENT_ENVIRONMENT
from tests.engines.simulators import Json, StripeSide
from tests.engines.site import free_ports
from tests.engines.stripe_process import SECRET, StripeProcess, running_stripe
from tests.faults.books import Books
from tests.faults.mortal import MortalSite
from tests.journeys.road import Traveller

PERIODIC_WORKS = 6


@dataclass
class Ground:
    database_url: str
    site: MortalSite
    stripe: StripeSide
    stripe_process: StripeProcess
    books: Books
    ada: Traveller
    original: Original
    snapshot: Json

    @contextmanager
    def begin_again(self, *, crash_at: str = "") -> Iterator[None]:
        self.original.restore()
        self.stripe.post("/_control/restore", self.snapshot)
        # Else the site would see a simulator that was taken back, and close what Ada opens.
        self.books.know_the_epoch(self.stripe.get("/_control/clock")["epoch"])
        self.site.deaths = 0
        self.site.start(crash_at=crash_at)
        try:
            yield
        finally:
            self.site.kill()

    @contextmanager
    def running(self) -> Iterator[Traveller]:
        """For a case in which nobody is killed."""
        with self.begin_again():
            self.site.until(self.site.answers)
            yield self.ada

    def opens_the_payment_page(self) -> str:
        """The id of the session; a click that nobody answered is repeated."""
        self.site.until(self._clicks)
        return self.ada.path.rsplit("/", 1)[1]

    def _clicks(self) -> bool:
        self.ada.goes("/pricing?plan=pro-monthly").presses("Continue to payment")
        return self.ada.path.startswith("/c/pay/")

    def pays(self, session_id: str) -> str:
        """The way back to the site."""
        paid = self.stripe.post(f"/_control/checkout/{session_id}/pay", {})
        return str(paid["redirect"])

    def comes_back(self, address: str) -> None:
        self.site.until(lambda: self.ada.goes(address).heading == "You are in")

    def waits(self) -> None:
        """Until she is let in, everything that Stripe told has arrived, and nothing is undone."""
        self.site.until(self._is_settled, lacking=self._lacking)

    def _is_settled(self) -> bool:
        return self.ada.opens("/premium") == 200 and not self._lacking()

    def _lacking(self) -> list[str]:
        known = self.books.events_of_stripe()
        unheard = [
            f"{told.type} {told.id}" for told in self.stripe.events() if told.id not in known
        ]
        return [*self.books.unfinished(), *unheard]

    @contextmanager
    def no_webhooks(self) -> Iterator[None]:
        self.stripe.post("/_control/deliveries/pause")
        try:
            yield
        finally:
            self.resume_webhooks()

    def resume_webhooks(self) -> None:
        self.stripe.post("/_control/deliveries/resume")

    def deliver_again(self) -> None:
        """What Stripe does some seconds later by itself."""
        deliveries = self.stripe.get("/_control/deliveries")
        if not deliveries["paused"]:
            for delivery in reversed(deliveries["deliveries"]):
                if delivery["status"] == "pending":
                    self.stripe.post(f"/_control/events/{delivery['event']}/resend")


@contextmanager
def prepared_ground(
    engine: Sqlite | Postgresql, directory: Path, **settings: str
) -> Iterator[Ground]:
    port, simulator_port = free_ports()
    url, simulator_url = f"http://127.0.0.1:{port}", f"http://localhost:{simulator_port}"
    webhook_url = f"{url}/webhooks/stripe"
    with (
        engine.migrated() as database_url,
        running_stripe(directory, port=simulator_port, webhook_url=webhook_url) as process,
        StripeSide(simulator_url) as stripe,
        Traveller(url) as ada,
    ):
        site = MortalSite(
            directory,
            url,
            {
                "PORT": str(port),
                "DATABASE_URL": database_url,
                "ADMIT_DATA_DIR": str(directory),
                "STRIPE_API_BASE": simulator_url,
                "STRIPE_SIMULATOR_URL": simulator_url,
                "STRIPE_WEBHOOK_SECRET": SECRET,
                "PASSWORD_HASH_MEMORY_KIB": "19456",
                **PATIENT_ENVIRONMENT,
                **settings,
            },
        )
        books = Books(database_url)
        prepare(site, books, ada)
        snapshot = {"snapshot": stripe.get("/_control/snapshot")["snapshot"]}
        original = keep_original(database_url)
        ground = Ground(database_url, site, stripe, process, books, ada, original, snapshot)
        site.before_each_restart = books.let_a_minute_pass
        site.after_each_restart = ground.deliver_again
        yield ground


def prepare(site: MortalSite, books: Books, ada: Traveller) -> None:
    site.start()
    try:
        site.until(site.answers)
        ada.signs_up_for("pro-monthly")
        ada.confirms_the_address()
        site.until(lambda: books.has_run_all_periodic_work(PERIODIC_WORKS))
        site.until(lambda: books.unfinished() == [])
    finally:
        site.kill()
    books.stop_periodic_work()
