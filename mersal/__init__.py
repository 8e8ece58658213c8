"""The front door: the command line, `up`, `doctor`. It may import every room; no room imports it."""
