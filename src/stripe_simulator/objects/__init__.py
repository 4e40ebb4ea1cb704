"""Stripe's objects as plain dictionaries: pure builders, complete for the API version."""
