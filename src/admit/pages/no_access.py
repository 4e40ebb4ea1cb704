"""What somebody sees who lacks the feature of a page: why, and which plans open it."""

from fastapi import FastAPI, Request, Response

from admit.access.decision import Reason
from admit.access.errors import FeatureNeeded
from admit.access.service import FeatureDefinition, feature_by_key
from admit.accounts.deps import page_to_come_back_to
from admit.billing.catalog.service import plans
from admit.billing.catalog.views import FeatureView, PlanView
from admit.core.errors import NotFound, SignInNeeded
from admit.core.http.answers import error_response, page, wants_json
from admit.core.http.state import parts_of

SENTENCES = {
    None: "You are not signed in, and this page is not open to everybody.",
    Reason.granted: "It has just been opened: load the page again.",
    Reason.never_granted: "Your plan does not include it.",
    Reason.starts_later: "It opens for you later.",
    Reason.revoked: "It was open to you and has been closed.",
    Reason.expired: "It was open to you until your paid time was over.",
}


def explain_no_access(app: FastAPI) -> None:
    """Every `FeatureNeeded` of this application becomes the page."""

    async def explain(request: Request, error: Exception) -> Response:
        assert isinstance(error, FeatureNeeded)  # noqa: S101 - registered for nothing else
        return await no_access(request, error)

    app.add_exception_handler(FeatureNeeded, explain)


async def no_access(request: Request, error: FeatureNeeded) -> Response:
    if wants_json(request) or request.headers.get("hx-request") == "true":
        return error_response(request, error)
    async with parts_of(request).database.read() as db:
        feature = await feature_by_key(db, error.feature)
        offered = await plans(db)
    if feature is None:
        return error_response(request, NotFound())
    context = {
        "feature": feature_view(feature, included=False),
        "plans_with_it": plans_that_open(feature, offered),
        "reason": SENTENCES[error.reason],
        "sign_in_url": sign_in_url(request) if error.reason is None else None,
    }
    return page(request, "pages/no_access.html", context, status=error.status)


def plans_that_open(feature: FeatureDefinition, offered: list[PlanView]) -> list[PlanView]:
    return [plan for plan in offered if plan.opens(feature.key)]


def sign_in_url(request: Request) -> str | None:
    return SignInNeeded(back_to=page_to_come_back_to(request)).redirect_to


def feature_view(feature: FeatureDefinition, *, included: bool) -> FeatureView:
    return FeatureView(
        key=feature.key, name=feature.name, description=feature.description, included=included
    )
