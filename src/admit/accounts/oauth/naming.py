"""What to call somebody whom a provider introduces; they can change it on their own pages."""

from admit.accounts.address import Address
from admit.accounts.oauth.provider import Profile
from admit.accounts.sign_up import names


def names_of(profile: Profile, theirs: Address) -> tuple[str, str]:
    """First and last name, each by the rules of a sign-up; the last may be unknown."""
    first = _proper(profile.first_name) or _proper(theirs.email.partition("@")[0]) or "Friend"
    return first, _proper(profile.last_name)


def _proper(given: str) -> str:
    name = names.tidy(given[: names.LONGEST])
    return "" if names.problem_with(name, which="name") else name
