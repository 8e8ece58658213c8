"""The page that shows the latest figures: what stands between its markers is replaced."""

from pathlib import Path

from broker.errors import BrokerError

BEGIN = "<!-- mersal bench path: begin -->"
END = "<!-- mersal bench path: end -->"


class NoMarkers(BrokerError):
    """Raised when a page has no place for the figures."""


def refresh(page: Path, figures: str) -> None:
    """Put the figures between the markers; a page that does not exist begins with them."""
    text = page.read_text(encoding="utf-8") if page.exists() else f"{BEGIN}\n{END}\n"
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise NoMarkers(f"{page}: the lines {BEGIN} and {END} are missing")
    page.write_text(f"{head}{BEGIN}\n\n{figures}\n{END}{tail}", encoding="utf-8")
