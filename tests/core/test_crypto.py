import pytest
from cryptography.exceptions import InvalidTag

from admit.core.config import load_settings
from admit.core.crypto import Vault

OLD, NEW = "the secret key of last year and long", "the secret key of this year and long"


def test_s39_a_former_key_opens_what_it_sealed_until_it_is_taken_away() -> None:
    """S39 (ASVS 11.2.2), for what is kept sealed: the new key seals, and does not open alone."""
    sealed = Vault(OLD).seal("JBSWY3DP", purpose="totp")
    rotated = Vault(NEW, former=("a key before it, which sealed nothing here", OLD))

    sealed_anew = rotated.seal("JBSWY3DP", purpose="totp")

    assert rotated.unseal(sealed, purpose="totp") == "JBSWY3DP"
    assert Vault(NEW).unseal(sealed_anew, purpose="totp") == "JBSWY3DP"
    for vault, kept in ((Vault(NEW), sealed), (Vault(OLD), sealed_anew)):
        with pytest.raises(InvalidTag):
            vault.unseal(kept, purpose="totp")


def test_what_was_sealed_for_one_purpose_does_not_open_for_another() -> None:
    vault = Vault(NEW, former=(OLD,))

    with pytest.raises(InvalidTag):
        vault.unseal(vault.seal("secret", purpose="mail"), purpose="totp")


def test_s39_a_fingerprint_is_made_with_the_newest_key_and_recognised_with_the_former() -> None:
    kept = Vault(OLD).fingerprint("123456", purpose="code")
    rotated = Vault(NEW, former=(OLD,))

    anew = rotated.fingerprint("123456", purpose="code")

    assert anew == Vault(NEW).fingerprint("123456", purpose="code") != kept
    assert rotated.fingerprints("123456", purpose="code") == (anew, kept)
    assert kept not in rotated.fingerprints("123456", purpose="another")


def test_former_keys_are_given_separated_by_commas() -> None:
    settings = load_settings(admit_former_secret_keys=f"{OLD}, {NEW}")

    assert OLD not in repr(settings)
    assert settings.former_secret_keys == (OLD, NEW)
