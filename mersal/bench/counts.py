"""Numbers on a command line, with commas."""

import typer


def read_counts(option: str, text: str) -> tuple[int, ...]:
    """Rising; of `1000,10000`, say. Raises typer.BadParameter."""
    try:
        counts = tuple(sorted(int(count) for count in text.split(",") if count.strip()))
    except ValueError:
        counts = (0,)
    if any(count < 1 for count in counts):
        raise typer.BadParameter(f"{option}: {text!r} are not numbers with commas")
    return counts
