"""Stripe's HTTP: form in, JSON out, one transaction a call."""
