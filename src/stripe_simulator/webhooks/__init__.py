"""Telling others what happened: signed, in order, again until they answer."""
