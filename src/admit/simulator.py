"""The door that opens the Stripe simulator inside this process; they still meet over HTTP only."""

from collections.abc import Iterator
from contextlib import contextmanager

from admit.core.config import Settings


@contextmanager
def simulator_beside(settings: Settings) -> Iterator[None]:
    """Runs in a thread of its own while the block lasts, and ends after it."""
    from stripe_simulator.server import running_simulator

    with running_simulator(
        settings.stripe_simulator_port,
        state=settings.admit_data_dir / "stripe_simulator.db",
        base_url=settings.simulator_url,
        webhook_url=f"http://127.0.0.1:{settings.port}/webhooks/stripe",
        webhook_secret=settings.webhook_secrets[0],
        seller=settings.admit_site_name,
    ):
        yield
