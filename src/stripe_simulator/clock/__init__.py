"""Simulated time: it runs with the wall clock plus an offset, or stands still until moved."""
