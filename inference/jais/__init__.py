"""Jais, natively: its published code does not run with current transformers, and is not trusted."""
