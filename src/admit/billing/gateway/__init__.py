"""The one door to Stripe, and the only place that imports its SDK."""

from admit.billing.gateway.client import Gateway, open_gateway
from admit.billing.gateway.errors import GatewayRefused, GatewayUnavailable
from admit.billing.gateway.signature import (
    OffTime,
    OtherSecret,
    SignatureRefused,
    verify_signature,
)

__all__ = [
    "Gateway",
    "GatewayRefused",
    "GatewayUnavailable",
    "OffTime",
    "OtherSecret",
    "SignatureRefused",
    "open_gateway",
    "verify_signature",
]
