"""The newsletter: a yes that can be shown, and a no that takes one click."""

import hmac
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.profile.models import NewsletterChoice
from admit.accounts.profile.repository import Profiles
from admit.core.crypto import Vault
from admit.core.ids import new_id

WORDING = "Write to me now and then about what is new. I can stop at any time."
"""What stands beside the box; kept with each yes, so change it freely."""
LINK_WORDING = "One click on the link in a mail"
PURPOSE = "newsletter"


class Place(StrEnum):
    sign_up = "sign_up"
    profile = "profile"
    link = "link"


async def choose(
    db: AsyncSession,
    user_id: str,
    *,
    wants: bool,
    place: Place,
    caller: Caller,
    now: datetime,
) -> bool:
    """Keeps the choice and its proof. False when it was so already."""
    if not await Profiles(db).choose_newsletter(user_id, wants=wants):
        return False
    db.add(
        NewsletterChoice(
            id=new_id("nlc"),
            user_id=user_id,
            wants=wants,
            place=place,
            wording=LINK_WORDING if place is Place.link else WORDING,
            chosen_at=now,
            ip=caller.ip,
        )
    )
    what = Outcome.newsletter_joined if wants else Outcome.newsletter_left
    method = Method.mail_link if place is Place.link else Method.session
    note(db, what, user_id=user_id, method=method, caller=caller, now=now)
    return True


async def welcome(db: AsyncSession, letters: Letters, user: User, *, now: datetime) -> None:
    """Tells that they are on the list, and how to leave it."""
    link = unsubscribe_link(letters, user.id)
    await letters.send(
        db,
        "newsletter_joined",
        user.email,
        f"You are on the list of {letters.site_name}",
        {"first_name": user.first_name, "unsubscribe_url": link},
        headers=unsubscribe_headers(link),
        now=now,
    )


def unsubscribe_headers(link: str) -> dict[str, str]:
    """Mail programs show a button of their own for it (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def unsubscribe_link(letters: Letters, user_id: str) -> str:
    """Works signed out and for as long as the account exists, and opens nothing else."""
    fingerprint = letters.vault.fingerprint(user_id, purpose=PURPOSE)
    return f"{letters.site_url}/newsletter/unsubscribe/{user_id}.{fingerprint}"


def user_of_link(vault: Vault, token: str) -> str | None:
    user_id, _, shown = token.partition(".")
    known = vault.fingerprints(user_id, purpose=PURPOSE)
    genuine = [hmac.compare_digest(shown.encode(), each.encode()) for each in known]
    return user_id if any(genuine) else None
