"""The two shapes everything here is made of: Stripe's JSON, and the seconds it counts in."""

from typing import Any

Json = dict[str, Any]

API_VERSION = "2026-10-28.endive"
"""The version whose shapes are stored; others are rendered from it (`webhooks.versions`)."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
