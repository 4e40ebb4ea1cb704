"""How long a test waits at most for what comes by itself.

A machine may be busy, and no test asserts how fast anything is. Whoever wants something to time out
passes a setting of its own.
"""

from collections.abc import Mapping

PATIENCE = 300.0
"""Seconds: for a process, a browser or an event."""

PATIENT: Mapping[str, float] = {"database_busy_seconds": 60.0, "stripe_timeout_seconds": 60.0}
"""Settings: a burst of requests waits for a connection, instead of being told to come again."""

PATIENT_ENVIRONMENT = {name.upper(): str(value) for name, value in PATIENT.items()}
