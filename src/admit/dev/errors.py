from admit.core.errors import Unavailable


class SimulatorUnavailable(Unavailable):
    title = "The simulator does not answer"
    message = "The Stripe simulator does not answer, so time stands where it was."
    advice = "Start it again (`make run` starts it beside the app), then move time once more."


class Refused(Exception):
    """The simulator refused what it was told; its sentence says why, and nothing has changed."""


class TimeStands(Refused):
    """A move of time that makes no sense; nothing was moved."""
