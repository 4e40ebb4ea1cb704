"""A browser waits for somebody to show that an address is theirs.

A browser that signed up with an address of somebody else has a verification too, with a code
that nobody was sent: what it sees, waits for and is refused is the same.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, spend
from admit.accounts.models import User
from admit.accounts.repository import Users
from admit.accounts.verification.fingerprint import fingerprint
from admit.accounts.verification.models import Verification, VerificationCode
from admit.accounts.verification.repository import VerificationCodes, Verifications
from admit.core.crypto import Vault, hash_token, new_token
from admit.core.ids import new_id

CODE_LIFE = timedelta(minutes=10)
LINK_LIFE = timedelta(hours=24)
BROWSER_LIFE = timedelta(hours=24)
RESEND_WAIT = timedelta(seconds=60)
MOST_RESENDS = 5
MAILS_TO_ADDRESS = Limit("verification_mail", allowed=10, period=timedelta(hours=24))


@dataclass(frozen=True)
class Proposal:
    """What a later sign-up with an unconfirmed address wants the account to be."""

    first_name: str
    last_name: str
    password_hash: str
    newsletter: bool = False


@dataclass(frozen=True)
class Waiting:
    """What the browser that waits is shown."""

    email: str
    resend_wait: timedelta
    resends_left: int
    is_over: bool = False
    """The address was confirmed elsewhere."""
    next_path: str | None = None
    plan: str | None = None


async def open_verification(
    db: AsyncSession,
    letters: Letters,
    *,
    user: User | None,
    email: str,
    email_key: str,
    proposal: Proposal | None = None,
    next_path: str | None,
    plan: str | None = None,
    now: datetime,
) -> str:
    """The token for the cookie of the browser; a first mail is on its way.

    `user` is whose address gets confirmed; None opens one that confirms nothing.
    """
    token = new_token()
    verification = Verification(
        id=new_id("ver"),
        browser_hash=hash_token(token),
        user_id=user.id if user else None,
        email=email,
        email_key=email_key,
        first_name=proposal.first_name if proposal else None,
        last_name=proposal.last_name if proposal else None,
        password_hash=proposal.password_hash if proposal else None,
        newsletter=proposal.newsletter if proposal else False,
        next_path=next_path,
        plan=plan,
        created_at=now,
        ends_at=now + BROWSER_LIFE,
        last_sent_at=now,
        resends=0,
    )
    db.add(verification)
    await db.flush()
    await _send(db, letters, verification, now=now)
    return token


async def verification_for(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    token: str | None,
    next_path: str | None,
    now: datetime,
) -> str | timedelta:
    """The token of this browser's verification of the person; a new one sends a mail.

    Else how long to wait, when too many mails went to the address.
    """
    if token is not None:
        verification = await Verifications(db).of_browser(hash_token(token), now=now)
        if verification is not None and verification.user_id == user.id:
            return token
    wait = await may_mail(db, letters.vault, user.email_key, now=now)
    if wait is not None:
        return wait
    return await open_verification(
        db,
        letters,
        user=user,
        email=user.email,
        email_key=user.email_key,
        next_path=next_path,
        now=now,
    )


async def may_mail(
    db: AsyncSession, vault: Vault, email_key: str, *, now: datetime
) -> timedelta | None:
    """Counts one mail to the address, whoever asks. None when allowed, else how long to wait."""
    subject = vault.fingerprint(email_key, purpose=MAILS_TO_ADDRESS.name)
    return await spend(db, MAILS_TO_ADDRESS, subject, now=now)


async def waiting(db: AsyncSession, token: str | None, *, now: datetime) -> Waiting | None:
    """None when this browser waits for nothing."""
    if token is None:
        return None
    verification = await Verifications(db).of_browser(hash_token(token), now=now)
    if verification is None:
        return None
    user_id = verification.user_id
    user = await Users(db).by_id(user_id) if user_id else None
    return Waiting(
        email=verification.email,
        resend_wait=max(verification.last_sent_at + RESEND_WAIT - now, timedelta()),
        resends_left=max(MOST_RESENDS - verification.resends, 0),
        is_over=user is not None and user.is_verified,
        next_path=verification.next_path,
        plan=verification.plan,
    )


async def resend(
    db: AsyncSession, letters: Letters, token: str, *, now: datetime
) -> timedelta | None:
    """Sends a new mail, which ends the older ones. Else how long until one may be asked for."""
    verifications = Verifications(db)
    verification = await verifications.of_browser(hash_token(token), now=now)
    if verification is None:
        return RESEND_WAIT
    claimed = await verifications.claim_resend(
        verification.id, now=now, wait=RESEND_WAIT, most=MOST_RESENDS
    )
    await db.refresh(verification)
    if not claimed and verification.resends >= MOST_RESENDS:
        return verification.ends_at - now
    if not claimed:
        return verification.last_sent_at + RESEND_WAIT - now
    wait = await may_mail(db, letters.vault, verification.email_key, now=now)
    if wait is None:
        await _send(db, letters, verification, now=now)
    return wait


async def _send(
    db: AsyncSession, letters: Letters, verification: Verification, *, now: datetime
) -> None:
    """A new code and link, and the mail that holds them or tells of the account that exists."""
    code, link_token = f"{secrets.randbelow(1_000_000):06d}", new_token()
    await VerificationCodes(db).replace_older(verification.id, now=now)
    db.add(
        VerificationCode(
            id=new_id("vco"),
            verification_id=verification.id,
            code_fingerprint=fingerprint(letters.vault, verification.id, code),
            link_hash=hash_token(link_token),
            created_at=now,
            code_ends_at=now + CODE_LIFE,
            link_ends_at=now + LINK_LIFE,
        )
    )
    await db.flush()
    owner = await Users(db).by_key(verification.email_key)
    if owner is None:
        # Whoever had it has another one by now.
        await letters.send_no_account(db, recipient=verification.email, now=now)
        return
    if verification.user_id is None:
        await letters.send_already_registered(
            db, recipient=owner.email, first_name=owner.first_name, now=now
        )
        return
    await letters.send_code(
        db,
        recipient=verification.email,
        first_name=verification.first_name or owner.first_name,
        code=code,
        link_token=link_token,
        minutes=int(CODE_LIFE.total_seconds() // 60),
        now=now,
    )
