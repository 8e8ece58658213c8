"""The front door: the command line, `up`, `doctor`. It may import every room; none imports it."""
