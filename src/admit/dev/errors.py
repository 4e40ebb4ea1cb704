from admit.core.errors import Unavailable


class SimulatorUnavailable(Unavailable):
    title = "The simulator does not answer"
    message = "The Stripe simulator does not answer, so time stands where it was."
    advice = "Start it again (`make run` starts it beside the app), then move time once more."


class TimeStands(Exception):
    """The simulator refused the move; its sentence says why, and nothing was moved."""
