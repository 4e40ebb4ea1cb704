"""Admit: sell access, and decide who is let in."""

__version__ = "0.1.0"
