"""What programs say and hear when they sign in. A field that is not named here is refused."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Token = Annotated[str, Field(max_length=512)]
Typed = Annotated[str, Field(max_length=4096)]
Transport = Literal["cookie", "body"]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Here(Asked):
    device_token: Token | None = None
    """Of an earlier sign-in at this place: strangers' tries do not hold back a known device."""


class Arriving(Here):
    refresh_token_in: Transport = "cookie"  # noqa: S105 - the name of a place
    """Where the refresh token travels: in a cookie that no script can read, or in the answers."""


class SignUp(Asked):
    email: Typed
    password: Typed = Field(repr=False)
    first_name: Typed
    last_name: Typed


class SignIn(Arriving):
    email: Typed
    password: Typed = Field(repr=False)


class SecondFactor(Arriving):
    sign_in_token: Token = Field(repr=False)
    code: Typed = Field(repr=False)
    """Of the app, or a recovery code."""


class Confirmation(Arriving):
    verification_token: Token = Field(repr=False)
    code: Typed = Field(repr=False)


class AskForCode(Here):
    email: Typed


class CodeEntry(Arriving):
    code_token: Token = Field(repr=False)
    code: Typed = Field(repr=False)


class Resend(Asked):
    verification_token: Token = Field(repr=False)


class Refresh(Asked):
    refresh_token: Token | None = Field(default=None, repr=False)
    """Left out by whoever keeps it in the cookie."""


class MailSent(BaseModel):
    """The same for every address; the mail tells its owner what was asked."""

    verification_token: str
    """Goes with the code of the mail to `confirm_address`."""


class CodeSent(BaseModel):
    """The same for every address."""

    code_token: str
    """Goes with the code of the mail to `enter_sign_in_code`."""


class SignedIn(BaseModel):
    status: Literal["signed_in"] = "signed_in"
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - its kind
    expires_in: int
    """Seconds that the access token lives."""
    refresh_token: str | None = None
    """Only when it does not travel in the cookie."""
    device_token: str | None = None
    """Only when it does not travel in the cookie; worth keeping for the next sign-in."""
    verification_token: str | None = None
    """For somebody whose address is not confirmed yet; a code was mailed."""


class SecondFactorNeeded(BaseModel):
    status: Literal["second_factor_needed"] = "second_factor_needed"
    sign_in_token: str
    """Goes with the code to `enter_second_factor`."""
    expires_in: int


Arrival = Annotated[SignedIn | SecondFactorNeeded, Field(discriminator="status")]


class Renewed(BaseModel):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - its kind
    expires_in: int
    refresh_token: str | None = None


class Me(BaseModel):
    id: str
    email: str
    first_name: str
    last_name: str
    is_verified: bool
    features: list[str]


class SessionShown(BaseModel):
    id: str
    device: str
    kind: Literal["browser", "api"]
    ip: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


class SessionList(BaseModel):
    data: list[SessionShown]
    has_more: Literal[False] = False


class JwkSet(BaseModel):
    keys: list[dict[str, str]]
