"""What somebody sees who lacks what a page asks for: why, and which plans open it."""

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response

from admit.access.decision import Reason
from admit.access.errors import FeatureNeeded, LevelNeeded
from admit.access.service import FeatureDefinition, feature_by_key
from admit.billing.catalog.service import plans
from admit.billing.catalog.views import FeatureView, PlanView
from admit.core.errors import AppError, NotFound
from admit.core.http.answers import error_response, page, wants_json
from admit.core.http.state import parts_of

SENTENCES = {
    Reason.granted: "It has just been opened: load the page again.",
    Reason.never_granted: "Your plan does not include it.",
    Reason.starts_later: "It opens for you later.",
    Reason.revoked: "It was open to you and has been closed.",
    Reason.expired: "It was open to you until your paid time was over.",
}


def explain_no_access(app: FastAPI) -> None:
    """Every `FeatureNeeded` and `LevelNeeded` of this application becomes the page."""

    async def lacks_feature(request: Request, error: Exception) -> Response:
        assert isinstance(error, FeatureNeeded)  # noqa: S101 - registered for nothing else
        return await no_feature(request, error)

    async def lacks_level(request: Request, error: Exception) -> Response:
        assert isinstance(error, LevelNeeded)  # noqa: S101 - registered for nothing else
        return await no_level(request, error)

    app.add_exception_handler(FeatureNeeded, lacks_feature)
    app.add_exception_handler(LevelNeeded, lacks_level)


async def no_feature(request: Request, error: FeatureNeeded) -> Response:
    async with parts_of(request).database.read() as db:
        feature = await feature_by_key(db, error.feature)
        offered = await plans(db)
    if feature is None:
        return error_response(request, NotFound())
    return refused(
        request,
        error,
        name=feature.name,
        description=feature.description,
        reason=SENTENCES[error.reason],
        plans_with_it=[plan for plan in offered if plan.opens(feature.key)],
    )


async def no_level(request: Request, error: LevelNeeded) -> Response:
    async with parts_of(request).database.read() as db:
        offered = await plans(db)
    return refused(
        request,
        error,
        name="This page",
        description="",
        reason=error.message,
        plans_with_it=[plan for plan in offered if plan.level >= error.level],
    )


def refused(
    request: Request, error: AppError, *, plans_with_it: Sequence[PlanView], **words: str
) -> Response:
    """To programs as a problem that names the plans."""
    if wants_json(request) or request.headers.get("hx-request") == "true":
        error.details = {**error.details, "plans": [plan.code for plan in plans_with_it]}
        return error_response(request, error)
    context = {**words, "plans_with_it": plans_with_it}
    return page(request, "pages/no_access.html", context, status=error.status)


def feature_view(feature: FeatureDefinition, *, included: bool) -> FeatureView:
    return FeatureView(
        key=feature.key, name=feature.name, description=feature.description, included=included
    )
