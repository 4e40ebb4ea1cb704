"""What a browser is asked for, and whether its answer is right: WebAuthn Level 3, section 7.

Every passkey verifies its user (a fingerprint, a face, the lock of the device), when it is made
and whenever it is used, so that it stands for two factors.

`webauthn` is imported by whoever needs it: that takes a third of a second, which every command
and every worker would pay at its start.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from admit.accounts.models import User
from admit.accounts.passkeys.errors import PasskeyRefused
from admit.accounts.passkeys.models import Passkey
from admit.accounts.passkeys.site import Site

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

PATIENCE_MS = 120_000
LONGEST_ANSWER = 20_000
LONGEST_ID = 1400
"""Of a credential, as text: 1023 bytes at most (section 4)."""


@dataclass(frozen=True)
class NewKey:
    credential_id: str
    public_key: bytes
    sign_count: int
    transports: str
    is_synced: bool


@dataclass(frozen=True)
class Claim:
    """Which key an answer says it is of, and to which question; nothing of it is checked yet."""

    credential_id: str
    challenge: bytes
    user_handle: bytes | None


@dataclass(frozen=True)
class Use:
    sign_count: int
    is_synced: bool


def creation_options(
    site: Site, user: User, existing: Iterable[Passkey], challenge: bytes
) -> dict[str, Any]:
    """The user's handle is their id, which tells nothing about them."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=user.id.encode(),
        user_name=user.email,
        user_display_name=f"{user.first_name} {user.last_name}".strip(),
        challenge=challenge,
        timeout=PATIENCE_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[described(each) for each in existing],
    )
    return options_to_json_dict(options)


def request_options(site: Site, allowed: Iterable[Passkey], challenge: bytes) -> dict[str, Any]:
    """With none `allowed` the person chooses among those that they have for this site."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=PATIENCE_MS,
        allow_credentials=[described(each) for each in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def described(passkey: Passkey) -> "PublicKeyCredentialDescriptor":
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    known = {transport.value: transport for transport in AuthenticatorTransport}
    transports = [known[name] for name in passkey.transports.split() if name in known]
    padding = "=" * (-len(passkey.credential_id) % 4)
    return PublicKeyCredentialDescriptor(
        id=urlsafe_b64decode(passkey.credential_id + padding), transports=transports or None
    )


def challenge_of_new(credential: str) -> bytes:
    """The question that a new key answers. Raises `PasskeyRefused`."""
    from webauthn.helpers import parse_client_data_json, parse_registration_credential_json

    with refusing():
        parsed = parse_registration_credential_json(loaded(credential))
        return parse_client_data_json(parsed.response.client_data_json).challenge


def new_key(site: Site, credential: str, challenge: bytes) -> NewKey:
    """Raises `PasskeyRefused`."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url, parse_registration_credential_json

    with refusing():
        content = loaded(credential)
        verified = verify_registration_response(
            credential=content,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
        named = parse_registration_credential_json(content).response.transports or []
        return NewKey(
            credential_id=bytes_to_base64url(verified.credential_id),
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            transports=" ".join(sorted(transport.value for transport in named)),
            is_synced=verified.credential_backed_up,
        )


def claim_of(credential: str) -> Claim:
    """Raises `PasskeyRefused`."""
    from webauthn.helpers import (
        bytes_to_base64url,
        parse_authentication_credential_json,
        parse_client_data_json,
    )

    with refusing():
        parsed = parse_authentication_credential_json(loaded(credential))
        return Claim(
            credential_id=bytes_to_base64url(parsed.raw_id),
            challenge=parse_client_data_json(parsed.response.client_data_json).challenge,
            user_handle=parsed.response.user_handle,
        )


def checked_use(site: Site, credential: str, challenge: bytes, passkey: Passkey) -> Use:
    """Raises `PasskeyRefused`, also when a copy of the key was used meanwhile (its counter)."""
    from webauthn import verify_authentication_response

    with refusing():
        verified = verify_authentication_response(
            credential=loaded(credential),
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=list(site.origins),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        return Use(verified.new_sign_count, verified.credential_backed_up)


def loaded(credential: str) -> dict[str, Any]:
    content = json.loads(credential) if len(credential) <= LONGEST_ANSWER else None
    if not isinstance(content, dict) or len(str(content.get("id"))) > LONGEST_ID:
        raise PasskeyRefused
    return content


@contextmanager
def refusing() -> Iterator[None]:
    """What a browser sends is bytes in JSON in bytes: whatever breaks while it is read is one
    refusal, and never a fault of ours.
    """
    try:
        yield
    except PasskeyRefused:
        raise
    except Exception as wrong:
        raise PasskeyRefused from wrong
