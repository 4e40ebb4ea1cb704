"""Every table, so that migrations see them all."""

from admit.core import business_time as _business_time
from admit.core.events import models as _events
from admit.core.mail import models as _mail

__all__ = ["_business_time", "_events", "_mail"]
