"""Ids that are never issued twice.

An id is its prefix, the epoch of the store and a keyed hash of a counter: a reset or a restored
store has another epoch, so what it issues was never seen before.
"""

import hashlib
import secrets
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PAIRS = [second + first for first in ALPHABET for second in ALPHABET]
EPOCH_LENGTH = 8
PREFIXES = {
    "account": "acct",
    "balance_transaction": "txn",
    "billing.meter": "mtr_test",
    "billing.meter_event": "mevt",
    "billing.meter_event_summary": "mtrusg_test",
    "billing_portal.configuration": "bpc",
    "billing_portal.session": "bps",
    "charge": "ch",
    "checkout.session": "cs_test",
    "coupon": "cpn",
    "credit_note": "cn",
    "credit_note_line_item": "cnli",
    "customer": "cus",
    "customer_balance_transaction": "cbtxn",
    "discount": "di",
    "dispute": "du",
    "entitlements.active_entitlement": "ent",
    "entitlements.feature": "feat",
    "event": "evt",
    "invoice": "in",
    "invoice_payment": "inpay",
    "invoiceitem": "ii",
    "item": "li",
    "line_item": "il",
    "payment_intent": "pi",
    "payment_method": "pm",
    "price": "price",
    "product": "prod",
    "product_feature": "prodft",
    "promotion_code": "promo",
    "refund": "re",
    "request": "req",
    "setup_attempt": "setatt",
    "setup_intent": "seti",
    "subscription": "sub",
    "subscription_item": "si",
    "subscription_schedule": "sub_sched",
    "tax.registration": "taxreg",
    "tax_id": "txi",
    "tax_rate": "txr",
    "test_helpers.test_clock": "clock",
    "webhook_endpoint": "we",
}


def new_epoch() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(EPOCH_LENGTH))


def new_secret(prefix: str) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(32))


def make_id(kind: str, *, epoch: str, counter: int | str) -> str:
    """`cus_` + 8 characters of epoch + 14 of a hash: deterministic for a store, unguessable.

    `counter`: a number that is counted up, or the name of the one thing that the id stands for.
    """
    prefix = PREFIXES[kind]
    digest = hashlib.blake2b(f"{kind}:{counter}".encode(), key=epoch.encode(), digest_size=11)
    return f"{prefix}_{epoch}{base62(int.from_bytes(digest.digest()), 14)}"


def base62(number: int, length: int) -> str:
    """`length` is even: two digits are taken at a time."""
    digits = []
    for _ in range(length // 2):
        number, rest = divmod(number, len(PAIRS))
        digits.append(PAIRS[rest])
    return "".join(digits)
