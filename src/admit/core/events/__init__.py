"""What happened and who still has to react: one mechanism for inbox and outbox.

Both are rows, written in the transaction of the change they tell of. A bell after the commit only
wakes the worker; a sweep finds the rows whose bell was lost.
"""

from admit.core.events.models import EventRow, Progress, ReactionRow
from admit.core.events.service import Event, Occurrence, plan, record

__all__ = ["Event", "EventRow", "Occurrence", "Progress", "ReactionRow", "plan", "record"]
