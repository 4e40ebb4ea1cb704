"""The developer's side: the time machine and the mailbox. Only with the simulator."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from admit.billing.service import newest_subscriptions
from admit.core.crypto import new_token
from admit.core.db import ReadDb
from admit.core.errors import NotFound
from admit.core.events.worker import Worker
from admit.core.http.answers import go_to, in_words, page
from admit.core.http.state import AppParts, AppSettings, AppVault, Parts
from admit.dev import mailbox
from admit.dev.control import let_charges_fail, run_at, speed_of
from admit.dev.errors import Refused, SimulatorUnavailable
from admit.dev.time_machine import ahead_in_words, moment_of, move_by, move_to, settle

router = APIRouter(include_in_schema=False)

STEPS = (
    {"label": "1 hour", "seconds": 3600},
    {"label": "1 day", "seconds": 86400},
    {"label": "1 week", "seconds": 7 * 86400},
    {"label": "32 days", "seconds": 32 * 86400},
    {"label": "366 days", "seconds": 366 * 86400},
)
SPEEDS = (
    {"label": "Usual pace", "times": 1},
    {"label": "A minute a second", "times": 60},
    {"label": "An hour a second", "times": 3600},
    {"label": "A day a second", "times": 86400},
)
EVERY_TRY = 10
"""More than the simulator makes before it gives a subscription up."""


@router.get("/dev")
async def show_time_machine(request: Request, parts: AppParts) -> Response:
    return await time_machine(request, parts, errors={})


@router.post("/dev/clock")
async def move_clock(
    request: Request,
    parts: AppParts,
    seconds: Annotated[int | None, Form()] = None,
    to: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    settings, database, clock = parts.settings, parts.database, parts.clock
    try:
        if seconds is not None:
            now = await move_by(settings, database, clock, seconds=seconds)
        else:
            now = await move_to(settings, database, clock, moment=moment_of(to))
    except Refused as refused:
        return await time_machine(request, parts, errors={"to": str(refused)}, status=422)
    except ValueError:
        errors = {"to": "Enter a day and a time, such as 2027-01-31T12:00."}
        return await time_machine(request, parts, errors=errors, status=422)
    worker: Worker = request.app.state.worker
    told = in_words(request, now, clock_time=True)
    try:
        await settle(settings, clock, worker)
    except SimulatorUnavailable:
        say = f"It is {told} now. Some messages are still on their way."
        return go_to(request, "/dev", say=say, kind="warning")
    return go_to(request, "/dev", say=f"It is {told} now.")


@router.post("/dev/speed")
async def set_speed(
    request: Request, settings: AppSettings, times: Annotated[int, Form(ge=1, le=86400)]
) -> Response:
    await run_at(settings, times=times)
    told = next((speed["label"] for speed in SPEEDS if speed["times"] == times), f"{times} times")
    return go_to(request, "/dev", say=f"Time runs on: {told}.")


@router.post("/dev/cards")
async def plan_failure(
    request: Request,
    settings: AppSettings,
    customer: Annotated[str, Form(max_length=100)],
    times: Annotated[int, Form(ge=1, le=EVERY_TRY)] = 1,
) -> Response:
    try:
        await let_charges_fail(settings, customer=customer, times=times)
    except Refused as refused:
        return go_to(request, "/dev", say=str(refused), kind="warning")
    told = "The next charge fails." if times == 1 else "The next charge fails, and every try after."
    return go_to(request, "/dev", say=told)


async def time_machine(
    request: Request, parts: Parts, *, errors: dict[str, str], status: int = 200
) -> Response:
    async with parts.database.read() as db:
        subscriptions = await newest_subscriptions(db)
    context = {
        "now_business": parts.clock.business(),
        "now_wall": parts.clock.wall(),
        "offset_text": ahead_in_words(parts.clock.offset),
        "quick": STEPS,
        "speeds": SPEEDS,
        "speed": await speed_of(parts.settings),
        "every_try": EVERY_TRY,
        "subscriptions": subscriptions,
        "simulator_url": parts.settings.simulator_url,
        "errors": errors,
    }
    return page(request, "dev/index.html", context, status=status)


@router.get("/dev/mailbox")
async def show_mailbox(request: Request, db: ReadDb, vault: AppVault) -> Response:
    return page(request, "dev/mailbox.html", {"mails": await mailbox.mails(db, vault)})


@router.get("/dev/mailbox/{mail_id}")
async def show_mail(
    request: Request, mail_id: str, db: ReadDb, vault: AppVault, settings: AppSettings
) -> Response:
    mail = await mailbox.mail(db, vault, mail_id)
    if mail is None:
        raise NotFound
    context = {
        "mail": mail,
        "html_url": f"/dev/mailbox/{mail.id}/html",
        "text": mail.text,
        "links": mailbox.links_of(mail.text, site_url=settings.public_url),
        "code": mailbox.code_of(mail.text),
    }
    return page(request, "dev/mail.html", context)


@router.get("/dev/mailbox/{mail_id}/html")
async def show_html(mail_id: str, db: ReadDb, vault: AppVault) -> Response:
    """The mail alone, where it can run nothing and load nothing."""
    mail = await mailbox.mail(db, vault, mail_id)
    if mail is None:
        raise NotFound
    nonce = new_token()
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups"
    )
    html = mailbox.with_styles_in_a_sheet(mail.html, nonce=nonce)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
