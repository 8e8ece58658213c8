"""The contract between bots and workers, and the state behind it, in Redis."""
