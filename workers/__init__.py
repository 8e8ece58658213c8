"""Celery workers: each owns one model, takes conversations, runs turns, commits replies."""
