"""`Stripe-Signature`: HMAC-SHA256 over `t.payload` (docs.stripe.com/webhooks/signature)."""

import hashlib
import hmac


def signature(payload: bytes, *, secret: str, timestamp: int) -> str:
    """The header's value. `timestamp` is wall time: receivers refuse what is old."""
    signed = str(timestamp).encode() + b"." + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
