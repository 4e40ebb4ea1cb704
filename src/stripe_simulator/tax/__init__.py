"""Automatic tax: what is levied where, by whom it is collected, and what stands on an invoice.

The rules are those of docs.stripe.com/tax, in a simple form: one general rate for each place and
none for what is sold, no thresholds, no local taxes.
"""
