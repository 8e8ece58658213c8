"""Benchmarks: the broker's path without a model, beside other queues on the same Redis."""
