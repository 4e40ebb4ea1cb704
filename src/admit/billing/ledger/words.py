"""What became of money, in the words of the person whose it was."""

from collections.abc import Mapping, Sequence

from admit.billing.invoices.standing import Standing

WORDS: Mapping[Standing, str] = {
    Standing.draft: "Being written",
    Standing.pending: "Pending",
    Standing.failed: "Failed",
    Standing.paid: "Paid",
    Standing.partly_refunded: "Partly refunded",
    Standing.refunded: "Refunded",
    Standing.disputed: "Disputed",
    Standing.void: "Cancelled",
    Standing.uncollectible: "Not collected",
}

CHOICES: Mapping[str, tuple[str, Sequence[Standing]]] = {
    "paid": ("Paid", (Standing.paid,)),
    "pending": ("Pending", (Standing.pending,)),
    "failed": ("Failed", (Standing.failed, Standing.uncollectible)),
    "refunded": ("Refunded", (Standing.refunded, Standing.partly_refunded)),
    "disputed": ("Disputed", (Standing.disputed,)),
    "cancelled": ("Cancelled", (Standing.void,)),
}
"""What a list may be narrowed to: its name in addresses, its label, and what it shows."""
