"""The page that shows the latest figures: what stands between a benchmark's markers is replaced."""

from pathlib import Path

from broker.errors import BrokerError


class NoMarkers(BrokerError):
    """Raised when a page has no place for the figures."""


def markers(benchmark: str) -> tuple[str, str]:
    """The lines before and after its figures."""
    return (f"<!-- mersal bench {benchmark}: begin -->", f"<!-- mersal bench {benchmark}: end -->")


def refresh(page: Path, benchmark: str, figures: str) -> None:
    """Put the figures between the markers; a page that does not exist begins with them."""
    first, last = markers(benchmark)
    text = page.read_text(encoding="utf-8") if page.exists() else f"{first}\n{last}\n"
    head, begin, rest = text.partition(first)
    _, end, tail = rest.partition(last)
    if not (begin and end):
        raise NoMarkers(f"{page}: the lines {first} and {last} are missing")
    page.write_text(f"{head}{first}\n\n{figures}\n{last}{tail}", encoding="utf-8")
