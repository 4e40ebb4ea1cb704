"""An end, a pause, and a change of mind, as pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from admit.accounts.deps import Verified
from admit.billing.answers import unavailable
from admit.billing.changes import pauses
from admit.billing.changes.choosing import Chosen, chosen_for
from admit.billing.changes.decisions import (
    begins_anew,
    may_cancel,
    may_pause,
    may_unpause,
)
from admit.billing.changes.forms import CancelForm, PauseForm
from admit.billing.changes.reasons import WORDS
from admit.billing.changes.service import cancel_at_period_end, pause, resume, unpause
from admit.billing.deps import AppBilling
from admit.billing.gateway import GatewayUnavailable
from admit.billing.service import features_lost
from admit.billing.subscriptions.discounting import less
from admit.billing.subscriptions.views import SubscriptionView
from admit.core.db import ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, in_words, page
from admit.core.http.state import AppClock

router = APIRouter(prefix="/account/billing")

BILLING = "/account/billing"
Subject = Annotated[str, Query(alias="subscription", max_length=255)]
Named = Annotated[str, Form(alias="subscription", max_length=255)]


@router.get("/cancel")
async def show_cancel(
    request: Request, person: Verified, db: ReadDb, subscription: Subject = ""
) -> Response:
    chosen = await chosen_for(db, person.id, subscription, may_cancel)
    return await _cancel_page(request, db, chosen, CancelForm(subscription=chosen.id), errors={})


async def _cancel_page(
    request: Request, db: ReadDb, chosen: Chosen, typed: CancelForm, *, errors: dict[str, str]
) -> Response:
    context = {
        "plan_name": chosen.view.plan.name,
        "subscription_id": chosen.id,
        "ends_on": chosen.view.period_end,
        "on_trial": chosen.view.trial_ends is not None,
        "losing": await features_lost(db, chosen.plan) if chosen.plan else [],
        "reasons": list(WORDS.items()),
        "values": typed.model_dump(),
        "errors": errors,
    }
    status = InvalidInput.status if errors else 200
    return page(request, "billing/cancel.html", context, status=status)


@router.post("/cancel")
async def submit_cancel(
    request: Request,
    typed: Annotated[CancelForm, Form()],
    *,
    person: Verified,
    billing: AppBilling,
    db: ReadDb,
) -> Response:
    try:
        leaving = typed.checked()
    except InvalidInput as wrong:
        chosen = await chosen_for(db, person.id, typed.subscription, may_cancel)
        return await _cancel_page(request, db, chosen, typed, errors=wrong.errors)
    try:
        row = await cancel_at_period_end(billing, person, **vars(leaving))
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=f"{BILLING}/cancel", is_kept=True)
    ends = row.cancel_at or row.current_period_end
    said = f"Cancelled. You keep access until {in_words(request, ends)}."
    return go_to(request, BILLING, say=said)


@router.post("/resume")
async def submit_resume(
    request: Request, person: Verified, billing: AppBilling, subscription: Named = ""
) -> Response:
    try:
        await resume(billing, person, subscription_id=subscription or None)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=BILLING, is_kept=True)
    return go_to(request, BILLING, say="Your plan goes on as before.")


@router.get("/pause")
async def show_pause(
    request: Request, person: Verified, db: ReadDb, subscription: Subject = ""
) -> Response:
    chosen = await chosen_for(db, person.id, subscription, may_pause)
    return _pause_page(request, chosen, errors={})


def _pause_page(request: Request, chosen: Chosen, *, errors: dict[str, str]) -> Response:
    ends = _pause_choices(chosen.view)
    context = {
        "plan_name": chosen.view.plan.name,
        "subscription_id": chosen.id,
        "paid_until": chosen.view.paid_until or chosen.view.period_end,
        "choices": [(key, _pause_in_words(request, key, until)) for key, until in ends.items()],
        "values": {"until": "open"},
        "errors": errors,
    }
    status = InvalidInput.status if errors else 200
    return page(request, "billing/pause.html", context, status=status)


def _pause_choices(view: SubscriptionView) -> Mapping[str, datetime | None]:
    return pauses.choices(view.period_end, view.plan.interval, view.plan.interval_count)


def _pause_in_words(request: Request, key: str, until: datetime | None) -> str:
    if until is None:
        return "Until I go on"
    months = "a month" if key == "1" else f"{key} months"
    return f"For {months}, until {in_words(request, until + pauses.BEFORE_RENEWAL)}"


@router.post("/pause")
async def submit_pause(
    request: Request,
    typed: Annotated[PauseForm, Form()],
    *,
    person: Verified,
    billing: AppBilling,
    db: ReadDb,
) -> Response:
    chosen = await chosen_for(db, person.id, typed.subscription, may_pause)
    ends = _pause_choices(chosen.view)
    if typed.until not in ends:
        sentence = "Choose how long from the list."
        return _pause_page(request, chosen, errors={"until": sentence})
    await db.close()
    try:
        await pause(billing, person, until=ends[typed.until], subscription_id=chosen.id)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=f"{BILLING}/pause", is_kept=True)
    return go_to(request, BILLING, say=f"{chosen.view.plan.name} is paused.")


@router.get("/unpause")
async def show_unpause(
    request: Request,
    *,
    person: Verified,
    db: ReadDb,
    clock: AppClock,
    subscription: Subject = "",
) -> Response:
    chosen = await chosen_for(db, person.id, subscription, may_unpause)
    view, now = chosen.view, clock.business()
    charges = begins_anew(status=view.status, paid_until=view.paid_until, now=now)
    context = {
        "plan_name": view.plan.name,
        "subscription_id": chosen.id,
        "charged_now": _whole_period(view, now) if charges else None,
        "next_charge": view.period_end,
        "card": view.card,
    }
    return page(request, "billing/unpause.html", context)


def _whole_period(view: SubscriptionView, now: datetime) -> dict[str, object] | None:
    plan = view.plan
    if plan.amount is None:
        return None
    amount = less(plan.amount * plan.quantity, view.discounts, on=now)
    return {"amount": amount, "currency": plan.currency}


@router.post("/unpause")
async def submit_unpause(
    request: Request, person: Verified, billing: AppBilling, subscription: Named = ""
) -> Response:
    try:
        await unpause(billing, person, subscription_id=subscription or None)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=f"{BILLING}/unpause", is_kept=True)
    return go_to(request, BILLING, say="Welcome back. Your plan goes on.")
