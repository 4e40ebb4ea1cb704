"""The same road with Stripe's own types between the app and the simulator."""

from pathlib import Path

from tests.contracts.gate import open_gate
from tests.contracts.spec import Spec
from tests.engines.simulators import StripeSide
from tests.engines.site import free_ports, running_site
from tests.engines.stripe_process import SECRET, running_stripe
from tests.journeys.road import Traveller
from tests.journeys.story import walk_the_road


def test_all_that_the_road_says_to_stripe_and_hears_from_it_is_as_stripe_would_have_it(
    tmp_path: Path, spec: Spec
) -> None:
    ports = port, simulator_port = free_ports()
    simulator_url = f"http://localhost:{simulator_port}"
    with open_gate(spec) as gate:
        gate.simulator_url = f"http://127.0.0.1:{simulator_port}"
        gate.app_webhook_url = f"http://127.0.0.1:{port}/webhooks/stripe"
        settings = {
            "STRIPE_API_BASE": gate.api_url,
            "STRIPE_SIMULATOR_URL": simulator_url,
            "STRIPE_WEBHOOK_SECRET": SECRET,
        }
        with (
            running_stripe(tmp_path, port=simulator_port, webhook_url=gate.webhook_url),
            running_site(tmp_path, settings=settings, ports=ports) as site,
            StripeSide(simulator_url) as stripe,
            Traveller(site.url) as ada,
        ):
            walk_the_road(ada, stripe)
            assert site.stop() == 0

        assert gate.errors() == []
        assert gate.report.summary()["violations"] == {}
        assert {
            "POST /v1/checkout/sessions",
            "POST /v1/customers",
            "POST /v1/subscriptions/{id}",
            "EVENT checkout.session.completed",
            "EVENT customer.subscription.deleted",
            "EVENT invoice.paid",
        } <= set(gate.report.operations())
