"""Stripe's webhook signatures: `t=...,v1=...`, HMAC-SHA256 over the time and the payload."""

import hashlib
import hmac


def signature(payload: bytes, *secrets: str, timestamp: int) -> str:
    """The header; one `v1` for each secret, so that secrets can be changed in peace."""
    signed = str(timestamp).encode() + b"." + payload
    each = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={timestamp}", *(f"v1={digest}" for digest in each)])
