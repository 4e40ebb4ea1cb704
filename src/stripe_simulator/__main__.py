"""`python -m stripe_simulator`: a Stripe of your own on a port."""

import argparse
import sys
from pathlib import Path

from stripe_simulator.application import create_simulator
from stripe_simulator.server import serve
from stripe_simulator.simulator import DEFAULT_SELLER


def main() -> None:
    given = arguments().parse_args()
    if (given.webhook_url is None) != (given.webhook_secret is None):
        sys.exit("--webhook-url and --webhook-secret are given together.")
    public_url = given.public_url or f"http://localhost:{given.port}"
    app = create_simulator(
        state=given.state,
        base_url=public_url,
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        api_key=given.api_key,
        seller=given.seller,
    )
    sys.stdout.write(f"Stripe simulator: {public_url}\n")
    sys.stdout.flush()
    serve(app, host=given.host, port=given.port)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stripe_simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--public-url", help="what browsers call it (default: localhost and port)")
    parser.add_argument("--webhook-url", help="where events are delivered")
    parser.add_argument("--webhook-secret", help="what they are signed with (whsec_...)")
    parser.add_argument("--state", type=Path, help="SQLite file (default: memory)")
    parser.add_argument("--seller", default=DEFAULT_SELLER, help="the business that sells")
    parser.add_argument("--api-key", help="take this key only (default: any sk_test_...)")
    return parser


if __name__ == "__main__":
    main()
