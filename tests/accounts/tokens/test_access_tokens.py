"""Access tokens: what is taken for one of ours, and what is not."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from admit.accounts.tokens.access_tokens import LEEWAY, LIFE
from admit.accounts.tokens.keys import SEALED_FOR, rotate
from admit.accounts.tokens.models import SigningKey
from admit.core.crypto import Vault
from tests.accounts.house import House
from tests.accounts.tokens.program import Program, signed_in

EVERY = ["ES256", "HS256", "RS256", "ES384"]
JWKS = "/.well-known/jwks.json"
ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Where nothing is decided by the database."""


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims, _ = token.split(".")
    return (
        json.loads(urlsafe_b64decode(header.encode())),
        json.loads(urlsafe_b64decode(claims.encode())),
    )


def raw(part: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode()


async def our_key(house: House) -> ECKey:
    """As only Admit can have it: the tests hold the vault's secret."""
    key: SigningKey = (await house.rows(SigningKey))[0]
    private = house.parts.vault.unseal(key.private_sealed, purpose=SEALED_FOR)
    return ECKey.import_key(json.loads(private))


async def statuses(ada: Program, tokens: Mapping[str, str]) -> dict[str, int]:
    return {name: await ada.status(token) for name, token in tokens.items()}


@ON_ONE_DATABASE
async def test_s36_only_our_algorithm_and_our_signature_are_taken(house: House) -> None:
    """S36 (ASVS 9.1.2): `none`, confusions of algorithms, and unknown `crit` are refused."""
    await house.person()
    ada = await signed_in(house)
    key = await our_key(house)
    header, claims = parts_of(ada.access)
    public = json.dumps(key.as_dict(private=False))
    strangers = ECKey.generate_key("P-256")
    shared, rsa = OctKey.import_key(public), RSAKey.generate_key(2048)
    signature = ada.access.rpartition(".")[2]

    def signed(with_key: Any, **changed: Any) -> str:
        return jwt.encode({**header, **changed}, claims, with_key, algorithms=EVERY)

    forged = {
        "none": f"{raw({**header, 'alg': 'none'})}.{raw(claims)}.",
        "none, signed": f"{raw({**header, 'alg': 'none'})}.{raw(claims)}.{signature}",
        "the public key as a shared secret": signed(shared, alg="HS256"),
        "another kind of key": signed(rsa, alg="RS256"),
        "another curve": signed(ECKey.generate_key("P-384"), alg="ES384"),
        "an algorithm that nobody knows": f"{raw({**header, 'alg': 'XX'})}.{raw(claims)}.x",
        "a key of somebody else": signed(strangers),
        "other claims": ada.access.replace(
            ada.access.split(".")[1], raw({**claims, "sub": "usr_other"})
        ),
        "unencoded payload": f"{raw({**header, 'b64': False, 'crit': ['b64']})}.{raw(claims)}.x",
        "unknown crit": f"{raw({**header, 'crit': ['exp']})}.{raw(claims)}.{signature}",
        "no token": "x",
        "no JSON": "e30x.e30.e30",
        "a list for a header": f"{urlsafe_b64encode(b'[]').decode()}.{raw(claims)}.x",
        "very long": "a" * 20_000,
    }

    assert await ada.status(signed(key)) == 200
    assert await statuses(ada, forged) == dict.fromkeys(forged, 401)


@ON_ONE_DATABASE
async def test_s37_the_header_names_a_key_of_ours_and_nothing_else_counts(house: House) -> None:
    """S37 (ASVS 9.1.3): `jku`, `jwk` and `x5u` are ignored; `kid` only looks up own keys."""
    await house.person()
    ada = await signed_in(house)
    key = await our_key(house)
    header, claims = parts_of(ada.access)
    stranger = ECKey.generate_key("P-256")

    def signed(with_key: ECKey, **changed: Any) -> str:
        return jwt.encode({**header, **changed}, claims, with_key, algorithms=EVERY)

    pointing: dict[str, dict[str, Any]] = {
        "jwk": {"jwk": stranger.as_dict(private=False)},
        "jku": {"jku": "https://evil.example/keys"},
        "x5u": {"x5u": "https://evil.example/chain"},
    }
    named = ("../../etc/passwd", "' OR 1=1 --", "", "sik_unknown", "\x00")
    forged = {name: signed(stranger, **extra) for name, extra in pointing.items()}
    forged |= {f"kid {kid!r}": signed(key, kid=kid) for kid in named}

    assert await statuses(ada, forged) == dict.fromkeys(forged, 401)
    assert {await ada.status(signed(key, **extra)) for extra in pointing.values()} == {200}


@ON_ONE_DATABASE
async def test_s38_a_token_is_for_its_time_its_purpose_and_its_place(house: House) -> None:
    """S38 (ASVS 9.2.1-9.2.3): each claim is wrong alone; no other token of ours is taken."""
    browser = await house.person()
    await browser.get("/account")
    ada = await signed_in(house)
    key = await our_key(house)
    header, claims = parts_of(ada.access)
    now = int(house.clock.wall().timestamp())
    leeway = int(LEEWAY.total_seconds())

    def signed(typ: str = "at+jwt", **changed: Any) -> str:
        told = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        return jwt.encode({**header, "typ": typ}, told, key, algorithms=EVERY)

    wrong = {
        "over": signed(exp=now - leeway),
        "not yet": signed(nbf=now + leeway + 1),
        "issued later": signed(iat=now + leeway + 1),
        "of another issuer": signed(iss="https://evil.example"),
        "for another audience": signed(aud="https://evil.example/api"),
        "for several": signed(aud=[claims["aud"], "https://evil.example"]),
        "without an end": signed(exp=None),
        "an end in words": signed(exp="never"),
        "an ID token": signed(typ="JWT"),
        "without a session": signed(sid=None),
        "another person in the session": signed(sub="usr_other"),
        "the session of a browser": signed(
            sid=next(
                found["id"]
                for found in (await ada.get("sessions")).json()["data"]
                if found["kind"] == "browser"
            )
        ),
        "a refresh token": ada.refresh_token,
        "a browser's cookie": browser.cookies["session"],
    }
    waiting = house.browser()
    await waiting.sign_up("eve@example.com")
    wrong["a verification token"] = waiting.cookies["verification"]

    assert await statuses(ada, wrong) == dict.fromkeys(wrong, 401)
    at_the_edge = (signed(exp=now - leeway + 1), signed(nbf=now + leeway), signed(iat=now + leeway))
    assert {await ada.status(token) for token in at_the_edge} == {200}
    assert await browser.whoami() is not None
    assert (await house.browser().get("/whoami")).json() is None


async def test_a_token_lives_for_ten_minutes_and_a_page_does_not_take_it(house: House) -> None:
    await house.person()
    ada = await signed_in(house)

    page = await ada.http.get("/whoami", headers=ada.headers)
    before = await ada.status()
    house.clock.move(LIFE + LEEWAY - timedelta(seconds=1))
    late = await ada.status()
    house.clock.move(timedelta(seconds=1))

    assert (page.json(), before, late, await ada.status()) == (None, 200, 200, 401)


async def test_s39_keys_are_rotated_and_what_the_old_one_signed_lives_on(house: House) -> None:
    """S39 (ASVS 11.2.2): old tokens work until they expire, unless the old key is removed."""
    await house.person()
    ada = await signed_in(house)
    old = ada.access

    async with house.database.write() as db:
        new_kid = await rotate(db, house.parts.vault, at_once=False, now=house.clock.wall())
    await ada.refresh()
    both = [found["kid"] for found in (await ada.http.get(JWKS)).json()["keys"]]
    kids = [parts_of(token)[0]["kid"] for token in (ada.access, old)]
    live = await statuses(ada, {"old": old, "new": ada.access})
    async with house.database.write() as db:
        newest = await rotate(db, house.parts.vault, at_once=True, now=house.clock.wall())
    dead = ada.access
    await ada.refresh()
    published = (await ada.http.get(JWKS)).json()["keys"]
    last = [found["kid"] for found in published]

    assert (sorted(both), kids[0]) == (sorted(kids), new_kid)
    assert live == {"old": 200, "new": 200}
    assert last == [newest]
    assert "d" not in published[0]
    # A ring remembers for two seconds; the newest key was not in it, so it was read anew.
    assert await ada.status() == 200
    assert await statuses(ada, {"old": old, "dead": dead}) == {"old": 401, "dead": 401}


@ON_ONE_DATABASE
async def test_a_secret_that_was_lost_stops_nobody_from_signing_in(house: House) -> None:
    await house.person()
    ada = await signed_in(house)
    old = ada.access
    sealed_elsewhere = Vault("a secret key of another house, long enough").seal("{}", purpose="x")

    await house.execute("UPDATE signing_keys SET private_sealed = :other", other=sealed_elsewhere)
    again = await ada.sign_in()

    assert again.status_code == 200
    assert parts_of(old)[0]["kid"] != parts_of(ada.access)[0]["kid"]
    assert await statuses(ada, {"old": old, "new": ada.access}) == {"old": 200, "new": 200}
