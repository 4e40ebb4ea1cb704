"""Whom HTTPS clients of tests trust: read once, for that takes longer than most tests."""

import ssl
from functools import cache


@cache
def trust() -> ssl.SSLContext:
    return ssl.create_default_context()
