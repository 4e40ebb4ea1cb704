from admit.core.crypto import Vault

PURPOSE = "verification code"


def fingerprint(vault: Vault, verification_id: str, code: str) -> str:
    """Bound to the verification: the same six digits mean nothing in another browser."""
    return vault.fingerprint(f"{verification_id}:{code}", purpose=PURPOSE)
