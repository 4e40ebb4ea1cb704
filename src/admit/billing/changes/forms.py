"""What is typed about an end or a pause; anything is taken, so that it comes back when refused."""

from dataclasses import dataclass

from pydantic import BaseModel

from admit.billing.changes.reasons import Feedback
from admit.core.errors import InvalidInput

LONGEST_COMMENT = 1000


@dataclass(frozen=True)
class Leaving:
    subscription_id: str | None
    feedback: Feedback | None
    comment: str


class CancelForm(BaseModel):
    subscription: str = ""
    feedback: str = ""
    comment: str = ""

    def checked(self) -> Leaving:
        """Raises `InvalidInput`."""
        comment = self.comment.strip()
        problems = {}
        if self.feedback and self.feedback not in set(Feedback):
            problems["feedback"] = "Choose a reason from the list, or none."
        if len(comment) > LONGEST_COMMENT:
            problems["comment"] = f"Tell it in at most {LONGEST_COMMENT} characters."
        if problems:
            raise InvalidInput(problems)
        feedback = Feedback(self.feedback) if self.feedback else None
        return Leaving(self.subscription or None, feedback, comment)


class PauseForm(BaseModel):
    subscription: str = ""
    until: str = ""
    """A key of `pauses.choices`."""
