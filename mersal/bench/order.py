"""What one benchmark message asks of the worker that gets it; the same text for every peer."""

from dataclasses import dataclass

# Near the length of a chat message. ASCII, because Celery and dramatiq would write other
# letters as six bytes each, and the comparison is not about that.
TEXT_CHARS = 120


@dataclass(frozen=True, slots=True)
class Order:
    """`index` is the message's row in the timesheet; its turn takes `delay_ms` to answer."""

    index: int
    delay_ms: int = 0

    def to_text(self) -> str:
        return f"{self.index} {self.delay_ms} ".ljust(TEXT_CHARS, "x")

    @classmethod
    def from_text(cls, text: str) -> "Order":
        index, delay_ms, _ = text.split(" ", 2)
        return cls(int(index), int(delay_ms))
