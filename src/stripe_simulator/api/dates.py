"""The `Date` header, which carries simulated time."""

from email.utils import formatdate


def http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
