from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, Verified
from admit.accounts.profile import avatars, places
from admit.accounts.profile.drawing import MOST_BYTES, PictureRefused, draw_anew
from admit.accounts.profile.forms import ProfileForm
from admit.accounts.profile.newsletter import WORDING
from admit.accounts.profile.service import Shown, change_profile, profile_of
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput, NotFound
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppParts

router = APIRouter(include_in_schema=False)
PROFILE = "/account/profile"
KEPT = "private, max-age=31536000, immutable"


@router.get(PROFILE)
async def show_profile(request: Request, db: ReadDb, person: Verified) -> Response:
    return profile_page(request, await profile_of(db, person.id))


@router.post(PROFILE)
async def submit_profile(
    request: Request,
    *,
    form: Annotated[ProfileForm, Form()],
    parts: AppParts,
    letters: AppLetters,
    caller: AppCaller,
    person: Verified,
) -> Response:
    try:
        wishes = form.checked()
        async with parts.database.write() as db:
            now = parts.clock.wall()
            await change_profile(db, letters, person.id, wishes, caller=caller, now=now)
    except InvalidInput as wrong:
        async with parts.database.read() as db:
            shown = await profile_of(db, person.id)
        return profile_page(request, shown, form=form, errors=wrong.errors, status=422)
    return go_to(request, PROFILE, say="Your profile is saved.")


@router.post(f"{PROFILE}/picture")
async def submit_picture(
    request: Request,
    *,
    picture: Annotated[UploadFile | None, File()] = None,
    parts: AppParts,
    caller: AppCaller,
    person: Verified,
) -> Response:
    raw = await picture.read(MOST_BYTES + 1) if picture else b""
    try:
        content = await draw_anew(raw)
    except PictureRefused as refused:
        async with parts.database.read() as db:
            shown = await profile_of(db, person.id)
        return profile_page(request, shown, errors={"picture": str(refused)}, status=422)
    async with parts.database.write() as db:
        now = parts.clock.wall()
        await avatars.keep_upload(db, person.id, content, caller=caller, now=now)
    return go_to(request, PROFILE, say="That is your picture now.")


@router.post(f"{PROFILE}/picture/remove")
async def remove_picture(
    request: Request, db: Db, clock: AppClock, caller: AppCaller, person: Verified
) -> Response:
    await avatars.remove_upload(db, person.id, caller=caller, now=clock.wall())
    return go_to(request, PROFILE, say="Your picture is removed.")


@router.get("/pictures/{name}")
async def show_picture(name: str, db: ReadDb) -> Response:
    content = await avatars.picture_named(db, name)
    if content is None:
        raise NotFound
    headers = {
        "Cache-Control": KEPT,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(content, media_type="image/webp", headers=headers)


def profile_page(
    request: Request,
    shown: Shown | None,
    *,
    form: ProfileForm | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    if shown is None:
        raise NotFound
    context = {
        "form": (form or as_form(shown)).model_dump(),
        "errors": errors or {},
        "user": shown.user,
        "picture_source": shown.picture_source,
        "has_upload": shown.has_upload,
        "zones": places.zones(),
        "locales": places.locales(),
        "newsletter_wording": WORDING,
    }
    return page(request, "accounts/profile.html", context, status=status)


def as_form(shown: Shown) -> ProfileForm:
    user, profile = shown.user, shown.profile
    return ProfileForm(
        first_name=user.first_name,
        last_name=user.last_name,
        display_name=profile.display_name or "",
        handle=profile.handle or "",
        time_zone=profile.time_zone or "",
        locale=profile.locale or "",
        newsletter="yes" if profile.newsletter else "",
    )
