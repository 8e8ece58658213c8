"""Safeguards: what a worker does not answer, what it does not say, and what it masks."""
