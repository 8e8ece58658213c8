"""The slot engine: many conversations computed side by side by one model."""
